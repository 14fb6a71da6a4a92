"""What a sheet is made of, ready to be drawn: words, shares and crops, from a single fact up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casekin.retrieval.sheet.crop import Picture
from casekin.retrieval.sheet.words import Piece

Tone = Literal["good", "caution", "bad", "plain"]

NOTICE = "For research, teaching and quality assurance. Not a diagnostic device."


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One fact in a few words."""

    finding: str
    place: str
    polarity: str
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The facts that one sentence states, and the sentence (empty where no text says so)."""

    chips: tuple[Chip, ...]
    quote: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A finding by the pictures: how likely the question's and the hit's region show it."""

    finding: str
    query: float
    hit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """The question's region beside the hit's; `note` says why there is no map, or what the place is.

    `beside` are findings that belong to both regions and are seen beside one of them.
    """

    region: str
    query: Picture | None
    hit: Picture | None
    note: str
    both: tuple[Seen, ...] = ()
    beside: tuple[Seen, ...] = ()
    only_query: tuple[Seen, ...] = ()
    only_hit: tuple[Seen, ...] = ()

    @property
    def has_map(self) -> bool:
        return self.hit is not None and self.hit.heat is not None

    @property
    def seen(self) -> tuple[tuple[str, tuple[Seen, ...]], ...]:
        """What the pictures show, by where, without what is empty."""
        rows = (
            ("In both", self.both),
            ("Beside both", self.beside),
            ("Only in the question", self.only_query),
            ("Only in this case", self.only_hit),
        )
        return tuple(row for row in rows if row[1])


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
    pairs: tuple[Pair, ...]
    whole: Picture | None
    matched: tuple[Statement, ...]
    denied: tuple[Statement, ...]
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
    region: str
    cards: tuple[Card, ...]
    notice: str = NOTICE

    @property
    def has_maps(self) -> bool:
        return any(pair.has_map for card in self.cards for pair in card.pairs)
