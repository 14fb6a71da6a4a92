"""migrate: an index moves to another engine, or another place, without one image being encoded again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casekin.errors import InputError
from casekin.index import CaseIndex, open_index
from casekin.index.cluster import show_address

_LAST_ROUND = 4
"""At most so many chunks of cases are moved while nobody may write."""
_WRITTEN_CHUNKS = 8
"""Chunks a transaction: a server is asked the same few questions for one as for all of them, and each waits for its
clock; they are held in memory, a megabyte or so each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSummary:
    """What a migration did: chunks of cases in all, those it wrote, and what the target holds now.

    `source` and `target` are told without passwords.
    """

    source: str
    target: str
    chunks: int
    written: int
    cases: int
    images: int
    index_version: str

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def migrate_index(
    source: Path | str, target: Path | str, *, progress: Callable[[int, int], None] | None = None
) -> MigrationSummary:
    """Move an index between a folder and a server, either way: `target` is made, or goes on where it was interrupted.

    Every case keeps its number, every image its id, so both give the same answers. Digests are made again of what is
    read and of what was written. The source answers and takes new cases meanwhile, is caught up with at the end while
    nobody may write for a moment, and stays as it is. Raises `InputError` where the target is the source or holds
    another archive, `IndexStoreError` where either can't be read or written, or a case is damaged.
    """
    if str(source) == str(target):
        raise InputError("migrate: expected another place to move to, got the index itself")
    with open_index(source) as old, open_index(target, create=True) as new:
        _take_key(old, new)
        written = 0
        while len(due := _differing(old, new)) > _LAST_ROUND:
            written += _move(old, new, due, progress)
        with old.writing():
            written += _move(old, new, _differing(old, new), progress)
            new.transfer.take_settings(old.transfer.settings())
            for merged, survivor in old.transfer.merges():
                new.merge_patients(survivor=survivor, merged=merged)
        new.write_derived()
        held = new.info()
        return MigrationSummary(
            source=show_address(source),
            target=show_address(target),
            chunks=len(new.transfer.states()),
            written=written,
            cases=held["cases"],
            images=held["images"],
            index_version=held["index_version"],
        )


def _take_key(old: CaseIndex, new: CaseIndex) -> None:
    """Pseudonyms go on as they were. An index of another archive is never written into."""
    if new.info()["cases"] and new.site_key() != old.site_key():
        raise InputError("migrate: expected an empty target, or one of the same archive; choose another")
    if new.site_key() != old.site_key():
        new.put_site_key(old.site_key())


def _differing(old: CaseIndex, new: CaseIndex) -> dict[int, bool]:
    """Chunks that aren't the same in both, ascending, and whether the old index holds any case of them."""
    there, here = old.transfer.states(), new.transfer.states()
    return {number: number in there for number in sorted({*there, *here}) if there.get(number) != here.get(number)}


def _move(old: CaseIndex, new: CaseIndex, due: Mapping[int, bool], progress: Callable[[int, int], None] | None) -> int:
    for done in range(0, len(due), _WRITTEN_CHUNKS):
        some = list(due.items())[done : done + _WRITTEN_CHUNKS]
        chunks = {number: old.transfer.read(number) if is_held else None for number, is_held in some}
        new.transfer.write(chunks, settings=old.transfer.settings())
        if progress is not None:
            progress(done + len(some), len(due))
    return len(due)
