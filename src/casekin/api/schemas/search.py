"""The search answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from casekin.api.schemas.shared import (
    CaseFieldsShape,
    Number4,
    RegionShape,
    Shape,
    SizeShape,
    StatementShape,
    UnderstoodShape,
)

Told = int | Literal["<5"] | None


class DifferenceShape(StatementShape):
    """What only the question (`query`) or only the case (`case`) states; the field is called `in`."""

    model_config = ConfigDict(extra="allow")


class PartsShape(Shape):
    """What a score is made of; the parts sum to it."""

    model_config = ConfigDict(extra="allow")


class HitShape(Shape):
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


class StepShape(Shape):
    """A step of the ladder of places: what was asked there, and how many hits it gave."""

    step: int
    at: list[str]
    with_: Annotated[list[str], Field(alias="with")]
    hits: int


class CounterShape(Shape):
    """Counter-evidence to `findings`, the question's own."""

    findings: list[str]
    lookalikes: list[HitShape]
    normals: list[HitShape]


class BoardRowShape(Shape):
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


class BoardShape(Shape):
    """Findings among the first hits at a region, beside the archive's rate."""

    at: list[str]
    hits: int
    archive: int
    rows: list[BoardRowShape]


class NextRowShape(Shape):
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


class FollowUpShape(Shape):
    """What later reports of the hits' patients tell."""

    at: list[str]
    hits: int
    followed: Told
    rows: list[NextRowShape]


class RecipeShape(Shape):
    """All that decides the hits; sent back as `recipe` it gives them again."""

    recipe: int
    program: str
    index: str
    index_version: str
    model_version: str | None
    kind: Literal["radiograph", "ct"]
    image: dict[str, str | int] | None
    question: dict[str, Any]


class CheckShape(Shape):
    """What the pixels say beside the header."""

    name: str
    header: str | None
    pixels: str
    score: float
    strangeness: float
    mismatch: bool


class SearchAnswerShape(Shape):
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


class MapSideShape(Shape):
    """One picture's side of a map: `rows` × `columns` cells in [0, 1] that fill `box`, in pixels of that picture."""

    box: Number4
    rows: int
    columns: int
    cells: list[list[float]]


class PairMapShape(Shape):
    """Which cells of two regions show the finding that makes them alike."""

    scale: dict[str, Any]
    query: MapSideShape
    hit: MapSideShape


class PairedRegionShape(RegionShape):
    """A region of the question's image; `source` is null where nothing was pointed at."""

    source: Literal["name", "box", "mask", "phrase"] | None
    relaxed_from: str | None = None


class SeenFindingShape(Shape):
    """A finding, and how likely each picture shows it."""

    finding: str
    query: float
    hit: float
    product: float
    match: float


class RegionPairShape(Shape):
    """A place in both images. `map` is null where there is none, and `map_reason` says why."""

    query_region: PairedRegionShape
    hit_region: RegionShape
    map: PairMapShape | None
    map_reason: str | None
    both_show: list[SeenFindingShape]
    only_query_shows: list[SeenFindingShape]
    only_hit_shows: list[SeenFindingShape]


class MatchedShape(StatementShape):
    """A statement that answers the question: `words`, its text; `picture`, what both pictures show."""

    by: list[Literal["words", "picture"]]


class CardShape(HitShape):
    """A hit with what its report answers (`matched`) and denies, and the question's regions beside its own."""

    matched: list[MatchedShape]
    denied: list[StatementShape]
    pairs: list[RegionPairShape]


class CardsShape(SearchAnswerShape):
    """A search answer with a card in place of each hit."""

    hits: list[CardShape]  # type: ignore[assignment]
