"""How often, how much at once, and how slowly a caller may ask."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from casekin.api.access import limits
from casekin.api.access.limits import AtOnce, RateLimit, TimelyBody
from made_clocks import Clock
from made_loops import run_apart_ahead


def test_a_burst_is_let_in_and_what_follows_waits_for_the_rate() -> None:
    clock = Clock()
    limit = RateLimit(per_second=2, burst=3, clock=clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.take("b") == 0, "each caller has a bucket of its own"
    clock.now = 0.25
    assert limit.take("a") == 0.25
    clock.now = 0.5
    assert [limit.take("a") for _ in range(2)] == [0, 0.5]


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5), st.floats(0.1, 10))
def test_no_window_of_time_ever_lets_in_more_than_a_burst_and_the_rate(
    pauses: list[float], burst: int, per_second: float
) -> None:
    clock = Clock()
    limit = RateLimit(per_second=per_second, burst=burst, clock=clock)
    let_in = []
    for pause in pauses:
        clock.now += pause
        if not limit.take("a"):
            let_in.append(clock.now)
    for first, began in enumerate(let_in):
        for last in range(first, len(let_in)):
            assert last - first + 1 <= burst + (let_in[last] - began) * per_second + 1e-6


def test_callers_beyond_the_most_are_forgotten_the_least_lately_seen_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_CALLERS", 2)
    limit = RateLimit(per_second=1, burst=1, clock=Clock())
    assert [limit.take(caller) for caller in ("a", "b", "b", "a", "c", "a")] == [0, 0, 1, 1, 0, 1]
    assert limit.take("b") == 0


def test_requests_at_once_are_counted_for_each_caller_until_they_end() -> None:
    at_once = AtOnce(2)
    with at_once.one_more("a") as first, at_once.one_more("a") as second:
        with at_once.one_more("a") as third, at_once.one_more("b") as other:
            assert (first, second, third, other) == (True, True, False, True)
        with pytest.raises(RuntimeError), at_once.one_more("b"):
            raise RuntimeError
    with at_once.one_more("a") as again:
        assert again


def body(chunks: list[tuple[float, bytes]]) -> Any:
    """A `receive` that gives each chunk after its pause, then tells of a disconnect."""
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if not waiting:
            return {"type": "http.disconnect"}
        pause, data = waiting.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": data, "more_body": bool(waiting)}

    return receive


async def read(receive: Any, chunks: int, pause: float = 0) -> list[bytes]:
    read = []
    for _ in range(chunks):
        await asyncio.sleep(pause)
        read.append((await receive()).get("body"))
    return read


@pytest.fixture
def clock_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bodies are timed by the clock of the loop that runs them."""
    clock = SimpleNamespace(monotonic=lambda: asyncio.get_running_loop().time())
    monkeypatch.setattr(limits, "time", clock)


@pytest.mark.usefixtures("clock_of_the_loop")
def test_a_body_that_drips_is_given_up_and_one_of_fair_speed_is_read() -> None:
    drip = [(0.02, b"x")] * 50
    with pytest.raises(HTTPException) as refused:
        run_apart_ahead(read(TimelyBody(body(drip), grace_s=0.1, bytes_per_s=1000), 50))
    assert refused.value.status_code == 408
    fair = [(0.02, bytes(100))] * 10
    assert len(run_apart_ahead(read(TimelyBody(body(fair), grace_s=0.1, bytes_per_s=1000), 10))) == 10


@pytest.mark.usefixtures("clock_of_the_loop")
def test_a_reader_may_take_its_time_and_waiting_for_the_end_of_the_connection_has_no_limit() -> None:
    timely = TimelyBody(body([(0, b"x"), (0, b"x"), (0, b"x")]), grace_s=0.05, bytes_per_s=1000)
    assert run_apart_ahead(read(timely, 3, pause=0.04)) == [b"x"] * 3
    assert run_apart_ahead(read(timely, 1, pause=0)) == [None]
