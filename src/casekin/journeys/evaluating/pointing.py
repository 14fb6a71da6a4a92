"""Does it matter how a place is pointed at: by name, box, mask or phrase? The same questions, asked each way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from casekin.anatomy import is_part_of
from casekin.errors import InputError
from casekin.evaluation import Judgements, Run, judge_run
from casekin.evaluation.judgements import NOTHING
from casekin.evaluation.measures.conditional import RegionAgreement
from casekin.evaluation.runs import JudgedRun
from casekin.evaluation.statistics import RESAMPLES, PatientTotals, bootstrap_means
from casekin.evaluation.truth import TrueCase, read_truth
from casekin.findings import finding
from casekin.imaging import read_image
from casekin.imaging.manifest import inner_path, read_manifest
from casekin.index import CaseIndex
from casekin.journeys.evaluating.index import IndexTask
from casekin.journeys.evaluating.store import Store, digest, stamp_of
from casekin.journeys.mining.reading import digest_files
from casekin.journeys.search import encode_query, search_cases
from casekin.models import ImageEncoder
from casekin.relevance.trec import split_query_id
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.query import SearchQuery
from casekin.types import CaseRow, Place

QUESTIONS = 60
"""Questions asked in every way: half of them where the truth has a mask, which few places have."""
Progress = Callable[[int, int], None]
_FIRST = 10
WAYS = ("name", "box", "mask", "phrase")


def compare_pointing(
    index: CaseIndex,
    asked: IndexTask,
    *,
    truth: Path,
    encoder: ImageEncoder,
    folder: Path,
    seed: int,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> dict[str, Any] | None:
    """How far the first ten agree between ways of pointing at a place, with the archive's image files and true regions.

    None where no image of a question lies beside the truth. `pairs` has, for `name/box` and so on, the mean rank-biased
    overlap of the lists that the product shows, its interval by patient, and what two random lists have; `n` counts the
    questions. A way that the truth has no region for isn't asked, so that pairs may have fewer. Their `regions` say of
    both ways where the region came from: `given`, `located` in the picture by the model, or `none`. The lists are kept
    in `folder` as runs are.

    Raises:
        InputError: truth or manifest is damaged.
        ImageError: an image can't be read.
    """
    true, rows = read_truth(truth), _rows(truth.with_name("manifest.jsonl"))
    queries = _choose(asked, true, rows, truth.parent, seed)
    if not queries:
        return None
    cases = {case_id: true[case_id] for case_id, _ in map(_split, queries)}
    images = {case_id: truth.parent / rows[case_id].image for case_id in cases}
    masks = [mask for case in cases.values() for mask in _mask_files(case, truth.parent)]
    files = [path for given in (truth, *images.values(), *masks) for path in _files(given)]
    store = Store(folder=folder, stamp=digest(stamp_of(asked), queries, digest_files(files)))
    answers = store.keep_record(
        "pointing", lambda: _ask(index, queries, cases, images, truth.parent, encoder=encoder, progress=progress)
    )
    lists = {way: {query: tuple(found) for query, found in told["lists"].items()} for way, told in answers.items()}
    regions = {way: " or ".join(sorted(set(told["regions"].values()))) for way, told in answers.items()}
    pairs = _agreement(index, asked, lists, seed=seed, resamples=resamples)
    return {
        "measure": RegionAgreement().name,
        "first": _FIRST,
        "n": len(queries),
        "pairs": {
            pair: {"regions": [regions[way] for way in pair.split("/")], **score} for pair, score in pairs.items()
        },
    }


def _ask(
    index: CaseIndex,
    queries: Sequence[str],
    cases: Mapping[str, TrueCase],
    images: Mapping[str, Path],
    folder: Path,
    *,
    encoder: ImageEncoder,
    progress: Progress | None,
) -> dict[str, Any]:
    """By way and question the cases listed, and where the region came from."""
    told: dict[str, Any] = {way: {"lists": {}, "regions": {}} for way in WAYS}
    for done, query in enumerate(queries, start=1):
        case_id, place = _split(query)
        encoded = encode_query(index, images[case_id], encoder)
        for way, question in _ways(images[case_id], place, cases[case_id], folder).items():
            answer = search_cases(index, question, encoder=encoder, encoded=encoded)
            told[way]["lists"][query] = [hit.case_id for hit in answer.hits]
            told[way]["regions"][query] = region_source(answer)
        if progress is not None:
            progress(done, len(queries))
    return {way: entry for way, entry in told.items() if entry["lists"]}


def region_source(answer: SearchAnswer) -> str:
    """Where the region of an answer came from: `given` with the question, `located` by the model, or `none`."""
    sources = {region.source for region in answer.resolved_regions}
    if not sources:
        return "none"
    return "given" if sources <= {"box", "mask"} else "located"


def _rows(manifest: Path) -> dict[str, CaseRow]:
    """The first row of each case; empty without a manifest."""
    rows: dict[str, CaseRow] = {}
    if manifest.is_file():
        for row in read_manifest(manifest):
            if isinstance(row, CaseRow):
                rows.setdefault(row.case_id, row)
    return rows


def _choose(
    asked: IndexTask, true: Mapping[str, TrueCase], rows: Mapping[str, CaseRow], folder: Path, seed: int
) -> list[str]:
    """Questions at a place that the truth has a box for, by hash; ids ascending."""
    there = [
        query
        for query in asked.task.judgements.listed
        for case_id, place in [split_query_id(query)]
        if place is not None
        and case_id in true
        and place in true[case_id].boxes
        and case_id in rows
        and (folder / rows[case_id].image).exists()
    ]
    key = f"{seed}\0pointing\0".encode()
    there.sort(key=lambda query: hashlib.sha256(key + query.encode()).digest())
    masked = [query for query in there if query.partition("@")[2] in true[query.partition("@")[0]].masks]
    first = masked[: QUESTIONS // 2]
    others = [query for query in there if query not in masked]
    return sorted([*first, *others[: QUESTIONS - len(first)]])


def _split(query: str) -> tuple[str, Place]:
    case_id, place = split_query_id(query)
    assert place is not None  # `_choose` leaves out questions about the whole
    return case_id, place


def _ways(image: Path, place: Place, case: TrueCase, folder: Path) -> dict[str, SearchQuery]:
    """The question in every way that the truth has a region or words for."""
    by_name = SearchQuery(image=image, at=(str(place),), limit=_FIRST)
    unnamed = replace(by_name, at=())
    ways = {"name": by_name, "box": replace(unnamed, box=case.boxes[place])}
    if str(place) in case.masks:
        ways["mask"] = replace(unnamed, mask=read_image(_mask_file(case.masks[str(place)], folder)).pixels > 0)
    if (fact := next((fact for fact in case.facts if is_part_of(fact.place, place)), None)) is not None:
        # As a person would type it, who sees the finding there and not beside the place.
        words = f"{finding(fact.finding).name} in the {str(place).replace('_', ' ')}"
        ways["phrase"] = replace(unnamed, phrase=words)
    return ways


def _mask_files(case: TrueCase, folder: Path) -> list[Path]:
    return [_mask_file(name, folder) for name in case.masks.values()]


def _mask_file(name: str, folder: Path) -> Path:
    try:
        return folder / inner_path(name, folder, "mask")
    except ValueError as error:
        raise InputError(f"truth: {error}") from None


def _files(given: Path) -> list[Path]:
    """A file, or all of a folder such as a series; nothing of what isn't there."""
    return [path for path in (given, *given.rglob("*")) if path.is_file()]


