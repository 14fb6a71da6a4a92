"""A first look at a source: how many reports, which rows are bad, how patients are divided, what is known already."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from casekin.errors import InputError
from casekin.relevance.trec import Split
from casekin.reports.formats import LOADERS, BadRow, Detected, Row, SourceReport, detect_format

_CHUNK_REPORTS = 200
_CHUNK_CHARACTERS = 2_000_000
"""A chunk is what one process reads at a time and what a crash may cost: some 0.3 s of work."""
_SHARES: tuple[tuple[float, Split], ...] = ((0.70, "train"), (0.85, "validation"), (1.0, "test"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a source holds. `chunks` are digests of its stretches of reports, at most `chunk_reports` each, in order.

    `bad` is in order, too.
    `given` are the splits that the source itself gives, by patient. `shared_cases` are the cases of more than one
    report. `notes` counts rows that repeat a report (one a further image), empty reports and guessed encodings.
    """

    format: Detected
    reports: int
    bad: tuple[BadRow, ...]
    chunks: tuple[str, ...]
    chunk_reports: int
    given: dict[str, Split]
    shared_cases: frozenset[str]
    notes: dict[str, int]

    def split(self, report: SourceReport) -> Split:
        """The split of a report's patient: the source's own, else by a hash of the patient's name."""
        patient = patient_of(report)
        return self.given.get(patient) or hashed_split(patient)


def survey_source(source: Path, format: str, *, chunk_reports: int | None = None) -> Intake:
    """Read all rows once. InputError when the source or the format isn't there, and when nothing can be used.

    `chunk_reports` bounds a chunk; None where reading one report takes milliseconds.
    """
    chunk_reports = chunk_reports or _CHUNK_REPORTS
    detected = find_format(source, format)
    bad: list[BadRow] = []
    given: dict[str, Split] = {}
    cases: Counter[str] = Counter()
    notes = Counter[str]()
    chunks = []
    for chunk in chunked(unique_reports(LOADERS[detected.format](source), bad=bad, notes=notes), chunk_reports):
        chunks.append(chunk_digest(chunk))
        for report in chunk:
            cases[case_key(report)] += 1
            _note(report, notes, given)
    reports = sum(cases.values())
    if reports == notes["empty reports"]:
        raise _nothing_usable(source, detected, bad)
    return Intake(
        format=detected,
        reports=reports,
        bad=tuple(bad),
        chunks=tuple(chunks),
        chunk_reports=chunk_reports,
        given=given,
        shared_cases=frozenset(case for case, count in cases.items() if count > 1),
        notes={name: notes[name] for name in sorted(notes)},
    )


def find_format(source: Path, format: str) -> Detected:
    """The format by its name, or recognised where it is `auto`."""
    if not source.exists():
        raise InputError(f"mine: expected a file or folder, got {source.name!r}, which doesn't exist; check the path")
    if format == "auto":
        return detect_format(source)
    if format not in LOADERS:
        raise InputError(f"format: expected auto or one of {', '.join(LOADERS)}, got {format!r}; choose one of them")
    return Detected(format=format, reason="as asked for")


def unique_reports(rows: Iterable[Row], *, bad: list[BadRow], notes: Counter[str]) -> Iterator[SourceReport]:
    """Each report once, in order; bad rows go to `bad`, empty reports there as well as on.

    A row that repeats a report word for word is another image of it. One with the same id and another text is bad.
    """
    seen: dict[str, bytes] = {}
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        digest = hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).digest()[:16]
        if row.report_id in seen:
            notes["repeated rows"] += seen[row.report_id] == digest
            if seen[row.report_id] != digest:
                bad.append(BadRow(file=row.file, row=row.row, reason="the id of an earlier report, with another text"))
            continue
        seen[row.report_id] = digest
        if not row.text.strip():
            bad.append(BadRow(file=row.file, row=row.row, reason="an empty report; its line has no facts"))
        yield row


def chunked(reports: Iterable[SourceReport], most: int) -> Iterator[list[SourceReport]]:
    """Stretches of at most `most` reports, bounded in text, too."""
    chunk: list[SourceReport] = []
    characters = 0
    for report in reports:
        if chunk and (len(chunk) == most or characters + len(report.text) > _CHUNK_CHARACTERS):
            yield chunk
            chunk, characters = [], 0
        chunk.append(report)
        characters += len(report.text)
    if chunk:
        yield chunk


def chunk_digest(chunk: Sequence[SourceReport]) -> str:
    """SHA-256 of all that the lines of a chunk's reports depend on."""
    digest = hashlib.sha256()
    for report in chunk:
        digest.update(json.dumps(_digested(report), sort_keys=True, default=str).encode())
    return digest.hexdigest()


def patient_of(report: SourceReport) -> str:
    """The patient for splits and exclusion: the group, the patient, or where neither is known the case."""
    return report.patient_group or report.patient_id or report.case_id or report.report_id


def case_key(report: SourceReport) -> str:
    """The case in qrels: its id, or the report's, with white space, `@` and `%` percent-encoded."""
    return encode_key(report.case_id or report.report_id)


def encode_key(name: str) -> str:
    """An id as qrels can hold it: white space, `@` and `%` percent-encoded, everything else as it is."""
    return re.sub(r"[\s@%]", lambda match: quote(match[0], safe=""), name)


def hashed_split(patient: str) -> Split:
    """70 % train, 15 % validation, 15 % test, by a hash of the patient's name alone."""
    digest = hashlib.sha256(f"casekin split 1 {patient}".encode("utf-8", "surrogatepass")).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return next(split for limit, split in _SHARES if share < limit)


def _note(report: SourceReport, notes: Counter[str], given: dict[str, Split]) -> None:
    notes["empty reports"] += not report.text.strip()
    if report.encoding:
        notes[f"read as {report.encoding}"] += 1
    if report.split is None:
        return
    split: Split = report.split  # type: ignore[assignment]
    if given.setdefault(patient_of(report), split) != split:
        where = report.file if report.row is None else f"{report.file}: row {report.row}"
        raise InputError(
            f"{where}: split: expected all reports of a patient in one split, got {split} after "
            f"{given[patient_of(report)]}; give each patient one, or leave the column out"
        )


def _digested(report: SourceReport) -> dict[str, Any]:
    """All that a report's line depends on; where it stood in the source isn't part of it."""
    facts = None if report.facts is None else [fact.as_record() for fact in report.facts]
    names = ("report_id", "case_id", "patient_id", "patient_group", "text", "composed", "encoding", "unplaced", "extra")
    known = {name: getattr(report, name) for name in names}
    return {**known, "facts": facts, "normal": [str(place) for place in report.normal]}


def _nothing_usable(source: Path, detected: Detected, bad: Sequence[BadRow]) -> InputError:
    told = f"read as {detected.format} ({detected.reason})"
    if not bad:
        return InputError(f"{source.name}: expected reports, found none, {told}; name another source or --format")
    first = bad[0]
    where = first.file if first.row is None else f"{first.file}: row {first.row}"
    return InputError(
        f"{source.name}: no report can be used, {told}; mend the rows or name another --format; {len(bad)} bad rows, "
        f"the first: {where}: {first.reason}"
    )
