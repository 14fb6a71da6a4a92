"""The lead measure by part: places, kinds of cases, tasks, groups of patients, each with its baselines and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.evaluation.cards.numbers import (
    UNKNOWN,
    Score,
    count,
    difference,
    figure_with_interval,
    fixed,
    place_words,
    probability,
)
from casekin.evaluation.cards.plots import Axis, MarkKind, Strip, axis_over, draw_strip
from casekin.evaluation.cards.tables import Row, Table, bounds, figure_of, gap_cells, highest_first
from casekin.evaluation.cards.words import Record
from casekin.evaluation.slices import SMALLEST_CELL

MOST_PLACES = 30
"""Places that are shown at once, those asked most; the rest is folded away."""
_FEW = f"fewer than {SMALLEST_CELL} patients"


def place_tables(record: Record) -> tuple[Table, ...]:
    """The lead measure by place: those asked most, then the rarer ones, on one axis.

    In both the highest come first, and after them, highest first again, the places of too few patients to tell.
    """
    lead = record["lead"]
    asked = sorted(record["places"], key=lambda entry: (-entry["n"], entry["place"]))
    parts = [
        _Part(
            name=place_words(entry["place"]),
            score=entry["measures"][lead],
            baselines=entry["baselines"],
            n=entry["n"],
            patients=entry["patients"],
            gallery=entry["gallery"],
            gap=entry["difference"],
        )
        for entry in asked
    ]
    axis = _axis_of(parts)
    rarer = len(parts) - MOST_PLACES
    captions = (f"{lead} by place", f"{rarer} places asked more rarely")
    return tuple(
        _breakdown(
            record,
            caption,
            "place",
            sorted(shown, key=lambda p: (p.is_small, *highest_first(p.name, p.score["mean"]))),
            axis,
        )
        for caption, shown in zip(captions, (parts[:MOST_PLACES], parts[MOST_PLACES:]), strict=True)
        if shown
    )


def strata_tables(record: Record) -> tuple[Table, ...]:
    """The lead measure by kind of case, then, apart, of queries that are normal at their place."""
    lead = record["lead"]
    parts = [
        _Part(
            name=name,
            score=entry["measures"][lead],
            baselines=entry["baselines"],
            n=entry["n_queries"],
            patients=entry["patients"],
            gallery=entry["gallery"],
        )
        for name, entry in record["strata"].items()
    ]
    apart = [part for part in parts if part.name == "normal"]
    captions = (f"{lead} by what the case shows", f"{lead} of queries that are normal at their place")
    return tuple(
        _breakdown(record, caption, "cases", shown, _axis_of(shown))
        for caption, shown in zip(captions, ([part for part in parts if part not in apart], apart), strict=True)
        if shown
    )


def task_table(record: Record) -> Table | None:
    """The lead measure of each task of the protocol; None where there is one alone."""
    lead = record["lead"]
    parts = [
        _Part(
            name=place_words(entry["task"]),
            score=entry["measures"][lead],
            baselines={name: told["measures"][lead] for name, told in entry["baselines"].items()},
            n=entry["n_queries"],
            patients=entry["patients"],
            gallery=entry["gallery"],
        )
        for entry in record["tasks"]
        if lead in entry["measures"]
    ]
    return _breakdown(record, f"{lead} by task", "task", parts, _axis_of(parts)) if parts else None


def slice_tables(record: Record) -> tuple[Table, ...]:
    """The lead measure by each header field; cells of few patients show their counts alone."""
    told = record["slices"]
    shown = [cell for cells in told.values() for cell in cells if cell["interval"]]
    axis = axis_over([*bounds([cell["interval"] for cell in shown]), *(cell["chance"] for cell in shown)])
    return tuple(
        Table(
            caption=field.replace("_", " "),
            headers=(
                "value",
                f"{record['lead']} (95 % interval)",
                "chance",
                "minus all others",
                "p (Holm)",
                "queries",
                "patients",
            ),
            rows=tuple(_slice_row(cell, axis) for cell in cells),
            axis=axis,
        )
        for field, cells in told.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The lead measure over a part of the queries; `gap` is to the best baseline, where that was tested."""

    name: str
    score: Score
    baselines: Mapping[str, Score]
    n: int
    patients: int
    gallery: float
    gap: Score | None = None

    @property
    def is_small(self) -> bool:
        return self.patients < SMALLEST_CELL


def _breakdown(record: Record, caption: str, kind: str, parts: Sequence[_Part], axis: Axis) -> Table:
    """One row a part: a bar with its interval, chance and every baseline, the best one in front."""
    best: str = record["best_baseline"] or ""
    beside = (best,) if best else ()
    tested = ("run minus it", "p (Holm)") if best and any(part.gap for part in parts) else ()
    return Table(
        caption=caption,
        headers=(
            kind,
            f"{record['lead']} (95 % interval)",
            "chance",
            *beside,
            *tested,
            "queries",
            "patients",
            "gallery",
        ),
        rows=tuple(
            Row(
                name=part.name,
                note=_FEW if part.is_small else "",
                strip=_bar(axis, part, best),
                cells=(
                    figure_with_interval(part.score),
                    fixed(part.score["chance"]),
                    *(figure_of(part.baselines, name) for name in beside),
                    *gap_cells(part.gap)[: len(tested)],
                    *map(count, (part.n, part.patients, part.gallery)),
                ),
            )
            for part in parts
        ),
        axis=axis,
    )


def _slice_row(cell: Mapping[str, Any], axis: Axis) -> Row:
    score, gap = cell["interval"], cell["gap"]
    return Row(
        name=cell["label"],
        strip=None if score is None else draw_strip(axis, score, [("chance", cell["chance"]), ("run", score["mean"])]),
        cells=(
            "too few patients to tell" if score is None else figure_with_interval(score),
            fixed(cell["chance"]),
            UNKNOWN if gap is None else difference(gap),
            probability(cell["p_value"]),
            count(cell["n"]),
            count(cell["patients"]),
        ),
    )


def _bar(axis: Axis, part: _Part, best: str) -> Strip:
    others: list[tuple[MarkKind, float | None]] = [
        ("baseline", score["mean"]) for name, score in part.baselines.items() if name != best
    ]
    front: list[tuple[MarkKind, float | None]] = [
        ("best", score["mean"]) for name, score in part.baselines.items() if name == best
    ]
    return draw_strip(axis, part.score, [("chance", part.score["chance"]), *others, *front], from_zero=True)


def _axis_of(parts: Sequence[_Part]) -> Axis:
    beside = [score["mean"] for part in parts for score in part.baselines.values()]
    return axis_over([*bounds([part.score for part in parts]), *beside, *(part.score["chance"] for part in parts)])
