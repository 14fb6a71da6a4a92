"""What is answered: resolved regions, hits with their evidence, versions; `as_record` is the contract's JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from casekin.types import Box, Fact, Place

if TYPE_CHECKING:  # they hold hits themselves
    from casekin.retrieval.steer.board import Board
    from casekin.retrieval.steer.counter import Counter
    from casekin.retrieval.steer.follow_up import FollowUp
    from casekin.retrieval.steer.ladder import Step
    from casekin.retrieval.verdict.checks import Check

Source = Literal["name", "box", "mask", "phrase"]
Verdict = Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedRegion:
    """A location that stands for what the user pointed at, with its share; `box` is where it lies in the query image.

    `relaxed_from` names the place that was asked when the location only stands in for it (a lobe on a radiograph).
    """

    place: Place
    weight: float
    source: Source
    box: Box | None = None
    relaxed_from: Place | None = None

    def as_record(self) -> dict[str, Any]:
        record = {
            "anatomy": self.place.anatomy,
            "side": self.place.side,
            "box": None if self.box is None else self.box.as_list(),
            "source": self.source,
            "weight": self.weight,
        }
        return record if self.relaxed_from is None else {**record, "relaxed_from": str(self.relaxed_from)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One case of the list. `parts` sum to `score`; `region` is the matching place and its box in the hit's image.

    `differs` holds what the question states and the case doesn't (`in: query`) and what the case states there beyond
    the question (`in: case`). `image_id` finds the picture in the index. `step` of the ladder says where it was found,
    `relaxed_from` what was asked for where that is wider.
    """

    rank: int
    case_id: str
    score: float
    parts: Mapping[str, float]
    region_place: Place | None
    region_box: Box | None
    evidence: tuple[Fact, ...]
    contradictions: tuple[Fact, ...]
    missing: tuple[Fact, ...]
    beyond: tuple[Fact, ...]
    case: Mapping[str, Any]
    also: tuple[str, ...]
    image_id: int | None
    image_size: tuple[int, int] | None
    confidence: float | None = None
    step: int = 0
    relaxed_from: str | None = None

    def as_record(self) -> dict[str, Any]:
        place = self.region_place
        region = None
        if place is not None:
            box = None if self.region_box is None else self.region_box.as_list()
            region = {"anatomy": place.anatomy, "side": place.side, "box": box}
        return {
            "rank": self.rank,
            "case_id": self.case_id,
            "score": self.score,
            "confidence": self.confidence,
            "step": self.step,
            "relaxed_from": self.relaxed_from,
            "parts": dict(self.parts),
            "region": region,
            "evidence": [_evidence(fact) for fact in self.evidence],
            "contradictions": [_evidence(fact) for fact in self.contradictions],
            "differs": [{**_evidence(fact), "in": "query"} for fact in self.missing]
            + [{**_evidence(fact), "in": "case"} for fact in self.beyond],
            "case": dict(self.case),
            "also": list(self.also),
            "image": None if self.image_size is None else {"width": self.image_size[0], "height": self.image_size[1]},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """The whole answer. `recipe` repeats it; `ladder` are the steps searched; the rest is there where it was asked for.

    `verdict` and its reason say whether to trust it; `promise` how often at least one of the first ten cases of such
    questions is relevant, None where that isn't calibrated. `checks` hold the picture beside its header.
    """

    query: Mapping[str, Any]
    resolved_regions: tuple[ResolvedRegion, ...]
    hits: tuple[Hit, ...]
    index_version: str
    model_version: str | None
    took_ms: float
    recipe: Mapping[str, Any]
    ladder: tuple[Step, ...]
    counter: Counter | None = None
    board: Board | None = None
    follow_up: FollowUp | None = None
    verdict: Verdict = "answered"
    verdict_reason: str = "uncalibrated"
    promise: float | None = None
    checks: tuple[Check, ...] = ()

    def as_record(self) -> dict[str, Any]:
        return {
            "query": {**self.query, "resolved_regions": [region.as_record() for region in self.resolved_regions]},
            "verdict": self.verdict,
            "verdict_reason": self.verdict_reason,
            "promise": self.promise,
            "checks": [check.as_record() for check in self.checks],
            "index_version": self.index_version,
            "model_version": self.model_version,
            "took_ms": self.took_ms,
            "hits": [hit.as_record() for hit in self.hits],
            "ladder": [step.as_record() for step in self.ladder],
            "counter": None if self.counter is None else self.counter.as_record(),
            "board": None if self.board is None else self.board.as_record(),
            "follow_up": None if self.follow_up is None else self.follow_up.as_record(),
            "recipe": dict(self.recipe),
        }


def _evidence(fact: Fact) -> dict[str, Any]:
    record = fact.as_record()
    return {name: record[name] for name in ("finding", "anatomy", "side", "polarity", "severity", "sentence")}
