"""Moving an index from one engine to another: chunks of cases under their own numbers, proven on both sides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext

from casekin.errors import IndexStoreError
from casekin.index.store.connection import transaction
from casekin.index.store.merges import merges
from casekin.index.store.schema import count_write, renew_store_id
from casekin.index.upkeep.chunks import (
    CASES_A_CHUNK,
    clear_chunk,
    read_chunk,
    read_settings,
    read_states,
    write_chunk,
    write_settings,
)  # fmt: skip
from casekin.index.upkeep.proof import find_damaged


class Transfer:
    """One end of a move; see `CaseIndex.transfer`. A chunk is the cases of `CASES_A_CHUNK` consecutive numbers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def states(self) -> dict[int, str]:
        """The state of every chunk that holds a case, by number: equal where all digests are."""
        return read_states(self._db)

    def settings(self) -> bytes:
        """Models, the highest numbers given out, and what was calibrated."""
        return read_settings(self._db)

    def merges(self) -> list[tuple[str, str]]:
        """Every (pseudonymous) patient that is another by now, and whom."""
        return merges(self._db)

    def read(self, number: int) -> bytes:
        """A chunk's rows. Raises `IndexStoreError` where one is damaged and isn't in quarantine for that."""
        with transaction(self._db, "DEFERRED"), self._whole([number]):
            self._prove(number)
            return read_chunk(self._db, number)

    def write(self, chunks: Mapping[int, bytes | None], *, settings: bytes) -> None:
        """Put chunks' rows, by number, and the settings they belong to in place of what is here; None clears a chunk.

        One transaction, after which the rows are read back. Raises `IndexStoreError` where they aren't what was sent.
        """
        with transaction(self._db):
            write_settings(self._db, settings)
            for number, chunk in chunks.items():
                clear_chunk(self._db, number)
                if chunk is not None:
                    write_chunk(self._db, chunk)
            renew_store_id(self._db)
            count_write(self._db)
        with transaction(self._db, "DEFERRED"), self._whole(chunks):
            for number in chunks:
                self._prove(number)

    def take_settings(self, settings: bytes) -> None:
        """Take over the settings alone, where they differ."""
        if settings != self.settings():
            with transaction(self._db):
                write_settings(self._db, settings)
                count_write(self._db)

    def _whole(self, numbers: Iterable[int]) -> AbstractContextManager[None]:
        """Inside, the rows of these chunks are complete."""
        return nullcontext()

    def _prove(self, number: int) -> None:
        first, last = span_of(number)
        quarantined = {row[0] for row in self._db.execute("SELECT case_no FROM quarantine")}
        for case_no, reason in find_damaged(self._db, first, last).items():
            if case_no not in quarantined:
                raise IndexStoreError(
                    f"migrate: expected sound cases, number {case_no} is damaged: {reason}; run `casekin info --check "
                    "--repair` on it first"
                )


def span_of(number: int) -> tuple[int, int]:
    """First and last case number of a chunk."""
    return number * CASES_A_CHUNK, (number + 1) * CASES_A_CHUNK - 1
