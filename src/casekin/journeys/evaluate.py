"""evaluate: runs, or an index, and labels become figures beside chance and baselines, a page, gates met or missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import casekin
from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES
from casekin.evaluation.gates import LEAKS, Gate, GateResult, check_gates, parse_gate
from casekin.evaluation.leaks import audit_index
from casekin.evaluation.measures import DEFAULT_MEASURES, parse_measures
from casekin.evaluation.protocols import (
    Task,
    close_gallery,
    join_runs,
    join_tasks,
    protocol_names,
    rank_at_random,
)
from casekin.evaluation.scoring import score
from casekin.evaluation.scoring_record import Evaluation
from casekin.evaluation.statistics import RESAMPLES
from casekin.evaluation.training_sets import read_training_sets
from casekin.index import CaseIndex
from casekin.journeys.evaluate_index import IndexTask, index_task
from casekin.journeys.evaluate_intake import (
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
from casekin.journeys.evaluate_pointing import compare_pointing
from casekin.journeys.evaluate_results import RUNS, check_labels_apart, check_runs_apart, write_results
from casekin.journeys.evaluate_runs import make_runs
from casekin.models import ImageEncoder

_RANDOM = "random"
_ALL = "all"
_NEEDS_INDEX = "ranks by what an index knows of the cases; name one with --index"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """What changes an evaluation's results.

    `protocol`: by name; None: `casekin` for an index and for what `casekin mine` wrote, `trec` for a qrels file that
    stands alone. `measures`: names, of which the first leads; empty: the protocol's, then those every evaluation has.
    `baselines`: names, or paths of run files; empty: all that can be had. `require`: gates as `evaluation.gates` has
    them. `split`: of a folder of labels or of a truth, `all` for all of a truth; None: test. `queries`: how many an
    index draws, 0: all. `seed`: of what is drawn. InputError where a name isn't one, with the nearest.
    """

    protocol: str | None = None
    measures: tuple[str, ...] = ()
    baselines: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    split: str | None = None
    queries: int = 1_000
    seed: int = 0
    resamples: int = RESAMPLES

    def __post_init__(self) -> None:
        parse_measures(self.measures)
        for text in self.require:
            parse_gate(text)
        if self.protocol is not None:
            _check_name("protocol", self.protocol, protocol_names())
        for name in self.baselines:
            if not Path(name).exists():
                _check_name("baseline", name, tuple(BASELINES))

    @property
    def gates(self) -> tuple[Gate, ...]:
        """What `require` asks for."""
        return tuple(map(parse_gate, self.require))

    @property
    def baseline_names(self) -> tuple[str, ...]:
        """Those of `baselines` that are made here."""
        return tuple(name for name in self.baselines if name in BASELINES)

    @property
    def baseline_files(self) -> tuple[Path, ...]:
        """Those of `baselines` that are runs of others."""
        return tuple(Path(name) for name in self.baselines if name not in BASELINES)


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
) -> EvaluationResult:
    """Measure a run by labels, beside `random`; of two, the first is compared with the second.

    A run is a TREC file; where the protocol has several tasks, also a folder with a file for each, such as
    `text_to_image.run`; tasks without a run are left out and counted. `qrels` is what the protocol reads: the folder of
    `casekin mine` or one of its `.qrels`, a qrels file alone, or the published files of another protocol. `truth`: the
    `truth.jsonl` of a simulated archive, which tells findings of the other side and contradictions, and with the
    `manifest.jsonl` beside it sex, age and site. `out`: folder for record, page and the runs made here; None writes
    nothing.

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
    known = Known() if truth is None else read_known(truth, tasks)
    asked = [task for task in tasks if task.name in read[0]]
    whole, random = _measure(asked, read, compared=len(runs) > 1, known=known, options=options)
    if len(tasks) > 1:
        parts = (_measure([task], read, compared=len(runs) > 1, known=Known(), options=options)[0] for task in asked)
        left_out = {"tasks_without_run": len(tasks) - len(asked)}
        whole = replace(whole, dropped={**whole.dropped, **left_out}, tasks=tuple(parts))
    if whole.protocol != PLAIN:
        source = read_labeller(qrels, options.split) if whole.protocol == OURS else "published"
        whole = replace(whole, labels={**whole.labels, "source": source})
    missing = {name: _NEEDS_INDEX for name in BASELINES if name != _RANDOM}
    return _finish(replace(whole, baselines_missing=missing), options, out=out, runs=[random])


