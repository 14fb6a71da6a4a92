"""What a message says: a report of a study, or that two patient ids are one person's. Identifiers as they were sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Literal

from casekin.errors import InputError

Status = Literal["preliminary", "final", "corrected", "addendum", "cancelled"]
"""`addendum` adds to what stands; each other one is the whole report, `cancelled` that there is none any more."""
MAX_MESSAGE = 16 * 1024 * 1024
"""Bytes. A report with a scanned page has some hundred thousand."""
MAX_TEXT = 1_000_000
"""Characters of one report; the longest have some 30,000."""
HEADINGS = {
    "59776-5": "FINDINGS", "18782-3": "FINDINGS", "GDT": "FINDINGS", "121070": "FINDINGS", "121071": "FINDINGS",
    "19005-8": "IMPRESSION", "IMP": "IMPRESSION", "121072": "IMPRESSION", "121073": "IMPRESSION",
    "121076": "IMPRESSION", "121077": "IMPRESSION", "18785-6": "INDICATION", "121109": "INDICATION",
    "11329-0": "HISTORY", "121060": "HISTORY", "18834-2": "COMPARISON", "121069": "COMPARISON",
    "55111-9": "TECHNIQUE", "121064": "TECHNIQUE", "121065": "TECHNIQUE", "REC": "RECOMMENDATION",
    "18783-1": "RECOMMENDATION", "121074": "RECOMMENDATION", "121075": "RECOMMENDATION", "55107-7": "ADDENDUM",
}  # fmt: skip
"""Codes of sections: LOINC, DICOM (PS3.16 CID 7001, 7002 and their items), suffixes of OBX-3 (HL7 2.5.1, 7.2.4)."""
_TIME = re.compile(r"(\d{4}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2})?)?)?)?)?)(\.\d{1,6})?(Z|[+-]\d{4})?\Z")
_FORMS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedReport:
    """One report. It is joined by the first of the accession numbers, then of the study UIDs, that a case answers to.

    `report_id` is the sender's name for the report, the same in all its versions; `replaces` are ids of reports that
    this one stands for. `patient_ids`: a case of another patient isn't meant; empty: the message doesn't say.
    `stated_at` orders versions (sortable, UTC where a zone was told, else as it was told); None: as they come.
    `person_names` and `birth_dates` (`YYYYMMDD`) are the patient's, so that they can be hidden in the text.
    """

    text: str
    status: Status
    report_id: str | None = None
    replaces: tuple[str, ...] = ()
    accession_numbers: tuple[str, ...] = ()
    study_instance_uids: tuple[str, ...] = ()
    patient_ids: tuple[str, ...] = ()
    stated_at: str | None = None
    person_names: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMerge:
    """The patient `survivor` was known as `merged` too; from here on all is the survivor's."""

    survivor: str
    merged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientUnlink:
    """Two patients, each by all ids that were sent, who aren't one person after all."""

    first: tuple[str, ...]
    second: tuple[str, ...]


Told = ArrivedReport | PatientMerge | PatientUnlink
"""What a message may say."""


def report_of(report: ArrivedReport) -> ArrivedReport:
    """The report itself. Raises `InputError` where it has no text, is too long, or names no study."""
    if not report.accession_numbers and not report.study_instance_uids:
        raise InputError("report: expected an accession number or a StudyInstanceUID, got neither; send one")
    if not report.text.strip() and report.status != "cancelled":
        raise InputError("report: expected text (text/plain or text/html), got none; send the report's words")
    if len(report.text) > MAX_TEXT:
        raise InputError(f"report: expected at most {MAX_TEXT} characters, got {len(report.text)}; send one report")
    return report


def with_heading(name: str | None, text: str) -> str:
    """A section's text under its heading, unless it begins with one."""
    text = text.strip()
    return text if not name or not text or text.upper().startswith(name) else f"{name}: {text}"


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """What is there, stripped, each once, in order."""
    return tuple(dict.fromkeys(value.strip() for value in values if value and value.strip()))


def sortable_time(told: str | None) -> str | None:
    """A time of HL7, DICOM or FHIR (digits `YYYY[MM[DD[HH[MM[SS]]]]][.f][zone]`, once `-`, `:`, `T` are left out)."""
    if not told:
        return None
    day, _, clock = told.strip().partition("T")
    compact = told.strip()
    if "-" in day[:8] and len(day) >= 7:  # ISO 8601
        zone = re.search(r"(Z|[+-]\d{2}:?\d{2})\Z", clock)
        clock = clock[: zone.start()] if zone else clock
        compact = day.replace("-", "") + clock.replace(":", "") + (zone.group().replace(":", "") if zone else "")
    found = _TIME.match(compact)
    if found is None:
        return None
    digits, fraction, zone_told = found.groups()
    try:
        moment = datetime.strptime(digits, _FORMS[len(digits)])
        if zone_told:
            aware = datetime.strptime(digits + zone_told.replace("Z", "+0000"), _FORMS[len(digits)] + "%z")
            moment = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y%m%d%H%M%S}.{(fraction or '.').strip('.').rstrip('0') or '0'}"


class _Words(HTMLParser):
    """The words of a page; a block is a line."""

    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "table"})
    _SILENT = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._SILENT
        self.parts += ["\n"] if tag in self._BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self._SILENT))
        self.parts += ["\n"] if tag in self._BLOCKS else []

    def handle_data(self, data: str) -> None:
        self.parts += [] if self._hidden else [re.sub(r"\s+", " ", data)]


def words_of_page(page: str) -> str:
    """The text of HTML, a line for each block."""
    words = _Words()
    words.feed(page)
    words.close()
    lines = (line.strip() for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
