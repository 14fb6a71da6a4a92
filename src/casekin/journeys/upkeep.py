"""backup, restore, forget: an index is kept elsewhere, comes back, and loses a patient for good."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casekin.errors import CasekinError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, open_index
from casekin.index.search.filters import parse_where
from casekin.index.upkeep.backup import BackupSummary, find_manifest, states_with
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import open_target

NOT_REACHED = "could not be asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSummary:
    """What an erasure did. `backups` maps a place to the states there that still hold a case, or to `NOT_REACHED`."""

    cases: tuple[str, ...]
    erased: bool
    backups: Mapping[str, tuple[str, ...] | str]

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def back_up_index(index: Path | str, place: str, *, keep: int | None = None) -> BackupSummary:
    """Write what a place (a folder, or a URL such as `s3://bucket/path`) lacks of an index; `keep` so many states.

    Interrupted, the same call goes on where it stopped. Raises `IndexStoreError` where the place fails or holds another
    archive.
    """
    place = _full(place)
    target = open_target(place)
    with open_index(index) as handle:
        handle.upkeep.note_place(place)
        return handle.upkeep.back_up(target, keep=keep)


def restore_index(place: str, index: Path, *, state: str | None = None) -> str:
    """Make an index from a backup, the latest state without `state`; returns the state's name.

    Interrupted, the same call goes on where it stopped. Raises `IndexStoreError` where the backup is damaged or there
    is an index already.
    """
    target = open_target(_full(place))
    manifest = find_manifest(target, state)
    restore_folder(target, manifest, index)
    with CaseIndex(index) as handle:
        handle.upkeep.note_place(_full(place))
        handle.write_derived()
    return manifest.name


def forget_cases(
    index: Path | str,
    *,
    patients: Sequence[str] = (),
    case_ids: Sequence[str] = (),
    where: str | None = None,
    ingested_before: datetime.date | None = None,
    dry_run: bool = False,
) -> ForgetSummary:
    """Erase the cases of patients (as in the archive, or pseudonyms), with ids, that match, or ingested before a day.

    An erasure that was interrupted is finished, also where nothing is named. Backups are not touched: the answer says
    which still hold a case. Raises `FilterError` for a malformed `where`, `IndexStoreError` where a reader is in the
    way.
    """
    with open_index(index) as handle:
        names = Pseudonymizer(handle.site_key())
        known = {*patients, *map(names.patient, patients)}
        chosen = {
            *handle.upkeep.select_for_erasure(patients=known, case_ids=case_ids, ingested_before=ingested_before),
            *(() if where is None else _matching(handle, where)),
        }
        if dry_run:
            return ForgetSummary(cases=tuple(sorted(chosen)), erased=False, backups={})
        named = {*chosen, *case_ids}
        handle.upkeep.forget(named, patients=known)
        handle.write_derived()
        marks = handle.upkeep.marks_of(case_ids=named, patients=known)
        backups = {place: _holders(place, marks) for place in handle.upkeep.places()} if marks else {}
    return ForgetSummary(
        cases=tuple(sorted(chosen)), erased=True, backups={place: held for place, held in backups.items() if held}
    )


def _matching(handle: CaseIndex, where: str) -> list[str]:
    mask = handle.select(parse_where(where))
    catalog = handle.catalog()
    return [] if mask is None else [catalog.case_id(int(number)) for number in np.flatnonzero(mask)]


def _holders(place: str, marks: Collection[str]) -> tuple[str, ...] | str:
    try:
        return tuple(states_with(open_target(place), marks))
    except CasekinError:
        return NOT_REACHED


def _full(place: str) -> str:
    return place if "://" in place else str(Path(place).absolute())
