"""A run, a task and what is known of its cases become the evaluation record."""

from __future__ import annotations

from collections.abc import Sequence

from casekin.evaluation.gates import Gate
from casekin.evaluation.measures import DEFAULT_MEASURES
from casekin.evaluation.protocols import Task
from casekin.evaluation.runs import Run
from casekin.evaluation.scoring_record import Evaluation
from casekin.evaluation.statistics import RESAMPLES
from casekin.relevance import CaseFindings
from casekin.types import CaseRow


def score(
    task: Task,
    run: Run,
    *,
    baselines: Sequence[Run] = (),
    other: Run | None = None,
    cases: Sequence[CaseFindings] = (),
    rows: Sequence[CaseRow] = (),
    measures: Sequence[str] = DEFAULT_MEASURES,
    gates: Sequence[Gate] = (),
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Measure a run on a task beside baselines, and compare it with another run; all by the task's labels.

    Every query of the labels counts; one that a run has no list for scores 0. The queries are those of `run`: what
    another run was asked besides is left out and counted, and no run is read deeper than `run` goes. `cases`: what is
    found in the documents, which adds SideError@5, Contradiction@5 and strata; `rows`: header fields for slices.
    What gates name is measured too. Program, model and index are the caller's to fill in (`dataclasses.replace`).
    InputError as `judge_run`, when baselines share a name, and when a measure can't be had of these data.
    """
    raise NotImplementedError
