"""Values of runs by query, over the same queries and labels, and what they come to: means, intervals, differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.evaluation.measures import Measure
from casekin.evaluation.measures.ranking import MedianRank
from casekin.evaluation.runs import JudgedRun, Run
from casekin.evaluation.scoring_record import Difference, MeasureScore
from casekin.evaluation.statistics import (
    Comparison,
    Interval,
    PatientTotals,
    adjust_holm,
    bootstrap_means,
    bootstrap_statistic,
    compare_paired,
    query_patients,
)

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Where resamples come from: every figure draws anew from the same seed, so none depends on what else is asked.

    Figures of the same patients then have the same resamples: P@5 has one interval, in a table and on a curve.
    """

    seed: int
    resamples: int

    def generator(self) -> np.random.Generator:
        """A new generator, at its start."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A judged run with its values, `(queries, measures)`; the counts are those of `BaselineScore`."""

    judged: JudgedRun
    measures: tuple[Measure, ...]
    values: Floats
    missing_queries: int = 0
    further_queries: int = 0

    @classmethod
    def of(cls, judged: JudgedRun, measures: Sequence[Measure]) -> Sheet:
        """Measure a judged run."""
        values = np.stack([measure.value_per_query(judged) for measure in measures], axis=1)
        return cls(judged=judged, measures=tuple(measures), values=values)

    @property
    def lead(self) -> Measure:
        return self.measures[0]

    @property
    def patients(self) -> NDArray[np.int64]:
        """The patient number of each query, `(queries,)`."""
        return query_patients(self.judged)

    def select(self, rows: Rows, measures: Sequence[Measure]) -> Sheet:
        """Some queries, by ascending row numbers, measured anew: a few measures look at all queries together."""
        return Sheet.of(self.judged.select(rows), measures)


def lay_beside(
    run: Run, subject: Run, judged: JudgedRun, measures: Sequence[Measure], *, lay: Callable[[Run], JudgedRun | None]
) -> Sheet:
    """A run's sheet over the queries of a judged subject, no list longer than the subject's longest.

    `lay` judges a run as the subject was judged. InputError as it, and when the run has none of the subject's queries.
    """
    if not any(run.lists.get(query) for query in judged.query_ids):
        raise InputError(
            f"run {run.name}: expected lists for queries of {subject.name}, got none of the {len(judged)}; check that "
            "the runs belong together"
        )
    depth = max(map(len, subject.lists.values()))
    queries = sorted({*run.lists, *judged.query_ids})
    filled = Run(
        name=run.name,
        lists={query: run.lists.get(query, ())[:depth] for query in queries},
        scores={query: run.scores.get(query, ())[:depth] for query in queries},
    )
    whole = lay(filled)
    if whole is None:
        raise ValueError(f"run {run.name}: expected a judgement of the queries that the subject was judged on")
    asked = set(judged.query_ids)
    rows = np.array([row for row, query in enumerate(whole.query_ids) if query in asked], dtype=np.intp)
    return replace(
        Sheet.of(whole.select(rows), measures),
        missing_queries=count_missing(run, judged),
        further_queries=len(whole) - len(rows),
    )


def count_missing(run: Run, judged: JudgedRun) -> int:
    """How many of the queries a run has no list for."""
    return sum(not run.lists.get(query) for query in judged.query_ids)


def score_sheets(sheets: Sequence[Sheet], *, draws: Draws) -> list[dict[str, MeasureScore]]:
    """The scores of each sheet by measure; the sheets are over the same queries and share their resamples."""
    first = sheets[0]
    totals = PatientTotals.by_query(np.hstack([sheet.values for sheet in sheets]), first.patients)
    intervals = iter(bootstrap_means(totals, generator=draws.generator(), resamples=draws.resamples))
    return [
        {
            measure.name: _measure_score(sheet, number, next(intervals), draws)
            for number, measure in enumerate(sheet.measures)
        }
        for sheet in sheets
    ]


def compare_sheets(first: Sheet, others: Sequence[Sheet], *, draws: Draws) -> list[dict[str, Difference]]:
    """The first sheet minus each of the others by measure, not corrected yet (`p_holm` is None)."""
    apart = np.hstack([first.values - other.values for other in others])
    totals = PatientTotals.by_query(apart, first.patients)
    compared = iter(compare_paired(totals, generator=draws.generator(), resamples=draws.resamples))
    return [
        {
            measure.name: _difference(first, other, number, next(compared), draws)
            for number, measure in enumerate(first.measures)
        }
        for other in others
    ]


def correct_together(family: Sequence[Difference]) -> list[Difference]:
    """The same differences with `p_holm` by Holm over all of them."""
    adjusted = adjust_holm([one.p_value for one in family])
    return [replace(one, p_holm=p) for one, p in zip(family, adjusted, strict=True)]


def known_or_none(value: float) -> float | None:
    """None for NaN."""
    return None if math.isnan(value) else float(value)


def _measure_score(sheet: Sheet, number: int, interval: Interval, draws: Draws) -> MeasureScore:
    measure = sheet.measures[number]
    if isinstance(measure, MedianRank):
        interval = _of_medians(sheet, [sheet.values[:, number]], draws)
    return MeasureScore(**asdict(interval), chance=known_or_none(measure.chance(sheet.judged)))


def _difference(first: Sheet, other: Sheet, number: int, compared: Comparison, draws: Draws) -> Difference:
    measure = first.measures[number]
    if isinstance(measure, MedianRank):
        columns = [first.values[:, number], other.values[:, number]]
        interval = _of_medians(first, columns, draws)
        return Difference(**asdict(interval), p_value=None, p_holm=None, minimum_detectable_effect=None)
    return Difference(
        **asdict(compared.difference),
        p_value=compared.p_value,
        p_holm=None,
        minimum_detectable_effect=compared.minimum_detectable_effect,
    )


def _of_medians(sheet: Sheet, columns: Sequence[Floats], draws: Draws) -> Interval:
    """The interval of the first column's median, minus the second's if there is one."""
    known = ~np.isnan(columns).any(axis=0)
    parts = [column[known] for column in columns]

    def statistic(rows: Rows) -> float:
        medians = [float(np.median(part[rows])) for part in parts]
        return medians[0] - sum(medians[1:])

    if not known.any():
        return Interval(mean=None, lo=None, hi=None, n=0, patients=0)
    return bootstrap_statistic(statistic, sheet.patients[known], generator=draws.generator(), resamples=draws.resamples)
