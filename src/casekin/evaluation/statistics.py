"""How sure a figure is: intervals by patient, paired tests, Holm's correction, the least effect that could be seen.

Queries of one patient resemble each other, so the patient is the unit of everything here: patients are drawn, and signs
are flipped by patient. What a patient adds to a mean is a sum and a count, and resamples are weights times these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, t

from casekin.evaluation.runs import UNKNOWN_PATIENT, JudgedRun

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
POWER = 0.8
RESAMPLES = 2_000
PERMUTATIONS = 10_000
"""Enough for a p of 0.05 / 29 (Holm over the located places) to be told from one half as large."""
EXACT_PATIENTS = 13
"""Up to here all 2^13 assignments of signs are fewer than the random ones would be."""
_BLOCK_NUMBERS = 2_000_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its 95 % interval. None where nothing is known: no query has a value, or one patient alone has.

    `n` counts the queries that have a value, `patients` those they belong to.
    """

    mean: float | None
    lo: float | None
    hi: float | None
    n: int
    patients: int

    def as_record(self) -> dict[str, float | int | None]:
        """The contract's JSON form, with the number of patients."""
        return {"mean": self.mean, "lo": self.lo, "hi": self.hi, "n": self.n, "patients": self.patients}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A paired difference, first minus second.

    `p_value`: two-sided, of the sign-flip test by patient; `exact` when every assignment was counted.
    `minimum_detectable_effect`: the true difference that a test at 5 % finds in 80 of 100 such experiments. Both are
    None as `Interval` says.
    """

    difference: Interval
    p_value: float | None
    exact: bool
    minimum_detectable_effect: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PatientTotals:
    """What each patient adds to each mean: `sums` and `counts`, `(patients, columns)`; a column is a measure.

    A mean is `sums / counts` over all patients. `queries`: values behind each column, `(columns,)`.
    """

    sums: Floats
    counts: Floats
    queries: NDArray[np.intp]

    @classmethod
    def by_query(cls, values: ArrayLike, patients: ArrayLike) -> PatientTotals:
        """Every query counts once.

        `values`: `(queries,)` or `(queries, columns)`, NaN where a query has none; `patients`: `(queries,)`, any ids.
        """
        matrix = np.asarray(values, dtype=np.float64)
        matrix = matrix[:, None] if matrix.ndim == 1 else matrix
        known = ~np.isnan(matrix)
        names, owner = np.unique(np.asarray(patients), return_inverse=True)
        if len(owner) != len(matrix):
            raise ValueError(f"patients: expected one for each of {len(matrix)} queries, got {len(owner)}")
        order = np.argsort(owner, kind="stable")
        starts = np.searchsorted(owner[order], np.arange(len(names)))
        shape = (len(names), matrix.shape[1])
        sums, counts = (
            np.add.reduceat(part[order], starts, axis=0) if len(names) else np.zeros(shape)
            for part in (np.where(known, matrix, 0.0), known.astype(np.float64))
        )
        return cls(sums=sums, counts=counts, queries=known.sum(axis=0))

    @classmethod
    def by_patient(cls, values: ArrayLike, patients: ArrayLike) -> PatientTotals:
        """Every patient counts once, with the mean of their queries. Arguments as `by_query`."""
        totals = cls.by_query(values, patients)
        return cls(sums=_ratio(totals.sums, totals.counts, 0.0), counts=np.sign(totals.counts), queries=totals.queries)

    @property
    def patients(self) -> NDArray[np.intp]:
        """Patients that have a value, `(columns,)`."""
        return np.asarray(np.count_nonzero(self.counts, axis=0), dtype=np.intp)

    @property
    def means(self) -> Floats:
        """`(columns,)`; NaN where no query has a value."""
        return _ratio(self.sums.sum(axis=0), self.counts.sum(axis=0), math.nan)

    @property
    def means_without_each(self) -> Floats:
        """The mean without each patient in turn, `(patients, columns)`; NaN where nobody else has a value."""
        return _ratio(self.sums.sum(axis=0) - self.sums, self.counts.sum(axis=0) - self.counts, math.nan)

    @property
    def standard_errors(self) -> Floats:
        """Of the means, `(columns,)`, by leaving out each patient (jackknife); NaN below two patients.

        Of one query a patient it is s / sqrt(n). Of patients of unequal size the linearised ratio would be too small.
        """
        left = np.where(self.counts > 0, self.means_without_each, 0.0)
        patients = self.patients
        apart = np.where(self.counts > 0, left - _ratio(left.sum(axis=0), patients, math.nan), 0.0)
        return np.sqrt(_ratio((apart**2).sum(axis=0) * (patients - 1), patients * (patients > 1), math.nan))


def query_patients(run: JudgedRun) -> NDArray[np.int64]:
    """The patient number of each query of a run; a query of unknown patient stands for itself, with its own case."""
    cases = np.array([query.partition("@")[0] for query in run.query_ids])
    _, alone = np.unique(cases, return_inverse=True)
    known = run.query_patients.astype(np.int64)
    return np.where(known == UNKNOWN_PATIENT, -1 - alone.astype(np.int64), known)


def bootstrap_means(
    totals: PatientTotals, *, generator: np.random.Generator, resamples: int = RESAMPLES
) -> tuple[Interval, ...]:
    """The interval of each column's mean: percentiles over resamples of whole patients, drawn with replacement.

    The percentiles lie further out than 2.5 and 97.5 by what few patients ask for (`tail_level`); their coverage, and
    that of other methods, stands in docs/concepts/statistics.md. Columns that the same patients have share resamples.
    """
    lows, highs = np.full((2, len(totals.queries)), math.nan)
    for columns, members in _columns_by_patients(totals.counts):
        if len(members) < 2:
            continue
        parts = np.hstack([totals.sums[np.ix_(members, columns)], totals.counts[np.ix_(members, columns)]])
        drawn = np.vstack([weights @ parts for weights in draw_weights(len(members), resamples, generator)])
        level = tail_level(len(members))
        width = len(columns)
        lows[columns], highs[columns] = np.quantile(drawn[:, :width] / drawn[:, width:], (level, 1 - level), axis=0)
    return tuple(
        Interval(mean=_known(mean), lo=_known(low), hi=_known(high), n=int(n), patients=int(patients))
        for mean, low, high, n, patients in zip(totals.means, lows, highs, totals.queries, totals.patients, strict=True)
    )


def bootstrap_statistic(
    statistic: Callable[[NDArray[np.intp]], float],
    patients: ArrayLike,
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
) -> Interval:
    """The interval of any figure of many queries, such as a median, an area under a curve or a calibration error.

    `statistic` is given the numbers of the queries it shall use, ascending, one as often as its patient was drawn.
    Resamples in which it is NaN are left out. For means `bootstrap_means` gives the same, faster.
    """
    names, owner = np.unique(np.asarray(patients), return_inverse=True)
    queries = np.arange(len(owner))
    mean = float(statistic(queries))
    low = high = math.nan
    if len(names) > 1:
        drawn = [
            float(statistic(np.repeat(queries, weights[owner].astype(np.intp))))
            for block in draw_weights(len(names), resamples, generator)
            for weights in block
        ]
        level = tail_level(len(names))
        low, high = np.nanquantile(drawn, (level, 1 - level)) if not np.isnan(drawn).all() else (math.nan, math.nan)
    return Interval(mean=_known(mean), lo=_known(low), hi=_known(high), n=len(owner), patients=len(names))


def draw_weights(patients: int, resamples: int, generator: np.random.Generator) -> Iterator[Floats]:
    """Blocks `(some resamples, patients)` of how often each patient is drawn; every row sums to `patients`."""
    rows = max(1, _BLOCK_NUMBERS // max(patients, 1))
    for start in range(0, resamples, rows):
        height = min(rows, resamples - start)
        drawn = generator.integers(0, patients, size=(height, patients))
        drawn += (np.arange(height) * patients)[:, None]
        yield np.bincount(drawn.ravel(), minlength=height * patients).reshape(height, patients).astype(np.float64)


def tail_level(patients: int) -> float:
    """What lies below an interval's lower end: 0.025 for many patients, less for few.

    Percentile intervals are too narrow by sqrt((n - 1) / n) and by the difference of Student's t from the normal law;
    this is the level that makes the interval of a normal mean right (Hesterberg, The American Statistician 2015).
    """
    quantile = t.ppf((1 + CONFIDENCE) / 2, patients - 1)
    return float(norm.cdf(-math.sqrt(patients / (patients - 1)) * quantile))


def compare_paired(
    differences: PatientTotals,
    *,
    generator: np.random.Generator,
    resamples: int = RESAMPLES,
    permutations: int = PERMUTATIONS,
) -> tuple[Comparison, ...]:
    """Interval, p and minimum detectable effect of each column of differences, query by query, of two runs."""
    intervals = bootstrap_means(differences, generator=generator, resamples=resamples)
    p_values, exact = permutation_p_values(differences, generator=generator, permutations=permutations)
    effects = minimum_detectable_effects(differences)
    return tuple(
        Comparison(difference=interval, p_value=_known(p), exact=bool(e), minimum_detectable_effect=_known(effect))
        for interval, p, e, effect in zip(intervals, p_values, exact, effects, strict=True)
    )


def permutation_p_values(
    differences: PatientTotals, *, generator: np.random.Generator, permutations: int = PERMUTATIONS
) -> tuple[Floats, NDArray[np.bool_]]:
    """Two-sided p of "both runs are alike", and whether it is exact, `(columns,)` each; NaN where no query has a value.

    If they are alike, the names of the runs may be exchanged for any patient: the sign of all their differences flips.
    Up to EXACT_PATIENTS patients who differ at all every assignment is counted; beyond, `permutations` random ones and
    the one that was seen: p is never 0 (Phipson & Smyth, Stat Appl Genet Mol Biol 2010).
    """
    observed = np.abs(differences.sums.sum(axis=0))
    reached = observed - _ROUNDING * np.abs(differences.sums).sum(axis=0)
    differing = (differences.sums != 0).sum(axis=0)
    exact = differing <= EXACT_PATIENTS
    p_values = np.full(len(observed), math.nan)
    for column in np.flatnonzero(exact & (differences.queries > 0)):
        values = differences.sums[differences.sums[:, column] != 0, column]
        p_values[column] = (np.abs(_all_signed_sums(values)) >= reached[column]).mean()
    many = np.flatnonzero(~exact)
    if len(many):
        members = (differences.sums[:, many] != 0).any(axis=1)
        sums, count = differences.sums[np.ix_(members, many)], np.zeros(len(many))
        for signs in _draw_signs(len(sums), permutations, generator):
            count += (np.abs(signs @ sums) >= reached[many]).sum(axis=0)
        p_values[many] = (count + 1) / (permutations + 1)
    return p_values, exact


def minimum_detectable_effects(differences: PatientTotals, *, power: float = POWER) -> Floats:
    """The true mean difference found at 5 %, two-sided, with this power, `(columns,)`; NaN below two patients.

    `(t(0.975) + t(power)) * standard error`, Student's t with one degree of freedom less than patients (Bloom,
    Evaluation Review 1995).
    """
    freedom = np.maximum(differences.patients - 1, 1)
    factor = t.ppf((1 + CONFIDENCE) / 2, freedom) + t.ppf(power, freedom)
    return np.asarray(factor * differences.standard_errors, dtype=np.float64)


def adjust_holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """p values that hold together, in the order given (Holm, Scand J Statist 1979); None stays and isn't counted."""
    known = sorted((p, number) for number, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, number) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        adjusted[number] = largest
    return tuple(adjusted)


