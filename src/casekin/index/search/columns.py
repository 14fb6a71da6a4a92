"""Metadata as columns: one field of every case, compared as SQLite compares it."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A field of text: `codes[case_no]` is a place in `values`, -1 where a case lacks the field."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    def matches(self, sign: str, value: str | float) -> NDArray[np.bool_]:
        """Mask over case numbers; letters of ASCII compare without case, others by code point."""
        asked = _folded(str(value))
        holds = [bool(_COMPARE[sign](_folded(one), asked)) for one in self.values]
        return np.asarray(np.array([*holds, False], dtype=bool)[self.codes])


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A field of numbers by case number, NaN where a case lacks the field."""

    values: NDArray[np.float64]

    def matches(self, sign: str, value: str | float) -> NDArray[np.bool_]:
        """Mask over case numbers."""
        return np.asarray(_COMPARE[sign](self.values, float(value)) & ~np.isnan(self.values))


def read_words(connection: sqlite3.Connection, field: str, *, size: int) -> Words:
    """A text column of the table of cases; `field` is a name of this package's, `size` the catalog's."""
    places: dict[str, int] = {}
    codes = np.full(size, -1, dtype=np.int32)
    for case_no, value in connection.execute(f"SELECT case_no, {field} FROM cases").fetchall():
        if value is not None:
            codes[case_no] = places.setdefault(str(value), len(places))
    return Words(values=tuple(places), codes=codes)


def read_numbers(connection: sqlite3.Connection, field: str, *, size: int) -> Numbers:
    """A numeric column of the table of cases; `field` is a name of this package's, `size` the catalog's."""
    values = np.full(size, np.nan)
    for case_no, value in connection.execute(f"SELECT case_no, {field} FROM cases").fetchall():
        if value is not None:
            values[case_no] = value
    return Numbers(values=values)


def _folded(text: str) -> bytes:
    return text.encode().lower()  # bytes.lower folds ASCII alone, as SQLite's NOCASE does
