"""Similarity of two findings in [0, 1], the one-to-one assignment of two lists of them, and when one denies another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import anatomy, is_part_of, overlaps
from casekin.findings import concept_similarity, is_a
from casekin.relevance.grades import severity_steps
from casekin.relevance.weights import WEIGHTS
from casekin.types import Fact, Place


def fact_similarity(a: Fact, b: Fact) -> float:
    """Symmetric similarity of two findings in [0, 1]; opposite polarity gives 0, the same finding itself 1.

    A product of kernels for concept, place with side, doubt, severity and change, from `WEIGHTS` and the ontologies.
    """
    if a.polarity != b.polarity and "absent" in (a.polarity, b.polarity):
        return 0.0
    value = concept_similarity(a.finding, b.finding)
    if value == 0.0:
        return 0.0
    value *= _place(a.place, b.place)
    if a.polarity != b.polarity:
        value *= WEIGHTS.one_uncertain
    if a.change != b.change and a.change is not None and b.change is not None:
        value *= WEIGHTS.other_change
    return value * (1 - WEIGHTS.severity_step * severity_steps(a.severity, b.severity))


def similarity_table(ours: Sequence[Fact], theirs: Sequence[Fact]) -> NDArray[np.float64]:
    """`fact_similarity` of every pair, `(ours, theirs)`."""
    return np.array([[fact_similarity(a, b) for b in theirs] for a in ours]).reshape(len(ours), len(theirs))


def assign(table: NDArray[np.float64]) -> dict[int, int]:
    """Row → column of the one-to-one assignment with the largest sum; pairs of value 0 are left out."""
    if 0 in table.shape:
        return {}
    if table.shape[0] == 1:
        rows, columns = np.array([0]), table.argmax(axis=1)
    else:
        from scipy.optimize import linear_sum_assignment  # heavy, and searches import this module for the rest

        rows, columns = linear_sum_assignment(-table)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if table[i, j] > 0}


def contradicts(a: Fact, b: Fact) -> bool:
    """Whether one fact denies the other: present against absent, at places that meet, and all kinds of it denied.

    "No airspace opacity" contradicts a consolidation; "no consolidation" doesn't contradict an airspace opacity.
    """
    if {a.polarity, b.polarity} != {"present", "absent"}:
        return False
    present, absent = (a, b) if a.polarity == "present" else (b, a)
    return is_a(present.finding, absent.finding) and overlaps(present.place, absent.place)


@lru_cache(maxsize=1 << 16)
def _place(a: Place, b: Place) -> float:
    if a == b:
        return 1.0
    if a.anatomy == b.anatomy and (a.side is None or b.side is None):
        return WEIGHTS.side_unstated
    for part, whole in ((a, b), (b, a)):
        if is_part_of(part, whole):
            return max(WEIGHTS.elsewhere, WEIGHTS.part ** _steps(part, whole))
    return WEIGHTS.shared_space if overlaps(a, b) else WEIGHTS.elsewhere


def _steps(part: Place, whole: Place) -> int:
    """Fewest part-of steps from one to the other; that both sides are meant is a step of its own."""
    steps, level = 0, {part.anatomy}
    while whole.anatomy not in level:
        steps, level = steps + 1, {above for each in level for above in anatomy(each).part_of}
    return steps + (part.side != whole.side and anatomy(whole.anatomy).paired)
