"""One maintenance at a time: backups, snapshots and erasures of an index exclude each other, not its readers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from casekin.durable import alone
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
    with ExitStack() as stack:
        try:
            is_held = stack.enter_context(alone(folder / _FILE))
        except OSError as error:
            raise IndexStoreError(
                f"index: expected a folder that can be written to: {error.strerror}; check its rights"
            ) from error
        yield is_held
