"""The record's curves and its map of places, each with the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casekin.evaluation.cards.numbers import count, figure_with_interval, fixed, percent, place_words
from casekin.evaluation.cards.plots import Chart, baseline_kinds, draw_chart, heat_step
from casekin.evaluation.cards.tables import Row, Table
from casekin.evaluation.cards.words import Record

_CURVES = {"P": "Share of the first k that is relevant", "R": "Share of all relevant cases found in the first k"}
_TABLED_COVERAGES = 10
_MOST_MAPPED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A cell of the map: its words, its shade (0 to 9, None for none), and what a pointer over it tells."""

    text: str
    step: int | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMap:
    """What lists at two places have in common: rows of shades; `left_out` places were asked more rarely."""

    k: int
    places: tuple[str, ...]
    rows: tuple[tuple[Shade, ...], ...]
    left_out: int


def curve_charts(record: Record) -> tuple[tuple[Chart, Table], ...]:
    """P@k and R@k of run, baselines and chance, as far as they were measured."""
    drawn = []
    for name, curve in record["curves"].items():
        kinds = baseline_kinds(curve["baselines"], record["best_baseline"])
        lines = [
            ("run", record["run"], curve["run"]["mean"]),
            *((kinds[baseline], baseline, values) for baseline, values in curve["baselines"].items()),
            ("chance", "chance", curve["chance"]),
        ]
        title = f"{name}@k: {_CURVES[name]}" if name in _CURVES else f"{name}@k"
        run = curve["run"]
        chart = draw_chart(title, "k", curve["k"], lines, lo=run["lo"], hi=run["hi"], logarithmic=True)
        drawn.append((chart, _table(title, "k", [f"{k:g}" for k in curve["k"]], lines)))
    return tuple(drawn)


def risk_chart(record: Record) -> tuple[Chart, Table] | None:
    """How the mean loss grows with the share of queries answered; None where it wasn't measured."""
    told = record["risk_coverage"]
    if told is None or not told["coverage"]:
        return None
    coverage, risk = told["coverage"], told["risk"]
    lines = [("run", record["run"], risk), ("chance", "any score that knows nothing", [told["chance"]] * len(risk))]
    title = f"Loss (1 − {told['measure']}) when only the surest queries are answered"
    chart = draw_chart(title, "share of queries answered", coverage, lines)
    steps = min(_TABLED_COVERAGES, len(coverage))
    rows = sorted({-(-len(coverage) * (i + 1) // steps) - 1 for i in range(steps)})
    some = [(kind, label, [values[i] for i in rows]) for kind, label, values in lines]
    return chart, _table(title, "answered", [percent(coverage[i]) for i in rows], some)


def area_words(record: Record) -> str:
    """The area under the risk–coverage curve with its interval, beside chance."""
    told = record["risk_coverage"]
    score = {**told, "mean": told["area"]}
    return f"{figure_with_interval(score)}; chance {fixed(told['chance'])}; {count(told['n'])} queries"


def place_map(record: Record) -> PlaceMap | None:
    """The map of the places asked most, of those that share a case with another; None where there are no such."""
    told = record["sensitivity"]
    if told is None:
        return None
    places, overlap, cases = told["places"], told["overlap"], told["cases"]
    paired = [i for i, row in enumerate(cases) if any(count for j, count in enumerate(row) if j != i)]
    if not paired:
        return None
    most = sorted(paired, key=lambda i: (-cases[i][i], places[i]))[:_MOST_MAPPED]
    shown = sorted(most, key=lambda i: places[i])
    return PlaceMap(
        k=told["k"],
        places=tuple(place_words(places[i]) for i in shown),
        rows=tuple(tuple(_shade(places, overlap, cases, i, j) for j in shown) for i in shown),
        left_out=len(paired) - len(shown),
    )


def _shade(
    places: Sequence[str], overlap: Sequence[Sequence[float | None]], cases: Sequence[Sequence[int]], i: int, j: int
) -> Shade:
    share = overlap[i][j]
    pair = f"{place_words(places[i])} and {place_words(places[j])}"
    if i == j:
        return Shade(text="", step=None, title=f"{place_words(places[i])}: {count(cases[i][j])} cases")
    if share is None:
        return Shade(text="·", step=None, title=f"{pair}: no case was asked at both")
    told = f"{pair}: {fixed(share, 2)} in common, {count(cases[i][j])} cases"
    return Shade(text=f"{100 * share:.0f}", step=heat_step(share), title=told)


def _table(
    title: str, x_label: str, x: Sequence[str], lines: Sequence[tuple[str, str, Sequence[float | None]]]
) -> Table:
    """The figures of a chart, one row an x."""
    rows = (Row(name=told, cells=tuple(fixed(values[i]) for _, _, values in lines)) for i, told in enumerate(x))
    return Table(caption=title, headers=(x_label, *(label for _, label, _ in lines)), rows=tuple(rows))
