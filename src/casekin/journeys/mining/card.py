"""The data card of a mined archive: one self-contained HTML page and the same in Markdown, from counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.anatomy import anatomy
from casekin.evaluation.cards.data_set_card import describe_rows
from casekin.findings import finding
from casekin.journeys.mining.tally import Tally
from casekin.look import page_environment
from casekin.types import CHANGES, SEVERITIES

POLARITIES = ("present", "uncertain", "absent")
_GRADES = {
    "3": "same finding, same place and side",
    "2": "same finding, other severity or a part of the place",
    "1": "a related finding there",
}
_BAR_WIDTH = 240
_SHOWN_BAD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a bar: its kind (a class of the style sheet), left edge and width in pixels."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of a table: a name, counts in the table's order, its bar, and sentences by polarity."""

    name: str
    counts: tuple[int, ...]
    bar: tuple[Segment, ...]
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts)


def write_card(
    out: Path, record: Mapping[str, Any], bad_rows: Sequence[Mapping[str, Any]], tally: Tally, *, examples: bool
) -> None:
    """Write `card.html` and `card.md` into the folder. Sentences of reports are patient data: they may be left out."""
    view = card_view(record, bad_rows, tally, examples=examples)
    for name, escape in (("card.html", True), ("card.md", False)):
        environment = page_environment("casekin.journeys", escape=escape)
        environment.filters["percent"] = lambda value: f"{100 * value:.1f} %"
        text = environment.get_template(f"{name}.j2").render(view)
        (out / name).write_text(text.rstrip() + "\n", encoding="utf-8")


def card_view(
    record: Mapping[str, Any], bad_rows: Sequence[Mapping[str, Any]], tally: Tally, *, examples: bool
) -> dict[str, Any]:
    """Everything that the card shows, worked out once for page and text."""
    findings = _by_polarity(tally.findings)
    largest = max((sum(counts) for counts in findings.values()), default=0)
    places = _by_polarity(tally.places)
    places |= {name: (0, 0, 0) for name, _ in _ordered(tally.normal) if name not in places}
    busiest = max((sum(counts) for counts in places.values()), default=0)
    return {
        "record": record,
        "polarities": POLARITIES,
        "findings": [
            _entry(finding(name).name, counts, largest, _examples(tally, name) if examples else ())
            for name, counts in findings.items()
        ],
        "places": [
            (_entry(anatomy(name).name, counts, busiest), tally.normal[name]) for name, counts in places.items()
        ],
        "polarity": _shares({polarity: sum(c[i] for c in findings.values()) for i, polarity in enumerate(POLARITIES)}),
        "sides": _shares(dict(_ordered(tally.sides))),
        "details": {
            name: _shares({value: tally.details[name, value] for value in values}) for name, values in _DETAILS.items()
        },
        "sizes": tally.details["size", "stated"],
        "splits": _splits(record["qrels"]),
        "grades": tuple(_GRADES.items()),
        "bad_rows": bad_rows[:_SHOWN_BAD],
        "bad_reasons": _ordered(Counter(row["reason"] for row in bad_rows)),
        "with_examples": examples,
        **describe_rows(tally.rows),
    }


_DETAILS: dict[str, tuple[str, ...]] = {"severity": SEVERITIES, "change": CHANGES}


def _by_polarity(counts: Mapping[tuple[str, str], int]) -> dict[str, tuple[int, ...]]:
    """Name → counts by polarity, the most frequent first."""
    names = sorted({name for name, _ in counts})
    rows = {name: tuple(counts.get((name, polarity), 0) for polarity in POLARITIES) for name in names}
    return dict(sorted(rows.items(), key=lambda item: (-sum(item[1]), item[0])))


def _entry(
    name: str,
    counts: tuple[int, ...],
    largest: int,
    examples: tuple[tuple[str, str], ...] = (),
    *,
    kinds: Sequence[str] = POLARITIES,
) -> Entry:
    segments, x = [], 0.0
    for kind, count in zip(kinds, counts, strict=True):
        width = round(_BAR_WIDTH * count / max(largest, 1), 2)
        segments.append(Segment(kind=kind, x=round(x, 2), width=width))
        x += width
    return Entry(name=name, counts=counts, bar=tuple(segments), examples=examples)


def _shares(counts: Mapping[str, int]) -> list[Entry]:
    largest = max(counts.values(), default=0)
    return [
        _entry(name, (count,), largest, kinds=[name if name in POLARITIES else "plain"])
        for name, count in counts.items()
    ]


def _splits(qrels: Mapping[str, Any]) -> list[Entry]:
    """Pairs by grade, the highest first; each bar is the whole split, as splits differ in size."""
    kinds = [f"grade{grade}" for grade in _GRADES]
    counts = {split: tuple(told["grades"][grade] for grade in _GRADES) for split, told in qrels.items()}
    return [_entry(split, found, sum(found), kinds=kinds) for split, found in counts.items()]


def _examples(tally: Tally, name: str) -> tuple[tuple[str, str], ...]:
    told = ((polarity, text) for polarity in POLARITIES for _, text in tally.examples.get((name, polarity), ()))
    return tuple((polarity, " ".join(text.split())) for polarity, text in told)


def _ordered(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest first, equals by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
