"""Fairness slices: a measure for each value of a manifest's field, and how far each lies from all the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

from casekin.errors import InputError
from casekin.evaluation.statistics import (
    RESAMPLES,
    Interval,
    PatientTotals,
    adjust_holm,
    bootstrap_means,
    draw_weights,
    tail_level,
)
from casekin.types import CaseRow

Floats = NDArray[np.float64]

UNKNOWN = "unknown"
MIXED = "mixed"
SMALLEST_CELL = 11
"""Patients that a cell's figures are given for: cells of 1 to 10 people are suppressed by the policy of the US Centers
for Medicare & Medicaid Services, and below it the intervals cover too little as well."""
_AGE_EDGES = (20, 40, 60, 80)
"""Bands of Seyyed-Kalantari et al., Nature Medicine 2021; the last one holds all ages that are identifying (90 on)."""
_MOST_LABELS = 50
_LONGEST_LABEL = 64  # of a code or a name; longer is free text, which no table of results may show


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceCell:
    """One value of a field: queries and patients that have it, and what is measured there.

    `small`: fewer than SMALLEST_CELL patients, and so `interval`, `gap` and `p_value` are None. `gap`: mean here minus
    mean of all other queries; None as well where those are of too few patients. `p_value`: two-sided, of "no gap", by
    Student's t of the gap over its jackknife error; by Holm over the field's cells where there are more than two.
    `chance`: what a random ranking would give these queries, None where that wasn't told.
    """

    label: str
    n: int
    patients: int
    small: bool
    interval: Interval | None
    gap: Interval | None
    p_value: float | None
    chance: float | None = None

    def as_record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "label": self.label,
            "n": self.n,
            "patients": self.patients,
            "small": self.small,
            "interval": None if self.interval is None else self.interval.as_record(),
            "gap": None if self.gap is None else self.gap.as_record(),
            "p_value": self.p_value,
            "chance": self.chance,
        }


def slice_values(
    values: ArrayLike,
    patients: ArrayLike,
    labels: Sequence[str],
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
    expected: ArrayLike | None = None,
) -> tuple[SliceCell, ...]:
    """The cells of one field, labels sorted. Arguments are `(queries,)`; a query without a value (NaN) counts nowhere.

    `expected`: the value that a random ranking would give each query.

    Patients may have queries in several cells (ages, scanners): gaps are resampled by patient over all cells together.
    """
    numbers, owners = np.asarray(values, dtype=np.float64), np.asarray(patients)
    names = np.asarray(labels, dtype=str)
    by_chance = np.full(len(numbers), np.nan) if expected is None else np.asarray(expected, dtype=np.float64)
    known = ~np.isnan(numbers)
    cells: list[tuple[str, int, int, Interval | None, Interval | None, float | None]] = []
    p_values: list[float | None] = []
    for label in sorted(set(names[known].tolist())):
        inside, outside = known & (names == label), known & (names != label)
        count, others = (len(np.unique(owners[rows])) for rows in (inside, outside))
        interval = gap = p = None
        if count >= SMALLEST_CELL:
            totals = PatientTotals.by_query(numbers[inside], owners[inside])
            (interval,) = bootstrap_means(totals, generator=generator, resamples=resamples)
            if others >= SMALLEST_CELL:
                gap, p = _gap(numbers, owners, inside, outside, generator=generator, resamples=resamples)
        told = by_chance[inside & ~np.isnan(by_chance)]
        chance = float(told.mean()) if len(told) and count >= SMALLEST_CELL else None
        cells.append((label, int(inside.sum()), count, interval, gap, chance))
        p_values.append(p)
    adjusted = adjust_holm(p_values) if len(cells) > 2 else p_values  # the gaps of two cells are one question
    return tuple(
        SliceCell(
            label=label,
            n=n,
            patients=count,
            small=interval is None,
            interval=interval,
            gap=gap,
            p_value=p,
            chance=chance,
        )
        for (label, n, count, interval, gap, chance), p in zip(cells, adjusted, strict=True)
    )


def read_field(rows: Iterable[CaseRow], field: str) -> Iterator[tuple[str, Any]]:
    """`(case_id, value)` of each manifest row, of a field the contract names or any other the manifest has."""
    for row in rows:
        yield row.case_id, row.extra.get(field) if field not in CaseRow.__slots__ else getattr(row, field)


def label_queries(query_ids: Sequence[str], values: Iterable[tuple[str, Any]], field: str) -> tuple[str, ...]:
    """The cell each query (`case_id@place`) belongs to, from `(case_id, value)` pairs; several of one case are allowed.

    Ages become bands. UNKNOWN where a case has no value, MIXED where its values differ.

    Raises:
        InputError: no case has a value, values are lists, objects or long texts, or too many for a table are different.
    """
    found: dict[str, str] = {}
    for case, value in values:
        if value is None or value == "":
            continue
        if not isinstance(value, str | int | float):
            raise InputError(
                f"slice: expected one value a case in {field!r}, got {type(value).__name__}; choose another field"
            )
        label = _age_band(value) if field == "age" and not isinstance(value, str) else str(value)
        if len(label) > _LONGEST_LABEL:
            raise InputError(
                f"slice: expected values of at most {_LONGEST_LABEL} characters in {field!r}, got {len(label)}; "
                "choose a field that holds codes or names"
            )
        found[case] = label if found.get(case, label) == label else MIXED
    if not found:
        raise InputError(f"slice: expected a field that some case has, got {field!r}; check the manifest's field names")
    labels = tuple(found.get(query.partition("@")[0], UNKNOWN) for query in query_ids)
    if len(set(labels)) > _MOST_LABELS:
        raise InputError(
            f"slice: expected at most {_MOST_LABELS} different values in {field!r}, got {len(set(labels))}; "
            "choose a field that groups cases"
        )
    return labels


def _gap(
    values: Floats,
    owners: NDArray[Any],
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
    *,
    generator: np.random.Generator,
    resamples: int,
) -> tuple[Interval, float]:
    """Mean inside minus mean outside, its interval over resamples of patients, and its p."""
    kept = inside | outside
    columns = np.stack([np.where(rows, values, math.nan)[kept] for rows in (inside, outside)], axis=1)
    totals = PatientTotals.by_query(columns, owners[kept])
    gap = float(totals.means[0] - totals.means[1])
    count = len(totals.counts)
    parts = np.hstack([totals.sums, totals.counts])
    drawn = np.vstack([weights @ parts for weights in draw_weights(count, resamples, generator)])
    drawn = drawn[(drawn[:, 2:] > 0).all(axis=1)]  # a resample may miss a cell of few patients
    fewest = int(totals.patients.min())
    level = tail_level(fewest)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 2] - drawn[:, 1] / drawn[:, 3], (level, 1 - level))
    interval = Interval(mean=gap, lo=float(low), hi=float(high), n=int(kept.sum()), patients=count)
    return interval, _gap_p_value(totals, gap, freedom=fewest - 1)


def _gap_p_value(totals: PatientTotals, gap: float, *, freedom: int) -> float:
    """Student's t of the gap over its jackknife error; a patient in both cells is left out of both."""
    left = totals.means_without_each
    gaps = left[:, 0] - left[:, 1]
    error = math.sqrt((len(gaps) - 1) * float(gaps.var()))
    if error <= 1e-12:
        return 1.0 if abs(gap) <= 1e-12 else 0.0
    return float(2 * t.sf(abs(gap) / error, freedom))


def _age_band(age: float) -> str:
    lows = (0, *_AGE_EDGES)
    low = max(edge for edge in lows if edge <= max(age, 0))
    return f"{low}+" if low == _AGE_EDGES[-1] else f"{low}-{lows[lows.index(low) + 1] - 1}"
