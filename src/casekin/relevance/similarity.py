"""Similarity of findings to findings in [0, 1], and of one list of findings to another by one-to-one matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from casekin.anatomy import is_part_of, overlaps
from casekin.findings import is_a, siblings
from casekin.types import SEVERITIES, Fact, Place

TABLE_VERSION = "1"
# Kernels: how much of a match remains when concept, place, polarity or severity differ. Order matters more than value.
_NARROWER, _SIBLING = 0.8, 0.3
_PART, _SHARED, _UNPLACED, _ELSEWHERE = 0.85, 0.7, 0.6, 0.2
_UNCERTAIN = 0.7
_SEVERITY_STEP = 0.1
_MATCH_FLOOR = 0.35
"""Below this (a sibling finding, another place) a pair adds to the score but isn't shown as a match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMatches:
    """How the findings of a question meet those of a case.

    `score` in [-1, 1]: mean similarity over the question's findings, a contradicted one counting -0.5. `matched` are
    (question, case) pairs; `missing` has no counterpart; `contradicted` pairs state the opposite of one finding.
    """

    score: float
    matched: tuple[tuple[Fact, Fact], ...]
    missing: tuple[Fact, ...]
    contradicted: tuple[tuple[Fact, Fact], ...]


def fact_similarity(a: Fact, b: Fact) -> float:
    """Symmetric similarity of two findings in [0, 1]; opposite polarity gives 0, the same finding itself 1."""
    polarities = {a.polarity, b.polarity}
    if polarities == {"present", "absent"} or polarities == {"uncertain", "absent"}:
        return 0.0
    value = _concept(a.finding, b.finding) * _place(a.place, b.place)
    if len(polarities) > 1:
        value *= _UNCERTAIN
    if a.severity is not None and b.severity is not None:
        value *= 1 - _SEVERITY_STEP * abs(SEVERITIES.index(a.severity) - SEVERITIES.index(b.severity))
    return value


def match_facts(question: Sequence[Fact], case: Sequence[Fact]) -> FactMatches:
    """Match each finding of `question` to at most one of `case`, maximising total similarity (assignment problem)."""
    if not question:
        return FactMatches(score=0.0, matched=(), missing=(), contradicted=())
    table = np.array([[fact_similarity(a, b) for b in case] for a in question]).reshape(len(question), len(case))
    pairs = _assign(table)
    shown = {i: j for i, j in pairs.items() if table[i, j] >= _MATCH_FLOOR}
    contradicted = tuple((a, b) for i, a in enumerate(question) if i not in shown for b in case if _contradicts(a, b))
    total = sum(table[i, j] for i, j in pairs.items()) - 0.5 * len({id(a) for a, _ in contradicted})
    return FactMatches(
        score=float(total / len(question)),
        matched=tuple((question[i], case[j]) for i, j in shown.items()),
        missing=tuple(a for i, a in enumerate(question) if i not in shown),
        contradicted=contradicted,
    )


def _assign(table: NDArray[np.float64]) -> dict[int, int]:
    """Row → column of the assignment with the largest sum; pairs of similarity 0 are left out."""
    if table.shape[1] == 0:
        return {}
    if table.shape[0] == 1:
        rows, columns = np.array([0]), table.argmax(axis=1)
    else:
        rows, columns = linear_sum_assignment(-table)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if table[i, j] > 0}


def _contradicts(a: Fact, b: Fact) -> bool:
    return (
        {a.polarity, b.polarity} == {"present", "absent"}
        and (is_a(a.finding, b.finding) if a.polarity == "present" else is_a(b.finding, a.finding))
        and overlaps(a.place, b.place)
    )


def _concept(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if is_a(a, b) or is_a(b, a):
        return _NARROWER
    return _SIBLING if b in siblings(a) else 0.0


def _place(a: Place, b: Place) -> float:
    if a == b:
        return 1.0
    if a.anatomy == b.anatomy and (a.side is None or b.side is None):
        return _UNPLACED
    if is_part_of(a, b) or is_part_of(b, a):
        return _PART
    return _SHARED if overlaps(a, b) else _ELSEWHERE
