"""Tasks put together: several of a protocol as one, a gallery that the labels leave open, closed by the runs; and the
run that needs nothing else, the random one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.baselines import BASELINES, Entry, Question, rank_with
from casekin.evaluation.judgements import NOTHING, Judgements, Listed, Numbers
from casekin.evaluation.protocols.task import Task
from casekin.evaluation.runs import Run


def join_tasks(tasks: Sequence[Task]) -> Task:
    """All queries of a protocol's tasks as one task, named `all`; one task alone stays as it is.

    A query without a place gets its task's name for one, so that the two directions of a protocol stay apart. A place
    stands in one task. InputError when tasks without judged places have different galleries.
    """
    first = tasks[0]
    if len(tasks) == 1:
        return first
    documents = sorted({name for task in tasks for name in task.judgements.documents})
    parts = {task.name: _over(task.judgements, documents) for task in tasks}
    judged = {place: numbers for part in parts.values() for place, numbers in (part.judged or {}).items()}
    if not judged and any(len(task.judgements.documents) < len(documents) for task in tasks):
        raise InputError(
            f"protocol {first.protocol.name}: expected tasks over one gallery, got several; score them apart"
        )
    patients = {name: one for part in parts.values() for name, one in zip(documents, part.patients or (), strict=False)}
    listed = {joined_query(task, query): one for task in tasks for query, one in parts[task.name].listed.items()}
    return replace(
        first,
        name="all",
        judgements=replace(
            parts[first.name],
            listed=dict(sorted(listed.items())),
            judged=judged or None,
            normal={place: numbers for part in parts.values() for place, numbers in part.normal.items()},
            patients=tuple(patients.get(name) for name in documents) if patients else None,
        ),
        dropped=dict(sorted(sum((Counter(task.dropped) for task in tasks), Counter[str]()).items())),
        groups={name: group for task in tasks for name, group in task.groups.items()},
    )


def join_runs(tasks: Sequence[Task], runs: Mapping[str, Run]) -> Run | None:
    """A run's parts by task name as one run for `join_tasks(tasks)`; None where it has a part of none of them."""
    parts = [(task, runs[task.name]) for task in tasks if task.name in runs]
    if not parts or len(tasks) == 1:
        return parts[0][1] if parts else None
    return Run(
        name=parts[0][1].name,
        lists={joined_query(task, query): ids for task, run in parts for query, ids in run.lists.items()},
        scores={joined_query(task, query): scores for task, run in parts for query, scores in run.scores.items()},
    )


def joined_query(task: Task, query: str) -> str:
    """The query's id among those of all tasks: its own where it has a place, else with the task for a place."""
    return query if "@" in query else f"{query}@{'_'.join(task.name.split())}"


def close_gallery(task: Task, runs: Iterable[Run]) -> Task:
    """The same task with every document that one of the runs names in its gallery, if the labels leave that open."""
    labels = task.judgements
    named = {document for run in runs for ids in run.lists.values() for document in ids}
    if labels.closed or named <= set(labels.documents):
        return task
    return replace(task, judgements=_over(labels, sorted({*labels.documents, *named})))


def rank_at_random(task: Task, queries: Iterable[str], *, depth: int) -> Run:
    """The baseline `random` over each query's own gallery: the first `depth` cases judged at its place, of the split.

    A query's own patient is kept out as the labels have it; one without a gallery has no list.
    """
    labels = task.judgements
    patients = labels.patients or (None,) * len(labels.documents)
    told = (name if patient is None else patient for name, patient in zip(labels.documents, patients, strict=True))
    entries = [Entry(case_id=name, patient=one) for name, one in zip(labels.documents, told, strict=True)]
    of_split = [labels.splits is None or labels.split in (None, split) for split in labels.splits or labels.documents]
    by_gallery: dict[str, list[str]] = {}
    for query in sorted(queries):
        by_gallery.setdefault(query if query in (labels.judged or {}) else query.partition("@")[2], []).append(query)
    lists: dict[str, tuple[str, ...]] = {}
    scores: dict[str, tuple[float, ...]] = {}
    for key, asked in by_gallery.items():
        numbers = range(len(entries)) if labels.judged is None else labels.judged.get(key, NOTHING.numbers).tolist()
        gallery = [entries[number] for number in numbers if of_split[number]]
        questions = [Question(entry=_asking(query, labels, entries), place=query.partition("@")[2]) for query in asked]
        if any({entry.patient for entry in gallery} - {question.entry.patient} for question in questions):
            run = rank_with(BASELINES["random"], questions, gallery, depth=depth)
            lists |= {query.removesuffix("@"): ids for query, ids in run.lists.items()}
            scores |= {query.removesuffix("@"): values for query, values in run.scores.items()}
    return Run(name="random", lists=lists, scores=scores)


def _asking(query: str, labels: Judgements, entries: Sequence[Entry]) -> Entry:
    """The query's case and the patient whose cases it may not find; nobody's by the plain rules of TREC."""
    case = query.partition("@")[0]
    if query in labels.query_patients:
        return Entry(case_id=case, patient=labels.query_patients[query])
    number = bisect_left(labels.documents, case)
    held = number < len(entries) and labels.documents[number] == case
    if not held or (labels.judged is None and labels.patients is None):
        return Entry(case_id=case, patient="")
    return entries[number]


def _over(labels: Judgements, documents: Sequence[str]) -> Judgements:
    """The same labels over more documents, ascending; nothing is known of the new ones."""
    numbers = {name: number for number, name in enumerate(documents)}
    moved = np.array([numbers[name] for name in labels.documents], dtype=np.int32)
    old = dict(zip(labels.documents, range(len(moved)), strict=True))
    was = [old.get(name) for name in documents]

    def renumbered(lists: Mapping[str, Numbers]) -> dict[str, Numbers]:
        return {place: moved[found] for place, found in lists.items()}

    return replace(
        labels,
        documents=tuple(documents),
        listed={query: Listed(moved[one.numbers], one.grades) for query, one in labels.listed.items()},
        judged=None if labels.judged is None else renumbered(labels.judged),
        normal=renumbered(labels.normal),
        patients=labels.patients and tuple(None if i is None else labels.patients[i] for i in was),
        splits=labels.splits and tuple("" if i is None else labels.splits[i] for i in was),
    )
