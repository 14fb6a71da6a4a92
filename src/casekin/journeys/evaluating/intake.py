"""What an evaluation of files reads: labels by protocol, runs task by task, and the truth about a simulated archive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casekin.errors import InputError
from casekin.evaluation import Run, read_run
from casekin.evaluation.protocols import Task, read_tasks
from casekin.evaluation.truth import TrueCase, read_truth
from casekin.imaging.manifest import read_manifest
from casekin.journeys.evaluating.results import run_file
from casekin.relevance import CaseFindings
from casekin.types import CaseRow

OURS, PLAIN = "casekin", "trec"
DEFAULT_SPLIT = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of cases beside labels: findings, and rows of the manifest; both empty where nothing is."""

    cases: tuple[CaseFindings, ...] = ()
    rows: tuple[CaseRow, ...] = ()


def read_labels(source: Path, *, protocol: str | None, split: str | None) -> list[Task]:
    """The tasks of a protocol; None takes `casekin` for labels that `casekin mine` wrote, else `trec`.

    `source` may then be a folder with `{split}.qrels`, itself or in `qrels/`. InputError as `read_tasks`, when there is
    no such file, and when the labels are of the other of the two.
    """
    if protocol not in (None, OURS, PLAIN):
        return list(read_tasks(protocol, source))
    path = find_qrels(source, split) if source.is_dir() else source
    if split is not None and path.stem != split:
        raise InputError(f"split: expected labels of {split}, got {path.name}; name the folder, or another file")
    found = OURS if path.with_name("judged.jsonl").is_file() else PLAIN
    if protocol not in (None, found):
        beside = "without judged.jsonl beside it" if found == PLAIN else "with judged.jsonl beside it"
        raise InputError(
            f"protocol {protocol}: got {path.name} {beside}, which is labels for {found}; leave --protocol out"
        )
    return list(read_tasks(found, path))


def find_qrels(folder: Path, split: str | None) -> Path:
    """`{split}.qrels` in a folder or in its folder `qrels`; None is test, or the only one there.

    InputError when there is none, or several to choose from.
    """
    found = {path.stem: path for place in (folder / "qrels", folder) for path in sorted(place.glob("*.qrels"))}
    name = split or (DEFAULT_SPLIT if DEFAULT_SPLIT in found or len(found) != 1 else next(iter(found)))
    if name not in found:
        there = ", ".join(sorted(found)[:5]) or "none"
        raise InputError(
            f"qrels: expected {name}.qrels in {folder.name!r}, got {there}; name another --split or a file"
        )
    return found[name]


def read_labeller(source: Path, split: str | None) -> str:
    """Who gave the grades of labels with judged places: `mined` from reports, `readers`, a `truth`."""
    path = find_qrels(source, split) if source.is_dir() else source
    try:
        name = json.loads(path.with_name("manifest.json").read_text(encoding="utf-8"))["labeller"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return "mined"
    return str(name) if name in ("readers", "truth") else "mined"


def read_runs(paths: Sequence[Path], tasks: Sequence[Task]) -> list[dict[str, Run]]:
    """Each run by task name; a task that a run has nothing for is absent. InputError as `read_run`, and of one twice.

    Files of the same name are told apart by their folders. A file holds the queries of all tasks; where these have the
    same ids, or for convenience, a folder holds a file for each task.
    """
    return [_by_task(path, name, tasks) for path, name in zip(paths, _run_names(paths), strict=True)]


def read_splits(path: Path | None) -> dict[str, str] | None:
    """Split by case id of a `truth.jsonl` or `cases.jsonl`; None where there is no such file or it names no split."""
    if path is None or not path.is_file():
        return None
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
    return {str(row["case_id"]): str(row["split"]) for row in rows if row.get("split")} or None


def read_known(truth: Path, tasks: Sequence[Task]) -> Known:
    """Findings of a `truth.jsonl`, and the rows of the `manifest.jsonl` beside it, if there is one.

    InputError when the truth can't be read, or knows no case of the labels.
    """
    told = read_truth(truth)
    patients: dict[str, str] = {}
    for task in tasks:
        documents = task.judgements.documents
        patients |= {
            case: patient or case
            for case, patient in zip(documents, task.judgements.patients or documents, strict=True)
            if case in told
        }
    if not patients:
        raise InputError(
            f"truth: expected cases of the labels in {truth.name}, got none; both have to be of one archive"
        )
    return Known(
        cases=tuple(_findings(told[case], patient) for case, patient in sorted(patients.items())),
        rows=tuple(_rows(truth.with_name("manifest.jsonl"), told)),
    )


def _run_names(paths: Sequence[Path]) -> list[str]:
    """The name of each file, with as many of its folders before it as tell it from the others."""
    whole = [path.resolve() for path in paths]
    again = next((path for number, path in enumerate(whole) if path in whole[:number]), None)
    if again is not None:
        raise InputError(f"run: {again.name} is given twice; expected every run once")
    parts = [(*path.parts[:-1], path.stem) for path in whole]
    if len(set(parts)) < len(parts):  # files that only their suffix tells apart
        parts = [path.parts for path in whole]
    return ["/".join(own[-_telling(own, parts) :]) for own in parts]


def _telling(own: Sequence[str], others: Sequence[Sequence[str]]) -> int:
    """How many of the last parts only one of them has."""
    return next(n for n in range(1, len(own) + 1) if sum(one[-n:] == own[-n:] for one in others) == 1)


def _by_task(path: Path, name: str, tasks: Sequence[Task]) -> dict[str, Run]:
    if path.is_dir():
        files = {task.name: path / run_file(task.name) for task in tasks}
        found = {task: replace(read_run(file), name=name) for task, file in files.items() if file.is_file()}
        if not found:
            wanted = ", ".join(file.name for file in list(files.values())[:3])
            raise InputError(f"run {name}: expected a file for each task in the folder ({wanted} …), got none")
        return found
    run = replace(read_run(path), name=name)
    return {tasks[0].name: run} if len(tasks) == 1 else _divide(run, tasks)


def _divide(run: Run, tasks: Sequence[Task]) -> dict[str, Run]:
    """A run of several tasks in parts, by whose queries they are."""
    owners: dict[str, str] = {}
    for task in tasks:
        shared = next((query for query in task.judgements.listed if query in owners), None)
        if shared is not None:
            raise InputError(
                f"run {run.name}: the tasks {owners[shared]!r} and {task.name!r} have the same query ids; name a "
                f"folder with {run_file(owners[shared])} and {run_file(task.name)}"
            )
        owners |= dict.fromkeys(task.judgements.listed, task.name)
    strange = next((query for query in run.lists if query not in owners), None)
    if strange is not None:
        raise InputError(
            f"run {run.name}: the query {strange[:80]!r} is unknown to the labels; run and labels have to be of one "
            "protocol"
        )
    return {
        task.name: Run(name=run.name, lists={q: run.lists[q] for q in own}, scores={q: run.scores[q] for q in own})
        for task in tasks
        if (own := [query for query in run.lists if owners[query] == task.name])
    }


def _findings(case: TrueCase, patient: str) -> CaseFindings:
    return CaseFindings(case_id=case.case_id, patient=patient, facts=case.facts, normal_anatomies=case.normal_anatomies)


def _rows(manifest: Path, told: Mapping[str, TrueCase]) -> Iterator[CaseRow]:
    """Manifest rows with what the truth says of where the image comes from; bad rows tell nothing here."""
    if not manifest.is_file():
        return
    for row in read_manifest(manifest):
        if isinstance(row, CaseRow):
            known = told.get(row.case_id)
            yield row if known is None else replace(row, extra={**known.header, **row.extra})
