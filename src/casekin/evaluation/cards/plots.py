"""Static plots as numbers that a template writes into SVG: axes with round ticks, strips, curves, heat maps.

Strips are in percent of their width, so that they stretch with the page and their labels stay text of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from casekin.evaluation.cards.numbers import Score, fixed

WIDTH, HEIGHT = 420, 260
"""Of a chart, in units of its own: text of 12 is legible down to a phone's width."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 40
_LEAST_GAP = 30.0  # between labels of ticks
_MOST_POINTS = 200
_MOST_TICKS = 5

MarkKind = Literal["run", "best", "baseline", "chance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A linear scale from `lo` to `hi`; `ticks` are positions in percent with their labels."""

    lo: float
    hi: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, value: float) -> float:
        """Position in percent, kept inside."""
        return round(min(100.0, max(0.0, 100.0 * (value - self.lo) / (self.hi - self.lo))), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A sign at `x` percent."""

    kind: MarkKind
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A row of a dot or bar plot, in percent: a bar's start and width, an interval's ends, marks from back to front."""

    bar: tuple[float, float] | None = None
    whisker: tuple[float, float] | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a chart: `kind` is its class in the style sheet, `path` its SVG path."""

    kind: str
    label: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Lines over a common x, `WIDTH` by `HEIGHT`; ticks in those units; `band` is a path around the first line."""

    title: str
    x_label: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    band: str
    frame: tuple[float, float, float, float] = field(default=(_LEFT, _TOP, WIDTH - _RIGHT, HEIGHT - _BOTTOM))


def axis_over(values: Iterable[float | None], *, zero: bool = True) -> Axis:
    """The axis that holds all values (None is none), from 0 when `zero`, between round ticks."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    lo, hi = min([*known, *([0.0] if zero or not known else [])]), max([*known, *([0.0] if zero else [])], default=1.0)
    hi = hi if hi > lo else lo + 1.0
    step = _round_step((hi - lo) / (_MOST_TICKS - 1))
    first, last = math.floor(lo / step + 1e-9), math.ceil(hi / step - 1e-9)
    start, end = first * step, last * step
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    decimals += round(step * 10**decimals, 6) % 1 != 0
    ticks = tuple(
        (round(100.0 * (i - first) / (last - first), 2), fixed(i * step, decimals)) for i in range(first, last + 1)
    )
    return Axis(lo=start, hi=end, ticks=ticks)


def draw_strip(
    axis: Axis, score: Score, marks: Sequence[tuple[MarkKind, float | None]], *, from_zero: bool = False
) -> Strip:
    """The strip of a score: its interval, and `marks` in the order they are painted; unknown values are left out.

    `from_zero` adds a bar from 0 to the mean.
    """
    mean, lo, hi = score["mean"], score["lo"], score["hi"]
    bar = None
    if from_zero and mean is not None:
        start, end = sorted((axis.at(0.0), axis.at(mean)))
        bar = (start, round(end - start, 2))
    return Strip(
        bar=bar,
        whisker=None if lo is None or hi is None else (axis.at(lo), axis.at(hi)),
        marks=tuple(Mark(kind=kind, x=axis.at(value)) for kind, value in marks if value is not None),
    )


def draw_chart(
    title: str,
    x_label: str,
    x: Sequence[float],
    lines: Sequence[tuple[str, str, Sequence[float | None]]],
    *,
    lo: Sequence[float | None] = (),
    hi: Sequence[float | None] = (),
    logarithmic: bool = False,
) -> Chart:
    """Lines `(kind, label, values)` over `x`, which ascends; `lo` and `hi` bound a band. A None breaks its line."""
    rows = _thinned(len(x))
    axis = axis_over([value for _, _, values in lines for value in values] + [*lo, *hi])
    across = _Across(x, logarithmic=logarithmic)

    def point(i: int, value: float) -> str:
        return f"{across.at(x[i]):.1f} {_down(axis.at(value)):.1f}"

    def path(values: Sequence[float | None]) -> str:
        words, pen_down = [], False
        for i in rows:
            value = values[i]
            if value is not None:
                words.append(f"{'L' if pen_down else 'M'}{point(i, value)}")
            pen_down = value is not None
        return "".join(words)

    edges = [(i, lo[i], hi[i]) for i in rows if lo and hi]
    known = [(i, low, high) for i, low, high in edges if low is not None and high is not None]
    outline = [point(i, high) for i, _, high in known] + [point(i, low) for i, low, _ in reversed(known)]
    return Chart(
        title=title,
        x_label=x_label,
        x_ticks=across.ticks(),
        y_ticks=tuple((round(_down(at), 1), label) for at, label in axis.ticks),
        lines=tuple(Line(kind=kind, label=label, path=path(values)) for kind, label, values in lines),
        band=f"M{'L'.join(outline)}Z" if len(known) > 1 else "",
    )


def heat_step(share: float | None) -> int | None:
    """Which of ten shades a share from 0 to 1 has; None for none."""
    return None if share is None else min(9, max(0, int(share * 10)))


def baseline_kinds(names: Iterable[str], best: str | None) -> Mapping[str, str]:
    """The class of each baseline's line: `best` for one, `other0` … `other7` for the rest, in turn."""
    others = [name for name in names if name != best]
    kinds = {name: f"other{i % 8}" for i, name in enumerate(others)}
    return kinds if best is None else {best: "best", **kinds}


class _Across:
    """Where x lies in a chart."""

    def __init__(self, x: Sequence[float], *, logarithmic: bool) -> None:
        self._x = x
        self._logarithmic = logarithmic
        self._lo, self._hi = (self._scaled(value) for value in ((x[0], x[-1]) if len(x) else (1.0, 2.0)))

    def _scaled(self, value: float) -> float:
        return math.log(max(value, 1e-9)) if self._logarithmic else value

    def at(self, value: float) -> float:
        span = self._hi - self._lo
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * ((self._scaled(value) - self._lo) / span if span else 0.5)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Values of x where it is logarithmic, else round numbers; none so near to the one before that labels touch."""
        if self._logarithmic or self._lo == self._hi:
            places = [(self.at(value), f"{value:g}") for value in self._x]
        else:
            axis = axis_over([self._lo, self._hi], zero=False)
            values = [axis.lo + (axis.hi - axis.lo) * at / 100.0 for at, _ in axis.ticks]
            inside = [self._lo - 1e-9 <= value <= self._hi + 1e-9 for value in values]
            places = [
                (self.at(value), label)
                for value, (_, label), kept in zip(values, axis.ticks, inside, strict=True)
                if kept
            ]
        kept_ticks: list[tuple[float, str]] = []
        for at, label in places:
            if not kept_ticks or at - kept_ticks[-1][0] >= _LEAST_GAP:
                kept_ticks.append((round(at, 1), label))
        return tuple(kept_ticks)


def _down(percent: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * percent / 100.0


def _round_step(least: float) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of ten that isn't below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= least * (1 - 1e-9))


def _thinned(points: int) -> list[int]:
    """At most `_MOST_POINTS` of so many points, evenly spaced, first and last among them."""
    if points <= _MOST_POINTS:
        return list(range(points))
    return [round(i * (points - 1) / (_MOST_POINTS - 1)) for i in range(_MOST_POINTS)]
