"""The draft."""

from __future__ import annotations

from typing import Any, Literal

from casekin.api.schemas.shared import PlaceShape, RegionShape, Shape, UnderstoodShape
from casekin.types import Polarity


class SupportShape(Shape):
    """How likely a claim is, with its 95 % interval, as a share seen in `n` similar cases."""

    p: float
    n: int
    interval: tuple[float, float]


class CitedRegionShape(RegionShape):
    """A cited case where its image shows the place, with its exact sentence."""

    case_id: str
    similarity: float
    sentence: str


class DraftSentenceShape(PlaceShape):
    """A sentence, its claim, and the cases that it cites."""

    text: str
    section: Literal["findings", "impression"]
    finding: str
    polarity: Polarity
    support: SupportShape
    cites: list[str]
    regions: list[CitedRegionShape]


class StruckShape(Shape):
    """What a draft doesn't say, and why."""

    text: str
    reason: str


class DraftShape(Shape):
    """A preliminary report; without sentences where it abstains."""

    sentences: list[DraftSentenceShape]
    struck: list[StruckShape]
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    notice: str
    remark: str | None
    query: UnderstoodShape
    index_version: str
    model_version: str | None
    recipe: dict[str, Any]
