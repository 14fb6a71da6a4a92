"""States of a training as files that are whole or not there; read without running code from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from casekin.errors import InputError, ModelError


def write_state(path: Path, state: Mapping[str, Any]) -> None:
    """Write tensors, numbers, texts, lists and mappings of them; the file has its name only once it is whole."""
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(dict(state), partial)
    partial.replace(path)


def read_state(path: Path, *, stamp: str) -> dict[str, Any] | None:
    """What `write_state` wrote, on the CPU; None where there is no file.

    Raises:
        InputError: the file is of another run: its `stamp` differs.
        ModelError: the file is damaged.
    """
    if not path.is_file():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        known = state["stamp"]
    except Exception as error:  # torch raises classes of many modules for a damaged file
        raise ModelError(f"{path.name} is no state of a training: {type(error).__name__}; delete it") from error
    if known != stamp:
        raise InputError(
            f"out: {path.name} is of a run with other settings, data or versions; name another --out or delete it"
        )
    return state
