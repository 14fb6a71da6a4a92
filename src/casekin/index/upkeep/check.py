"""Proving an index sound: SQLite's own checks, and the digest of all that was ever written.

A repair rebuilds what is derived from rows, and puts damaged cases into quarantine: they are in no answer until their
source is ingested again. Nothing is dropped.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import IndexStoreError
from casekin.index.search.bundles import damaged_files, remove_bundles
from casekin.index.store.connection import transaction
from casekin.index.store.digests import (
    Text,
    digest_case,
    digest_change,
    digest_embedding,
    digest_image,
    digest_settings,
)
from casekin.index.store.schema import count_write, renew_store_id
from casekin.index.store.store import open_store
from casekin.index.store.writes import note_change

_DERIVED = "derived"
_MOST_TOLD = 20
"""Findings of one kind that are told."""
_UNEMBEDDED = (
    "SELECT count(*) FROM images i JOIN models m ON m.kind = i.kind AND m.state = 'active' WHERE NOT EXISTS "
    "(SELECT 1 FROM embeddings e WHERE e.image_id = i.image_id AND e.model_no = m.model_no)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What is damaged; nothing is where `is_sound`.

    `structure`: what SQLite finds in the file; `words`: in the full-text index; `settings`: versions, models or the
    journal are not what was written. `cases` maps a damaged case's number to what is wrong with it. `derived` are files
    that are made anew at will. `unembedded` counts images that the active model of their kind hasn't seen, `checked`
    the rows that were read.
    """

    structure: tuple[str, ...]
    words: tuple[str, ...]
    settings: tuple[str, ...]
    cases: dict[int, str]
    derived: tuple[str, ...]
    unembedded: int
    checked: int

    @property
    def is_sound(self) -> bool:
        return not (self.structure or self.words or self.settings or self.cases or self.derived)

    def as_record(self) -> dict[str, Any]:
        return {
            "integrity": "ok" if self.is_sound else "damaged",
            "structure": list(self.structure),
            "words": list(self.words),
            "settings": list(self.settings),
            "damaged_cases": {str(number): reason for number, reason in self.cases.items()},
            "derived": list(self.derived),
            "unembedded": self.unembedded,
            "checked": self.checked,
        }


def check_store(folder: Path) -> CheckReport:
    """Read everything that is stored in `folder` and compare it with what was written.

    Raises `IndexStoreError` where there is no index, or it is too damaged to be opened.
    """
    with closing(open_store(folder, create=False)) as connection:
        connection.text_factory = Text
        with transaction(connection):
            words = _told(connection, _words)
        with transaction(connection, "DEFERRED"):
            structure, settings = _told(connection, _structure), _told(connection, _settings)
            checked, cases, unread = _check_rows(connection)
            unembedded = connection.execute(_UNEMBEDDED).fetchone()[0]
    return CheckReport(
        structure=(*structure, *unread),
        words=words,
        settings=settings,
        cases=cases,
        derived=tuple(_damaged_derived(folder)),
        unembedded=int(unembedded),
        checked=checked,
    )


def repair_store(folder: Path, report: CheckReport) -> tuple[str, ...]:
    """Mend what `report` found as far as it can be; returns what was done, one line each.

    What is derived is made anew and damaged cases go into quarantine. Raises `IndexStoreError` where the file itself is
    damaged beyond its indexes.
    """
    done: list[str] = []
    if report.derived:
        with suppress(OSError):
            remove_bundles(folder / _DERIVED)
        done.append(f"{len(report.derived)} derived files dropped; they are made anew")
    with closing(open_store(folder, create=False)) as connection:
        if report.structure:
            with transaction(connection):
                connection.execute("REINDEX")
            left = _told(connection, _structure)
            if left:
                raise IndexStoreError(f"index: can't be repaired: {left[0]}; restore it from a backup or a snapshot")
            done.append("indexes rebuilt")
        with transaction(connection):
            if report.words or report.cases:
                connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
                done.append("full-text index rebuilt")
            done += put_in_quarantine(connection, report)
            if report.settings:
                connection.execute("DELETE FROM journal")
                renew_store_id(connection)
                done.append("versions and models taken as they are: compare them with `casekin models`")
            count_write(connection)
    return tuple(done)


def put_in_quarantine(connection: sqlite3.Connection, report: CheckReport) -> list[str]:
    """Leave the damaged cases out of every answer, inside the caller's transaction; returns what was done."""
    for case_no, reason in report.cases.items():
        connection.execute("INSERT OR REPLACE INTO quarantine VALUES (?, ?)", (case_no, reason))
        note_change(connection, case_no, "quarantine")
    count = len(report.cases)
    return [f"{count} damaged cases in quarantine; ingest their sources again"] if count else []


def _told(connection: sqlite3.Connection, check: Callable[[sqlite3.Connection], Iterator[str]]) -> tuple[str, ...]:
    """What a check tells, its own failure among it."""
    found = []
    try:
        for line in check(connection):
            found.append(line)
            if len(found) == _MOST_TOLD:
                break
    except IndexStoreError as error:
        found.append(str(error))
    return tuple(found)


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST_TOLD})"):
        text = _text(line)
        if text != "ok":
            yield text
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{_text(table)}: row {row} belongs to no row of {_text(parent)}"


def _words(connection: sqlite3.Connection) -> Iterator[str]:
    # SQLite's way of asking for this check; nothing is inserted.
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    yield from ()


def _settings(connection: sqlite3.Connection) -> Iterator[str]:
    (written,) = connection.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone() or ("",)
    if _text(written) != digest_settings(connection):
        yield "versions, models, highest numbers or quarantine are not what was written"
    for seq, case_no, verb, digest in connection.execute("SELECT seq, case_no, verb, digest FROM journal"):
        if not _is_same(digest_change(case_no, verb), digest):
            yield f"line {seq} of the journal is not what was written"


def _check_rows(connection: sqlite3.Connection) -> tuple[int, dict[int, str], tuple[str, ...]]:
    """How many rows were compared, what is wrong by case number, and what can't even be listed."""
    checked, cases, unread = 0, dict[int, str](), []
    for what, query, digest in _ROWS:
        try:
            rows = connection.execute(query).fetchall()
        except IndexStoreError as error:
            unread.append(f"{what}s: {error}")
            continue
        for case_no, written, *key in rows:
            checked += 1
            try:
                is_sound = _is_same(digest(connection, *key), written)
            except (IndexStoreError, TypeError):
                is_sound = False
            if not is_sound:
                cases.setdefault(case_no, f"{what} {' of model '.join(map(str, key))} is not what was written")
    return checked, dict(sorted(cases.items())), tuple(unread)


_ROWS: tuple[tuple[str, str, Callable[..., bytes]], ...] = (
    ("case", "SELECT case_no, digest, case_no FROM cases", digest_case),
    ("image", "SELECT case_no, digest, image_id FROM images", digest_image),
    (
        "embedding",
        "SELECT case_no, e.digest, image_id, model_no FROM embeddings e JOIN images USING (image_id)",
        digest_embedding,
    ),
)


def _is_same(digest: bytes, written: bytes | None) -> bool:
    return digest == written and type(written) is bytes  # a digest that turned into text is damaged too


def _damaged_derived(folder: Path) -> Iterator[str]:
    for bundle in sorted((folder / _DERIVED).glob("*.*")):
        yield from (f"{bundle.name}/{name}" for name in damaged_files(bundle))


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode(errors="replace")
