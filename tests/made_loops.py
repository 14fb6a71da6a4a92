"""Coroutines run to their end where the thread may have a loop already: a browser that another test left open."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns, run in a thread of its own."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


def run_apart_ahead(work: Coroutine[Any, Any, T]) -> T:
    """The same under a clock that jumps over every wait: to the loop a second of sleep is a second, to us nothing."""

    def run() -> T:
        with asyncio.Runner(loop_factory=_LoopAhead) as runner:
            return runner.run(work)

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(run).result()


class _LoopAhead(asyncio.SelectorEventLoop):
    """A loop of timers alone, whose clock is set to the next one when nothing else is to be done."""

    _now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]
