"""Case manifests and report rows: JSON Lines read one line at a time, a bad line never stops the rest."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any

from casekin.errors import ManifestError
from casekin.types import SIDES, Box, CaseRow, Place, StoredRegion

_TEXT_FIELDS = (
    "patient_group", "study_instance_uid", "accession_number", "modality", "body_part", "view", "sex", "report",
    "source", "licence",
)  # fmt: skip
_KNOWN = frozenset(f.name for f in fields(CaseRow)) - {"extra"}
_REPORT_PARTS = ("findings", "impression", "indication", "comparison", "technique", "history")
_LONGEST_LINE = 16 * 1024 * 1024
_OLDEST = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestProblem:
    """A row that can't be used: the file's base name, its line number from 1, and the reason."""

    file: str
    row: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One report: its text or its sections, and at least one of the keys it can be joined by."""

    row: int
    case_id: str | None = None
    report_id: str | None = None
    patient_id: str | None = None
    accession_number: str | None = None
    study_instance_uid: str | None = None
    report: str | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


class _RowError(ValueError):
    """The reason why a row can't be used; never leaves this file."""


def read_manifest(path: Path) -> Iterator[CaseRow | ManifestProblem]:
    """Read a case manifest (the contract's records) line by line.

    `image` and `mask` paths must stay inside the manifest's folder; whether they exist shows when they are read.
    Unknown fields are kept in `extra`.

    Raises:
        ManifestError: the file itself can't be opened.
    """
    for _, row in read_placed_rows(path):
        yield row


def read_placed_rows(path: Path) -> Iterator[tuple[int, CaseRow | ManifestProblem]]:
    """As `read_manifest`, each row with the byte at which its line begins, for `row_at`."""
    for number, offset, record in _records(path):
        if isinstance(record, ManifestProblem):
            yield offset, record
            continue
        try:
            yield offset, case_row(record, path.parent)
        except _RowError as error:
            yield offset, ManifestProblem(file=path.name, row=number, reason=str(error))


def row_at(path: Path, offset: int) -> CaseRow:
    """The manifest's row whose line begins at a byte.

    Raises:
        ManifestError: no sound row begins there, so the manifest was changed since it was first read.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = _parse(file.readline(_LONGEST_LINE), path.name, 1 if offset == 0 else 2)
        if not isinstance(record, ManifestProblem):
            return case_row(record, path.parent)
    except (OSError, _RowError):
        pass
    raise ManifestError(f"{path.name}: expected what it held before, got a change while it was read; start again")


def read_report_rows(path: Path) -> Iterator[ReportRow | ManifestProblem]:
    """Read reports from JSON Lines: `report`, or section fields in its place, with a key to join or name them by.

    Raises:
        ManifestError: the file itself can't be opened.
    """
    for number, _, record in _records(path):
        if isinstance(record, ManifestProblem):
            yield record
            continue
        try:
            yield _report_row(record, number)
        except _RowError as error:
            yield ManifestProblem(file=path.name, row=number, reason=str(error))


def case_row(record: Mapping[str, Any], folder: Path) -> CaseRow:
    """Validate one manifest record; `folder` is the one its paths must stay in."""
    case_id = _identifier(record, "case_id")
    values: dict[str, Any] = {name: _optional_text(record, name) for name in _TEXT_FIELDS}
    age = _optional_number(record, "age")
    if age is not None and not 0.0 <= age <= _OLDEST:
        raise _RowError(f"age: expected years from 0 to {_OLDEST:.0f}, got {age:g}")
    day_offset = _optional_number(record, "day_offset")
    if day_offset is not None and day_offset != int(day_offset):
        raise _RowError("day_offset: expected an integer")
    patient_id = _required_text(record, "patient_id")
    image = inner_path(_required_text(record, "image"), folder, "image")
    return CaseRow(
        case_id=case_id,
        patient_id=patient_id,
        image=image,
        age=age,
        day_offset=None if day_offset is None else int(day_offset),
        regions=_regions(record.get("regions"), folder),
        extra={key: value for key, value in record.items() if key not in _KNOWN},
        **values,
    )


def inner_path(value: str, folder: Path, name: str) -> str:
    """The path as written, once it is known to stay inside `folder`, links followed."""
    pure = PurePosixPath(value.replace("\\", "/"))
    drive = len(value) > 1 and value[1] == ":"
    outside = pure.is_absolute() or drive or ".." in pure.parts or "\x00" in value or not pure.parts
    if outside or not (folder / pure).resolve().is_relative_to(folder.resolve()):
        raise _RowError(f"{name}: expected a path inside the manifest's folder, without '..'")
    return str(pure)


def _records(path: Path) -> Iterator[tuple[int, int, dict[str, Any] | ManifestProblem]]:
    """Line number from 1, first byte and content of every line that isn't empty."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise ManifestError(
            f"{path.name}: can't be opened ({type(error).__name__}); expected a JSON Lines file; check the path"
        ) from None
    with file:
        number, following = 0, 0
        while line := file.readline(_LONGEST_LINE):
            number, offset, following = number + 1, following, following + len(line)
            if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
                while rest := file.readline(_LONGEST_LINE):
                    following += len(rest)
                    if rest.endswith(b"\n"):
                        break
                reason = "the line is longer than 16 MiB"
                yield number, offset, ManifestProblem(file=path.name, row=number, reason=reason)
            elif line.strip():
                yield number, offset, _parse(line, path.name, number)


