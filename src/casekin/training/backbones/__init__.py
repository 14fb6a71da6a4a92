"""Image networks that learn, all of one form: views in, the maps of the shipped network out, so every decoder fits.

Needs torch and onnx, the `train` extra.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.training.backbones.backbone import Backbone
from casekin.training.backbones.convnet import ConvNet
from casekin.training.backbones.lite0 import KEPT_STAGE, STAGES, LaterStages, Lite0
from casekin.training.backbones.slices import SliceBackbone, slice_views
from casekin.training.backbones.vit import ViT

__all__ = [
    "Backbone",
    "LaterStages",
    "Lite0",
    "SliceBackbone",
    "backbone_names",
    "learning_backbones",
    "learns_over_maps",
    "load_backbone",
    "slice_views",
]


def backbone_names() -> tuple[str, ...]:
    """Names that `load_backbone` takes."""
    return tuple(_file())


def learning_backbones() -> tuple[str, ...]:
    """Names of those that learn, which `casekin train --encoder` takes."""
    return tuple(name for name in _file() if not _is_frozen(name))


def learns_over_maps(name: str) -> bool:
    """Whether a backbone learns from a stage whose input is kept on disk: the map at stride 16."""
    return bool(STAGES > _file()[name].get("learns_from", 0) > KEPT_STAGE)


def load_backbone(name: str) -> Backbone:
    """A backbone by name, with the first weights of its kind: learned elsewhere, or drawn from torch's generator.

    Raises InputError for an unknown name.
    """
    if name not in _file():
        raise InputError(f"backbone: expected one of {', '.join(_file())}, got {name[:40]!r}")
    return _make(_file()[name])


def _is_frozen(name: str) -> bool:
    return bool(_file()[name].get("learns_from", 0) == STAGES)


def _make(dials: dict[str, Any]) -> Backbone:
    if dials["network"] == "lite0":
        return Lite0(learns_from=dials["learns_from"])
    if dials["network"] == "vit":
        return ViT(width=dials["width"], depth=dials["depth"], heads=dials["heads"])
    fine, middle, coarse = dials["widths"]
    return ConvNet(widths=(fine, middle, coarse), blocks=dials["blocks"])


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("backbones.toml").read_text(encoding="utf-8"))
