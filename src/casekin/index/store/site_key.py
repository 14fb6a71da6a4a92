"""The secret that an index's pseudonyms are keyed by: a file beside the store that only its owner can read."""

from __future__ import annotations

import secrets
from pathlib import Path

from casekin.errors import IndexStoreError

KEY_FILE = "site.key"
_BYTES = 32


def read_site_key(folder: Path) -> bytes:
    """The key of an index folder, made on first use. Raises `IndexStoreError` where it isn't whole."""
    path = folder / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise IndexStoreError(f"index: expected {_BYTES} bytes in {KEY_FILE}, got {len(key)}; restore it from a backup")
    return key


def replace_site_key(folder: Path, key: bytes) -> None:
    """Put a key in place of the folder's own."""
    path = folder / KEY_FILE
    _draft_key(path, key).replace(path)


def _make_key(path: Path) -> None:
    """Write a new key whole or not at all; where another process was faster, its key stands."""
    draft = _draft_key(path, secrets.token_bytes(_BYTES))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _draft_key(path: Path, key: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_bytes(key)
    return draft
