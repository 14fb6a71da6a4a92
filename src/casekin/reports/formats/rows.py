"""What every loader gives: reports in the source's order, and between them the rows that could not be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekin.types import Fact, Place

MAX_REPORT = 1_000_000
"""Characters. The longest radiology reports have some 30,000; more is another kind of file."""
MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file that has to be read as a whole (XML, JSON, text)."""
PARTS = ("indication", "history", "technique", "comparison", "findings", "impression")
SPLITS = {
    "train": "train", "training": "train",
    "validation": "validation", "validate": "validation", "valid": "validation", "val": "validation",
    "dev": "validation", "test": "test", "testing": "test",
}  # fmt: skip
_IDS = ("report_id", "case_id", "study_id", "accession_number", "study_instance_uid", "id", "uid")
"""Not `name`: in a table it is a person's, and ids go into every result."""
_TEXTS = ("report", "text", "report_text")
_PATIENTS = ("patient_id", "subject_id")
_LONGEST_ID = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One report of a source, where it stands there, and what the source says of it.

    `composed` tells that `text` was put together from sections or sentences and stands nowhere in the source as such.
    `encoding` is named when it had to be guessed. `facts` are ready-made (None: read the text), with `normal` places
    and `unplaced` names that stand for nothing known. `split` is the source's own. Other fields are in `extra`.
    """

    file: str
    row: int | None
    report_id: str
    text: str
    case_id: str | None = None
    patient_id: str | None = None
    patient_group: str | None = None
    split: str | None = None
    composed: bool = False
    encoding: str | None = None
    facts: tuple[Fact, ...] | None = None
    normal: tuple[Place, ...] = ()
    unplaced: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row or file that can't be used: the file's name inside the source, the row from 1 (None: all of it), why.

    The reason names what was expected and never quotes the source.
    """

    file: str
    row: int | None
    reason: str

    def as_record(self) -> dict[str, Any]:
        return {"file": self.file, "row": self.row, "reason": self.reason}


Row = SourceReport | BadRow
Loader = Callable[[Path], Iterator[Row]]


class RowError(ValueError):
    """Why a row can't be used; loaders turn it into a `BadRow`."""


def compose(parts: Mapping[str, str | None]) -> str:
    """One text of a report that came in sections, in the order they are dictated, each under its heading."""
    told = {name: (parts.get(name) or "").strip() for name in PARTS}
    return "\n".join(f"{name.upper()}: {text}" for name, text in told.items() if text)


def row_from_record(record: Mapping[str, Any], *, file: str, row: int, encoding: str | None = None) -> Row:
    """A report from named columns: an id, and `report` or its sections, which may be empty; others go to `extra`."""
    try:
        return _from_record(record, file, row, encoding)
    except RowError as error:
        return BadRow(file=file, row=row, reason=str(error))


def _from_record(record: Mapping[str, Any], file: str, row: int, encoding: str | None) -> SourceReport:
    report_id = next((value for name in _IDS if (value := _identifier(record, name)) is not None), None)
    if report_id is None:
        raise RowError(f"expected an id ({', '.join(_IDS)}), got {_got(record)}")
    if not any(name in record for name in (*_TEXTS, *PARTS)):
        raise RowError(f"expected report, or findings or impression in its place, got {_got(record)}")
    whole = next((value for name in _TEXTS if (value := _text(record, name)) and value.strip()), None)
    parts = {name: _text(record, name) for name in PARTS}
    split = (_text(record, "split") or "").strip().lower()
    if split and split not in SPLITS:
        raise RowError("split: expected train, validation or test; leave the column out to have the patients divided")
    known = {"report_id", "case_id", "patient_id", "patient_group", "split", *_TEXTS, *PARTS}
    return SourceReport(
        file=file,
        row=row,
        report_id=report_id,
        text=check_length(whole if whole is not None else compose(parts)),
        case_id=_identifier(record, "case_id"),
        patient_id=next((value for name in _PATIENTS if (value := _identifier(record, name)) is not None), None),
        patient_group=_identifier(record, "patient_group"),
        split=SPLITS.get(split),
        composed=whole is None,
        encoding=encoding,
        extra={name: value for name, value in record.items() if name not in known and value not in (None, "")},
    )


def check_length(text: str) -> str:
    """The text itself; RowError when it is longer than a report can be."""
    if len(text) > MAX_REPORT:
        raise RowError(f"a report of {len(text)} characters, expected at most {MAX_REPORT}; cut the file into reports")
    return text


def check_id(value: str) -> str:
    """The identifier without surrounding space; RowError for one that is empty, overlong or has control characters."""
    value = value.strip()
    if not value or len(value) > _LONGEST_ID or re.search(r"[\x00-\x1f\x7f]", value):
        raise RowError(f"an identifier: expected 1 to {_LONGEST_ID} printable characters")
    return value


def _identifier(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise RowError(f"{name}: expected a text, got {type(value).__name__}")
    return check_id(value)


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    raise RowError(f"{name}: expected a text, got {type(value).__name__}")


def _got(record: Mapping[str, Any]) -> str:
    """What there is instead; names aren't quoted, as in a table without a header they are somebody's data."""
    return f"{len(record)} columns of other names"
