"""DICOM structured reports as text: the content tree's words under the headings of its containers (PS3.3 C.17.3).

What describes the circumstances (observers, persons, dates, references) has no place in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from casekin.errors import InputError
from casekin.reports.messages.arrived import (
    HEADINGS,
    ArrivedReport,
    distinct,
    report_of,
    sortable_time,
    with_heading,
)

REPORT_CLASSES = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{number}" for number in (11, 22, 33, 34))
"""Basic Text, Enhanced, Comprehensive and Comprehensive 3D SR; other documents are measurements, not reports."""
_WORDLESS = frozenset({"HAS OBS CONTEXT", "HAS ACQ CONTEXT", "HAS CONCEPT MOD", "SELECTED FROM"})
_DEEPEST = 24
_MOST_ITEMS = 20_000


def read_sr(dataset: Dataset) -> ArrivedReport:
    """The report of a structured report. Raises `InputError` for another object, one without words, our own drafts."""
    if _value(dataset, "SOPClassUID") not in REPORT_CLASSES:
        raise InputError("DICOM SR: expected a text or comprehensive SR, got another object; send the report")
    if _value(dataset, "Manufacturer") == "casekin":
        raise InputError("DICOM SR: expected a radiologist's report, got a draft of ours; send what was signed")
    is_preliminary = (
        _value(dataset, "PreliminaryFlag") == "PRELIMINARY" or _value(dataset, "CompletionFlag") == "PARTIAL"
    )
    replaced = distinct(_predecessors(dataset))
    numbers = [_value(dataset, "AccessionNumber")]
    uids = [_value(dataset, "StudyInstanceUID")]
    for request in _items(dataset, "ReferencedRequestSequence"):
        numbers.append(_value(request, "AccessionNumber"))
        uids.append(_value(request, "StudyInstanceUID"))
    stated = _value(dataset, "ContentDate") + _value(dataset, "ContentTime").replace(":", "")
    return report_of(
        ArrivedReport(
            text="\n".join(with_heading(heading, "\n".join(lines)) for heading, lines in _sections(dataset)),
            status="preliminary" if is_preliminary else "corrected" if replaced else "final",
            report_id=_value(dataset, "SOPInstanceUID") or None,
            replaces=replaced,
            accession_numbers=distinct(numbers),
            study_instance_uids=distinct(uids),
            patient_ids=distinct([_value(dataset, "PatientID")]),
            person_names=distinct([_value(dataset, "PatientName")]),
            birth_dates=distinct([_value(dataset, "PatientBirthDate")]),
            stated_at=sortable_time(stated + _value(dataset, "TimezoneOffsetFromUTC")),
        )
    )


def _predecessors(dataset: Dataset) -> Iterator[str]:
    for study in _items(dataset, "PredecessorDocumentsSequence"):
        for series in _items(study, "ReferencedSeriesSequence"):
            yield from (_value(one, "ReferencedSOPInstanceUID") for one in _items(series, "ReferencedSOPSequence"))


def _sections(dataset: Dataset) -> Iterator[tuple[str | None, list[str]]]:
    """Runs of lines that stand under one heading."""
    heading: str | None = None
    lines: list[str] = []
    for count, (above, line) in enumerate(_lines(dataset, None, 0)):
        if count >= _MOST_ITEMS:
            raise InputError(f"DICOM SR: expected at most {_MOST_ITEMS} items, got more; send one report")
        if lines and above != heading:
            yield heading, lines
            lines = []
        heading = above
        lines.append(line)
    if lines:
        yield heading, lines


def _lines(item: Dataset, heading: str | None, depth: int) -> Iterator[tuple[str | None, str]]:
    """The words of an item and of what it contains, each with its heading, the nearest known one."""
    if depth > _DEEPEST:
        raise InputError(f"DICOM SR: expected at most {_DEEPEST} levels, got more; send one report")
    name = next(iter(_items(item, "ConceptNameCodeSequence")), None)
    own = None if name is None else HEADINGS.get(_value(name, "CodeValue").upper())
    heading = own if own is not None and (depth < 2 or heading is None) else heading
    line = _line(item, "" if name is None or own else _value(name, "CodeMeaning"))
    if line:
        yield heading, line
    for child in _items(item, "ContentSequence"):
        if _value(child, "RelationshipType") not in _WORDLESS:
            yield from _lines(child, heading, depth + 1)


def _line(item: Dataset, name: str) -> str:
    kind = _value(item, "ValueType")
    if kind == "TEXT":
        return _value(item, "TextValue")
    if kind == "CODE":
        code = next(iter(_items(item, "ConceptCodeSequence")), None)
        meaning = "" if code is None else _value(code, "CodeMeaning")
        return f"{name}: {meaning}." if name and meaning else meaning and f"{meaning}."
    if kind == "NUM":
        measured = next(iter(_items(item, "MeasuredValueSequence")), None)
        unit = None if measured is None else next(iter(_items(measured, "MeasurementUnitsCodeSequence")), None)
        value = "" if measured is None else _value(measured, "NumericValue")
        return f"{name}: {value} {'' if unit is None else _value(unit, 'CodeValue')}".strip() + "." if value else ""
    return ""


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    try:
        return list(dataset.get(keyword) or ())
    except Exception:  # a damaged sequence raises anything
        return []


def _value(dataset: Dataset, keyword: str) -> str:
    try:
        value: Any = dataset.get(keyword)
        if isinstance(value, MultiValue):
            value = next(iter(value), None)
        return "" if value is None else str(value).replace("\x00", "").strip()
    except Exception:  # a damaged element is no words
        return ""
