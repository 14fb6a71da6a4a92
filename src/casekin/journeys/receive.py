"""receive: objects and messages are kept before their sender is told so, and become cases and reports in their turn."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from casekin.errors import CasekinError, InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.arrival import Arrival, read_arrival
from casekin.imaging.deidentify.words import BurnedIn
from casekin.imaging.series import group_series
from casekin.index import open_index
from casekin.journeys.answering import answering_model
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.ingesting.keeping import Keeping
from casekin.journeys.receiving.rejections import drop_superseded, series_of, take_rejections
from casekin.journeys.receiving.reports import join_kept, keep_messages, settle
from casekin.reports.messages import read_message
from casekin.site.books import Books, site_folder
from casekin.site.files import KeptFiles
from casekin.site.received import Received, ReceivedObject, name_of
from casekin.site.report_ledger import ReportLedger

_log = logging.getLogger(__name__)
QUIET_S = 30.0
"""Seconds without news after which a study counts as whole; what comes later is added to it."""
KEPT_S = 3600.0
"""Seconds for which the files of a stored study are kept, so that late slices make one volume with the others."""
WAITING_S = 180 * 86400.0
"""How long a report waits for a study that doesn't come."""
_BATCH = 32
"""Studies an ingest: its model is loaded once for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An index that receives, with its state folder and what pseudonyms are made with.

    `burned_in`: what is done about words in the pixels of images that are kept; `tenant`: whose it is, for the audit
    log.
    """

    index: Path | str
    books: Books
    received: Received
    ledger: ReportLedger
    names: Pseudonymizer
    model: str = "default"
    burned_in: BurnedIn = "mask"
    tenant: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSummary:
    """What a turn did: studies stored, reports that joined a case, images rejected, objects that failed."""

    studies: int = 0
    added: int = 0
    reports: int = 0
    rejected: int = 0
    failed: int = 0
    waiting: int = 0

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def open_site(
    index: Path | str,
    *,
    site: Path | None = None,
    model: str = "default",
    burned_in: BurnedIn = "mask",
    tenant: str = "default",
) -> Site:
    """An index ready to receive, made where absent.

    Raises `IndexStoreError`, `SiteError`, and `InputError` for an index on a server without `site`.
    """
    books = Books(site_folder(index, site))
    with open_index(index, create=True) as handle:
        names = Pseudonymizer(handle.site_key())
    return Site(
        index=index,
        books=books,
        received=Received(books),
        ledger=ReportLedger(books),
        names=names,
        model=model,
        burned_in=burned_in,
        tenant=tenant,
    )


def receive_object(site: Site, data: bytes, *, now: float) -> Arrival:
    """Keep a DICOM file until its turn, durable on return; what it is, by its sender's UIDs. `now`: seconds.

    The same bytes again, and an instance that was rejected, are taken and change nothing. Raises `InputError` for what
    is no sound DICOM object or of a class that isn't kept, `SiteError` where it can't be kept.
    """
    found = read_arrival(data)
    if found.kind == "other":
        raise InputError("object: expected an image, a report or a rejection note, got another class; don't send these")
    if found.kind == "image" and not found.is_decodable:
        raise InputError("object: expected a transfer syntax that is decoded here, got another one; convert it")
    names = site.names
    site.received.put(
        ReceivedObject(
            file_sha256=name_of(data),
            study=names.uid(found.study_instance_uid),
            series=names.uid(found.series_instance_uid),
            instance=names.uid(found.sop_instance_uid),
            kind=found.kind,
            patient=None if found.patient_id is None else names.patient(found.patient_id),
        ),
        data,
        now=now,
    )
    return found


def receive_message(site: Site, data: bytes) -> None:
    """Keep what an HL7 message, FHIR resource or SR says, durable on return, and let cases say it where they can now.

    Raises `InputError` for what can't be used, `SiteError` where it can't be kept.
    """
    kept = keep_messages(site.ledger, read_message(data), site.names)
    try:
        with open_index(site.index) as handle:
            join_kept(handle, site.ledger, kept)
    except CasekinError as error:  # it is kept, and joins in the next turn
        _log.warning("joining=later error=%s", type(error).__name__)


def store_received(site: Site, *, now: float, quiet_s: float = QUIET_S, kept_s: float = KEPT_S) -> StoreSummary:
    """Let what is due become cases: rejection notes first, then reports, then studies that have been quiet.

    Interrupted at any point, the next call goes on; where another process is at it, nothing is done. An object that
    can't be used keeps its file and has a reason.
    """
    received = site.received
    with received.emptying() as is_mine:
        return _store(site, received, now=now, quiet_s=quiet_s, kept_s=kept_s) if is_mine else StoreSummary()


