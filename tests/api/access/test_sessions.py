"""Signed-in browsers: found by their cookie until they were idle too long, signed in too long, or signed out."""

from __future__ import annotations

import pytest

from casekin.api.access import sessions as module
from casekin.api.access.principal import Principal
from casekin.api.access.sessions import Sessions
from made_clocks import Clock

ANNA = Principal(subject="anna", role="reader", tenant="default")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(idle_s=60, absolute_s=150, clock=clock)


def test_a_cookie_finds_its_session_and_nothing_else_does(sessions: Sessions) -> None:
    (first, mine), (second, _) = sessions.begin(ANNA), sessions.begin(ANNA)
    assert first != second and len(first) >= 43
    found = sessions.find(first)
    assert found is not None and (found.principal, found.csrf) == (ANNA, mine.csrf)
    assert sessions.find("") is None and sessions.find(mine.csrf) is None


def test_a_session_ends_after_idling_and_using_it_puts_that_off(sessions: Sessions, clock: Clock) -> None:
    cookie, _ = sessions.begin(ANNA)
    for clock.now in (59.0, 118.0):
        assert sessions.find(cookie) is not None
    clock.now = 178.0
    assert sessions.find(cookie) is None
    clock.now = 100.0
    assert sessions.find(cookie) is None, "what ended stays ended"


def test_asking_whether_a_session_holds_is_no_use_of_it(sessions: Sessions, clock: Clock) -> None:
    cookie, _ = sessions.begin(ANNA)
    clock.now = 59.0
    assert sessions.holds(cookie) and not sessions.holds("another")
    clock.now = 60.0
    assert not sessions.holds(cookie) and sessions.find(cookie) is None


def test_a_session_ends_at_its_absolute_time_however_often_it_is_used(sessions: Sessions, clock: Clock) -> None:
    cookie, _ = sessions.begin(ANNA)
    for clock.now in (50.0, 100.0, 149.9):
        assert sessions.find(cookie) is not None
    clock.now = 150.0
    assert sessions.find(cookie) is None


def test_signing_out_ends_one_session_alone(sessions: Sessions) -> None:
    (first, _), (second, _) = sessions.begin(ANNA), sessions.begin(ANNA)
    sessions.end(first)
    sessions.end("nothing")
    assert sessions.find(first) is None and sessions.find(second) is not None


def test_the_session_used_least_lately_makes_room(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    (first, _), (second, _) = sessions.begin(ANNA), sessions.begin(ANNA)
    assert sessions.find(first) is not None
    third, _ = sessions.begin(ANNA)
    assert [sessions.find(cookie) is not None for cookie in (first, second, third)] == [True, False, True]
