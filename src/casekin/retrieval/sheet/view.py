"""What an evidence sheet says, worked out once for page and picture: words, shares, crops, emphasised sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from casekin.anatomy import anatomy
from casekin.errors import FindingError, PlaceError
from casekin.findings import finding as known_finding
from casekin.types import Box

Gray = npt.NDArray[np.uint8]
Tone = Literal["good", "caution", "bad", "plain"]

NOTICE = "For research, teaching and quality assurance. Not a diagnostic device."
PART_NAMES = ("global", "region", "facts", "text")
CROP_MARGIN = 0.25  # of the region's size, on every side: enough to see what surrounds it
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "answered": ("answered", "good"),
    "low_confidence": ("low confidence", "caution"),
    "out_of_distribution": ("unlike anything in the archive", "bad"),
    "no_comparable_case": ("no comparable case", "caution"),
}
_LONGEST_QUOTE = 600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A grey picture and the outlined region in its own pixels."""

    pixels: Gray
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One fact in a few words."""

    finding: str
    place: str
    polarity: str
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a quoted sentence; `strong` where it names the finding."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The facts that one sentence states, and the sentence (empty where no text says so)."""

    chips: tuple[Chip, ...]
    quote: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the score; `percent` of the width of the longest bar."""

    name: str
    value: float
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Card:
    """One hit."""

    rank: int
    case_id: str
    meta: str
    score: float
    confidence: float | None
    parts: tuple[Part, ...]
    region: str
    crop: Picture | None
    whole: Picture | None
    evidence: tuple[Statement, ...]
    contradictions: tuple[Statement, ...]
    by_image_alone: bool
    only_in_query: tuple[Chip, ...]
    only_in_case: tuple[Chip, ...]
    excerpt: tuple[str, ...]
    also: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetView:
    """The whole sheet."""

    question: tuple[tuple[str, str], ...]
    verdict: str
    tone: Tone
    reason: str
    versions: tuple[tuple[str, str], ...]
    picture: Picture | None
    crop: Picture | None
    region: str
    cards: tuple[Card, ...]
    notice: str = NOTICE


def view_of(answer: Mapping[str, Any], *, pictures: Mapping[str, Gray], query_picture: Gray | None) -> SheetView:
    """Work out the sheet of a search answer. Boxes of hits are in stored pixels and scaled to their pictures."""
    query, hits = answer["query"], answer["hits"]
    region = _main_region(query)
    picture = None
    if query_picture is not None:
        drawn = query.get("box") or (None if region is None else region.get("box"))
        picture = Picture(pixels=query_picture, box=_inside(_box(drawn), query_picture.shape))
    verdict, tone = _VERDICTS.get(answer["verdict"], (str(answer["verdict"]).replace("_", " "), "plain"))
    full = max((_positive(hit["parts"]) for hit in hits), default=0.0) or 1.0
    return SheetView(
        question=tuple(_question(query)),
        verdict=verdict,
        tone=tone,
        reason=str(answer.get("verdict_reason") or "").replace("_", " "),
        versions=tuple(
            (name, str(answer[key]))
            for name, key in (("index", "index_version"), ("model", "model_version"))
            if answer.get(key)
        ),
        picture=picture,
        crop=square_crop(picture),
        region="" if region is None else place_words(region),
        cards=tuple(_card(hit, pictures.get(hit["case_id"]), full) for hit in hits),
    )


def square_crop(picture: Picture | None) -> Picture | None:
    """The square around the region with `CROP_MARGIN`, kept inside the picture where it fits, else padded with black.

    Query and hits are framed alike, so their regions come out at one size side by side.
    """
    if picture is None or picture.box is None:
        return None
    box, (rows, columns) = picture.box, picture.pixels.shape
    side = max(4, round(max(box.x1 - box.x0, box.y1 - box.y0) * (1.0 + 2.0 * CROP_MARGIN)))
    left = _start((box.x0 + box.x1) / 2.0, side, columns)
    top = _start((box.y0 + box.y1) / 2.0, side, rows)
    square = np.zeros((side, side), dtype=np.uint8)
    y0, x0, y1, x1 = max(top, 0), max(left, 0), min(top + side, rows), min(left + side, columns)
    square[y0 - top : y1 - top, x0 - left : x1 - left] = picture.pixels[y0:y1, x0:x1]
    return Picture(pixels=square, box=Box(x0=box.x0 - left, y0=box.y0 - top, x1=box.x1 - left, y1=box.y1 - top))


def place_words(record: Mapping[str, Any]) -> str:
    """`left lower lobe`, in the shipped names, of a record with anatomy and side."""
    name, side = str(record["anatomy"]), record.get("side")
    try:
        words = anatomy(name).name
    except PlaceError:  # an index of another version may know places that this one doesn't
        words = name.replace("_", " ")
    return f"{side} {words}" if side in ("left", "right", "bilateral") else words


def emphasised(sentence: str, finding_ids: Sequence[str]) -> tuple[Piece, ...]:
    """The sentence in pieces, the longest wordings of the findings strong."""
    text = sentence if len(sentence) <= _LONGEST_QUOTE else sentence[: _LONGEST_QUOTE - 1].rstrip() + "…"
    spans = sorted(span for name in finding_ids if (span := _wording(text, name)) is not None)
    pieces, position = [], 0
    for start, end in spans:
        if start < position:
            continue
        pieces += [Piece(text=text[position:start]), Piece(text=text[start:end], strong=True)]
        position = end
    return tuple(piece for piece in [*pieces, Piece(text=text[position:])] if piece.text)


def _main_region(query: Mapping[str, Any]) -> Mapping[str, Any] | None:
    regions: Sequence[Mapping[str, Any]] = query.get("resolved_regions") or ()
    return max(regions, key=lambda region: float(region.get("weight") or 0.0), default=None)


def _question(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and words of everything that was asked."""
    for label, key in (("Text", "text"), ("Phrase", "phrase")):
        if query.get(key):
            yield label, str(query[key])
    asked = [str(place).replace("_", " ") for place in query.get("at") or ()]
    regions = query.get("resolved_regions") or ()
    found = list(dict.fromkeys(place_words(region) for region in regions))
    if asked:
        yield "Place", ", ".join(asked)
    if found and found != asked:
        yield ("Looked at" if asked else "Place"), ", ".join(found)
    if query.get("box"):
        yield "Box", " ".join(f"{value:g}" for value in query["box"])
    if query.get("mask"):
        yield "Region", "a drawn mask"
    if query.get("image"):
        yield "Image", str(query["image"])
    if query.get("where"):
        yield "Only cases", str(query["where"])