def _parse(line: bytes, file: str, number: int) -> dict[str, Any] | ManifestProblem:
    try:
        record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return ManifestProblem(file=file, row=number, reason="expected UTF-8")
    except (ValueError, RecursionError):
        return ManifestProblem(file=file, row=number, reason="expected one JSON object in the line")
    if not isinstance(record, dict):
        return ManifestProblem(file=file, row=number, reason="expected a JSON object")
    return record


def _report_row(record: Mapping[str, Any], number: int) -> ReportRow:
    keys = ("case_id", "report_id", "patient_id", "accession_number", "study_instance_uid")
    values = {key: _optional_text(record, key) for key in keys}
    if all(values[key] is None for key in keys if key != "patient_id"):
        raise _RowError("expected one of case_id, report_id, accession_number, study_instance_uid")
    report = _optional_text(record, "report")
    sections = {part: text for part in _REPORT_PARTS if (text := _optional_text(record, part)) is not None}
    if report is None and not sections:
        raise _RowError("expected report, or findings or impression in its place")
    known = {*keys, "report", *_REPORT_PARTS}
    extra = {key: value for key, value in record.items() if key not in known}
    return ReportRow(row=number, report=report, sections=sections, extra=extra, **values)


def _regions(value: object, folder: Path) -> tuple[StoredRegion, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _RowError("regions: expected a list")
    return tuple(_region(item, folder, f"regions[{index}]") for index, item in enumerate(value))


def _region(item: object, folder: Path, name: str) -> StoredRegion:
    if not isinstance(item, dict):
        raise _RowError(f"{name}: expected an object with anatomy, side and box or mask")
    side = item.get("side")
    if side is not None and side not in SIDES:
        raise _RowError(f"{name}.side: expected left, right, bilateral, midline or null")
    mask = _optional_text(item, "mask")
    return StoredRegion(
        place=Place(anatomy=_required_text(item, "anatomy"), side=side),
        box=None if item.get("box") is None else _box(item["box"], f"{name}.box"),
        mask=None if mask is None else inner_path(mask, folder, f"{name}.mask"),
    )


def _box(value: object, name: str) -> Box:
    if not isinstance(value, list) or len(value) != 4 or not all(_is_number(number) for number in value):
        raise _RowError(f"{name}: expected [x0, y0, x1, y1]")
    x0, y0, x1, y1 = (float(number) for number in value)
    if not (x1 > x0 and y1 > y0):
        raise _RowError(f"{name}: expected x1 > x0 and y1 > y0")
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _identifier(record: Mapping[str, Any], name: str) -> str:
    value = _required_text(record, name)
    if "@" in value or any(character.isspace() for character in value):
        raise _RowError(f"{name}: expected no white space and no @")
    return value


def _required_text(record: Mapping[str, Any], name: str) -> str:
    value = _optional_text(record, name)
    if value is None or not value.strip():
        raise _RowError(f"{name}: expected a text, got nothing")
    return value


def _optional_text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _RowError(f"{name}: expected a text, got {type(value).__name__}")


def _optional_number(record: Mapping[str, Any], name: str) -> float | None:
    value = record.get(name)
    if value is None:
        return None
    if not _is_number(value):
        raise _RowError(f"{name}: expected a number, got {type(value).__name__}")
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
