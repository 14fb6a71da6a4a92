"""Plots: axes that hold what they show, strips and curves where the numbers are, labels apart."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.evaluation.cards.plots import (
    HEIGHT,
    WIDTH,
    axis_over,
    baseline_kinds,
    draw_chart,
    draw_strip,
    heat_step,
)

FINITE = st.floats(-1000, 1000, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-6)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+) ([\d.]+)", path)]


@given(st.lists(FINITE, min_size=1, max_size=8))
def test_an_axis_holds_every_value_and_its_ticks_lie_where_their_labels_say(values: list[float]) -> None:
    axis = axis_over(values)
    tolerance = 1e-9 * max(map(abs, values), default=1)
    assert axis.lo <= min(values) + tolerance and axis.hi >= max(values) - tolerance
    assert 2 <= len(axis.ticks) <= 7
    numbers = [float(label.replace("−", "-").replace(",", "")) for _, label in axis.ticks]
    assert numbers == sorted(set(numbers))
    for (at, _), number in zip(axis.ticks, numbers, strict=True):
        assert axis.at(number) == pytest.approx(at, abs=0.02)


def test_an_axis_of_shares_starts_at_nothing_and_has_round_steps() -> None:
    assert [label for _, label in axis_over([0.31, None, 0.78]).ticks] == ["0.0", "0.2", "0.4", "0.6", "0.8"]
    assert [label for _, label in axis_over([0.02]).ticks][:3] == ["0.000", "0.005", "0.010"]
    assert [label for _, label in axis_over([-0.1, 0.1]).ticks] == ["−0.10", "−0.05", "0.00", "0.05", "0.10"]
    assert [label for _, label in axis_over([]).ticks] == ["0.00", "0.25", "0.50", "0.75", "1.00"]


def test_a_strip_is_in_percent_of_its_axis() -> None:
    axis = axis_over([1.0])
    score = {"mean": 0.5, "lo": 0.4, "hi": 0.65}
    strip = draw_strip(axis, score, [("chance", 0.1), ("baseline", None), ("run", 0.5)], from_zero=True)
    assert (strip.bar, strip.whisker) == ((0.0, 50.0), (40.0, 65.0))
    assert [(mark.kind, mark.x) for mark in strip.marks] == [("chance", 10.0), ("run", 50.0)]
    empty = draw_strip(axis, {"mean": None, "lo": None, "hi": None}, [("run", None)], from_zero=True)
    assert (empty.bar, empty.whisker, empty.marks) == (None, None, ())


def test_a_bar_below_zero_ends_at_zero() -> None:
    strip = draw_strip(axis_over([-1.0, 1.0]), {"mean": -0.5, "lo": None, "hi": None}, [], from_zero=True)
    assert strip.bar == (25.0, 25.0)


def test_a_curve_goes_through_its_points_on_a_logarithmic_scale() -> None:
    chart = draw_chart("t", "k", [1, 10, 100], [("run", "r", [0.0, 0.5, 1.0])], logarithmic=True)
    left, top, right, bottom = chart.frame
    assert points(chart.lines[0].path) == [(left, bottom), ((left + right) / 2, (top + bottom) / 2), (right, top)]
    assert chart.x_ticks == ((left, "1"), ((left + right) / 2, "10"), (right, "100"))
    assert chart.band == ""


def test_a_band_runs_out_along_the_top_and_back_along_the_bottom() -> None:
    chart = draw_chart("t", "k", [1, 2], [("run", "r", [0.5, 0.5])], lo=[0.0, None], hi=[1.0, 1.0])
    assert chart.band == ""  # one point bounds nothing
    chart = draw_chart("t", "k", [1, 2], [("run", "r", [0.5, 0.5])], lo=[0.0, 0.0], hi=[1.0, 1.0])
    left, top, right, bottom = chart.frame
    assert points(chart.band) == [(left, top), (right, top), (right, bottom), (left, bottom)]
    assert chart.band.endswith("Z")


def test_an_unknown_value_breaks_the_line() -> None:
    path = draw_chart("t", "k", [1, 2, 3, 4], [("run", "r", [0.1, None, 0.3, 0.4])]).lines[0].path
    assert re.sub(r"[\d. ]", "", path) == "MML"


def test_many_points_are_thinned_evenly_and_keep_their_ends() -> None:
    x = [i / 10_000 for i in range(1, 10_001)]
    (line,) = draw_chart("t", "x", x, [("run", "r", x)]).lines
    found = points(line.path)
    assert len(found) == 200
    assert found[0][0] == pytest.approx(44, abs=0.1) and found[-1][0] == pytest.approx(WIDTH - 12, abs=0.1)
    assert len(line.path) < 5_000


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=60, unique=True), st.booleans())
def test_labels_of_ticks_never_touch_and_stay_inside(ranks: list[int], logarithmic: bool) -> None:
    x = sorted(ranks)
    chart = draw_chart("t", "k", x, [("run", "r", [0.5] * len(x))], logarithmic=logarithmic)
    places = [at for at, _ in chart.x_ticks]
    assert all(later - earlier >= 29.9 for earlier, later in pairwise(places))
    assert all(0 <= at <= WIDTH for at in places)
    assert all(0 <= y <= HEIGHT for y, _ in chart.y_ticks)


def test_shades_and_line_kinds_tell_things_apart() -> None:
    assert [heat_step(share) for share in (None, 0.0, 0.05, 0.1, 0.95, 1.0)] == [None, 0, 0, 1, 9, 9]
    kinds = baseline_kinds(["a", "b", "c"], "b")
    assert kinds == {"b": "best", "a": "other0", "c": "other1"}
    names = [f"n{i}" for i in range(8)]
    assert len(set(baseline_kinds(names, None).values())) == 8
