"""Reports join their studies: in whatever order and however often they come, the case says what stands."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.deidentify.identity import hide_identity, identity_of
from casekin.index import CaseIndex, StoredCase
from casekin.journeys.ingesting.study import read_case_report
from casekin.reports.messages import ArrivedReport, PatientMerge, PatientUnlink, Told
from casekin.reports.messages.standing import Version, add_addenda, standing_of
from casekin.site.report_ledger import LedgerReport, ReportLedger

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What became of reports: the cases that they joined, and how many wait for their study."""

    cases: tuple[str, ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What arrived, by pseudonyms: reports, and who was merged into whom."""

    reports: tuple[LedgerReport, ...] = ()
    merges: tuple[tuple[str, str], ...] = ()


def take_messages(handle: CaseIndex, ledger: ReportLedger, messages: Iterable[Told], names: Pseudonymizer) -> Joined:
    """Keep what arrived, and let the cases that it speaks of say what stands; the same message again changes nothing.

    What finds no case waits in the ledger for `settle`.
    """
    return join_kept(handle, ledger, keep_messages(ledger, messages, names))


def join_kept(handle: CaseIndex, ledger: ReportLedger, kept: Kept) -> Joined:
    """Let the cases that kept reports speak of say what stands; merges of patients come first."""
    _apply_merges(handle, kept.merges)
    reports = kept.reports
    found = [_cases_of(handle, ledger, report) for report in reports]
    cases = tuple(dict.fromkeys(case_id for case_ids in found for case_id in case_ids))
    for case_id in cases:
        _state(handle, ledger, case_id)
    return Joined(cases=cases, waiting=sum(not case_ids for case_ids in found))


def keep_messages(ledger: ReportLedger, messages: Iterable[Told], names: Pseudonymizer) -> Kept:
    """Keep what arrived, by pseudonyms and without the patient's names, durable on return.

    Raises `InputError` where patients are to be parted that were merged.
    """
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    reports, merges = [], []
    for message in messages:
        if isinstance(message, PatientMerge):
            survivor, merged = names.patient(message.survivor), names.patient(message.merged)
            ledger.merge(survivor=survivor, merged=merged)
            merges.append((merged, ledger.survivor_of(survivor)))
        elif isinstance(message, PatientUnlink):
            _refuse_parting(ledger, message, names)
        else:
            reports.append(_by_pseudonyms(message, names))
            ledger.add(reports[-1], day=day)
    return Kept(reports=tuple(reports), merges=tuple(merges))


def settle(handle: CaseIndex, ledger: ReportLedger) -> tuple[str, ...]:
    """Give whatever waits another try, after cases have come: reports their studies, merges their patients.

    Returns the ids of the cases that reports joined, sorted.
    """
    _apply_merges(handle, ledger.merges())
    found = {case_id for report in ledger.waiting() for case_id in _cases_of(handle, ledger, report)}
    return tuple(case_id for case_id in sorted(found) if _state(handle, ledger, case_id))


def _apply_merges(handle: CaseIndex, merges: Iterable[tuple[str, str]]) -> None:
    for merged, survivor in merges:
        handle.merge_patients(survivor=survivor, merged=merged)


def _refuse_parting(ledger: ReportLedger, message: PatientUnlink, names: Pseudonymizer) -> None:
    """Merged studies don't say any more whose they were; patients that weren't merged are two as it is."""
    first, second = (
        {ledger.survivor_of(names.patient(one)) for one in patient} for patient in (message.first, message.second)
    )
    if first & second:
        raise InputError(
            "HL7: expected patients that weren't merged, got two that were; forget the patient and ingest both again"
        )


def _by_pseudonyms(message: ArrivedReport, names: Pseudonymizer) -> LedgerReport:
    identity = identity_of(names=message.person_names, identifiers=message.patient_ids, births=message.birth_dates)
    text, _ = hide_identity(message.text, identity)
    studies = [names.uid(uid) for uid in message.study_instance_uids]
    accessions = [names.accession(number) for number in message.accession_numbers]
    named = message.report_id or (*message.accession_numbers, *message.study_instance_uids)[0]
    return LedgerReport(
        report_key=names.uid(named),
        status=message.status,
        text=text,
        keys=tuple(sorted({*studies, *accessions})),
        patients=tuple(names.patient(one) for one in message.patient_ids),
        replaces=tuple(names.uid(one) for one in message.replaces),
        stated_at=message.stated_at,
    )


def _cases_of(handle: CaseIndex, ledger: ReportLedger, report: LedgerReport) -> list[str]:
    found: set[str] = set()
    for key in report.keys:
        found.update(handle.cases_of_accession(key), handle.find_cases(study_instance_uid=key))
    cases = handle.cases(sorted(found))
    return [case_id for case_id, case in cases.items() if _is_about(ledger, report, case)]


def _is_about(ledger: ReportLedger, report: LedgerReport, case: StoredCase) -> bool:
    """A study UID is one study's in the world; an accession number that another patient's case has is another one."""
    if case.study_instance_uid in report.keys or not report.patients:
        return True
    patients = {ledger.survivor_of(patient) for patient in report.patients}
    return not patients.isdisjoint({ledger.survivor_of(case.patient_id), case.patient})


def _state(handle: CaseIndex, ledger: ReportLedger, case_id: str) -> bool:
    """Let a case say what stands of its reports; False where it says so, or none speaks of it."""
    case = handle.cases([case_id])[case_id]
    keys = [key for key in (case.accession_number, case.study_instance_uid) if key is not None]
    reports = [report for report in ledger.reports_with(keys) if _is_about(ledger, report, case)]
    if not reports:
        return False
    standing = standing_of([_version(report) for report in reports])
    text = standing.text
    if standing.state == "addenda":
        if case.report is None:
            return False  # they wait for the report that they add to
        text = add_addenda(case.report, standing.addenda)
    changes = text != case.report
    if changes:
        if text is None:
            handle.put_report(case_id, report=None)
        else:
            handle.put_report(case_id, **read_case_report(text))
        _log.info("case's report=%s reports=%d", standing.state, len(reports))
    ledger.note_joined(case_id, [report.report_no for report in reports if case_id not in report.case_ids])
    return changes


def _version(report: LedgerReport) -> Version:
    return Version(
        report=report.report_key,
        status=report.status,
        text=report.text,
        stated_at=report.stated_at,
        replaces=report.replaces,
    )
