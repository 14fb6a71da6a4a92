"""The shapes of replies, for the OpenAPI description; a test holds real replies against them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from casekin.types import Change, Polarity, Severity, Side

Number4 = tuple[float, float, float, float]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceShape(_Shape):
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


class DifferenceShape(StatementShape):
    """What only the question (`query`) or only the case (`case`) states; the field is called `in`."""

    model_config = ConfigDict(extra="allow")


class PartsShape(_Shape):
    """What a score is made of; the parts sum to it."""

    model_config = ConfigDict(extra="allow")


class CaseFieldsShape(_Shape):
    """What is known of a case beside its images and report."""

    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None


class SizeShape(_Shape):
    """Pixels of a stored image."""

    width: int
    height: int


class HitShape(_Shape):
    """One case of the list with its evidence."""

    rank: int
    case_id: str
    score: float
    confidence: float | None
    parts: PartsShape
    region: RegionShape | None
    evidence: list[StatementShape]
    contradictions: list[StatementShape]
    differs: list[DifferenceShape]
    case: CaseFieldsShape
    also: list[str]
    image: SizeShape | None


class UnderstoodShape(_Shape):
    """The question as it was understood."""

    image: str | None
    matched_cases: list[str]
    text: str | None
    phrase: str | None
    at: list[str]
    box: Number4 | None
    mask: bool
    where: str | None
    limit: int
    same_patient: Literal["exclude", "only", "allow"]
    combine: Literal["mean", "all_of", "any_of"]
    like: list[str]
    unlike: list[str]
    facts: list[FactShape]
    resolved_regions: list[ResolvedRegionShape]


class SearchAnswerShape(_Shape):
    """Ranked, explained cases."""

    query: UnderstoodShape
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    index_version: str
    model_version: str | None
    took_ms: float
    hits: list[HitShape]


class CaseShape(CaseFieldsShape):
    """A stored case: record, report, findings, images."""

    case_id: str
    report: str | None
    facts: list[FactShape]
    normal_anatomies: list[PlaceShape]
    images: list[SizeShape]


class InfoShape(BaseModel):
    """What the index holds and whether it is sound."""

    engine: str
    model_version: str | list[str]
    index_version: str
    cases: int
    images: int
    patients: int
    integrity: str
    default_model: str
    licence_tiers: dict[str, str | None]


class HealthShape(_Shape):
    """The process answers."""

    status: Literal["ok"]


class ProblemShape(_Shape):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
