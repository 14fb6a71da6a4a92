"""Reports in files: rows of JSON Lines, HL7 v2 messages, FHIR resources, DICOM SR; a file, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from casekin.errors import InputError
from casekin.imaging import ManifestProblem, Pseudonymizer, ReportRow, read_report_rows
from casekin.index import CaseIndex
from casekin.journeys.ingesting.sources import Problem
from casekin.journeys.ingesting.study import join_report, read_case_report
from casekin.journeys.receiving.reports import take_messages
from casekin.reports.messages import is_message, read_message
from casekin.reports.messages.arrived import MAX_MESSAGE
from casekin.site.report_ledger import ReportLedger

_HEAD = 4096


@dataclass(slots=True)
class ReportsTaken:
    """What became of report files: how many joined a case, what could not be used, what found no case."""

    joined: int = 0
    problems: list[Problem] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def take_report_files(
    handle: CaseIndex, ledger: ReportLedger | None, source: Path, names: Pseudonymizer
) -> ReportsTaken:
    """Give stored cases the reports of a file or of a folder's files, in the order of their names.

    A row of JSON Lines replaces what its case says. Messages go through the `ledger`: what finds no case waits there.
    Raises `InputError` for a source that doesn't exist, or for messages without a ledger.
    """
    if not source.exists():
        raise InputError(
            f"reports: expected a file or folder, got {source.name!r}, which doesn't exist; check the path"
        )
    taken = ReportsTaken()
    for path in _files(source):
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not is_message(head):
            _take_rows(handle, path, names, taken)
        elif ledger is None:
            raise InputError("reports: expected a state folder to keep messages in, got none; give --site")
        else:
            _take_messages(handle, ledger, path, names, taken)
    return taken


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
    else:
        yield from sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))


def _take_messages(
    handle: CaseIndex, ledger: ReportLedger, path: Path, names: Pseudonymizer, taken: ReportsTaken
) -> None:
    for number, data in enumerate(_messages(path), start=1):
        name = path.name if number == 1 else f"{path.name}:{number}"
        try:
            joined = take_messages(handle, ledger, read_message(data), names)
        except InputError as error:
            taken.problems.append(Problem(source=name, reason=str(error)))
            continue
        taken.joined += len(joined.cases)
        taken.unmatched += [name] if joined.waiting else []


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a file: HL7 may hold many, each beginning with MSH at a line's start."""
    if path.stat().st_size > 16 * MAX_MESSAGE:
        yield path.open("rb").read(MAX_MESSAGE + 1)  # more than one message may have; refused as such
        return
    data = path.read_bytes()
    if not data.lstrip(b"\x0b\r\n\xef\xbb\xbf \t").startswith(b"MSH"):
        yield data
        return
    lines = data.replace(b"\r\n", b"\r").replace(b"\n", b"\r").replace(b"\x1c", b"").replace(b"\x0b", b"").split(b"\r")
    message: list[bytes] = []
    for line in lines:
        if line.startswith(b"MSH") and message:
            yield b"\r".join(message)
            message = []
        if not line.startswith((b"FHS", b"BHS", b"BTS", b"FTS")):
            message.append(line)
    if any(message):
        yield b"\r".join(message)


def _take_rows(handle: CaseIndex, path: Path, names: Pseudonymizer, taken: ReportsTaken) -> None:
    for row in read_report_rows(path):
        if isinstance(row, ManifestProblem):
            taken.problems.append(Problem(source=f"{row.file}:{row.row}", reason=row.reason))
            continue
        case_ids = _cases_of(handle, row, names)
        if not case_ids:
            taken.unmatched.append(f"{path.name}:{row.row}")
        for case_id in case_ids:
            handle.put_report(case_id, **read_case_report(join_report(row.report, row.sections)))
            taken.joined += 1


def _cases_of(handle: CaseIndex, row: ReportRow, names: Pseudonymizer) -> list[str]:
    if row.case_id is not None and handle.cases([row.case_id]):
        return [row.case_id]
    if row.accession_number is not None:
        found = handle.cases_of_accession(names.accession(row.accession_number))
        if found:
            return found
    study = None if row.study_instance_uid is None else names.uid(row.study_instance_uid)
    return handle.find_cases(study_instance_uid=study)
