"""The shapes of replies, for the OpenAPI description; a test holds real replies against them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from casekin.types import Change, Polarity, Severity, Side

Number4 = tuple[float, float, float, float]
Told = int | Literal["<5"] | None


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
    step: int
    relaxed_from: str | None
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


class StepShape(_Shape):
    """A step of the ladder of places: what was asked there, and how many hits it gave."""

    step: int
    at: list[str]
    with_: Annotated[list[str], Field(alias="with")]
    hits: int


class CounterShape(_Shape):
    """Counter-evidence to `findings`, the question's own."""

    findings: list[str]
    lookalikes: list[HitShape]
    normals: list[HitShape]


class BoardRowShape(_Shape):
    """A finding among the hits; small counts are "<5", and null what would give one away."""

    finding: str
    present: Told
    uncertain: Told
    absent: Told
    not_stated: Told
    share: float | None
    low: float | None
    high: float | None
    base: float | None
    lift: float | None


class BoardShape(_Shape):
    """Findings among the first hits at a region, beside the archive's rate."""

    at: list[str]
    hits: int
    archive: int
    rows: list[BoardRowShape]


class NextRowShape(_Shape):
    """What became of a finding; small counts are "<5", and null what would give one away."""

    finding: str
    patients: Told
    resolved: Told
    improved: Told
    stable: Told
    progressed: Told
    uncertain: Told
    new: Told
    median_days: float | None


class FollowUpShape(_Shape):
    """What later reports of the hits' patients tell."""

    at: list[str]
    hits: int
    followed: Told
    rows: list[NextRowShape]


class RecipeShape(_Shape):
    """All that decides the hits; sent back as `recipe` it gives them again."""

    recipe: int
    program: str
    index: str
    index_version: str
    model_version: str | None
    kind: Literal["radiograph", "ct"]
    image: dict[str, str] | None
    question: dict[str, Any]


class CheckShape(_Shape):
    """What the pixels say beside the header."""

    name: str
    header: str | None
    pixels: str
    score: float
    strangeness: float
    mismatch: bool


class SearchAnswerShape(_Shape):
    """Ranked, explained cases."""

    query: UnderstoodShape
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    promise: float | None
    checks: list[CheckShape]
    index_version: str
    model_version: str | None
    took_ms: float
    hits: list[HitShape]
    ladder: list[StepShape]
    counter: CounterShape | None
    board: BoardShape | None
    follow_up: FollowUpShape | None
    recipe: RecipeShape


class SupportShape(_Shape):
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


class StruckShape(_Shape):
    """What a draft doesn't say, and why."""

    text: str
    reason: str


class DraftShape(_Shape):
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
    calibration: dict[str, Any]
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
