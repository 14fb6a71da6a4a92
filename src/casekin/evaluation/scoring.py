"""A run, a task and what is known of its cases become the evaluation record (`scoring_record`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Judgements
from casekin.evaluation.measures import DEFAULT_MEASURES, Measure, parse_measures
from casekin.evaluation.measures.conditional import Contradiction, SideError
from casekin.evaluation.measures.ranking import GroupRecall
from casekin.evaluation.overlay import judge_normal, judge_run
from casekin.evaluation.protocols import Task, close_gallery
from casekin.evaluation.relations import relate_cases
from casekin.evaluation.runs import Run
from casekin.evaluation.scoring_breakdowns import (
    compare_places,
    prevalence,
    score_places,
    score_slices,
    score_strata,
    score_stratum,
)
from casekin.evaluation.scoring_curves import draw_curves, draw_risk_coverage, share_hits, worst_queries
from casekin.evaluation.scoring_record import BaselineScore, Evaluation, MeasureScore, RunComparison, StratumScore
from casekin.evaluation.scoring_sheets import (
    Draws,
    Sheet,
    compare_sheets,
    correct_together,
    count_missing,
    lay_beside,
    score_sheets,
)
from casekin.evaluation.statistics import RESAMPLES
from casekin.relevance import CaseFindings
from casekin.types import CaseRow

_RELATION_MEASURES = ("SideError@5", "Contradiction@5")
_RARE_SHARE = 0.01
"""Of protocols that don't say, that of our own."""