def evaluate_index(
    index: CaseIndex,
    *,
    out: Path,
    truth: Path | None = None,
    qrels: Path | None = None,
    runs: Sequence[Path] = (),
    options: EvaluateOptions | None = None,
    encoder: ImageEncoder | None = None,
    card: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> EvaluationResult:
    """Measure an index by a truth, by qrels, or by what its own reports state, beside every baseline that can be had.

    Questions are cases at places, drawn by `options`; each asks by its stored vectors. Of `runs`, the first is
    measured in place of the index's own search, and a second one compared with it: over all questions of `qrels`, or
    else over those that the run answers. `encoder` and `card`: the index's own model, which crop-and-embed and ways of
    pointing need, and its declaration of what it was trained on, for the leak audit; another model's are not used.
    Rankings are kept in `out` while they are made, so an interrupted evaluation goes on where it was.

    Raises:
        InputError: a file is damaged, or labels, runs and index don't belong together.
        IndexStoreError: the index was written to meanwhile.
    """
    options = options or EvaluateOptions()
    if options.protocol not in (None, OURS):
        raise InputError(f"protocol {options.protocol}: an index is measured by {OURS}; measure a run file by others")
    check_runs_apart(out, [*runs, *options.baseline_files])
    if qrels is None:
        check_labels_apart(out)
    source = find_qrels(qrels, options.split) if qrels is not None and qrels.is_dir() else qrels
    asked = index_task(
        index,
        truth=truth,
        qrels=source,
        split=None if options.split == _ALL else options.split or DEFAULT_SPLIT,
        queries=0 if runs else options.queries,
        seed=options.seed,
    )
    own = encoder if encoder is not None and encoder.version == asked.model_version else None
    read = [parts[asked.task.name] for parts in read_runs([*runs, *options.baseline_files], [asked.task])]
    if runs and qrels is None:
        asked = _answered(asked, read[0])
    made = make_runs(index, asked, folder=out / RUNS, names=options.baseline_names, encoder=own, progress=progress)
    run, *others = read if runs else [made.run, *read]
    other, beside = (others[0], others[1:]) if len(runs) > 1 else (None, others)
    evaluation = score(
        asked.task,
        run,
        baselines=[*made.baselines, *beside],
        other=other,
        cases=asked.cases,
        rows=asked.rows,
        measures=_measures(asked.task, options),
        seed=options.seed,
        resamples=options.resamples,
    )
    told = replace(
        evaluation,
        labels=asked.labels,
        index_version=asked.index_version,
        model_version=asked.model_version,
        baselines_missing=made.missing,
        pointing=_compare_pointing(index, asked, truth, own, options, progress),
        leaks=_audit_leaks(index, truth=truth, qrels=source, split=options.split, card=None if own is None else card),
    )
    return _finish(
        told, options, out=out, pictures=_films(index, asked, told), task=asked.task if qrels is None else None
    )


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


def _compare_pointing(
    index: CaseIndex,
    asked: IndexTask,
    truth: Path | None,
    encoder: ImageEncoder | None,
    options: EvaluateOptions,
    progress: Callable[[int, int], None] | None,
) -> dict[str, Any] | None:
    """Ways of pointing, which a truth with its images and the index's model can tell."""
    if truth is None or encoder is None:
        return None
    return compare_pointing(
        index,
        asked,
        truth=truth,
        encoder=encoder,
        seed=options.seed,
        resamples=options.resamples,
        progress=progress,
    )


def _audit_leaks(
    index: CaseIndex, *, truth: Path | None, qrels: Path | None, split: str | None, card: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """What the measured split shares with others, by the labels' splits or the manifest's; None where none is known."""
    splits = read_splits(truth or (None if qrels is None else qrels.with_name("cases.jsonl")))
    training = None if card is None else read_training_sets(card)
    audit = audit_index(index, splits, training=training, tested=split or DEFAULT_SPLIT)
    return audit.as_record() if audit.splits else None


def _films(index: CaseIndex, asked: IndexTask, evaluation: Evaluation) -> dict[str, bytes]:
    """Pictures of the worst queries' cases and of what they were shown, by case id."""
    shown = {query.query_id.partition("@")[0] for query in evaluation.worst}
    shown |= {hit.case_id for query in evaluation.worst for hit in query.first}
    cases = {asked.images[case]: case for case in sorted(shown) if case in asked.images}
    return {cases[image.image_id]: image.preview for image in index.images(cases)}


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
        measures=_measures(task, options),
        seed=options.seed,
        resamples=options.resamples,
    )
    return evaluation, random


def _measures(task: Task, options: EvaluateOptions) -> tuple[str, ...]:
    """What is measured: what was asked, or the protocol's own and those every evaluation has; and what gates name."""
    asked = options.measures or (*task.protocol.measures, *DEFAULT_MEASURES)
    gated = [gate.measure for gate in options.gates if gate.measure != LEAKS]
    return tuple(measure.name for measure in parse_measures([*asked, *gated]))


def _finish(
    evaluation: Evaluation,
    options: EvaluateOptions,
    *,
    out: Path | None,
    runs: Sequence[Run] = (),
    pictures: Mapping[str, bytes] | None = None,
    task: Task | None = None,
) -> EvaluationResult:
    """The evaluation with program and gates, written to `out` if there is one."""
    told = replace(evaluation, program=f"casekin {casekin.__version__}")
    told = replace(told, gates=check_gates(told.as_record(), options.gates))
    if out is not None:
        write_results(out, told, runs=runs, pictures=pictures or {}, task=task)
    return EvaluationResult(evaluation=told, out=out)


def _check_name(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        raise InputError(f"{what}: {name[:80]!r} is none; nearest: {', '.join(near or known)}")
