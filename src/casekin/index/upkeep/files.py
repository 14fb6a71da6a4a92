"""Files beside a store in a backup: cut into pieces under the names of their content, and put together again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from casekin.durable import DRAFT, sync
from casekin.errors import IndexStoreError

PIECE_BYTES = 4 * 1024 * 1024
"""A radiograph or a few slices; a database of which little has changed shares most of its pieces with the last one."""
_BY_CONTENT = re.compile(r"[0-9a-f]{64}")

Files = Iterable[tuple[str, Path]]
"""Names in the backup, parts divided by `/`, and where the files lie."""


def put_files(
    files: Files, *, known: Mapping[str, tuple[str, ...]], put: Callable[[bytes], str]
) -> dict[str, tuple[str, ...]]:
    """Write files' pieces with `put`; the names of each file's pieces, in order.

    A file that is named by its SHA-256 never changes: where `known` has it, it isn't read again. One that has gone
    since it was listed is left out. Raises `IndexStoreError` where one can't be read.
    """
    stored: dict[str, tuple[str, ...]] = {}
    for name, path in files:
        if _BY_CONTENT.fullmatch(PurePosixPath(name).name) and name in known:
            stored[name] = known[name]
            continue
        try:
            stored[name] = tuple(put(piece) for piece in _pieces(path))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise IndexStoreError(f"backup: a file of the site can't be read: {error.strerror}; mend that") from error
    return stored


def restore_files(files: Mapping[str, tuple[str, ...]], folder: Path, *, fetch: Callable[[str], bytes]) -> None:
    """Write the files into a folder, readable by their owner alone and durable on return.

    Raises `IndexStoreError` where a name leads out of the folder or a file can't be written.
    """
    for name, pieces in sorted(files.items()):
        parts = PurePosixPath(name).parts
        if not parts or any(part in ("..", "/") for part in parts):
            raise IndexStoreError("restore: expected names of files inside the index, got another; use another backup")
        try:
            _write(folder.joinpath(*parts), (fetch(piece) for piece in pieces))
        except OSError as error:
            raise IndexStoreError(f"restore: a file can't be written: {error.strerror}; mend that") from error


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{DRAFT}{path.name}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)
