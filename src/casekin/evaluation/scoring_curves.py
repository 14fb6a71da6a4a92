"""What a single figure hides: more ranks, more confidence, other places, and the queries that failed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.measures import Measure
from casekin.evaluation.measures.calibration import risk_coverage
from casekin.evaluation.measures.trec import Precision, Recall
from casekin.evaluation.runs import JudgedRun, Run
from casekin.evaluation.scoring_record import Band, Curve, Hit, RiskCoverage, Sensitivity, WorstQuery
from casekin.evaluation.scoring_sheets import Draws, Rows, Sheet, known_or_none
from casekin.evaluation.statistics import PatientTotals, bootstrap_means, bootstrap_statistic

Floats = NDArray[np.float64]

_RANKS = (*range(1, 11), 15, 20, 30, 50, 70, 100)
_CURVES: Mapping[str, type[Measure]] = {"P": Precision, "R": Recall}
_COVERAGES = 100
_SHARED_RANKS = 10
_MOST_WORST = 12
_SHOWN_HITS = 5


def draw_curves(run: Sheet, baselines: Mapping[str, Sheet], *, draws: Draws) -> dict[str, Curve]:
    """P@k and R@k, relevant being what is to the lead measure, at ranks that the run reaches."""
    ranks = tuple(k for k in _RANKS if k <= run.judged.depth)
    return {name: _curve(kind, ranks, run, baselines, draws) for name, kind in _CURVES.items()}


def draw_risk_coverage(run: Run, sheet: Sheet, *, draws: Draws) -> RiskCoverage | None:
    """The loss that remains when only the queries with the highest first score are answered.

    None where the lead measure isn't one of which more is better, or no query has a value.
    """
    known = np.flatnonzero(~np.isnan(sheet.values[:, 0]))
    if sheet.lead.better != "higher" or not len(known):
        return None
    told, losses = _first_scores(run, sheet.judged)[known], 1.0 - sheet.values[known, 0]
    coverage, risk = risk_coverage(told, losses)
    ends = np.unique(np.ceil(np.arange(1, _COVERAGES + 1) * len(known) / _COVERAGES).astype(np.intp)) - 1

    def area(rows: Rows) -> float:
        return float(risk_coverage(told[rows], losses[rows])[1].mean())

    interval = bootstrap_statistic(area, sheet.patients[known], generator=draws.generator(), resamples=draws.resamples)
    return RiskCoverage(
        measure=sheet.lead.name,
        coverage=tuple(coverage[ends].tolist()),
        risk=tuple(risk[ends].tolist()),
        area=interval.mean,
        lo=interval.lo,
        hi=interval.hi,
        n=interval.n,
        patients=interval.patients,
        chance=float(losses.mean()),
    )


def share_hits(judged: JudgedRun) -> Sensitivity | None:
    """What lists of one case at two places have in common; None where no case was asked at two.

    The common documents of the first ten, as listed, divided by the longer list's; two empty lists count nowhere.
    """
    of_query = judged.places
    places = sorted(set(of_query) - {""})
    number = {place: i for i, place in enumerate(places)}
    sums, cases = np.zeros((2, len(places), len(places)))
    for a, b in _rows_of_one_case(judged):
        first, second = (set(row[row >= 0].tolist()) for row in judged.listed[[a, b], :_SHARED_RANKS])
        if first or second:
            i, j = sorted((number[of_query[a]], number[of_query[b]]))
            sums[i, j] += len(first & second) / max(len(first), len(second))
            cases[i, j] += 1
    if not cases.any():
        return None
    sums, cases = sums + sums.T, cases + cases.T
    means = np.where(cases > 0, sums / np.maximum(cases, 1), np.nan)
    np.fill_diagonal(means, 1.0)
    np.fill_diagonal(cases, [of_query.count(place) for place in places])
    return Sensitivity(
        k=_SHARED_RANKS,
        places=tuple(places),
        overlap=tuple(tuple(known_or_none(share) for share in row) for row in means.tolist()),
        cases=tuple(tuple(int(count) for count in row) for row in cases.tolist()),
    )


def worst_queries(sheet: Sheet) -> tuple[WorstQuery, ...]:
    """The queries with the worst value of the lead measure that have a list and anything to find, at most twelve.

    Of equal ones those with more relevant cases first, then by id.
    """
    judged, values = sheet.judged, sheet.values[:, 0]
    relevant = judged.relevant_counts(sheet.lead.rel)
    rows = np.flatnonzero(~np.isnan(values) & (relevant > 0) & (judged.listed >= 0).any(axis=1))
    badness = -values if sheet.lead.better == "lower" else values
    order = rows[np.lexsort((rows, -relevant[rows], badness[rows]))][:_MOST_WORST]
    return tuple(
        WorstQuery(
            query_id=judged.query_ids[row],
            place=judged.query_ids[row].partition("@")[2],
            measure=sheet.lead.name,
            value=float(values[row]),
            relevant=int(relevant[row]),
            first=_first_hits(judged, row),
        )
        for row in order.tolist()
    )


def _curve(
    kind: type[Measure], ranks: tuple[int, ...], run: Sheet, baselines: Mapping[str, Sheet], draws: Draws
) -> Curve:
    measures = [kind(rel=run.lead.rel, cutoff=k) for k in ranks]
    totals = PatientTotals.by_query(Sheet.of(run.judged, measures).values, run.patients)
    band = bootstrap_means(totals, generator=draws.generator(), resamples=draws.resamples)
    return Curve(
        k=ranks,
        run=Band(
            mean=tuple(point.mean for point in band),
            lo=tuple(point.lo for point in band),
            hi=tuple(point.hi for point in band),
        ),
        baselines={
            name: tuple(known_or_none(m.over_queries(m.value_per_query(sheet.judged))) for m in measures)
            for name, sheet in baselines.items()
        },
        chance=tuple(known_or_none(measure.chance(run.judged)) for measure in measures),
    )


def _first_scores(run: Run, judged: JudgedRun) -> Floats:
    """The score of each query's first document; less than any where there is none."""
    first = np.array([next(iter(run.scores.get(query, ())), np.nan) for query in judged.query_ids])
    return np.where(np.isnan(first), np.nanmin(first) - 1.0, first)


def _rows_of_one_case(judged: JudgedRun) -> list[tuple[int, int]]:
    """Pairs of rows that ask for the same case at two places."""
    rows: dict[str, list[int]] = {}
    for row, query in enumerate(judged.query_ids):
        case, _, place = query.partition("@")
        if place:
            rows.setdefault(case, []).append(row)
    return [pair for of_case in rows.values() for pair in combinations(of_case, 2)]


def _first_hits(judged: JudgedRun, row: int) -> tuple[Hit, ...]:
    """The first documents as listed; those that aren't scored have no grade."""
    scored = judged.documents[row] >= 0
    grades = dict(zip(judged.documents[row, scored].tolist(), judged.grades[row, scored].tolist(), strict=True))
    shown = judged.listed[row, :_SHOWN_HITS]
    return tuple(
        Hit(case_id=judged.document_ids[number], grade=grades.get(number)) for number in shown.tolist() if number >= 0
    )
