"""Secrets of a state folder: each a file that only its owner can read."""

from __future__ import annotations

import secrets
from pathlib import Path

from casekin.errors import SiteError

KEY_SUFFIX = ".key"
_BYTES = 32


def read_key(folder: Path, name: str) -> bytes:
    """The secret of a name, 32 bytes, made on first use. Raises `SiteError` where it isn't whole or can't be read."""
    path = folder / f"{name}{KEY_SUFFIX}"
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise SiteError(f"site: the file {path.name} can't be used: {error.strerror}; mend that") from error
    if len(key) != _BYTES:
        raise SiteError(f"site: expected {_BYTES} bytes in {path.name}, got {len(key)}; restore it from a backup")
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole or not at all; where another process was faster, its key stands."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(_BYTES))
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
