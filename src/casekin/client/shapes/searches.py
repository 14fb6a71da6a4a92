"""Types of replies of the group searches. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class BoardRow(TypedDict):
    """A finding among the hits; small counts are "<5", and null what would give one away."""

    finding: str
    present: int | Literal["<5"] | None
    uncertain: int | Literal["<5"] | None
    absent: int | Literal["<5"] | None
    not_stated: int | Literal["<5"] | None
    share: float | None
    low: float | None
    high: float | None
    base: float | None
    lift: float | None


class Board(TypedDict):
    """Findings among the first hits at a region, beside the archive's rate."""

    at: list[str]
    hits: int
    archive: int
    rows: list[BoardRow]


class CaseFields(TypedDict):
    """What is known of a case beside its images and report."""

    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None


class Difference(TypedDict):
    """What only the question (`query`) or only the case (`case`) states; the field is called `in`."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    finding: str
    polarity: Literal["present", "absent", "uncertain"]
    severity: Literal["minimal", "mild", "moderate", "severe"] | None
    sentence: str | None


class Matched(TypedDict):
    """A statement that answers the question: `words`, its text; `picture`, what both pictures show."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    finding: str
    polarity: Literal["present", "absent", "uncertain"]
    severity: Literal["minimal", "mild", "moderate", "severe"] | None
    sentence: str | None
    by: list[Literal["words", "picture"]]


Parts = dict[str, Any]
"""What a score is made of; the parts sum to it."""


class MapSide(TypedDict):
    """One picture's side of a map: `rows` × `columns` cells in [0, 1] that fill `box`, in pixels of that picture."""

    box: list[float]
    rows: int
    columns: int
    cells: list[list[float]]


class PairMap(TypedDict):
    """Which cells of two regions show the finding that makes them alike."""

    scale: dict[str, Any]
    query: MapSide
    hit: MapSide


class PairedRegion(TypedDict):
    """A region of the question's image; `source` is null where nothing was pointed at."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    box: list[float] | None
    source: Literal["name", "box", "mask", "phrase"] | None
    relaxed_from: NotRequired[str | None]


class Region(TypedDict):
    """A place and where it lies, `x0, y0, x1, y1` in pixels of the stored image."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    box: list[float] | None


class SeenFinding(TypedDict):
    """A finding, and how likely each picture shows it."""

    finding: str
    query: float
    hit: float
    product: float
    match: float


class RegionPair(TypedDict):
    """A place in both images. `map` is null where there is none, and `map_reason` says why."""

    query_region: PairedRegion
    hit_region: Region
    map: PairMap | None
    map_reason: str | None
    both_show: list[SeenFinding]
    only_query_shows: list[SeenFinding]
    only_hit_shows: list[SeenFinding]


class Size(TypedDict):
    """Pixels of a stored image."""

    width: int
    height: int


class Statement(TypedDict):
    """A finding that a report states, with its sentence."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    finding: str
    polarity: Literal["present", "absent", "uncertain"]
    severity: Literal["minimal", "mild", "moderate", "severe"] | None
    sentence: str | None


class Card(TypedDict):
    """A hit with what its report answers (`matched`) and denies, and the question's regions beside its own."""

    rank: int
    step: int
    relaxed_from: str | None
    case_id: str
    score: float
    confidence: float | None
    parts: Parts
    region: Region | None
    evidence: list[Statement]
    contradictions: list[Statement]
    differs: list[Difference]
    case: CaseFields
    also: list[str]
    image: Size | None
    matched: list[Matched]
    denied: list[Statement]
    pairs: list[RegionPair]


class Check(TypedDict):
    """What the pixels say beside the header."""

    name: str
    header: str | None
    pixels: str
    score: float
    strangeness: float
    mismatch: bool


class Hit(TypedDict):
    """One case of the list with its evidence."""

    rank: int
    step: int
    relaxed_from: str | None
    case_id: str
    score: float
    confidence: float | None
    parts: Parts
    region: Region | None
    evidence: list[Statement]
    contradictions: list[Statement]
    differs: list[Difference]
    case: CaseFields
    also: list[str]
    image: Size | None


class Counter(TypedDict):
    """Counter-evidence to `findings`, the question's own."""

    findings: list[str]
    lookalikes: list[Hit]
    normals: list[Hit]


class NextRow(TypedDict):
    """What became of a finding; small counts are "<5", and null what would give one away."""

    finding: str
    patients: int | Literal["<5"] | None
    resolved: int | Literal["<5"] | None
    improved: int | Literal["<5"] | None
    stable: int | Literal["<5"] | None
    progressed: int | Literal["<5"] | None
    uncertain: int | Literal["<5"] | None
    new: int | Literal["<5"] | None
    median_days: float | None


class FollowUp(TypedDict):
    """What later reports of the hits' patients tell."""

    at: list[str]
    hits: int
    followed: int | Literal["<5"] | None
    rows: list[NextRow]


class Recipe(TypedDict):
    """All that decides the hits; sent back as `recipe` it gives them again."""

    recipe: int
    program: str
    index: str
    index_version: str
    model_version: str | None
    kind: Literal["radiograph", "ct"]
    image: dict[str, str | int] | None
    question: dict[str, Any]


Step = TypedDict(
    "Step",
    {
        "step": int,
        "at": list[str],
        "with": list[str],
        "hits": int,
    },
)
"""A step of the ladder of places: what was asked there, and how many hits it gave."""


class Fact(TypedDict):
    """A finding with all that is known of it; `span` indexes the report."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    finding: str
    polarity: Literal["present", "absent", "uncertain"]
    severity: Literal["minimal", "mild", "moderate", "severe"] | None
    sentence: str | None
    size_mm: float | None
    change: Literal["new", "stable", "increased", "decreased", "resolved"] | None
    span: list[int] | None


class ResolvedRegion(TypedDict):
    """A location that stands for what was pointed at; `relaxed_from` names the place asked for where it differs."""

    anatomy: str
    side: Literal["left", "right", "bilateral", "midline"] | None
    box: list[float] | None
    source: Literal["name", "box", "mask", "phrase"]
    weight: float
    relaxed_from: NotRequired[str | None]


Understood = TypedDict(
    "Understood",
    {
        "image": str | None,
        "matched_cases": list[str],
        "text": str | None,
        "phrase": str | None,
        "at": list[str],
        "box": list[float] | None,
        "mask": bool,
        "where": str | None,
        "with": list[str],
        "without": list[str],
        "filter": str | None,
        "limit": int,
        "same_patient": Literal["exclude", "only", "allow"],
        "combine": Literal["mean", "all_of", "any_of"],
        "like": list[str],
        "unlike": list[str],
        "text_weight": float,
        "facts_weight": float,
        "relax": bool,
        "facts": list[Fact],
        "resolved_regions": list[ResolvedRegion],
    },
)
"""The question as it was understood."""


class Cards(TypedDict):
    """A search answer with a card in place of each hit."""

    query: Understood
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    promise: float | None
    checks: list[Check]
    index_version: str
    model_version: str | None
    took_ms: float
    hits: list[Card]
    ladder: list[Step]
    counter: Counter | None
    board: Board | None
    follow_up: FollowUp | None
    recipe: Recipe


class SearchAnswer(TypedDict):
    """Ranked, explained cases."""

    query: Understood
    verdict: Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]
    verdict_reason: str
    promise: float | None
    checks: list[Check]
    index_version: str
    model_version: str | None
    took_ms: float
    hits: list[Hit]
    ladder: list[Step]
    counter: Counter | None
    board: Board | None
    follow_up: FollowUp | None
    recipe: Recipe
