"""What several replies have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from casekin.types import Change, Polarity, Severity, Side

Number4 = tuple[float, float, float, float]


def _with_area(corners: list[float]) -> list[float]:
    if not (corners[2] > corners[0] and corners[3] > corners[1]):
        raise ValueError("expected x1 > x0 and y1 > y0")
    return corners


Corners = Annotated[
    list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=4, max_length=4), AfterValidator(_with_area)
]
"""A box as it is sent: `x0, y0, x1, y1`."""


class Shape(BaseModel):
    """A record of a reply; a field that isn't listed fits no shape."""

    model_config = ConfigDict(extra="forbid")


class PlaceShape(Shape):
    """A place: an anatomy and its side."""

    anatomy: str
    side: Side | None


class RegionShape(PlaceShape):
    """A place and where it lies, `x0, y0, x1, y1` in pixels of the stored image."""

    box: Number4 | None


class ResolvedRegionShape(RegionShape):
    """A location that stands for what was pointed at; `relaxed_from` names the place asked for where it differs."""

    source: Literal["name", "box", "mask", "phrase"]
    weight: float
    relaxed_from: str | None = None


class StatementShape(PlaceShape):
    """A finding that a report states, with its sentence."""

    finding: str
    polarity: Polarity
    severity: Severity | None
    sentence: str | None


class FactShape(StatementShape):
    """A finding with all that is known of it; `span` indexes the report."""

    size_mm: float | None
    change: Change | None
    span: tuple[int, int] | None


class CaseFieldsShape(Shape):
    """What is known of a case beside its images and report."""

    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None


class SizeShape(Shape):
    """Pixels of a stored image."""

    width: int
    height: int


class UnderstoodShape(Shape):
    """The question as it was understood."""

    image: str | None
    matched_cases: list[str]
    text: str | None
    phrase: str | None
    at: list[str]
    box: Number4 | None
    mask: bool
    where: str | None
    with_: Annotated[list[str], Field(alias="with")]
    without: list[str]
    filter: str | None
    limit: int
    same_patient: Literal["exclude", "only", "allow"]
    combine: Literal["mean", "all_of", "any_of"]
    like: list[str]
    unlike: list[str]
    text_weight: float
    facts_weight: float
    relax: bool
    facts: list[FactShape]
    resolved_regions: list[ResolvedRegionShape]


class ProblemShape(Shape):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
