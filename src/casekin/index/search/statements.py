"""Findings as columns: who states which, without a row's worth of Python for every case."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.types import Fact, Polarity, Side

Stated = tuple[int, str, str, Side | None, Polarity]
"""A case's number, and of one of its facts the finding, anatomy, side and polarity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that the archive states of one finding. `case_numbers[i]` states `kinds[codes[i]]`; both arrays int64 `(n,)`.

    `kinds` are the distinct facts (place, polarity, severity, change) without size, sentence and span.
    """

    kinds: tuple[Fact, ...]
    case_numbers: NDArray[np.int64]
    codes: NDArray[np.int64]


def read_statements(connection: sqlite3.Connection, finding: str) -> Statements:
    """The statements of one finding (an id), in the order of case numbers and of each report."""
    codes: dict[tuple[str | None, ...], int] = {}
    numbers, coded = [], []
    rows = connection.execute(
        "SELECT case_no, anatomy, side, polarity, severity, change FROM facts WHERE finding = ? "
        "ORDER BY case_no, position",
        (finding,),
    )
    for case_no, *kind in rows:
        numbers.append(case_no)
        coded.append(codes.setdefault(tuple(kind), len(codes)))
    kinds = tuple(
        Fact(finding=finding, anatomy=a, side=side, polarity=polarity, severity=severity, change=change)  # type: ignore[arg-type]
        for a, side, polarity, severity, change in codes
    )
    return Statements(
        kinds=kinds, case_numbers=np.array(numbers, dtype=np.int64), codes=np.array(coded, dtype=np.int64)
    )


def read_stated(connection: sqlite3.Connection, case_numbers: Iterable[int]) -> list[Stated]:
    """What cases state as present or uncertain, in no order: some hundred rows of a hundred cases."""
    query = (
        "SELECT case_no, finding, anatomy, side, polarity FROM facts "
        "WHERE case_no IN (SELECT value FROM json_each(?)) AND polarity != 'absent'"
    )
    return connection.execute(query, (json.dumps(list(case_numbers)),)).fetchall()
