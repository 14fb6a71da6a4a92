"""Evidence cards: for each hit the question's region beside the hit's, what matches in them and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from casekin.findings import is_a
from casekin.index import CaseIndex
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.explain.pairs import Pointed, RegionPair, pair_regions
from casekin.retrieval.hit import Hit
from casekin.retrieval.match import Asked, match_question
from casekin.types import Fact

MOST_MAPPED = 20
"""Hits whose picture is encoded anew for a map, each for a tenth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvidenceCard:
    """A hit with its pairs of regions, and the facts of its report that answer the question.

    `matched`: the number of a fact among the hit's evidence, and what it answers: `words`, a finding that the
    question's text states; `picture`, a finding that both pictures show by the model. `denied` are the numbers of those
    that deny such a finding: the model or the report is wrong.
    """

    hit: Hit
    pairs: tuple[RegionPair, ...]
    matched: tuple[tuple[int, tuple[str, ...]], ...]
    denied: tuple[int, ...]

    def as_record(self) -> dict[str, Any]:
        """The hit as the search answer has it, with `matched`, `denied` and `pairs` beside it."""
        record = self.hit.as_record()
        return {
            **record,
            "matched": [{**record["evidence"][number], "by": list(by)} for number, by in self.matched],
            "denied": [record["evidence"][number] for number in self.denied],
            "pairs": [pair.as_record() for pair in self.pairs],
        }


def make_cards(index: CaseIndex, answer: SearchAnswer, pointed: Pointed | None) -> tuple[EvidenceCard, ...]:
    """A card for each hit, in the answer's order; maps for the first `MOST_MAPPED`. None: the question has no image."""
    images = {one.image_id: one for one in index.images(h.image_id for h in answer.hits if h.image_id is not None)}
    asked = [Asked(fact=Fact(**{**record, "span": None}), anywhere=True) for record in answer.query["facts"]]
    cards = []
    for hit in answer.hits:
        pairs: tuple[RegionPair, ...] = ()
        if pointed is not None:
            shown = pointed if hit.rank <= MOST_MAPPED else replace(pointed, encoder=None)
            pairs = pair_regions(shown, hit, None if hit.image_id is None else images[hit.image_id])
        shared = {one.finding for pair in pairs for one in pair.both}
        matched, denied = tuple(_matched(hit, asked, shared)), tuple(_denied(hit, shared))
        cards.append(EvidenceCard(hit=hit, pairs=pairs, matched=matched, denied=denied))
    return tuple(cards)


def _matched(hit: Hit, asked: Sequence[Asked], shared: Set[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    answers = {theirs for _, theirs in match_question(asked, hit.evidence).matched}
    for number, fact in enumerate(hit.evidence):
        by_picture = fact.polarity != "absent" and any(
            is_a(name, fact.finding) or is_a(fact.finding, name) for name in shared
        )
        by = tuple(name for name, is_met in (("words", fact in answers), ("picture", by_picture)) if is_met)
        if by:
            yield number, by


def _denied(hit: Hit, shared: Set[str]) -> Iterator[int]:
    """To deny a finding is to deny its kinds, not the other way round."""
    for number, fact in enumerate(hit.evidence):
        if fact.polarity == "absent" and any(is_a(name, fact.finding) for name in shared):
            yield number
