"""One maintenance at a time: backups, snapshots and erasures of an index exclude each other, not its readers."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casekin.errors import IndexStoreError

_FILE = "maintenance.lock"


@contextmanager
def maintenance(folder: Path) -> Iterator[None]:
    """Hold the index folder's lock; it ends with the process. Raises `IndexStoreError` where another holds it."""
    try:
        with (folder / _FILE).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexStoreError(
                    "index: another backup, snapshot or erasure is at work; try again when it is done"
                ) from error
            yield
    except PermissionError as error:
        raise IndexStoreError("index: expected a folder that can be written to, got one that can't") from error
