"""Similarity of two cases at a place in [0, 1], with the findings that match, that don't, and that contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from casekin.anatomy import overlaps
from casekin.findings import concept_similarity, implied_absences, is_a
from casekin.relevance.cases import CaseFindings, is_normal_at, speaks_of, stands_at
from casekin.relevance.similarity import assign, contradicts, similarity_table
from casekin.relevance.weights import WEIGHTS
from casekin.types import Fact, Place

_DIGITS = 12
"""Values are rounded to this many: enough that the order of cases and facts can't be seen in the last bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSimilarity:
    """How two cases compare at a place.

    `value` in [0, 1]. `both_normal`: nothing is wrong in either; the value is 1, and the pair belongs to a stratum of
    its own, apart from pairs with findings. `matched` are pairs (first's, second's); `only_first` and `only_second`
    have no counterpart; `contradicted` are pairs where one states what the other denies, in words or by calling a place
    normal (such a denial is a fact without a sentence).
    """

    value: float
    both_normal: bool
    matched: tuple[tuple[Fact, Fact], ...]
    only_first: tuple[Fact, ...]
    only_second: tuple[Fact, ...]
    contradicted: tuple[tuple[Fact, Fact], ...]


def compare_cases(first: CaseFindings, second: CaseFindings, place: Place | None = None) -> CaseSimilarity | None:
    """Compare two cases at a place, or as wholes. None when a report doesn't speak of the place: unknown is no number.

    Findings of one are assigned one-to-one to those of the other so that the similarity they share is largest, and the
    value is the share of all findings' weight that is matched (a Dice coefficient with soft matches): symmetric, 1 for
    the same findings, never raised by a finding without counterpart. A finding that the other case denies matches none.
    """
    if not (speaks_of(first, place) and speaks_of(second, place)):
        return None
    ours = [fact for fact in first.facts if stands_at(fact, place)]
    theirs = [fact for fact in second.facts if stands_at(fact, place)]
    denied_ours = _contradictions(ours, theirs, denials(second))
    denied_theirs = _contradictions(theirs, ours, denials(first))
    contradicted = (*denied_ours, *((denial, fact) for fact, denial in denied_theirs))
    if is_normal_at(first, place) and is_normal_at(second, place):
        return CaseSimilarity(
            value=1.0, both_normal=True, matched=(), only_first=(), only_second=(), contradicted=contradicted
        )
    table = similarity_table(_seen_at(ours, place), _seen_at(theirs, place))
    barred_ours, barred_theirs = {id(fact) for fact, _ in denied_ours}, {id(fact) for fact, _ in denied_theirs}
    table[[id(fact) in barred_ours for fact in ours], :] = 0.0
    table[:, [id(fact) in barred_theirs for fact in theirs]] = 0.0
    our_weights, their_weights = _weights(ours), _weights(theirs)
    shared = table * (our_weights[:, None] + their_weights[None, :])
    pairs = assign(shared)
    shown = {i: j for i, j in pairs.items() if table[i, j] >= WEIGHTS.match_floor}
    matched_theirs = set(shown.values())
    return CaseSimilarity(
        value=round(fsum(shared[i, j] for i, j in pairs.items()) / fsum([*our_weights, *their_weights]), _DIGITS),
        both_normal=False,
        matched=tuple((ours[i], theirs[j]) for i, j in shown.items()),
        only_first=tuple(fact for i, fact in enumerate(ours) if i not in shown),
        only_second=tuple(fact for j, fact in enumerate(theirs) if j not in matched_theirs),
        contradicted=contradicted,
    )


def denials(case: CaseFindings) -> list[Fact]:
    """What the case says is absent, and what its normal places imply to be."""
    implied = [
        Fact(finding=finding, anatomy=place.anatomy, side=place.side, polarity="absent")
        for place in case.normal_anatomies
        for finding in implied_absences(place.anatomy)
    ]
    return [fact for fact in case.facts if fact.polarity == "absent"] + implied


def affirms(other: Fact, fact: Fact) -> bool:
    """Whether a finding of the same kind, or of a kind above or below, stands where the fact does."""
    related = is_a(other.finding, fact.finding) or is_a(fact.finding, other.finding)
    return related and overlaps(other.place, fact.place)


def _seen_at(facts: Sequence[Fact], place: Place | None) -> Sequence[Fact]:
    """The facts as they are at the place: at a sided one a bilateral finding is a finding of that side."""
    if place is None or place.side not in ("left", "right"):
        return facts
    return [replace(fact, side=place.side) if fact.side == "bilateral" else fact for fact in facts]


def _contradictions(
    findings: Sequence[Fact], others: Sequence[Fact], denied: Sequence[Fact]
) -> list[tuple[Fact, Fact]]:
    """Pairs of a finding and its nearest denial by the other case, unless that case states the like there as well."""
    pairs = []
    for fact in findings:
        against = [denial for denial in denied if contradicts(fact, denial)]
        if against and not any(affirms(other, fact) for other in others):
            pairs.append((fact, max(against, key=lambda denial: concept_similarity(fact.finding, denial.finding))))
    return pairs


def _weights(facts: Sequence[Fact]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([WEIGHTS.uncertain_counts if fact.polarity == "uncertain" else 1.0 for fact in facts])