def is_due(site: Site, *, now: float, quiet_s: float = QUIET_S) -> bool:
    """Whether `store_received` would find anything to do."""
    received = site.received
    return bool(received.quiet_studies(before=now - quiet_s)) or any(
        received.waiting(kind) for kind in ("rejection", "report")
    )


def _store(site: Site, received: Received, *, now: float, quiet_s: float, kept_s: float) -> StoreSummary:
    ledger = site.ledger
    with open_index(site.index, create=True) as handle:
        site = replace(site, model=answering_model(handle, site.model))
        rejected = take_rejections(handle, received, KeptFiles(site.books), ledger, site.names, model=site.model)
    _take_reports(site, received, ledger)
    studies = received.quiet_studies(before=now - quiet_s)
    added = joined = 0
    for start in range(0, len(studies), _BATCH):
        stored = _store_studies(site, received, studies[start : start + _BATCH])
        added, joined = added + stored[0], joined + stored[1]
    with open_index(site.index, create=True) as handle:
        joined += len(settle(handle, ledger))
    received.drop_files(received.stored_before(now - kept_s))
    ledger.expire(before=time.strftime("%Y-%m-%d", time.gmtime(max(0.0, now - WAITING_S))))
    counts = received.counts()
    return StoreSummary(
        studies=len(studies),
        added=added,
        reports=joined,
        rejected=rejected,
        failed=counts.get("failed", 0),
        waiting=counts.get("waiting", 0),
    )


def _take_reports(site: Site, received: Received, ledger: ReportLedger) -> None:
    for found in received.waiting("report"):
        path = received.path_of(found)
        try:
            keep_messages(ledger, read_message(path.read_bytes()), site.names)
        except (InputError, FileNotFoundError) as error:
            reason = str(error) if isinstance(error, InputError) else "its file is gone; send it again"
            received.note([found.file_sha256], "failed", reason)
            continue
        received.note([found.file_sha256], "stored")
        received.drop_files([found])


def _store_studies(site: Site, received: Received, studies: Sequence[str]) -> tuple[int, int]:
    """Ingest the folders of studies; how many cases are new, and how many reports joined.

    What couldn't be read is noted with its reason.
    """
    held = [found for study in studies for found in received.objects_of(study) if found.kind == "image"]
    # What failed before is read again with what came since: a slice alone failed, its series may not.
    there = {found.file_sha256 for found in held if received.path_of(found).exists()}
    due = [one for one in held if one.state == "waiting" or (one.state == "failed" and one.file_sha256 in there)]
    gone = [one.file_sha256 for one in due if one.file_sha256 not in there]
    received.note(gone, "failed", "its file is gone; send it again")
    folders = [folder for study in studies if (folder := received.folder / study).is_dir()]
    problems: dict[str, str] = {}
    added = joined = 0
    before = series_of(KeptFiles(site.books), {found.series for found in due})
    if folders:
        try:
            keeping = Keeping(site=site.books.folder, burned_in=site.burned_in)
            summary = ingest_cases(
                folders,
                index=site.index,
                site=site.books.folder,
                model=site.model,
                keeping=keeping,
                lone_slices=False,
            )
            added, joined = summary.added, summary.reports_joined
            problems = {one.source: one.reason for one in summary.problems}
        except InputError as error:  # nothing in any of them could be read
            problems = {f"{found.file_sha256}.dcm": str(error) for found in due}
    reasons = _reasons(received, due, problems)
    for name, reason in reasons.items():
        received.note([name], "failed", reason)
    stored = [found.file_sha256 for found in due if found.file_sha256 not in reasons and found.file_sha256 not in gone]
    received.note(stored, "stored")
    with open_index(site.index) as handle:
        drop_superseded(handle, KeptFiles(site.books), before)
    _log.info("studies=%d stored=%d failed=%d", len(studies), len(stored), len(due) - len(stored))
    return added, joined


def _reasons(received: Received, due: Sequence[ReceivedObject], problems: Mapping[str, str]) -> dict[str, str]:
    """Why each file of these couldn't be used, by its hash; a volume's problem, told of its first, is that of all."""
    reasons = {name: reason for found in due if (reason := problems.get(f"{(name := found.file_sha256)}.dcm"))}
    for study, series in {(found.study, found.series) for found in due if found.file_sha256 in reasons}:
        paths = [received.path_of(found) for found in due if (found.study, found.series) == (study, series)]
        for group in group_series(path for path in sorted(paths) if path.exists()):
            if isinstance(group, tuple) and group[0].stem in reasons:
                reasons |= dict.fromkeys((path.stem for path in group), reasons[group[0].stem])
    return reasons
