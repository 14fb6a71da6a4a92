"""Types of replies of the group drafts. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from casekin.client.shapes.searches import Understood


class CitedRegion(TypedDict):
    """A cited case where its image shows the place, with its exact sentence."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    box: list[float] | None
    case_id: str
    similarity: float
    sentence: str


class Support(TypedDict):
    """How likely a claim is, with its 95 % interval, as a share seen in `n` similar cases."""

    p: float
    n: int
    interval: list[float]


class DraftSentence(TypedDict):
    """A sentence, its claim, and the cases that it cites."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    text: str
    section: Literal["findings", "impression"]
    finding: str
    polarity: Literal["present", "absent", "uncertain"]
    support: Support
    cites: list[str]
    regions: list[CitedRegion]


class Struck(TypedDict):
    """What a draft doesn't say, and why."""

    text: str
    reason: str


class Draft(TypedDict):
    """A preliminary report; without sentences where it abstains."""

    sentences: list[DraftSentence]
    struck: list[Struck]
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    notice: str
    remark: str | None
    query: Understood
    index_version: str
    model_version: str | None
    recipe: dict[str, Any]
