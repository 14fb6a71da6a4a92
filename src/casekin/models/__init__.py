"""Image encoders: load one, encode a view, pool any region. Importing this module loads no ONNX Runtime."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.models.geometry import Geometry, grid_weights, pool_tokens
    from casekin.models.image_encoder import EncodedImage, ImageEncoder, load_encoder
    from casekin.models.region import Neighbour, RegionForm, VectorForm
    from casekin.models.weights import load_card

_HOMES = {
    "EncodedImage": "casekin.models.image_encoder",
    "Geometry": "casekin.models.geometry",
    "ImageEncoder": "casekin.models.image_encoder",
    "Neighbour": "casekin.models.region",
    "RegionForm": "casekin.models.region",
    "VectorForm": "casekin.models.region",
    "grid_weights": "casekin.models.geometry",
    "load_card": "casekin.models.weights",
    "load_encoder": "casekin.models.image_encoder",
    "pool_tokens": "casekin.models.geometry",
}

__all__ = [
    "EncodedImage",
    "Geometry",
    "ImageEncoder",
    "Neighbour",
    "RegionForm",
    "VectorForm",
    "grid_weights",
    "load_card",
    "load_encoder",
    "pool_tokens",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
