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
    """Hold the index folder's lock. Raises `IndexStoreError` where another process holds it."""
    with attempted_maintenance(folder) as is_held:
        if not is_held:
            raise IndexStoreError("index: another backup, snapshot or erasure is at work; try again when it is done")
        yield


@contextmanager
def attempted_maintenance(folder: Path) -> Iterator[bool]:
    """Hold the index folder's lock if it is free; whether it was. It ends with the process."""
    try:
        file = (folder / _FILE).open("ab")
    except OSError as error:
        raise IndexStoreError(
            f"index: expected a folder that can be written to: {error.strerror}; check its rights"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
