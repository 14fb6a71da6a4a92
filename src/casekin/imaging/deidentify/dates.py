"""Dates of a patient, all moved back by the same number of days (PS3.15 E.3.6, modified dates)."""

from __future__ import annotations

import datetime
import re

_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})")
_DATE_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d[\d.]*)?([+-]\d{4})?")
_TIME = re.compile(r"\d{2}:?(\d{2}:?(\d{2}(\.\d{1,6})?)?)?")


def shift_date(value: str, days: int) -> str | None:
    """A DICOM date (DA, or ACR-NEMA's with dots) `days` earlier; None for what is no date."""
    found = _DATE.fullmatch(value.strip())
    return None if found is None else _earlier(*found.groups(), days=days)


def shift_date_time(value: str, days: int) -> str | None:
    """A DICOM date and time (DT) `days` earlier, as exact as it was but without its offset from UTC; None for others.

    A year alone becomes the year of its first of July moved, a month alone the month of its first.
    """
    found = _DATE_TIME.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day, time, _ = found.groups()
    moved = _earlier(year, month or "07", day or "01", days=days)
    if moved is None:
        return None
    return moved[: 4 + 2 * (month is not None) + 2 * (day is not None)] + (time or "")


def is_time(value: str) -> bool:
    """Whether a value is a DICOM time of day (TM)."""
    return _TIME.fullmatch(value.strip()) is not None


def _earlier(year: str, month: str, day: str, *, days: int) -> str | None:
    try:
        moved = datetime.date(int(year), int(month), int(day)) - datetime.timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"
