"""What is remembered of a browser before it is signed in: found once, by its own cookie, in time."""

from __future__ import annotations

import pytest

from casekin.api.access import remembered
from casekin.api.access.remembered import Remembered
from made_clocks import Clock


def test_a_value_is_taken_once_and_in_time() -> None:
    clock = Clock()
    kept: Remembered[str] = Remembered(for_s=600, clock=clock)
    first, late = kept.keep("first"), kept.keep("late")
    assert kept.take(first) == "first"
    assert kept.take(first) is None and kept.take("") is None
    clock.now += 601
    assert kept.take(late) is None


def test_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_MOST", 2)
    kept: Remembered[int] = Remembered(for_s=600)
    cookies = [kept.keep(number) for number in range(3)]
    assert [kept.take(cookie) for cookie in cookies] == [None, 1, 2]
