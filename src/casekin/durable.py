"""Files that are whole or not there, and on the disk once a call returns."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DRAFT = ".draft-"
"""What the name of a file begins with while it is being written."""


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file under its name when all of it has reached the disk; OSError leaves what was there before."""
    draft = path.with_name(f"{DRAFT}{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
