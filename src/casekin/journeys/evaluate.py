"""evaluate: runs, or an index, and labels become figures beside chance and baselines, a page, gates met or missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import casekin
from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES
from casekin.evaluation.gates import GateResult, check_gated_baselines, check_gates
from casekin.evaluation.protocols import Task, close_gallery, join_runs, join_tasks, rank_at_random
from casekin.evaluation.scoring import score
from casekin.evaluation.scoring_record import Evaluation, without_cases
from casekin.index import CaseIndex
from casekin.journeys.evaluating.account import Model, audit_asked, compare_ways, films_of_worst, render_cards
from casekin.journeys.evaluating.index import IndexTask, index_task
from casekin.journeys.evaluating.intake import (
    DEFAULT_SPLIT,
    OURS,
    PLAIN,
    Known,
    find_qrels,
    read_known,
    read_labeller,
    read_labels,
    read_runs,
    read_splits,
)
from casekin.journeys.evaluating.options import ALL_SPLITS, EvaluateOptions
from casekin.journeys.evaluating.results import RUNS, check_labels_apart, check_runs_apart, write_results
from casekin.journeys.evaluating.runs import answer_questions, make_baselines, missing_baselines, own_searches
from casekin.models import load_card, load_encoder

_RANDOM = "random"
_NEEDS_INDEX = "ranks by what an index knows of the cases; name one with --index"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationResult:
    """An evaluation, and the folder it was written to, if any."""

    evaluation: Evaluation
    out: Path | None

    @property
    def missed(self) -> tuple[GateResult, ...]:
        """Gates that were not met."""
        return tuple(gate for gate in self.evaluation.gates if not gate.met)

    def as_record(self) -> dict[str, Any]:
        """The content of `evaluation.json`."""
        return self.evaluation.as_record()


def evaluate_runs(
    runs: Sequence[Path],
    *,
    qrels: Path,
    truth: Path | None = None,
    options: EvaluateOptions | None = None,
    out: Path | None = None,
    command: str | None = None,
) -> EvaluationResult:
    """Measure a run by labels, beside `random`; of two, the first is compared with the second.

    A run is a TREC file; where the protocol has several tasks, also a folder with a file for each, such as
    `text_to_image.run`; tasks without a run are left out and counted. `qrels` is what the protocol reads: the folder of
    `casekin mine` or one of its `.qrels`, a qrels file alone, or the published files of another protocol. `truth`: the
    `truth.jsonl` of a simulated archive, which tells findings of the other side and contradictions, and with the
    `manifest.jsonl` beside it sex, age and site. `out`: folder for record, page and the runs made here; None writes
    nothing. `command`: what was typed, for the record.

    Raises:
        InputError: a file is damaged, or runs, labels and protocol don't belong together; nothing was written.
    """
    options = options or EvaluateOptions()
    if not 1 <= len(runs) <= 2:
        raise InputError(f"run: expected one run, or two to compare, got {len(runs)}; name others as baselines")
    if beyond := [name for name in options.baseline_names if name != _RANDOM]:
        raise InputError(f"baseline {beyond[0]}: it {_NEEDS_INDEX}")
    if out is not None:
        check_runs_apart(out, [*runs, *options.baseline_files])
    tasks = read_labels(qrels, protocol=options.protocol, split=options.split)
    read = read_runs([*runs, *options.baseline_files], tasks)
    missing = {name: _NEEDS_INDEX for name in BASELINES if name != _RANDOM}
    check_gated_baselines(options.gates, [_RANDOM, *(_name(parts) for parts in read[1:])], missing)
    known = Known() if truth is None else read_known(truth, tasks)
    asked = [task for task in tasks if task.name in read[0]]
    whole, random = _measure(asked, read, compared=len(runs) > 1, known=known, options=options)
    if len(tasks) > 1:
        parts = (_measure([task], read, compared=len(runs) > 1, known=Known(), options=options)[0] for task in asked)
        left_out = {"tasks_without_run": len(tasks) - len(asked)}
        whole = replace(whole, dropped={**whole.dropped, **left_out}, tasks=tuple(parts))
    source = _source(qrels, options) if whole.protocol in (OURS, PLAIN) else "published"
    whole = replace(whole, labels={**whole.labels, "source": source})
    told = _conclude(replace(whole, baselines_missing=missing), options, command)
    if out is not None:
        write_results(out, told, runs=[random])
    return EvaluationResult(evaluation=told, out=out)


def evaluate_index(
    index: CaseIndex,
    *,
    out: Path,
    truth: Path | None = None,
    qrels: Path | None = None,
    runs: Sequence[Path] = (),
    options: EvaluateOptions | None = None,
    model: str = "default",
    command: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EvaluationResult:
    """Measure an index by a truth, by qrels, or by what its own reports state, beside every baseline that can be had.

    Questions are cases at places, drawn by `options`; each asks by its stored vectors. The
    index's own search is compared with the same by pictures alone. Of `runs`, the first is measured in its place, and a
    second one compared with that: over all questions of `qrels`, or else over those that the run answers. `model`: name
    or card of the index's own encoder, which counting reports, crop-and-embed, ways of pointing and the model card
    need; another one is not used. Rankings are kept in `out` while they are made, so an
    interrupted evaluation goes on where it was. `command`: what was typed, for the record.

    Raises:
        InputError: a file is damaged, or labels, runs and index don't belong together.
        IndexStoreError: the index was written to meanwhile.
    """
    options = options or EvaluateOptions()
    if options.protocol not in (None, OURS):
        raise InputError(f"protocol {options.protocol}: an index is measured by {OURS}; measure a run file by others")
    if truth is None and qrels is None and options.split not in (None, ALL_SPLITS):
        raise InputError(f"split {options.split}: an index's own reports have none; give --truth or --qrels")
    check_runs_apart(out, [*runs, *options.baseline_files])
    if qrels is None:
        check_labels_apart(out)
    source = find_qrels(qrels, options.split) if qrels is not None and qrels.is_dir() else qrels
    asked, read = _ask(index, runs, truth=truth, qrels=source, options=options, progress=progress)
    own, folder, names = _own_model(model, asked), out / RUNS, options.baseline_names
    encoder = None if own is None else own.encoder
    missing = missing_baselines(asked, names, encoder)
    beside = [name for name in names or BASELINES if name not in missing]
    ours = {} if runs else own_searches(encoder, asked.kind)
    _, *others = [*ours, *(run.name for run in read)]
    check_gated_baselines(options.gates, [*beside, *others], missing)
    answer = partial(answer_questions, index, asked, folder=folder, progress=progress)
    read = [*(answer(name=name, findings=findings) for name, findings in ours.items()), *read]
    made = make_baselines(index, asked, folder=folder, names=names, encoder=encoder, progress=progress)
    splits = read_splits(truth or (None if source is None else source.with_name("cases.jsonl")))
    told = replace(
        _score_index(asked, read, made.runs, compared=len(ours) + len(runs) > 1, options=options),
        labels=asked.labels if qrels is None else {**asked.labels, "source": _source(qrels, options)},
        kind=asked.kind,
        index_version=asked.index_version,
        model_version=asked.model_version,
        baselines_missing=made.missing,
        pointing=compare_ways(index, asked, truth=truth, model=own, folder=folder, options=options, progress=progress),
        leaks=audit_asked(index, asked, splits=splits, model=own),
    )
    told = _conclude(told, options, command)
    write_results(
        out,
        told,
        pictures=films_of_worst(index, asked, told),
        task=asked.task if qrels is None else None,
        texts=render_cards(index, told, splits=splits, model=own),
    )
    return EvaluationResult(evaluation=told, out=out)


def _ask(
    index: CaseIndex,
    runs: Sequence[Path],
    *,
    truth: Path | None,
    qrels: Path | None,
    options: EvaluateOptions,
    progress: Callable[[int, int], None] | None,
) -> tuple[IndexTask, list[Run]]:
    """The questions, and the runs that were given with baselines that are files; all questions where a run answers."""
    asked = index_task(
        index,
        truth=truth,
        qrels=qrels,
        split=None if options.split == ALL_SPLITS else options.split or DEFAULT_SPLIT,
        queries=0 if runs else options.queries,
        seed=options.seed,
        kind=options.kind,
        progress=progress,
    )
    read = [parts[asked.task.name] for parts in read_runs([*runs, *options.baseline_files], [asked.task])]
    return (_answered(asked, read[0]) if runs and qrels is None else asked), read


def _answered(asked: IndexTask, run: Run) -> IndexTask:
    """The same with the questions that the run answers alone; the others are counted."""
    labels = asked.task.judgements
    listed = {query: one for query, one in labels.listed.items() if query in run.lists}
    if not listed:
        raise InputError(
            f"run {run.name}: expected questions of this index, such as {next(iter(labels.listed))}, got none"
        )
    task = replace(
        asked.task,
        judgements=replace(labels, listed=listed),
        dropped={**asked.task.dropped, "not_in_run": len(labels.listed) - len(listed)},
    )
    questions = tuple(question for question in asked.questions if question.query_id in run.lists)
    return replace(asked, task=task, questions=questions)


def _source(qrels: Path, options: EvaluateOptions) -> str:
    """Where grades come from: what `mine`, readers or an evaluation put down, or `qrels` of anyone."""
    path = find_qrels(qrels, options.split) if qrels.is_dir() else qrels
    return read_labeller(path, None) if path.with_name("judged.jsonl").is_file() else "qrels"


def _own_model(name: str, asked: IndexTask) -> Model | None:
    """The encoder of this name with its card, if the index was made with it."""
    encoder = load_encoder(name)
    return Model(encoder=encoder, card=load_card(name)) if encoder.version == asked.model_version else None


def _score_index(
    asked: IndexTask, runs: Sequence[Run], baselines: Sequence[Run], *, compared: bool, options: EvaluateOptions
) -> Evaluation:
    """The evaluation of the first of `runs`; the second is compared where `compared`, others stand beside."""
    run, *others = runs
    other, beside = (others[0], others[1:]) if compared else (None, others)
    return score(
        asked.task,
        run,
        baselines=[*baselines, *beside],
        other=other,
        cases=asked.cases,
        rows=asked.rows,
        measures=options.measures_by(asked.task.protocol),
        seed=options.seed,
        resamples=options.resamples,
    )


def _measure(
    tasks: Sequence[Task],
    read: Sequence[Mapping[str, Run]],
    *,
    compared: bool,
    known: Known,
    options: EvaluateOptions,
) -> tuple[Evaluation, Run]:
    """The evaluation of the first of the runs over all queries of these tasks, and the random run made beside it.

    The second is compared where `compared`, the others stand beside as baselines.
    """
    joined = [join_runs(tasks, parts) for parts in read]
    run, *others = joined
    assert run is not None  # the tasks are those that it has
    task = close_gallery(join_tasks(tasks), [one for one in joined if one is not None])
    depth = max(map(len, run.lists.values()))
    random = rank_at_random(task, {*task.judgements.listed, *run.lists}, depth=depth)
    other, beside = (others[0], others[1:]) if compared else (None, others)
    evaluation = score(
        task,
        run,
        baselines=[random, *(one for one in beside if one is not None)],
        other=other,
        cases=known.cases,
        rows=known.rows,
        measures=options.measures_by(task.protocol),
        seed=options.seed,
        resamples=options.resamples,
    )
    return evaluation, random


def _name(parts: Mapping[str, Run]) -> str:
    """The name of a run that was read task by task."""
    return next(iter(parts.values())).name


def _conclude(evaluation: Evaluation, options: EvaluateOptions, command: str | None) -> Evaluation:
    """The evaluation with its program, the command that asked for it, and its gates; without cases if so asked."""
    told = without_cases(evaluation) if options.no_cases else evaluation
    told = replace(told, program=f"casekin {casekin.__version__}", command=command)
    return replace(told, gates=check_gates(told.as_record(), options.gates))