def _ratio(part: ArrayLike, whole: ArrayLike, empty: float) -> Floats:
    divisor = np.asarray(whole, dtype=np.float64)
    return np.where(divisor == 0, empty, np.asarray(part) / np.where(divisor == 0, 1.0, divisor))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _columns_by_patients(counts: Floats) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Columns that the same patients have, and those patients; in the order of the first column of each group."""
    groups: dict[bytes, list[int]] = {}
    for column in range(counts.shape[1]):
        groups.setdefault((counts[:, column] > 0).tobytes(), []).append(column)
    for columns in groups.values():
        yield np.array(columns), np.flatnonzero(counts[:, columns[0]] > 0)


def _all_signed_sums(values: Floats) -> Floats:
    """The sums of `values` under each of the 2^n assignments of signs."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums - value, sums + value])
    return sums


def _draw_signs(patients: int, permutations: int, generator: np.random.Generator) -> Iterator[Floats]:
    """Blocks `(some permutations, patients)` of -1 and 1."""
    rows = max(1, _BLOCK_NUMBERS // max(patients, 1))
    for start in range(0, permutations, rows):
        bits = generator.integers(0, 2, size=(min(rows, permutations - start), patients), dtype=np.int8)
        yield bits.astype(np.float64) * 2 - 1
