"""What a list is made of: the regions that a question was resolved to, and hits with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casekin.types import Box, Fact, Place

Source = Literal["name", "box", "mask", "phrase"]


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


def _evidence(fact: Fact) -> dict[str, Any]:
    record = fact.as_record()
    return {name: record[name] for name in ("finding", "anatomy", "side", "polarity", "severity", "sentence")}