def _card(hit: Mapping[str, Any], pixels: Gray | None, full: float) -> Card:
    region = hit.get("region")
    whole = None if pixels is None else Picture(pixels=pixels, box=_hit_box(hit, pixels))
    differs = hit.get("differs") or ()
    return Card(
        rank=int(hit["rank"]),
        case_id=str(hit["case_id"]),
        meta=_meta(hit.get("case") or {}),
        score=float(hit["score"]),
        confidence=hit.get("confidence"),
        parts=tuple(
            Part(name=name, value=float(value), percent=round(max(0.0, 100.0 * float(value) / full), 2))
            for name in PART_NAMES
            if (value := hit["parts"].get(name, 0.0))
        ),
        region="" if region is None else place_words(region),
        crop=square_crop(whole),
        whole=whole,
        evidence=_statements(hit.get("evidence") or ()),
        contradictions=_statements(hit.get("contradictions") or ()),
        by_image_alone=not any(hit["parts"].get(name) for name in ("facts", "text")),
        only_in_query=tuple(_chip(fact) for fact in differs if fact.get("in") != "case"),
        only_in_case=tuple(_chip(fact) for fact in differs if fact.get("in") == "case"),
        excerpt=tuple(str(sentence) for sentence in hit.get("excerpt") or ()),
        also=len(hit.get("also") or ()),
    )


