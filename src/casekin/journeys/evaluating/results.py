"""The folder of an evaluation: the record, the page, the same in Markdown, the runs made for it and its labels."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import casekin
from casekin.errors import InputError
from casekin.evaluation import Judgements, Run, write_run
from casekin.evaluation.cards import write_markdown, write_page
from casekin.evaluation.judgements import Numbers, places_asked
from casekin.evaluation.protocols import Task
from casekin.evaluation.scoring_record import Evaluation

_DRAFT = ".evaluation"
RECORD, PAGE, TEXT = "evaluation.json", "evaluation.html", "evaluation.md"
RUNS, LABELS = "runs", "qrels"
_WRITER = "casekin evaluate"


def check_runs_apart(out: Path, given: Iterable[Path]) -> None:
    """InputError where a run that was given would be replaced."""
    inside = next((path for path in given if path.resolve().is_relative_to((out / RUNS).resolve())), None)
    if inside is not None:
        raise InputError(f"out: {inside.name} is one of the runs there, which are written anew; name another --out")


def were_drawn(folder: Path) -> bool:
    """Whether an evaluation wrote these labels: then they hold the questions that it drew, and no others."""
    try:
        return bool(json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("writer") == _WRITER)
    except (OSError, ValueError, AttributeError):
        return False


def check_labels_apart(out: Path) -> None:
    """InputError where labels lie that no evaluation wrote."""
    if (out / LABELS).exists() and not were_drawn(out / LABELS):
        raise InputError(f"out: {LABELS} in {out.name!r} are no evaluation's and would be replaced; name another --out")


def write_results(
    out: Path,
    evaluation: Evaluation,
    *,
    runs: Iterable[Run] = (),
    pictures: Mapping[str, bytes] | None = None,
    task: Task | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write an evaluation beside what is in `out`, then put all of it in place; the record comes last.

    `runs` are those made here, `task` one whose labels were made here: what was given is not copied. `pictures`: films
    by case id, for the page. `texts`: further files by name. InputError when `out` is a file.
    """
    draft = out / _DRAFT
    try:
        shutil.rmtree(draft, ignore_errors=True)
        (draft / RUNS).mkdir(parents=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(
            f"out: expected a folder to write to, got a file at {out.name!r}; name another --out"
        ) from None
    record = evaluation.as_record()
    write_page(record, draft / PAGE, pictures=pictures or {})
    write_markdown(record, draft / TEXT)
    for run in runs:
        write_run(draft / RUNS / run_file(run.name), run)
    for name, content in (texts or {}).items():
        (draft / name).write_text(content, encoding="utf-8")
    if task is not None:
        write_labels(task, draft / LABELS, source=evaluation.labels["source"])
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1)
    (draft / RECORD).write_text(text + "\n", encoding="utf-8")
    (out / RECORD).unlink(missing_ok=True)
    if task is not None:
        shutil.rmtree(out / LABELS, ignore_errors=True)
    paths = sorted(path.relative_to(draft) for path in draft.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: path.name == RECORD):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (draft / path).replace(out / path)
    shutil.rmtree(draft)


def write_labels(task: Task, folder: Path, *, source: str) -> None:
    """Write labels of judged places as `casekin mine` does, so that other runs can be measured by the same ones."""
    folder.mkdir()
    labels = task.judgements
    split, names = labels.split or task.name, labels.documents
    cases = zip(names, labels.patients or names, labels.splits or (split,) * len(names), strict=True)
    places = places_asked(names, labels.listed)
    texts = {
        f"{split}.qrels": _qrel_lines(labels),
        "judged.jsonl": _place_lines(labels, labels.judged or {}),
        "normal.jsonl": _place_lines(labels, labels.normal),
        "cases.jsonl": (
            json.dumps(
                {"case_id": name, "patient": patient or name, "split": of, "asks": sorted(places[name])},
                ensure_ascii=False,
            )
            + "\n"
            for name, patient, of in cases
        ),
    }
    files = {}
    for name, lines in texts.items():
        content = "".join(lines).encode()
        (folder / name).write_bytes(content)
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest = {"version": "1", "writer": _WRITER, "program": casekin.__version__, "labeller": {"name": source}}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": files}, indent=1) + "\n", encoding="utf-8")


def _qrel_lines(labels: Judgements) -> Iterator[str]:
    """A line a pair; a question with nothing to find has one of grade 0, as its own case isn't relevant to it."""
    for query, listed in labels.listed.items():
        if not len(listed.numbers):
            yield f"{query} 0 {query.partition('@')[0]} 0\n"
        pairs = zip(listed.numbers.tolist(), listed.grades.tolist(), strict=True)
        yield from (f"{query} 0 {labels.documents[number]} {grade:g}\n" for number, grade in pairs)


def _place_lines(labels: Judgements, lists: Mapping[str, Numbers]) -> Iterator[str]:
    for place, numbers in lists.items():
        cases = [labels.documents[number] for number in numbers.tolist()]
        yield json.dumps({"place": place, "cases": cases}, ensure_ascii=False) + "\n"


def run_file(name: str) -> str:
    """The file of a run or task: `view_oracle.run`."""
    return f"{'_'.join(name.split())}.run"
