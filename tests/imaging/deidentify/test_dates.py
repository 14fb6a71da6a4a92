"""Moved dates: the calendar does the sums, here by `datetime` on the outside."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.imaging.deidentify.dates import is_time, shift_date, shift_date_time


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), st.integers(366, 3652))
def test_the_time_between_two_dates_stays(date: datetime.date, days: int) -> None:
    later = date + datetime.timedelta(days=40)
    moved = [shift_date(one.strftime("%Y%m%d"), days) for one in (date, later)]
    one, two = (datetime.datetime.strptime(str(value), "%Y%m%d").date() for value in moved)
    assert (two - one).days == 40
    assert (date - one).days == days


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        ("20240301101112.123456+0100", "20230301101112.123456"),
        ("20240301", "20230301"),
        ("202403", "202303"),
        ("2024", "2023"),
        ("20249901", None),
        ("DOE^JANE", None),
        ("", None),
    ],
)
def test_a_date_with_time_keeps_its_precision_and_loses_its_zone(value: str, moved: str | None) -> None:
    assert shift_date_time(value, 366) == moved


@pytest.mark.parametrize("value", ["no date", "20241301", "00010101", "2024-1-1", "1/2/2024"])
def test_what_is_no_date_gives_none(value: str) -> None:
    assert shift_date(value, 3652) is None


def test_a_time_of_day_is_told_from_other_text() -> None:
    assert is_time("101112.5") and is_time("10:11:12") and is_time("10")
    assert not is_time("ten past") and not is_time("10 Doe")
