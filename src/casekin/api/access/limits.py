"""How much a caller may ask: so often, so much at once, and with a body that comes in at a fair speed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

_MOST_CALLERS = 10_000
"""Callers remembered; the one that asked least lately is forgotten first, and has a full bucket again."""


class RateLimit:
    """A token bucket for each caller: `burst` requests at once, `per_second` in the long run."""

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> float:
        """Count one request; 0 where it is let in, else the seconds after which one will be."""
        level = self._level(caller)
        self._keep(caller, level - 1 if level >= 1 else level)
        return 0.0 if level >= 1 else (1 - level) / self._per_second

    def _level(self, caller: str) -> float:
        level, at = self._buckets.get(caller, (float(self._burst), self._clock()))
        return min(float(self._burst), level + (self._clock() - at) * self._per_second)

    def _keep(self, caller: str, level: float) -> None:
        self._buckets[caller] = (level, self._clock())
        self._buckets.move_to_end(caller)
        while len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)


class AtOnce:
    """How many requests of a caller are worked on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: Counter[str] = Counter()

    @contextmanager
    def one_more(self, caller: str) -> Iterator[bool]:
        """Count a request while it lasts; whether it is let in."""
        if self._now[caller] >= self._most:
            yield False
            return
        self._now[caller] += 1
        try:
            yield True
        finally:
            self._now[caller] -= 1
            if not self._now[caller]:
                del self._now[caller]


class TimelyBody:
    """A request's `receive` that gives up on a body which comes in too slowly.

    Only waiting for the client counts, never the time that its reader takes. Raises `HTTPException` 408.
    """

    def __init__(self, receive: Receive, *, grace_s: float, bytes_per_s: float) -> None:
        self._receive = receive
        self._allowed_s = grace_s
        self._bytes_per_s = bytes_per_s
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        began = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(self._allowed_s, 0.001))
        except TimeoutError:
            self._is_whole = True
            raise HTTPException(408, "the body came in too slowly", headers={"Connection": "close"}) from None
        self._allowed_s += len(message.get("body", b"")) / self._bytes_per_s - (time.monotonic() - began)
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message
