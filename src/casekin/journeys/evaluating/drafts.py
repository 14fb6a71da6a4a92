"""Drafts of an index's cases become figures, beside texts that know nothing of the picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import casekin
from casekin.anatomy import is_lateral
from casekin.errors import InputError
from casekin.evaluation.baselines import CONSTANT_NORMAL, GlobalVector, Question, Random, copy_top_1, rank_with
from casekin.evaluation.drafts import CONSTANT, COPY, RANDOM, DraftEvaluation, Reference, ToldDraft, score_drafts
from casekin.evaluation.drafts.page import write_draft_page
from casekin.evaluation.truth import read_truth
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, StoredCase
from casekin.journeys.evaluating.index import entry_of, first_images, read_cases
from casekin.journeys.evaluating.options import ALL_SPLITS, EvaluateOptions
from casekin.relevance import CaseFindings
from casekin.relevance.trec import ANYWHERE

RECORD, PAGE, DRAFTS = "drafts.json", "drafts.html", "drafts.jsonl"
Record = Mapping[str, Any]
Progress = Callable[[int, int], None]
_DEPTH = 20
"""Ranks among which a baseline looks for a case that has a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsResult:
    """An evaluation of drafts, the drafts by case, and the folder that holds both, if any.

    `header`: program, command, split, versions; `gallery`: cases with a report to draft from; `dropped`: cases without
    a frontal radiograph or labels, and drafts of such or of unknown cases.
    """

    evaluation: DraftEvaluation
    drafts: Mapping[str, Record]
    out: Path | None
    header: Mapping[str, Any]

    def as_record(self) -> dict[str, Any]:
        """The content of `drafts.json`."""
        return {**self.evaluation.as_record(), **self.header}


def evaluate_drafts(
    index: CaseIndex,
    drafts: Path | Callable[[str], Record],
    *,
    truth: Path | None = None,
    options: EvaluateOptions | None = None,
    out: Path | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> DraftsResult:
    """Measure drafts of stored radiographs by a truth, or by what their own reports state.

    `drafts`: what makes the record of a case's draft, or a JSONL file of such records with `case_id`; a line with
    `report` in place of `sentences` is another system's text, which cites nothing. Made ones are of as many cases as
    `options` has queries, drawn by its seed (0: all with a frontal image and a reference), of the truth's split (None:
    all); those of a file are measured as they are, and counted in `dropped` where their case can't be. `out`: folder
    for the record, the page and the drafts; `command`: what was typed, for the record.

    Raises:
        InputError: a file is damaged, or no case can be measured.
    """
    options = options or EvaluateOptions()
    split = None if options.split == ALL_SPLITS else options.split
    with index.snapshot():
        stored, images = read_cases(index), first_images(index, "radiograph")
        references = _references(stored, images, truth, split)
        if isinstance(drafts, Path):
            given = dict(_read_drafts(drafts))
        else:
            given = _make(drafts, _draw(references, options.queries, options.seed), progress)
        made = {case: record for case, record in given.items() if case in references}
        result = DraftsResult(
            evaluation=_score(index, stored, images, made, references, options),
            drafts=made,
            out=out,
            header={
                "program": f"casekin {casekin.__version__}",
                "command": command,
                "split": split,
                "gallery": sum(one.report is not None for one in stored.values()),
                "dropped": {"cases": len(stored) - len(references), "drafts": len(given) - len(made)},
                "index_version": index.version(),
                "model_version": index.model_version("radiograph"),
            },
        )
    if out is not None:
        _write(result, out)
    return result


def _score(
    index: CaseIndex,
    stored: Mapping[str, StoredCase],
    images: Mapping[str, int],
    made: Mapping[str, Record],
    references: Mapping[str, Reference],
    options: EvaluateOptions,
) -> DraftEvaluation:
    told = [_told(case, record) for case, record in made.items()]
    if not told:
        raise InputError("drafts: expected cases of the index with a frontal radiograph and labels, got none")
    return score_drafts(
        told,
        {case: references[case] for case in made},
        baselines=_baselines(index, stored, images, list(made)),
        cited={case: _of_report(stored[case]) for one in told for case in _cited(one) if case in stored},
        seed=options.seed,
        resamples=options.resamples,
    )


def _references(
    stored: Mapping[str, StoredCase], images: Mapping[str, int], truth: Path | None, split: str | None
) -> dict[str, Reference]:
    """What each case with a frontal radiograph is measured by."""
    frontal = {case: one for case, one in stored.items() if case in images and not is_lateral(one.view)}
    if truth is None:
        return {case: _of_report(one) for case, one in frontal.items() if one.report}
    true = read_truth(truth)
    return {
        case: Reference.of_truth(true[case], patient=one.patient, text=one.report)
        for case, one in frontal.items()
        if case in true and split in (None, true[case].split)
    }


def _of_report(case: StoredCase) -> Reference:
    return Reference.of_report(CaseFindings.of(case), text=case.report)


def _draw(references: Mapping[str, Reference], count: int, seed: int) -> list[str]:
    """So many cases, ascending, by a hash: an archive that grows keeps most of them."""
    drawn = sorted(references, key=lambda case: hashlib.sha256(f"{seed}\0draft\0{case}".encode()).digest())
    return sorted(drawn[: count or len(drawn)])


def _make(draft: Callable[[str], Record], cases: Sequence[str], progress: Progress | None) -> dict[str, Record]:
    made = {}
    for done, case in enumerate(cases, start=1):
        made[case] = draft(case)
        if progress is not None:
            progress(done, len(cases))
    return made


def _read_drafts(path: Path) -> Iterator[tuple[str, Record]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"drafts: expected a readable text file, got {type(error).__name__} at {path.name}") from None
    seen: set[str] = set()
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            case = str(record["case_id"])
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path.name} row {row}: expected a draft with case_id, got {type(error).__name__}"
            ) from None
        if case in seen:
            raise InputError(f"{path.name} row {row}: the case {case[:80]!r} is there twice; expected it once")
        seen.add(case)
        yield case, record


