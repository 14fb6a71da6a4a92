"""backup, restore, forget: an index and its site's state are kept elsewhere, come back, and lose a patient for good."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casekin.durable import DRAFT
from casekin.errors import CasekinError, InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, open_index
from casekin.index.search.filters import parse_where
from casekin.index.upkeep.backup import BackupSummary, find_manifest, states_with
from casekin.index.upkeep.restore import restore_folder
from casekin.index.upkeep.targets import open_target
from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.books import FILE_NAME, Books, known_site_folder, site_folder
from casekin.site.erasure import Erasures
from casekin.site.files import FOLDER
from casekin.site.keys import KEY_SUFFIX
from casekin.site.report_ledger import ReportLedger

_COPY = "backup.sqlite3"
_SITE = "site"
NOT_REACHED = "could not be asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSummary:
    """What an erasure did. `backups` maps a place to the states there that still hold a case, or to `NOT_REACHED`.

    `proof` is the record that is kept of it, without anything of a patient; None where nothing was erased, and for an
    index on a server without a state folder.
    """

    cases: tuple[str, ...]
    erased: bool
    backups: Mapping[str, tuple[str, ...] | str]
    proof: Mapping[str, Any] | None = None

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def back_up_index(index: Path | str, place: str, *, keep: int | None = None, site: Path | None = None) -> BackupSummary:
    """Write what a place (a folder, or a URL such as `s3://bucket/path`) lacks of an index; `keep` so many states.

    Of the state folder it takes the database, the keys and the kept files; not uploads and what jobs still work on.
    Interrupted, the same call goes on where it stopped. Raises `IndexStoreError` where the place fails or holds another
    archive, `SiteError` where the state folder can't be read.
    """
    place = _full(place)
    target = open_target(place)
    with open_index(index) as handle:
        handle.upkeep.note_place(place)
        folder = site_folder(index, site)
        summary = handle.upkeep.back_up(target, keep=keep, files=_site_files(folder))
    _note(folder, "backup", summary.name)
    return summary


def restore_index(place: str, index: Path, *, state: str | None = None) -> str:
    """Make an index from a backup, the latest state without `state`; returns the state's name.

    What was backed up of a state folder comes to stand in the index folder. Interrupted, the same call goes on where it
    stopped. Raises `IndexStoreError` where the backup is damaged or there is an index already, `InputError` where
    there is a state folder in use.
    """
    if (index / _SITE / f"{FILE_NAME}-wal").exists():
        raise InputError("restore: expected a folder without a state folder, got one in use; choose another folder")
    target = open_target(_full(place))
    manifest = find_manifest(target, state)
    restore_folder(target, manifest, index)
    with CaseIndex(index) as handle:
        handle.upkeep.note_place(_full(place))
        if (index / _SITE / FILE_NAME).exists():
            for merged, survivor in ReportLedger(Books(index / _SITE)).merges():
                handle.merge_patients(survivor=survivor, merged=merged)
        handle.write_derived()
    _note(index / _SITE, "restore", manifest.name)
    return manifest.name


def forget_cases(
    index: Path | str,
    *,
    patients: Sequence[str] = (),
    case_ids: Sequence[str] = (),
    where: str | None = None,
    ingested_before: datetime.date | None = None,
    dry_run: bool = False,
    site: Path | None = None,
    subject: str = "local",
    tenant: str = "default",
) -> ForgetSummary:
    """Erase the cases of patients (as in the archive, or pseudonyms), with ids, that match, or ingested before a day.

    They go from the index and from its state folder: kept files, collections, feedback, history, jobs, reports,
    uploads, names in the audit log. An erasure that was interrupted is finished, also where nothing is named. Backups
    are not touched: the answer says which still hold a case. The audit log says that `subject` did it, of `tenant`.
    Raises `FilterError` for a malformed `where`, `IndexStoreError` or `SiteError` where a reader is in the way.
    """
    with open_index(index) as handle:
        names = Pseudonymizer(handle.site_key())
        known = handle.upkeep.one_person({*patients, *map(names.patient, patients)})
        chosen = {
            *handle.upkeep.select_for_erasure(patients=known, case_ids=case_ids, ingested_before=ingested_before),
            *(() if where is None else _matching(handle, where)),
        }
        if dry_run:
            return ForgetSummary(cases=tuple(sorted(chosen)), erased=False, backups={})
        erasures = _erasures(index, site, tenant)
        unfinished = (set[str](), set[str]()) if erasures is None else erasures.unfinished()
        named, known = {*chosen, *case_ids, *unfinished[0]}, {*known, *unfinished[1]}
        proof = _erase(handle, named, known, erasures, subject=subject)
        handle.write_derived()
        marks = handle.upkeep.marks_of(case_ids=named, patients=known)
        backups = {place: _holders(place, marks) for place in handle.upkeep.places()} if marks else {}
    return ForgetSummary(
        cases=tuple(sorted(chosen)),
        erased=True,
        backups={place: held for place, held in backups.items() if held},
        proof=proof,
    )


def _erase(
    handle: CaseIndex, case_ids: Collection[str], patients: Collection[str], erasures: Erasures | None, *, subject: str
) -> dict[str, Any] | None:
    """Erase from the index, then from the state folder while no backup can begin; the record of it."""
    if erasures is None or not (case_ids or patients):
        handle.upkeep.forget(case_ids, patients=patients)
        return None
    erasures.begin(case_ids, patients)
    before = _state_of(handle)
    theirs = handle.upkeep.one_person(
        {name for case in handle.cases(case_ids).values() for name in (case.patient_id, case.patient)}
    )
    proofs = []

    def erase_beside() -> None:
        gone = {name for name in theirs if not handle.upkeep.select_for_erasure(patients=[name])}
        told = {"index": {"before": before, "after": _state_of(handle)}}
        proofs.append(erasures.finish(patients=gone, told=told, subject=subject))

    handle.upkeep.forget(case_ids, patients=patients, beside=erase_beside)
    return proofs[0]


def _state_of(handle: CaseIndex) -> dict[str, Any]:
    return {"index_version": handle.version(), "cases": int(handle.catalog().is_case.sum())}


def _erasures(index: Path | str, site: Path | None, tenant: str) -> Erasures | None:
    folder = known_site_folder(index, site)
    if folder is None:
        return None
    (folder / _COPY).unlink(missing_ok=True)  # of a backup that was killed
    return Erasures(Books(folder), tenant=tenant)


def _note(folder: Path, event: str, state: str) -> None:
    """Write into the audit log, where there is a state folder, what was done."""
    if (folder / FILE_NAME).exists():
        AuditLog(Books(folder)).append(AuditEvent(event=event, subject="local", route=event, detail=f"state {state}"))


def _site_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """What a backup takes of a state folder. The database is copied first: what its rows name is listed after it."""
    if not (folder / FILE_NAME).exists():
        return
    copy = folder / _COPY
    try:
        Books(folder).copy_to(copy)
        yield f"{_SITE}/{FILE_NAME}", copy
    finally:
        copy.unlink(missing_ok=True)
    for path in sorted([*folder.glob(f"*{KEY_SUFFIX}"), *(folder / FOLDER).glob("??/*")]):
        if not path.name.startswith(DRAFT):
            yield f"{_SITE}/{path.relative_to(folder).as_posix()}", path


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
