"""How far a case's findings answer a question's: one case with its pairs, or the scores of a whole index at once.

Unlike the similarity of two cases this isn't symmetric: a question leaves open what it doesn't say, so a kind of the
finding, a part of the place, and any severity where none is asked answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import anatomy, is_part_of, overlaps
from casekin.findings import concept_similarity, finding_names, is_a
from casekin.index import CaseIndex
from casekin.relevance.grades import severity_steps
from casekin.relevance.similarity import contradicts
from casekin.types import Fact, Place

_KIND = 0.9
"""A kind of what is asked; a broader or sibling finding counts by `concept_similarity`."""
_LEAST_RELATED = 0.25
"""The least `concept_similarity` that counts."""
_PART, _WHOLE, _SHARED_SPACE, _ELSEWHERE = 0.95, 0.7, 0.75, 0.2
_ANYWHERE = 0.97
_ONE_OF_BOTH, _BOTH_FOR_ONE, _SIDE_UNSTATED = 0.6, 0.8, 0.6
_UNCERTAIN = 0.7
_UNSTATED, _SEVERITY_STEP, _OTHER_CHANGE = 0.8, 0.2, 0.7
_SHOWN = 0.45
"""Below this a pair adds to the score but isn't shown as an answer."""
_DENIED = -0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A finding that a question asks for; `anywhere` where it names no place, and the fact's is only its home."""

    fact: Fact
    anywhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionMatch:
    """How the findings of a question meet those of a case.

    `score` in [-0.5, 1]: mean over the question's findings of the best answer to each, less 0.5 for one that is denied
    and has no answer worth showing.
    `matched` and `contradicted` are (question, case) pairs; `missing` has no answer worth showing.
    """

    score: float
    matched: tuple[tuple[Fact, Fact], ...]
    missing: tuple[Fact, ...]
    contradicted: tuple[tuple[Fact, Fact], ...]


def match_question(question: Sequence[Asked], stated: Sequence[Fact]) -> QuestionMatch:
    """Match each finding of the question to the case's best answer, the first of equals."""
    matched: list[tuple[Fact, Fact]] = []
    missing: list[Fact] = []
    contradicted: list[tuple[Fact, Fact]] = []
    total = 0.0
    for asked in question:
        values = [answer_value(asked, fact) for fact in stated]
        best = max(values, default=0.0)
        total += best
        if best >= _SHOWN:
            matched.append((asked.fact, stated[values.index(best)]))
            continue
        missing.append(asked.fact)
        denials = [(asked.fact, fact) for fact in stated if contradicts(asked.fact, fact)]
        contradicted += denials
        total += _DENIED if denials else 0.0
    score = total / len(question) if question else 0.0
    return QuestionMatch(score=score, matched=tuple(matched), missing=tuple(missing), contradicted=tuple(contradicted))


def score_cases(index: CaseIndex, question: Sequence[Asked]) -> NDArray[np.float64]:
    """`match_question(question, ...).score` of every case number `(cases,)`."""
    cases = index.catalog().size
    total = np.zeros(cases)
    for asked in question:
        best, denied = np.zeros(cases), np.zeros(cases, dtype=bool)
        for name in _related(asked.fact.finding):
            stated = index.statements(name)
            values = np.array([answer_value(asked, fact) for fact in stated.kinds])
            denials = np.array([contradicts(asked.fact, fact) for fact in stated.kinds], dtype=bool)
            np.maximum.at(best, stated.case_numbers, values[stated.codes])
            denied[stated.case_numbers[denials[stated.codes]]] = True
        total += best + np.where(denied & (best < _SHOWN), _DENIED, 0.0)
    return total / max(len(question), 1)


def answer_value(question: Asked, stated: Fact) -> float:
    """How far one finding answers another in [0, 1]: a product over concept, place, doubt, severity and change."""
    asked = question.fact
    if asked.polarity != stated.polarity and "absent" in (asked.polarity, stated.polarity):
        return 0.0
    value = _concept(asked.finding, stated.finding)
    if value == 0.0:
        return 0.0
    value *= _place(asked.place, stated.place, question.anywhere)
    if asked.polarity != stated.polarity:
        value *= _UNCERTAIN
    if asked.severity is not None:
        steps = severity_steps(asked.severity, stated.severity)
        value *= _UNSTATED if stated.severity is None else 1 - _SEVERITY_STEP * steps
    if asked.change is not None and asked.change != stated.change:
        value *= _UNSTATED if stated.change is None else _OTHER_CHANGE
    return value


@lru_cache(maxsize=512)
def _related(asked: str) -> tuple[str, ...]:
    return tuple(name for name in finding_names() if _concept(asked, name) > 0.0)


@lru_cache(maxsize=65536)
def _concept(asked: str, stated: str) -> float:
    if asked == stated:
        return 1.0
    if is_a(stated, asked):
        return _KIND
    value = concept_similarity(asked, stated)
    return value if value >= _LEAST_RELATED else 0.0


@lru_cache(maxsize=65536)
def _place(asked: Place, stated: Place, anywhere: bool) -> float:
    if asked == stated:
        return 1.0
    if anywhere:
        return _ANYWHERE
    side = 1.0
    if asked.side == "bilateral" and stated.side in ("left", "right"):
        asked, side = Place(anatomy=asked.anatomy, side=stated.side), _ONE_OF_BOTH
    elif asked.side in ("left", "right") and anatomy(stated.anatomy).paired and stated.side in ("bilateral", None):
        side = _SIDE_UNSTATED if stated.side is None else _BOTH_FOR_ONE
        stated = Place(anatomy=stated.anatomy, side=asked.side)
    if asked.anatomy == stated.anatomy and asked.side == stated.side:
        return side
    if is_part_of(stated, asked):
        return _PART * side
    if is_part_of(asked, stated):
        return _WHOLE * side
    return (_SHARED_SPACE * side) if overlaps(asked, stated) else _ELSEWHERE
