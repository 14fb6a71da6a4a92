"""What an index is measured by: questions drawn from its cases, their labels, and what is known of everyone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.evaluation.baselines import Entry, Question
from casekin.evaluation.leaks import duplicates_of
from casekin.evaluation.protocols import Task
from casekin.evaluation.truth import TrueCase, read_truth
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, Kind, StoredCase
from casekin.journeys.evaluating.labels import (
    Archive,
    Labels,
    gallery,
    label_by_qrels,
    label_by_reports,
    label_by_truth,
)
from casekin.relevance import CaseFindings
from casekin.types import CaseRow

_NOT_A_HEADER = frozenset({"split"})
"""Further fields of a manifest that say nothing of the patient or the machine."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexTask:
    """Everything to measure an index by. All ids are the index's, ascending, patients its pseudonyms.

    `questions`: those of the task's labels, and those at normal places, which `judge_normal` tells apart. `entries`:
    the gallery, what baselines know of it. `cases`: what is found in it; `rows`: its header fields, for slices.
    `images`: of each case the one it asks with, its first. `duplicates`: cases of the whole index that hold one
    exposure, by groups. `labels`: their source, version and counts. `kind`: what asks and answers.
    """

    task: Task
    questions: tuple[Question, ...]
    entries: tuple[Entry, ...]
    cases: tuple[CaseFindings, ...]
    rows: tuple[CaseRow, ...]
    images: Mapping[str, int]
    duplicates: tuple[tuple[str, ...], ...]
    labels: Mapping[str, Any]
    index_version: str
    model_version: str | None
    kind: Kind = "radiograph"


def index_task(
    index: CaseIndex,
    *,
    truth: Path | None = None,
    qrels: Path | None = None,
    split: str | None = "test",
    queries: int = 1000,
    seed: int = 0,
    kind: Kind | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> IndexTask:
    """Draw questions (case, place) of an index and label its cases: by a truth, by qrels, or by its own reports.

    `split` counts for a truth alone, None for all of it; qrels are of one split, and the index's own reports of none.
    `queries` at findings are drawn by a hash that `seed` changes (0: all), a quarter as many at normal places. Images
    of one exposure under several patients stay with the first. What isn't asked is counted in `task.dropped`.
    `progress` is told of the search for these images, which takes a minute where there are 10,000.

    Images of one `kind` ask and answer: None takes radiographs, in an index without any CT volumes. Cases that show
    only the other are left out as if the index lacked them, and counted.

    Raises:
        InputError: both truth and qrels are given, a file is damaged, the index holds no image of the kind, or no
            question can be asked.
    """
    if truth is not None and qrels is not None:
        raise InputError("evaluate: expected --truth or --qrels, got both; choose by which labels to measure")
    with index.snapshot():
        shown = {known: first_images(index, known) for known in get_args(Kind)}
        kind = kind or ("ct" if shown["ct"] and not shown["radiograph"] else "radiograph")
        if any(shown.values()) and not shown[kind]:
            raise InputError(f"kind {kind}: the index holds no image of it; evaluate another kind")
        images = shown.pop(kind)
        others = set().union(*shown.values()) - images.keys()
        cases = {name: case for name, case in read_cases(index).items() if name not in others}
        groups = cache(lambda: duplicates_of(index, progress=progress))
        archive = Archive(
            cases=cases, with_image=images.keys(), duplicates=lambda names: _twins(groups(), cases, names)
        )
        true = {} if truth is None else {n: case for n, case in read_truth(truth).items() if n not in others}
        if truth is not None:
            labels = label_by_truth(archive, true, split=split, queries=queries, seed=seed)
        elif qrels is not None:
            labels = label_by_qrels(archive, qrels, queries=queries, seed=seed)
        else:
            labels = label_by_reports(archive, queries=queries, seed=seed)
        if others:
            dropped = {**labels.task.dropped, "cases_of_another_kind": len(others)}
            labels = replace(labels, task=replace(labels.task, dropped=dropped))
        return _assemble(index, labels, cases, images, true, groups(), kind=kind)


def _assemble(
    index: CaseIndex,
    labels: Labels,
    cases: Mapping[str, StoredCase],
    images: Mapping[str, int],
    true: Mapping[str, TrueCase],
    duplicates: tuple[tuple[str, ...], ...],
    *,
    kind: Kind,
) -> IndexTask:
    image_ids, found = index.vectors_at(GLOBAL, kind)
    vectors = dict(zip(image_ids.tolist(), found.astype(np.float32), strict=True))
    names = gallery(labels.task.judgements)
    entries = {name: entry_of(cases[name], vectors.get(images.get(name, -1))) for name in names}
    asked = sorted({*labels.task.judgements.listed, *labels.normal})
    return IndexTask(
        task=labels.task,
        questions=tuple(
            Question(entry=entries[case_id], place=place) for case_id, _, place in (q.partition("@") for q in asked)
        ),
        entries=tuple(entries.values()),
        cases=labels.cases,
        rows=tuple(_row(cases[name], true.get(name)) for name in names),
        images={name: images[name] for name in names if name in images},
        duplicates=duplicates,
        labels=labels.record,
        index_version=index.version(),
        model_version=index.model_version(kind),
        kind=kind,
    )


def read_cases(index: CaseIndex) -> dict[str, StoredCase]:
    """Every stored case by id, ascending."""
    return index.cases(index.catalog().case_ids.all())


def first_images(index: CaseIndex, kind: Kind) -> dict[str, int]:
    """The first image of a kind of each case that has one."""
    catalog = index.catalog()
    first: dict[str, int] = {}
    for image_id in np.flatnonzero((catalog.case_of_image > 0) & index.is_of_kind(kind)).tolist():
        first.setdefault(catalog.case_id(catalog.case_of_image[image_id]), image_id)
    return first


def _twins(
    groups: Iterable[tuple[str, ...]], cases: Mapping[str, StoredCase], names: Collection[str]
) -> frozenset[str]:
    """Those of the named cases that hold an exposure of an earlier one of them that is another patient's."""
    there = set(names)
    inside = ([name for name in group if name in there] for group in groups)
    return frozenset(name for group in inside for name in group if cases[name].patient != cases[group[0]].patient)


def entry_of(case: StoredCase, vector: NDArray[np.float32] | None) -> Entry:
    """What baselines know of a case; `vector` is of its whole image."""
    further = {name: value for name, value in case.extra.items() if name not in _NOT_A_HEADER}
    known = {"sex": case.sex, "source": case.source, "body_part": case.body_part, **further}
    return Entry(
        case_id=case.case_id,
        patient=case.patient,
        modality=case.modality,
        view=case.view,
        age=case.age,
        header={name: value for name, value in known.items() if isinstance(value, str)},
        vector=vector,
        report=case.report,
    )


def _row(case: StoredCase, true: TrueCase | None) -> CaseRow:
    """Header fields of a stored case, with what only the truth knows, such as the site."""
    row = case.as_row()
    return row if true is None else replace(row, extra={**true.header, **row.extra})
