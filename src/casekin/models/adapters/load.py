"""From a path or a hub id to a loaded encoder with its card."""

from __future__ import annotations

from pathlib import Path

from casekin.errors import ModelError
from casekin.models.adapters.card import make_card
from casekin.models.adapters.extra import missing_extra
from casekin.models.adapters.hub import fetch_snapshot, looks_like_hub_id
from casekin.models.adapters.network import Network, NetworkBackbone
from casekin.models.adapters.onnx_file import load_onnx
from casekin.models.adapters.vectors import VECTOR_FILES


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
    """ONNX Runtime alone runs an ONNX file; everything else needs the extra."""
    files = [path] if path.is_file() else sorted(path.iterdir())
    onnx = [file for file in files if file.suffix == ".onnx"]
    if len(onnx) == 1 and not (path / "config.json").exists():
        return load_onnx(onnx[0])
    if any(file.name in VECTOR_FILES for file in files):
        raise ModelError(f"{path.name} holds vectors, not an encoder; read them with load_vectors")
    try:
        from casekin.models.adapters.recognise import load_network
    except ModuleNotFoundError as error:
        raise missing_extra() from error
    return load_network(path)
