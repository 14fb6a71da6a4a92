"""Counter-evidence: look-alikes whose reports state something else at the region, and the nearest normals of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.findings import finding_names
from casekin.index import CaseIndex, StoredCase
from casekin.relevance import CaseFindings
from casekin.relevance.cases import is_normal_at
from casekin.reports import read_report
from casekin.retrieval.counted import shown_presence
from casekin.retrieval.hit import Hit
from casekin.retrieval.rank import RankedCase
from casekin.retrieval.steer.conditions import read_condition
from casekin.retrieval.steer.stated import Spot, polarities, related, stating
from casekin.retrieval.understand import Understood
from casekin.types import Fact, Polarity

_SURE, _LEAST = 0.5, 0.2
"""Findings at least this likely by the picture are the question's; where none is, the likeliest, if not unlikely."""
_MOST_SENTENCES = 2
_STATED: tuple[Polarity, ...] = ("present", "uncertain")

Rank = Callable[[int, NDArray[np.bool_]], list[RankedCase]]
"""The best so many of the cases that a mask over case numbers leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """`findings` are the question's own; `lookalikes` state others at the region and none of them, `normals` none."""

    findings: tuple[str, ...]
    lookalikes: tuple[Hit, ...]
    normals: tuple[Hit, ...]

    def as_record(self) -> dict[str, Any]:
        return {
            "findings": list(self.findings),
            "lookalikes": [hit.as_record() for hit in self.lookalikes],
            "normals": [hit.as_record() for hit in self.normals],
        }


def findings_of_question(index: CaseIndex, asked: Understood, spot: Spot) -> tuple[str, ...]:
    """What a question is about: findings said in words, else shown by its picture, else stated of its liked cases."""
    said = [] if asked.asked is None else [fact.finding for fact in asked.asked.facts if fact.polarity != "absent"]
    said += [read_condition(text, option="with").finding for text in asked.query.with_]
    if said:
        return tuple(dict.fromkeys(said))
    shown = shown_presence(asked)
    if shown is not None:
        likely = sorted(shown.mean.items(), key=lambda one: (-one[1], one[0]))
        sure = tuple(name for name, value in likely if value >= _SURE)
        return sure or tuple(name for name, value in likely[:1] if value >= _LEAST)
    liked = [polarities(case.facts, spot) for case in index.cases(asked.query.like).values()]
    return tuple(sorted({name for stated in liked for name, way in stated.items() if way == "present"}))


def rank_lookalikes(
    index: CaseIndex, findings: Sequence[str], spot: Spot, *, count: int, rank: Rank
) -> list[RankedCase]:
    """The nearest cases whose report states another finding at the spot, and none of these nor a kind of them."""
    own = related(findings)
    others = [name for name in finding_names() if name not in own]
    among = stating(index, others, spot, polarity="present")
    for polarity in _STATED:
        among &= ~stating(index, own, spot, polarity=polarity)
    return rank(count, among)


def rank_normals(index: CaseIndex, spot: Spot, *, count: int, rank: Rank) -> list[RankedCase]:
    """The nearest cases whose report speaks of the spot and states nothing there, neither present nor uncertain."""
    among = index.reported()
    for polarity in _STATED:
        among &= ~stating(index, finding_names(), spot, polarity=polarity)
    ranked = rank(_searched(count), among)
    cases = index.cases(case.case_id for case in ranked)
    return [case for case in ranked if _is_normal(cases[case.case_id], spot)][:count]


def with_normal_sentences(hits: Sequence[Hit], cases: Mapping[str, StoredCase], spot: Spot) -> tuple[Hit, ...]:
    """The hits with the sentences that call the spot normal, or deny a finding there, as their evidence."""
    return tuple(replace(hit, evidence=_denials(cases[hit.case_id], spot)) for hit in hits)


def _denials(case: StoredCase, spot: Spot) -> tuple[Fact, ...]:
    """One denied finding for each of the first sentences that clear the spot; normal statements come first."""
    read = read_report(case.report or "")
    by_sentence: dict[str | None, Fact] = {}
    for fact in (*read.implied, *case.facts):
        if fact.polarity == "absent" and spot.holds(fact):
            by_sentence.setdefault(fact.sentence, fact)
    return tuple(by_sentence.values())[:_MOST_SENTENCES]


def _is_normal(case: StoredCase, spot: Spot) -> bool:
    findings = CaseFindings.of(case)
    return all(is_normal_at(findings, place) for place in spot.places or (None,))


def _searched(count: int) -> int:
    """How many cases without a stated finding are read to see which of them are called normal."""
    return max(20, 4 * count)
