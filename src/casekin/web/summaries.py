"""What is loaded after the cases, in words: counter-evidence, the differential board, what happened next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.retrieval.sheet.words import finding_words
from casekin.retrieval.steer.follow_up import OUTCOMES
from casekin.web.answers import HitCard, hit_cards

_GROUPS = (
    ("lookalikes", "Look alike, and are something else", "Their reports state another finding there, and not this."),
    ("normals", "Nearest normals", "Their reports speak of the place and state nothing there."),
)
_NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBar:
    """A share with its interval and the archive's share, in percent."""

    share: float
    low: float
    span: float
    base: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRowView:
    """A finding of the board, ready to be shown."""

    finding: str
    present: str
    uncertain: str
    absent: str
    not_stated: str
    share: str
    lift: str
    bar: ShareBar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRowView:
    """A finding's outcomes, in the order of `OUTCOMES`."""

    finding: str
    patients: str
    cells: tuple[str, ...]
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Counter-evidence: the question's findings, and groups of cases with a title and a word of what they are."""

    findings: tuple[str, ...]
    groups: tuple[tuple[str, str, tuple[HitCard, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A board or a follow-up: what it is about, over how many cases, and its rows."""

    at: str
    hits: int
    rows: tuple[Any, ...]
    archive: int = 0
    followed: str = ""
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreView:
    """All of it."""

    counter: Counters | None
    board: Table | None
    next: Table | None


def more_view(record: Mapping[str, Any]) -> MoreView:
    """The parts of an answer that sum up and question its hits."""
    counter, board, follow_up = record["counter"], record["board"], record["follow_up"]
    return MoreView(
        counter=None if counter is None else _counters(record, counter),
        board=None if board is None else _board(board),
        next=None if follow_up is None else _next(follow_up),
    )


def _counters(record: Mapping[str, Any], counter: Mapping[str, Any]) -> Counters:
    groups = []
    for name, title, words in _GROUPS:
        cards = hit_cards({**record, "hits": counter[name]}, numbers={})
        groups.append((title, words, cards))
    return Counters(findings=tuple(finding_words(one) for one in counter["findings"]), groups=tuple(groups))


def _board(board: Mapping[str, Any]) -> Table:
    rows = tuple(
        BoardRowView(
            finding=finding_words(row["finding"]),
            present=_count(row["present"]),
            uncertain=_count(row["uncertain"]),
            absent=_count(row["absent"]),
            not_stated=_count(row["not_stated"]),
            share=_NONE if row["share"] is None else f"{row['share']:.0%}",
            lift=_NONE if row["lift"] is None else f"{row['lift']:.1f}",
            bar=_bar(row),
        )
        for row in board["rows"]
    )
    return Table(at=_places(board["at"]), hits=board["hits"], archive=board["archive"], rows=rows)


def _bar(row: Mapping[str, Any]) -> ShareBar | None:
    if row["share"] is None:
        return None
    low, high, share, base = (round(100.0 * float(row[name]), 1) for name in ("low", "high", "share", "base"))
    words = f"{share:.0f} % ({low:.0f} to {high:.0f} %), in the archive {base:.0f} %"
    return ShareBar(share=share, low=low, span=round(high - low, 1), base=base, words=words)


def _next(follow_up: Mapping[str, Any]) -> Table:
    rows = tuple(
        NextRowView(
            finding=finding_words(row["finding"]),
            patients=_count(row["patients"]),
            cells=tuple(_count(row[name]) for name in OUTCOMES),
            days=_NONE if row["median_days"] is None else f"{row['median_days']:.0f}",
        )
        for row in follow_up["rows"]
    )
    outcomes = tuple(name.replace("uncertain", "in doubt") for name in OUTCOMES)
    return Table(
        at=_places(follow_up["at"]),
        hits=follow_up["hits"],
        followed=str(follow_up["followed"]),
        rows=rows,
        outcomes=outcomes,
    )


def _places(names: Sequence[str]) -> str:
    return " and ".join(name.replace("_", " ") for name in names)


def _count(value: int | str | None) -> str:
    return _NONE if value is None else str(value)
