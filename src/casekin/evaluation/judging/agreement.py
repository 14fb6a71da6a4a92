"""How far two sources of grades agree: kappa, weighted kappa, rank correlation, each with an interval by patient.

Everything is read off a table of counts, `table[..., i, j]` pairs that the first graded `i` and the second `j`, so that
thousands of resamples are one array. Where a statistic is not defined (one grade alone was given) it is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.judging.answers import GRADES
from casekin.evaluation.statistics import RESAMPLES, Floats, Interval, draw_weights, tail_level


def agreement(table: Floats) -> Floats:
    """Share of pairs with the same grade, `(...)`."""
    return _ratio(_trace(table), table.sum(axis=(-2, -1)))


def chance_agreement(table: Floats) -> Floats:
    """What `agreement` would be, had both given their grades as often but to any pair, `(...)`."""
    return _ratio(_trace(_expected(table)), table.sum(axis=(-2, -1)))


def kappa(table: Floats) -> Floats:
    """Cohen's kappa (Educ Psychol Meas 1960): agreement above chance, as a share of what is possible, `(...)`."""
    return _kappa(table, (_apart(table) > 0).astype(np.float64))


def weighted_kappa(table: Floats) -> Floats:
    """Kappa with quadratic weights (Cohen, Psychol Bull 1968), `(...)`: being two grades apart counts four times."""
    return _kappa(table, _apart(table) ** 2)


def tau_b(table: Floats) -> Floats:
    """Kendall's tau-b (Biometrika 1945), `(...)`: of two pairs that both order, how often alike; ties discounted."""
    total = table.sum(axis=(-2, -1))
    alike = (table * _sum_beyond(table)).sum(axis=(-2, -1))
    against = (table * _sum_beyond(table[..., ::-1])[..., ::-1]).sum(axis=(-2, -1))
    every = total * (total - 1) / 2
    tied = [(side * (side - 1) / 2).sum(axis=-1) for side in (table.sum(axis=-1), table.sum(axis=-2))]
    return _ratio(alike - against, np.sqrt((every - tied[0]) * (every - tied[1])))


STATISTICS: Mapping[str, Callable[[Floats], Floats]] = {
    "weighted_kappa": weighted_kappa,
    "kappa": kappa,
    "tau_b": tau_b,
    "agreement": agreement,
}
"""By name in the record; of all but `agreement` chance is 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Two sources of grades over the same pairs. `table[i, j]`: pairs graded `i` by the first and `j` by the second.

    `left_out`: pairs to which one of them gave no grade.
    """

    table: NDArray[np.int64]
    statistics: Mapping[str, Interval]
    chance: float | None
    left_out: int

    def as_record(self) -> dict[str, Any]:
        """JSON form: every statistic with its interval, n, patients and chance."""
        chances = dict.fromkeys(self.statistics, 0.0) | {"agreement": self.chance}
        return {
            "n": int(self.table.sum()),
            "left_out": self.left_out,
            "table": self.table.tolist(),
            **{name: {**one.as_record(), "chance": chances[name]} for name, one in self.statistics.items()},
        }


def measure_agreement(
    first: Sequence[int | None],
    second: Sequence[int | None],
    patients: Sequence[str],
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Compare grades pair by pair; `patients` are whom each pair belongs to, the unit that is drawn.

    A statistic is None where it isn't defined: no pair, or one grade alone was given. Resamples in which it isn't
    defined are left out of its interval.
    """
    both = [
        (a, b, patient)
        for a, b, patient in zip(first, second, patients, strict=True)
        if a is not None and b is not None
    ]
    names = sorted({patient for _, _, patient in both})
    number = {name: row for row, name in enumerate(names)}
    width = len(GRADES)
    tables = np.zeros((len(names), width, width))
    for a, b, patient in both:
        tables[number[patient], a, b] += 1.0
    table = tables.sum(axis=0)
    drawn = np.zeros((0, width, width))
    if len(names) > 1:
        flat = tables.reshape(len(names), -1)
        blocks = [weights @ flat for weights in draw_weights(len(names), resamples, generator)]
        drawn = np.concatenate(blocks).reshape(-1, width, width)
    chance = float(chance_agreement(table))
    return Agreement(
        table=table.astype(np.int64),
        statistics={
            name: _interval(float(statistic(table)), statistic(drawn), n=len(both), patients=len(names))
            for name, statistic in STATISTICS.items()
        },
        chance=None if math.isnan(chance) else chance,
        left_out=len(first) - len(both),
    )


def _interval(value: float, drawn: Floats, *, n: int, patients: int) -> Interval:
    known = drawn[~np.isnan(drawn)]
    if math.isnan(value):
        return Interval(mean=None, lo=None, hi=None, n=n, patients=patients)
    if not len(known):
        return Interval(mean=value, lo=None, hi=None, n=n, patients=patients)
    level = tail_level(patients)
    low, high = np.quantile(known, (level, 1 - level)).tolist()
    return Interval(mean=value, lo=low, hi=high, n=n, patients=patients)


def _kappa(table: Floats, weights: Floats) -> Floats:
    """One minus weighted disagreement seen over weighted disagreement expected."""
    seen, expected = ((weights * part).sum(axis=(-2, -1)) for part in (table, _expected(table)))
    return 1.0 - _ratio(seen, expected)


def _expected(table: Floats) -> Floats:
    """Counts if both sources were independent with the same margins."""
    total = table.sum(axis=(-2, -1), keepdims=True)
    return _ratio(table.sum(axis=-1, keepdims=True) * table.sum(axis=-2, keepdims=True), total)


def _apart(table: Floats) -> Floats:
    """How many grades each cell of the table is off the diagonal."""
    rows, columns = np.indices(table.shape[-2:])
    return np.asarray(np.abs(rows - columns), dtype=np.float64)


def _trace(table: Floats) -> Floats:
    return np.asarray(np.trace(table, axis1=-2, axis2=-1))


def _sum_beyond(table: Floats) -> Floats:
    """By cell, the counts of all cells further down and further right."""
    reverse = table[..., ::-1, ::-1].cumsum(axis=-2).cumsum(axis=-1)[..., ::-1, ::-1]
    beyond = np.zeros_like(table)
    beyond[..., :-1, :-1] = reverse[..., 1:, 1:]
    return beyond


def _ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where the whole is nothing."""
    return np.where(whole == 0, math.nan, part / np.where(whole == 0, 1.0, whole))