def _positive(parts: Mapping[str, float]) -> float:
    """What a hit's bar is as long as; the longest bar fills its track, and negative parts are in the numbers alone."""
    return sum(max(0.0, float(value)) for value in parts.values())


def _hit_box(hit: Mapping[str, Any], pixels: Gray) -> Box | None:
    """The hit's region in pixels of its preview."""
    box, size = _box((hit.get("region") or {}).get("box")), hit.get("image")
    if box is None or not size:
        return None
    across, down = pixels.shape[1] / float(size["width"]), pixels.shape[0] / float(size["height"])
    scaled = Box(x0=box.x0 * across, y0=box.y0 * down, x1=box.x1 * across, y1=box.y1 * down)
    return _inside(scaled, pixels.shape)


def _statements(facts: Sequence[Mapping[str, Any]]) -> tuple[Statement, ...]:
    """Facts grouped by the sentence that states them, in the order of their first fact."""
    by_sentence: dict[str, list[Mapping[str, Any]]] = {}
    for fact in facts:
        by_sentence.setdefault(" ".join(str(fact.get("sentence") or "").split()), []).append(fact)
    return tuple(
        Statement(
            chips=tuple(dict.fromkeys(_chip(fact) for fact in stated)),
            quote=emphasised(sentence, list(dict.fromkeys(str(fact["finding"]) for fact in stated))),
        )
        for sentence, stated in by_sentence.items()
    )


def _chip(fact: Mapping[str, Any]) -> Chip:
    return Chip(
        finding=_finding_words(str(fact["finding"])),
        place=place_words(fact),
        polarity=str(fact["polarity"]),
        severity=fact.get("severity"),
    )


def _finding_words(finding_id: str) -> str:
    try:
        return known_finding(finding_id).name
    except FindingError:  # an index of another version may know findings that this one doesn't
        return finding_id.replace("_", " ")


def _wording(sentence: str, finding_id: str) -> tuple[int, int] | None:
    """Where the sentence names the finding: its longest synonym, else the longest word of its name."""
    words = [finding_id.replace("_", " ")]
    try:
        known = known_finding(finding_id)
        words += [known.name, *known.synonyms, *(word for sign in known.signs for word in sign.words)]
    except FindingError:
        pass
    singles = [word for word in words[0].split() if len(word) > 4]
    for candidates in (words, singles):
        for wording in sorted(set(candidates), key=lambda text: (-len(text), text)):
            found = re.search(rf"\b{re.escape(wording)}(?:e?s)?\b", sentence, flags=re.IGNORECASE)
            if found:
                return found.span()
    return None


def _meta(case: Mapping[str, Any]) -> str:
    parts = [str(case[key]) for key in ("modality", "view", "sex") if case.get(key)]
    if case.get("age") is not None:
        parts.append(f"{float(case['age']):.0f} years")
    if case.get("day_offset") is not None:
        parts.append(f"day {int(case['day_offset'])}")
    return " · ".join(parts)


def _box(values: Sequence[float] | None) -> Box | None:
    return None if not values else Box(x0=values[0], y0=values[1], x1=values[2], y1=values[3])


def _inside(box: Box | None, shape: tuple[int, ...]) -> Box | None:
    """The box cut to the picture; None where nothing of it is left."""
    if box is None:
        return None
    x0, y0 = max(box.x0, 0.0), max(box.y0, 0.0)
    x1, y1 = min(box.x1, float(shape[1])), min(box.y1, float(shape[0]))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1) if x1 > x0 and y1 > y0 else None


def _start(middle: float, side: int, length: int) -> int:
    """First pixel of a stretch of `side` about `middle`, moved inside `length` where it fits, else centred."""
    if side >= length:
        return (length - side) // 2
    return min(max(round(middle - side / 2.0), 0), length - side)
