"""The folder of an evaluation: the record, the page, the same in Markdown, the runs made for it and its labels."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from casekin.errors import InputError
from casekin.evaluation import Run, write_run
from casekin.evaluation.scoring_record import Evaluation

_DRAFT = ".evaluation"
RECORD, PAGE, TEXT, RUNS = "evaluation.json", "evaluation.html", "evaluation.md", "runs"


def write_results(
    out: Path,
    evaluation: Evaluation,
    *,
    runs: Iterable[Run] = (),
    pictures: Mapping[str, bytes] | None = None,
    further: Mapping[str, Callable[[Path], None]] | None = None,
) -> None:
    """Write an evaluation beside what is in `out`, then put all of it in place; the record comes last.

    `pictures`: films by case id, JPEG, for the page. `runs` are those made here, not the files that were given.
    `further` names other files and what writes each. InputError when `out` is a file.
    """
    from casekin.evaluation.cards import write_markdown, write_page

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
    for name, write in (further or {}).items():
        write(draft / name)
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1)
    (draft / RECORD).write_text(text + "\n", encoding="utf-8")
    (out / RECORD).unlink(missing_ok=True)
    paths = sorted(path.relative_to(draft) for path in draft.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: path.name == RECORD):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (draft / path).replace(out / path)
    shutil.rmtree(draft)


def run_file(name: str) -> str:
    """The file of a run or task: `view_oracle.run`."""
    return f"{'_'.join(name.split())}.run"
