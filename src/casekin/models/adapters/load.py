"""From a path or a hub id to a loaded encoder: the files themselves say what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from casekin.errors import ModelError
from casekin.models.adapters.biomedclip import CONFIG as OPEN_CLIP_CONFIG
from casekin.models.adapters.biomedclip import load_biomedclip
from casekin.models.adapters.biovil import holds_biovil, image_model_of, load_biovil
from casekin.models.adapters.card import make_card
from casekin.models.adapters.checkpoint import PICKLED, read_checkpoint, read_json, tensors_of
from casekin.models.adapters.cxr_clip import holds_cxr_clip, load_cxr_clip
from casekin.models.adapters.hub import fetch_snapshot, looks_like_hub_id
from casekin.models.adapters.hub_models import load_dinov2, load_siglip
from casekin.models.adapters.network import Network, NetworkBackbone
from casekin.models.adapters.onnx_file import load_onnx
from casekin.models.adapters.plain import load_state_dict, load_timm
from casekin.models.adapters.vectors import VECTOR_FILES

_BY_MODEL_TYPE = {"dinov2": load_dinov2, "siglip": load_siglip}


def load_backbone(name_or_path: str | Path, *, revision: str | None = None, allow_hub: bool = False) -> NetworkBackbone:
    """Load an encoder from a local folder or file, recognised by its contents, or from the hub where that is allowed.

    A hub id needs `revision`, the commit's 40 hex digits. A `card.json` beside the weights says name and licence, and
    its `files` are compared with what lies there. Nothing in a file is ever run. Raises ModelError when files are
    missing, damaged, of another architecture or not the recorded ones.
    """
    path = Path(name_or_path)
    if path.exists():
        return _loaded(path, str(name_or_path), None)
    name = str(name_or_path)
    if not looks_like_hub_id(name):
        raise ModelError(f"no such model: {name}; expected a folder, a weight file or a hub id like owner/model")
    if not allow_hub:
        raise ModelError(f"{name} is no local path, and the hub is not allowed; pass allow_hub=True or a folder's path")
    if revision is None:
        raise ModelError(f"{name}: expected revision=, the commit to load, so that the same weights come back")
    return _loaded(fetch_snapshot(name, revision), name, revision)


def _loaded(path: Path, source: str, revision: str | None) -> NetworkBackbone:
    network = _network(path)
    card = make_card(
        path=path,
        source=source,
        revision=revision,
        family=network.family,
        files=network.files,
        preprocessing=network.preprocessing,
        grid=network.grid,
        dim=network.dim,
        text_dim=network.text_dim,
    )
    return NetworkBackbone(network, card)


def _network(path: Path) -> Network:
    return _network_of_folder(path) if path.is_dir() else _network_of_file(path)


def _network_of_folder(folder: Path) -> Network:
    if (folder / OPEN_CLIP_CONFIG).exists():
        return load_biomedclip(folder)
    if image_model_of(folder) is not None:
        return load_biovil(folder)
    if (folder / "config.json").exists():
        return _network_of_config(folder, read_json(folder / "config.json"))
    if any((folder / name).exists() for name in VECTOR_FILES):
        raise ModelError(f"{folder.name}/ holds vectors, not an encoder; read them with load_vectors")
    files = sorted(p for p in folder.iterdir() if p.suffix in (".onnx", ".safetensors", *PICKLED))
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
    if path.suffix == ".onnx":
        return load_onnx(path)
    if path.suffix not in (".safetensors", *PICKLED):
        raise ModelError(f"{path.name} is no weight file, expected .onnx, .safetensors or {', '.join(PICKLED)}")
    checkpoint = read_checkpoint(path)
    if holds_cxr_clip(checkpoint):
        return load_cxr_clip(path)
    if holds_biovil(tensors_of(checkpoint, path.name)):
        return load_biovil(path)
    return load_state_dict(path)