def _told(case: str, record: Record) -> ToldDraft:
    if isinstance(record.get("report"), str):
        return ToldDraft.of_text(case, record["report"])
    return ToldDraft.of_record(case, record)


def _cited(draft: ToldDraft) -> Iterator[str]:
    return (case for sentence in draft.sentences for case in sentence.cites)


def _baselines(
    index: CaseIndex, stored: Mapping[str, StoredCase], images: Mapping[str, int], cases: Sequence[str]
) -> dict[str, list[ToldDraft]]:
    """The same normal report for everyone, the report of the most similar other patient's case, and of any case."""
    numbers, vectors = index.vectors_at(GLOBAL, "radiograph")
    of_image = dict(zip(numbers.tolist(), vectors.astype("float32"), strict=True))
    entries = {case: entry_of(stored[case], of_image.get(number)) for case, number in images.items()}
    reports = {case: one.report for case, one in stored.items() if one.report}
    questions = [Question(entry=entries[case], place=ANYWHERE) for case in cases]
    told = {CONSTANT: [ToldDraft.of_text(case, CONSTANT_NORMAL) for case in cases]}
    if len(reports) < 2 or len({one.patient for one in entries.values()}) < 2:
        return told
    for name, ranking in ((COPY, GlobalVector()), (RANDOM, Random())):
        copied = copy_top_1(rank_with(ranking, questions, entries.values(), depth=_DEPTH), reports)
        told[name] = [ToldDraft.of_text(query.rpartition("@")[0], text) for query, text in copied.items()]
    return told


def _write(result: DraftsResult, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"out: expected a folder to write to, got a file at {out.name!r}") from None
    record = result.as_record()
    lines = (json.dumps({"case_id": case, **draft}, ensure_ascii=False) + "\n" for case, draft in result.drafts.items())
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    (out / DRAFTS).write_text("".join(lines), encoding="utf-8")
    write_draft_page(record, out / PAGE)
    (out / RECORD).write_text(text, encoding="utf-8")
