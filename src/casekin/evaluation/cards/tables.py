"""The record's tables, worked out once for page and text; the page draws the rows of those with an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.evaluation.cards.numbers import (
    UNKNOWN,
    Score,
    count,
    difference,
    figure,
    figure_with_interval,
    fixed,
    place_words,
    probability,
)
from casekin.evaluation.cards.plots import Axis, MarkKind, Strip, axis_over, draw_strip
from casekin.evaluation.cards.words import Record, explain_measure

MOST_PLACES = 30
"""Places that are shown at once, those asked most; the rest is folded away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name, perhaps with a `note` below it, cells in the order of the headers, and the row's strip."""

    name: str
    cells: tuple[str, ...]
    note: str = ""
    strip: Strip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`headers` name the first column, then the cells. `axis` is of the strips; `zero` where its 0 is, if marked."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    axis: Axis | None = None
    zero: float | None = None


def lead_table(record: Record) -> Table:
    """The lead measure of the run and of each baseline, the highest first."""
    lead, baselines = record["lead"], record["baselines"]
    run = record["measures"][lead]
    scores = {record["run"]: run, **{name: entry["measures"][lead] for name, entry in baselines.items()}}
    axis = axis_over([*_bounds(list(scores.values())), run["chance"]])
    kinds: dict[str, MarkKind] = {record["run"]: "run", record["best_baseline"]: "best"}
    blank = ("", "", "") if baselines else ()
    rows = [
        Row(
            name=name,
            strip=draw_strip(axis, score, [("chance", run["chance"]), (kinds.get(name, "baseline"), score["mean"])]),
            cells=(
                figure_with_interval(score),
                *(_gap_cells(baselines[name]["difference"].get(lead)) if name in baselines else blank),
            ),
        )
        for name, score in sorted(scores.items(), key=lambda item: _highest_first(item[0], item[1]["mean"]))
    ]
    tested = ("run minus this", "p (Holm)", "difference it could show") if baselines else ()
    return Table(
        caption=f"{lead}: {count(run['n'])} queries, {count(run['patients'])} patients, chance {fixed(run['chance'])}",
        headers=("ranking", f"{lead} (95 % interval)", *tested),
        rows=tuple(rows),
        axis=axis,
    )


def measure_table(record: Record) -> Table:
    """Every measure of the run."""
    return Table(
        caption="All measures of the run",
        headers=("measure", "value (95 % interval)", "chance", "queries", "patients"),
        rows=tuple(
            Row(
                name=name,
                note=explain_measure(name),
                cells=(
                    figure_with_interval(score),
                    fixed(score["chance"]),
                    count(score["n"]),
                    count(score["patients"]),
                ),
            )
            for name, score in record["measures"].items()
        ),
    )


def beside_table(record: Record) -> Table | None:
    """Every measure of the run and of all baselines; None without any."""
    baselines = record["baselines"]
    if not baselines:
        return None
    return Table(
        caption="All measures beside the baselines (means)",
        headers=("measure", record["run"], "chance", *baselines),
        rows=tuple(
            Row(
                name=name,
                cells=(
                    figure(score),
                    fixed(score["chance"]),
                    *(_figure_of(entry["measures"], name) for entry in baselines.values()),
                ),
            )
            for name, score in record["measures"].items()
        ),
    )


def place_tables(record: Record) -> tuple[Table, ...]:
    """The lead measure by place: those asked most, then the rarer ones, on one axis and the highest first."""
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
        _breakdown(record, caption, "place", sorted(shown, key=lambda p: _highest_first(p.name, p.score["mean"])), axis)
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
    axis = axis_over(_bounds([cell["interval"] for cells in told.values() for cell in cells if cell["interval"]]))
    return tuple(
        Table(
            caption=field.replace("_", " "),
            headers=(
                "value",
                f"{record['lead']} (95 % interval)",
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


def comparison_tables(record: Record) -> tuple[Table, ...]:
    """Run and other run: every measure, then the lead measure by place."""
    compared = record["comparison"]
    if compared is None:
        return ()
    measures = Table(
        caption=f"{record['run']} and {compared['other']}",
        headers=(
            "measure",
            record["run"],
            compared["other"],
            "difference (95 % interval)",
            "p (Holm)",
            "difference it could show",
        ),
        rows=tuple(
            Row(
                name=name,
                note=explain_measure(name),
                cells=(_figure_of(record["measures"], name), _figure_of(compared["scores"], name), *_gap_cells(gap)),
            )
            for name, gap in compared["measures"].items()
        ),
    )
    gaps = [entry["difference"] for entry in compared["places"]]
    if not gaps:
        return (measures,)
    axis = axis_over(_bounds(gaps))
    by_gap = sorted(compared["places"], key=lambda entry: (-(entry["difference"]["mean"] or 0.0), entry["place"]))
    places = Table(
        caption=f"{record['lead']} by place: {record['run']} minus {compared['other']}",
        headers=("place", "difference (95 % interval)", "p (Holm)", "difference it could show", "queries", "patients"),
        rows=tuple(
            Row(
                name=place_words(entry["place"]),
                strip=draw_strip(axis, entry["difference"], [("run", entry["difference"]["mean"])]),
                cells=(*_gap_cells(entry["difference"]), count(entry["n"]), count(entry["patients"])),
            )
            for entry in by_gap
        ),
        axis=axis,
        zero=axis.at(0.0),
    )
    return measures, places


def gate_table(record: Record) -> Table | None:
    """What was required and what was found; None without gates."""
    if not record["gates"]:
        return None
    return Table(
        caption="Gates",
        headers=("required", "found", ""),
        rows=tuple(
            Row(name=gate["require"], cells=(fixed(gate["value"]), "met" if gate["met"] else "missed"))
            for gate in record["gates"]
        ),
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
                strip=_bar(axis, part, best),
                cells=(
                    figure_with_interval(part.score),
                    fixed(part.score["chance"]),
                    *(_figure_of(part.baselines, name) for name in beside),
                    *_gap_cells(part.gap)[: len(tested)],
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
        strip=None if score is None else draw_strip(axis, score, [("run", score["mean"])]),
        cells=(
            "too few patients to tell" if score is None else figure_with_interval(score),
            UNKNOWN if gap is None else difference(gap),
            probability(cell["p_value"]),
            count(cell["n"]),
            count(cell["patients"]),
        ),
    )


def _gap_cells(gap: Score | None) -> tuple[str, str, str]:
    """Difference with interval, p by Holm, and the least difference that such data show."""
    if gap is None:
        return UNKNOWN, UNKNOWN, UNKNOWN
    return difference(gap), probability(gap["p_holm"]), fixed(gap["minimum_detectable_effect"])


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
    return axis_over([*_bounds([part.score for part in parts]), *beside, *(part.score["chance"] for part in parts)])


def _figure_of(scores: Mapping[str, Score], name: str) -> str:
    return figure(scores[name]) if name in scores else UNKNOWN


def _highest_first(name: str, mean: float | None) -> tuple[bool, float, str]:
    return mean is None, -(mean or 0.0), name


def _bounds(scores: Sequence[Score]) -> list[float | None]:
    return [score[end] for score in scores for end in ("mean", "lo", "hi")]
