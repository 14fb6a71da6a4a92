"""Which family of torch models a folder or weight file belongs to: the files themselves say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from casekin.errors import ModelError
from casekin.models.adapters.biomedclip import CONFIG as OPEN_CLIP_CONFIG
from casekin.models.adapters.biomedclip import load_biomedclip
from casekin.models.adapters.biovil import holds_biovil, image_model_of, load_biovil
from casekin.models.adapters.checkpoint import PICKLED, read_checkpoint, read_json, tensors_of
from casekin.models.adapters.cxr_clip import holds_cxr_clip, load_cxr_clip
from casekin.models.adapters.hub_models import load_dinov2, load_siglip
from casekin.models.adapters.network import Network
from casekin.models.adapters.plain import load_state_dict, load_timm

_BY_MODEL_TYPE = {"dinov2": load_dinov2, "siglip": load_siglip}


def load_network(path: Path) -> Network:
    """The network of a folder or weight file; ModelError when it is of no family that is read here."""
    return _network_of_folder(path) if path.is_dir() else _network_of_file(path)


def _network_of_folder(folder: Path) -> Network:
    if (folder / OPEN_CLIP_CONFIG).exists():
        return load_biomedclip(folder)
    if image_model_of(folder) is not None:
        return load_biovil(folder)
    if (folder / "config.json").exists():
        return _network_of_config(folder, read_json(folder / "config.json"))
    files = sorted(p for p in folder.iterdir() if p.suffix in (".safetensors", *PICKLED))
    if len(files) != 1:
        raise ModelError(
            f"{folder.name}/ holds {len(files)} weight files and no config.json, expected a model's whole folder; "
            "fetch it again, or give the path of one file"
        )
    return _network_of_file(files[0])


def _network_of_config(folder: Path, config: dict[str, Any]) -> Network:
    kind = config.get("model_type")
    if kind in _BY_MODEL_TYPE:
        return _BY_MODEL_TYPE[kind](folder)
    if "architecture" in config:
        return load_timm(folder)
    if "CXRBertModel" in config.get("architectures", []):
        raise ModelError(
            f"{folder.name}/ holds CXR-BERT alone; fetch biovil*_image_model*.pt of the same model beside it"
        )
    raise ModelError(
        f"{folder.name}/config.json is of a {kind or 'model without model_type'}, expected "
        f"{', '.join(sorted(_BY_MODEL_TYPE))} or a timm architecture; export other models to ONNX"
    )


def _network_of_file(path: Path) -> Network:
    if path.suffix not in (".safetensors", *PICKLED):
        raise ModelError(f"{path.name} is no weight file, expected .onnx, .safetensors or {', '.join(PICKLED)}")
    checkpoint = read_checkpoint(path)
    if holds_cxr_clip(checkpoint):
        return load_cxr_clip(path)
    if holds_biovil(tensors_of(checkpoint, path.name)):
        return load_biovil(path)
    return load_state_dict(path)
