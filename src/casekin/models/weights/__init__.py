"""Shipped weights: each file's card (licence, source, SHA-256, preprocessing) and a loader that checks the hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from casekin.errors import ModelError

FOLDER = Path(__file__).parent
DEFAULT = "casekin_lite0"


def load_card(name: str = "default") -> dict[str, Any]:
    """The card of a shipped model: `name`, `licence`, `source`, `preprocessing`, `files` (file name -> SHA-256), ….

    Raises ModelError when no such model is shipped or its card is damaged.
    """
    stem = DEFAULT if name == "default" else name
    return read_card(FOLDER / f"{stem}.json")


def read_card(path: Path) -> dict[str, Any]:
    """The card at `path`; ModelError when it is missing, is no JSON object or names no files."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        shipped = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json")))
        raise ModelError(f"no readable model card {path.name}; shipped: {shipped}; or give a card's path") from error
    if not isinstance(card, dict) or not isinstance(card.get("files"), dict):
        raise ModelError(f"model card {path.name} names no files, expected an object `files` of name -> SHA-256")
    return card


def find_card(name_or_path: str | Path) -> tuple[Path, dict[str, Any]]:
    """The folder of a model's files and its card, of a shipped name or a card's path (`.json`). ModelError as those."""
    path = Path(name_or_path)
    return (path.parent, read_card(path)) if path.suffix == ".json" else (FOLDER, load_card(str(name_or_path)))


def file_entry(path: Path) -> dict[str, str]:
    """What a card says of a file, by which `checked_file` finds and checks it."""
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def checked_file(folder: Path, name: str, sha256: str) -> Path:
    """The path of a weight file after its SHA-256 was compared; ModelError when it is missing or differs."""
    path = folder / name
    try:
        got = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"weight file {name} is missing in {folder.name}/; install casekin again") from error
    if got != sha256:
        raise ModelError(
            f"weight file {name} is damaged: expected SHA-256 {sha256[:12]}…, got {got[:12]}…; install casekin again"
        )
    return path