def _agreement(
    index: CaseIndex,
    asked: IndexTask,
    lists: Mapping[str, Mapping[str, tuple[str, ...]]],
    *,
    seed: int,
    resamples: int,
) -> dict[str, dict[str, Any]]:
    patients = {entry.case_id: entry.patient for entry in asked.entries}
    documents = tuple(index.catalog().case_ids.all())
    pairs = {}
    for one, other in combinations((way for way in WAYS if way in lists), 2):
        queries = sorted(lists[one].keys() & lists[other].keys())
        if not queries:
            continue
        first, second = (_judged(way, {q: lists[way][q] for q in queries}, documents) for way in (one, other))
        measure = RegionAgreement(reference=second)
        totals = PatientTotals.by_query(
            measure.value_per_query(first), [patients[query.partition("@")[0]] for query in queries]
        )
        (interval,) = bootstrap_means(totals, generator=np.random.default_rng(seed), resamples=resamples)
        pairs[f"{one}/{other}"] = {**interval.as_record(), "chance": measure.chance(first)}
    return pairs


def _judged(way: str, lists: Mapping[str, tuple[str, ...]], documents: tuple[str, ...]) -> JudgedRun:
    """Lists over the whole index as measures take them; nothing is graded."""
    scores = {query: tuple(float(-rank) for rank in range(len(found))) for query, found in lists.items()}
    labels = Judgements(documents=documents, listed=dict.fromkeys(lists, NOTHING), closed=True)
    return judge_run(Run(name=way, lists=lists, scores=scores), labels)