def score(
    task: Task,
    run: Run,
    *,
    baselines: Sequence[Run] = (),
    other: Run | None = None,
    cases: Sequence[CaseFindings] = (),
    rows: Sequence[CaseRow] = (),
    measures: Sequence[str] = DEFAULT_MEASURES,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Measure a run on a task beside baselines, and compare it with another run; all by the task's labels.

    Every query of the labels counts; one that a run has no list for scores 0. The queries are those of `run`: what
    another run was asked besides is left out and counted, and no run is read deeper than `run` goes. `cases`: what is
    found in the documents, which adds SideError@5, Contradiction@5 and strata; `rows`: header fields for slices.
    Program, model, index and gates are the caller's to fill in (`dataclasses.replace`, `gates.check_gates`).
    InputError as `judge_run`, when baselines share a name, and when a measure can't be had of these data.
    """
    _check_names(baselines, measures)
    beside = [*baselines, *([] if other is None else [other])]
    task = close_gallery(task, [run, *beside])
    asked = parse_measures([*measures, *(_RELATION_MEASURES if cases else ())])
    draws = Draws(seed=seed, resamples=resamples)
    sheet, others = _lay(task, run, beside, asked, cases)
    of_baselines = dict(zip((one.name for one in baselines), others, strict=False))
    compared = None if other is None else _compare(other.name, sheet, others[-1], draws)
    evaluation = _assemble(task, run, sheet, of_baselines, cases, rows, draws)
    strata = {**_score_normal(task, run, baselines, asked, draws), **evaluation.strata}
    return replace(evaluation, strata=strata, comparison=compared)


def _check_names(baselines: Sequence[Run], measures: Sequence[str]) -> None:
    names = [one.name for one in baselines]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"baselines: expected every name once, got {twice[:80]!r} twice; rename one")
    if not measures:
        raise InputError("measures: expected one at least, such as nDCG@10, got none")


def _lay(
    task: Task, run: Run, beside: Sequence[Run], measures: Sequence[Measure], cases: Sequence[CaseFindings]
) -> tuple[Sheet, list[Sheet]]:
    """The sheets of the run and of those beside it, over the run's queries."""
    labels = task.judgements
    known = sorted(cases, key=lambda case: case.case_id)
    relations = relate_cases(known, labels, {*labels.listed, *run.lists}) if cases else None
    lay = partial(judge_run, judgements=labels, relations=relations, groups=task.groups or None)
    judged = lay(run)
    if count_missing(run, judged) == len(judged):
        raise InputError(f"run {run.name}: expected ranked documents, got empty lists; check what wrote the run")
    return Sheet.of(judged, measures), [lay_beside(one, run, judged, measures, lay=lay) for one in beside]


def _compare(name: str, sheet: Sheet, other: Sheet, draws: Draws) -> RunComparison:
    (scores,) = score_sheets([other], draws=draws)
    (gaps,) = compare_sheets(sheet, [other], draws=draws)
    family = [measure.name for measure in sheet.measures if measure.better != "neither"]
    corrected = dict(zip(family, correct_together([gaps[measure] for measure in family]), strict=True))
    return RunComparison(
        other=name,
        scores=scores,
        measures={**gaps, **corrected},
        places=compare_places(sheet, other, draws=draws),
        missing_queries=other.missing_queries,
        further_queries=other.further_queries,
    )


def _assemble(
    task: Task,
    run: Run,
    sheet: Sheet,
    baselines: Mapping[str, Sheet],
    cases: Sequence[CaseFindings],
    rows: Sequence[CaseRow],
    draws: Draws,
) -> Evaluation:
    judged, share = sheet.judged, prevalence(sheet)
    scores, of_baselines = _score_baselines(sheet, baselines, draws)
    best = _best_baseline(sheet.lead, of_baselines)
    slices, slices_missing = score_slices(sheet, rows, draws=draws)
    return Evaluation(
        protocol=task.protocol.name,
        protocol_version=task.protocol.version,
        protocol_sha256=task.protocol.sha256,
        task=task.name,
        run=run.name,
        lead=sheet.lead.name,
        labels=_describe(task.judgements),
        seed=draws.seed,
        resamples=draws.resamples,
        n_queries=len(judged),
        patients=len(np.unique(sheet.patients)),
        gallery=float(np.median(judged.gallery_sizes)),
        gallery_least=float(judged.gallery_sizes.min()),
        gallery_most=float(judged.gallery_sizes.max()),
        depth=judged.depth,
        prevalence=share,
        chance=share,
        missing_queries=count_missing(run, judged),
        dropped=dict(task.dropped),
        removed=dict(judged.removed),
        measures=scores,
        baselines=of_baselines,
        best_baseline=best,
        places=score_places(sheet, baselines, best=best, draws=draws),
        strata=score_strata(
            sheet,
            baselines,
            cases,
            rare_share=task.protocol.parameters.get("rare_share", _RARE_SHARE),
            draws=draws,
        ),
        slices=slices,
        slices_missing=slices_missing,
        curves=draw_curves(sheet, baselines, draws=draws),
        risk_coverage=draw_risk_coverage(run, sheet, draws=draws),
        sensitivity=share_hits(judged),
        worst=worst_queries(sheet),
    )


def _score_baselines(
    sheet: Sheet, baselines: Mapping[str, Sheet], draws: Draws
) -> tuple[dict[str, MeasureScore], dict[str, BaselineScore]]:
    """The scores of the run and of each baseline; p is corrected over the baselines, measure by measure."""
    scores, *others = score_sheets([sheet, *baselines.values()], draws=draws)
    if not baselines:
        return scores, {}
    gaps = compare_sheets(sheet, list(baselines.values()), draws=draws)
    corrected = {name: correct_together([gap[name] for gap in gaps]) for name in scores}
    return scores, {
        name: BaselineScore(
            measures=others[number],
            difference={measure: family[number] for measure, family in corrected.items()},
            missing_queries=one.missing_queries,
            further_queries=one.further_queries,
        )
        for number, (name, one) in enumerate(baselines.items())
    }


def _best_baseline(lead: Measure, baselines: Mapping[str, BaselineScore]) -> str | None:
    """The name of the baseline with the best lead measure, the first of equals; None where none has a value."""
    means = {name: one.measures[lead.name].mean for name, one in baselines.items()}
    known = {name: -mean if lead.better == "lower" else mean for name, mean in means.items() if mean is not None}
    return max(known, key=known.__getitem__) if known else None


def _score_normal(
    task: Task, run: Run, baselines: Sequence[Run], measures: Sequence[Measure], draws: Draws
) -> dict[str, StratumScore]:
    """The stratum of queries normal at their place, without measures that need more than grades; empty without any."""
    lay = partial(judge_normal, judgements=task.judgements)
    judged = lay(run)
    asked = [measure for measure in measures if not isinstance(measure, SideError | Contradiction | GroupRecall)]
    if judged is None or not asked:
        return {}
    there = [one for one in baselines if any(one.lists.get(query) for query in judged.query_ids)]
    beside = {one.name: lay_beside(one, run, judged, asked[:1], lay=lay) for one in there}
    return {"normal": score_stratum(Sheet.of(judged, asked), beside, draws=draws)}


def _describe(labels: Judgements) -> dict[str, object]:
    """Where grades come from (`mined` where it is known who was judged, else `qrels`), their version, and counts."""
    return {
        "source": "qrels" if labels.judged is None else "mined",
        "version": labels.version,
        "split": labels.split,
        "documents": len(labels.documents),
        "queries": len(labels.listed),
        "pairs": sum(int((one.grades > 0).sum()) for one in labels.listed.values()),
        "judged_places": None if labels.judged is None else len(labels.judged),
    }
