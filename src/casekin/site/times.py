"""Moments as the site keeps them, seconds since 1970, and as it tells them, ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
DAY_S = 86_400.0


def instant(seconds: float) -> str:
    """A moment as `2026-11-22T18:15:30Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_or_none(seconds: float | None) -> str | None:
    """`instant`, or None where nothing has happened yet."""
    return None if seconds is None else instant(seconds)
