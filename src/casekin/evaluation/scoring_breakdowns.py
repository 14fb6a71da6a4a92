"""The same measures by place, by kind of case and by header field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.protocols import case_strata
from casekin.evaluation.scoring_record import Difference, MeasureScore, PlaceDifference, PlaceScore, StratumScore
from casekin.evaluation.scoring_sheets import Draws, Rows, Sheet, compare_sheets, correct_together, score_sheets
from casekin.evaluation.slices import SMALLEST_CELL, UNKNOWN, SliceCell, label_queries, read_field, slice_values
from casekin.relevance import CaseFindings
from casekin.relevance.cases import states_finding
from casekin.types import CaseRow

SLICE_FIELDS = ("sex", "age", "site", "scanner", "view", "modality", "source")
"""Header fields that a figure may differ by."""


def score_places(
    run: Sheet, baselines: Mapping[str, Sheet], *, best: str | None, draws: Draws
) -> tuple[PlaceScore, ...]:
    """The lead measure at each place, by name; differences are to the baseline `best`."""
    gaps = {} if best is None else _differences(run, baselines[best], draws)
    return tuple(_place_score(place, rows, run, baselines, gaps.get(place), draws) for place, rows in _places(run))


def compare_places(run: Sheet, other: Sheet, *, draws: Draws) -> tuple[PlaceDifference, ...]:
    """The lead measure of two runs at each place, by name."""
    gaps = _differences(run, other, draws)
    return tuple(
        PlaceDifference(place=place, n=len(rows), patients=_count_patients(run, rows), difference=gaps[place])
        for place, rows in _places(run)
    )


def score_strata(
    run: Sheet,
    baselines: Mapping[str, Sheet],
    cases: Sequence[CaseFindings],
    *,
    rare_share: float,
    draws: Draws,
) -> dict[str, StratumScore]:
    """The strata `single`, `multi` and `rare` of the queries' cases, those that have a query.

    Findings count where a report states them, present or uncertain. A query of a case without one is in no stratum.
    """
    findings = {case.case_id: {fact.finding for fact in case.facts if states_finding(fact)} for case in cases}
    strata = case_strata(findings, rare_share=rare_share)
    of_query = [strata.get(query.partition("@")[0], ()) for query in run.judged.query_ids]
    scores = {}
    for stratum in ("single", "multi", "rare"):
        rows = np.array([row for row, names in enumerate(of_query) if stratum in names], dtype=np.intp)
        if len(rows):
            chosen = run.select(rows, run.measures)
            beside = {name: sheet.select(rows, (run.lead,)) for name, sheet in baselines.items()}
            scores[stratum] = score_stratum(chosen, beside, draws=draws)
    return scores


def score_stratum(run: Sheet, baselines: Mapping[str, Sheet], *, draws: Draws) -> StratumScore:
    """All measures of the run and the lead measure of baselines over the same queries."""
    first, *others = score_sheets([run, *baselines.values()], draws=draws)
    return StratumScore(
        n_queries=len(run.judged),
        patients=len(np.unique(run.patients)),
        gallery=float(np.median(run.judged.gallery_sizes)),
        prevalence=prevalence(run),
        measures=first,
        baselines={name: scores[run.lead.name] for name, scores in zip(baselines, others, strict=True)},
    )


def prevalence(sheet: Sheet) -> float:
    """The mean share of a query's gallery that is relevant to the lead measure."""
    judged = sheet.judged
    return float((judged.relevant_counts(sheet.lead.rel) / np.maximum(judged.gallery_sizes, 1)).mean())


def score_slices(
    run: Sheet, rows: Sequence[CaseRow], *, draws: Draws
) -> tuple[dict[str, tuple[SliceCell, ...]], dict[str, str]]:
    """The lead measure by header field, and why a field couldn't be used."""
    slices: dict[str, tuple[SliceCell, ...]] = {}
    missing: dict[str, str] = {}
    for name in SLICE_FIELDS if rows else ():
        values = [(case, value) for case, value in read_field(rows, name) if value not in (None, "")]
        if not values:
            missing[name] = "no case has a value"
            continue
        try:
            labels = label_queries(run.judged.query_ids, values, name)
        except InputError as error:
            missing[name] = str(error)
            continue
        if len(set(labels)) == 1:
            missing[name] = "all cases have the same value" if labels[0] != UNKNOWN else "no query's case has a value"
            continue
        slices[name] = slice_values(
            run.values[:, 0],
            run.patients,
            labels,
            generator=draws.generator(),
            resamples=draws.resamples,
            expected=run.lead.expected_by_chance(run.judged),
        )
    return slices, missing


def _places(run: Sheet) -> list[tuple[str, Rows]]:
    """The rows of each place, by name; queries without a place are in none."""
    places = np.array(run.judged.places, dtype=str)
    return [(place, np.flatnonzero(places == place)) for place in sorted(set(places.tolist()) - {""})]


def _place_score(
    place: str, rows: Rows, run: Sheet, baselines: Mapping[str, Sheet], gap: Difference | None, draws: Draws
) -> PlaceScore:
    lead = run.lead
    sheets = [sheet.select(rows, (lead,)) for sheet in (run, *baselines.values())]
    scores: list[MeasureScore] = [found[lead.name] for found in score_sheets(sheets, draws=draws)]
    return PlaceScore(
        place=place,
        n=len(rows),
        patients=_count_patients(run, rows),
        gallery=float(np.median(run.judged.gallery_sizes[rows])),
        prevalence=prevalence(sheets[0]),
        measures={lead.name: scores[0]},
        baselines=dict(zip(baselines, scores[1:], strict=True)),
        difference=gap,
    )


def _differences(run: Sheet, other: Sheet, draws: Draws) -> dict[str, Difference]:
    """Of the lead measure, by place; p of places with enough patients alone, corrected over these."""
    gaps = {}
    for place, rows in _places(run):
        here, there = (sheet.select(rows, (run.lead,)) for sheet in (run, other))
        (found,) = compare_sheets(here, [there], draws=draws)
        gap = found[run.lead.name]
        gaps[place] = gap if gap.patients >= SMALLEST_CELL else replace(gap, p_value=None)
    return dict(zip(gaps, correct_together(list(gaps.values())), strict=True))


def _count_patients(run: Sheet, rows: Rows) -> int:
    return len(np.unique(run.patients[rows]))
