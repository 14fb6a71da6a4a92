"""What is known of a browser before it is signed in: kept in this process alone, found by a random cookie, taken once.

So no cookie says in clear what somebody wanted to see, and none can be made by whoever doesn't hold it.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_MOST = 10_000
"""Values at a time; the oldest makes room for another."""
Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values for `for_s` seconds each. Every method may be called from any thread."""

    def __init__(self, *, for_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._for_s = for_s
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[Value, float]] = OrderedDict()

    def keep(self, value: Value) -> str:
        """The cookie that finds a value."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[cookie] = (value, self._clock())
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return cookie

    def take(self, cookie: str) -> Value | None:
        """A cookie's value, which can't be taken again; None where there is none or its time is over."""
        with self._lock:
            found = self._kept.pop(cookie, None)
        return found[0] if found is not None and self._clock() - found[1] < self._for_s else None
