"""Clocks that tests turn."""

from __future__ import annotations


class Clock:
    """Stands still at `now`, seconds since 1970, until it is set."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
