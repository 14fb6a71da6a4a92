"""The runs of an index's questions: the index's own search, and every baseline that can be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.errors import IndexStoreError
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES, Question, rank_with
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, Kind
from casekin.journeys.evaluating.crops import asked_places, with_crops
from casekin.journeys.evaluating.index import IndexTask
from casekin.journeys.evaluating.store import DEPTH, Store, code_version, digest, stamp_of
from casekin.models import ImageEncoder
from casekin.relevance.trec import ANYWHERE
from casekin.retrieval.ask import LOOK_ALIKES
from casekin.retrieval.counted import ShownPresence, StatedFacts, count_stated, presence_at
from casekin.retrieval.hit import ResolvedRegion
from casekin.retrieval.query import FACTS_WEIGHT
from casekin.retrieval.rank import RankedCase, make_terms, rank_cases
from casekin.retrieval.resolve import resolve_places, shown_in

SUBJECT = "casekin"
PICTURES = "pictures alone"
"""The index's own search without what look-alikes' reports state."""
_CROPS = "crop and embed"
_MOST_CROPS = 3000
"""Crops that are encoded unasked: some minutes of one core."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """The baselines' runs, and by name why one couldn't be had."""

    runs: tuple[Run, ...]
    missing: Mapping[str, str]


def own_searches(encoder: ImageEncoder | None, kind: Kind) -> dict[str, tuple[str, ...]]:
    """The index's own searches by name, each with the findings whose reports it counts: with them first, then without.

    Without the index's own model, or for volumes, pictures alone rank.
    """
    findings = encoder.form.findings if encoder is not None and kind == "radiograph" else ()
    return {SUBJECT: findings, PICTURES: ()} if findings else {SUBJECT: ()}


def answer_questions(
    index: CaseIndex,
    asked: IndexTask,
    *,
    folder: Path,
    findings: tuple[str, ...] = (),
    name: str = SUBJECT,
    progress: Progress | None = None,
) -> Run:
    """`search_run`, kept in `folder` once it is whole, and taken from there while all that it depends on is the same.

    IndexStoreError when the index was written to since the questions were drawn.
    """
    _check_unwritten(index, asked)
    store = Store(folder=folder, stamp=digest(stamp_of(asked), findings))
    made = partial(search_run, index, asked, findings=findings, progress=progress)
    return store.keep_run(name, lambda: replace(made(), name=name))


def make_baselines(
    index: CaseIndex,
    asked: IndexTask,
    *,
    folder: Path,
    names: Sequence[str] = (),
    encoder: ImageEncoder | None = None,
    progress: Progress | None = None,
) -> Baselines:
    """Answer every question by each baseline of `names`, or all that can be had.

    A run is kept in `folder` as `answer_questions` does. `encoder`: the index's own model, for crops; many of them are
    encoded only where `crop and embed` is named, and `progress` is told how many are.

    Raises:
        IndexStoreError: the index was written to since the questions were drawn.
    """
    _check_unwritten(index, asked)
    store = Store(folder=folder, stamp=stamp_of(asked))
    missing = missing_baselines(asked, names, encoder)
    known = {_CROPS: partial(_cropped, index, asked, encoder, folder / ".crops", progress)}
    made = tuple(
        store.keep_run(name, partial(_rank, name, known.get(name, lambda: asked)))
        for name in dict.fromkeys(names or BASELINES)
        if name not in missing
    )
    return Baselines(runs=made, missing=missing)


def missing_baselines(asked: IndexTask, names: Sequence[str], encoder: ImageEncoder | None) -> dict[str, str]:
    """Of `names`, or of all baselines, those that can't rank these cases, and why."""
    reasons = {
        name: _why_missing(name, asked, encoder, is_named=name in names) for name in dict.fromkeys(names or BASELINES)
    }
    return {name: why for name, why in reasons.items() if why is not None}


def _check_unwritten(index: CaseIndex, asked: IndexTask) -> None:
    if index.version() != asked.index_version:
        raise IndexStoreError("index: it was written to while it was evaluated; evaluate again")


def search_run(
    index: CaseIndex, asked: IndexTask, *, findings: tuple[str, ...] = (), progress: Progress | None = None
) -> Run:
    """The index's own search: each question by the stored vectors of its case's first image, as a file would be asked.

    `findings` are those that the index's model reads from a picture: what reports of the nearest look-alikes state is
    counted, as a search does; without them pictures alone rank. Every case of the gallery and of another patient may be
    listed, each once; see docs/decisions/0015. A question at a place that its image has no vector of has no list.
    """
    rows: list[tuple[str, str, float]] = []
    with index.snapshot():
        catalog = index.catalog()
        inside = np.isin(catalog.case_id_of_case.astype(str), [entry.case_id for entry in asked.entries])
        stated = StatedFacts(index, findings)
        vectors: dict[str, NDArray[np.float32]] = {}
        previous = None
        for done, question in enumerate(asked.questions, start=1):
            if question.entry.case_id != previous:
                previous = question.entry.case_id
                vectors = index.vectors_of(asked.images[previous])
            regions = _regions(question, vectors, asked.kind)
            found = rank_cases(
                index,
                terms=[] if regions is None else make_terms(regions, vectors, kind=asked.kind),
                text_scores=None,
                free=None,
                allowed=inside & (catalog.patient_of_case != question.entry.patient),
                group_of_case=catalog.case_id_of_case,
                limit=DEPTH,
            )
            if findings and found:
                found = _counted(found, stated, presence_at(vectors, findings, regions or ()))
            rows += [(question.query_id, case.case_id, case.score) for case in found]
            if progress is not None:
                progress(done, len(asked.questions))
    return Run.build(SUBJECT, rows)


def _regions(
    question: Question, vectors: Mapping[str, NDArray[np.float32]], kind: Kind
) -> Sequence[ResolvedRegion] | None:
    """Where the question looks, () for the whole image; None, and so no list, where its image shows nothing of it."""
    if question.place == ANYWHERE:
        return () if GLOBAL in vectors else None
    regions = resolve_places([parse_place(question.place)], source="name", shown=shown_in(vectors, kind))
    return [region for region in regions if str(region.place) in vectors] or None


def _counted(found: Sequence[RankedCase], stated: StatedFacts, shown: ShownPresence) -> list[RankedCase]:
    """The first look-alikes by picture and report; the others follow them as they were, below the last."""
    near, rest = found[:LOOK_ALIKES], found[LOOK_ALIKES:]
    numbers = [case.case_no for case in near]
    first = count_stated(near, stated.at(numbers, shown.locations), shown, weight=FACTS_WEIGHT)
    fall = rest[0].score - first[-1].score + 1e-6 if rest else 0.0
    return [*first, *(replace(case, score=case.score - max(fall, 0.0)) for case in rest)]


def _rank(name: str, know: Callable[[], IndexTask]) -> Run:
    asked = know()
    return rank_with(BASELINES[name], asked.questions, asked.entries, depth=DEPTH)


def _why_missing(name: str, asked: IndexTask, encoder: ImageEncoder | None, *, is_named: bool) -> str | None:
    """Why a baseline can't rank these cases; None where it can."""
    entries = asked.entries
    crops = len(asked.images) * len(asked_places(asked.questions))
    reasons = {
        "metadata": (not any(e.header or e.modality or e.view or e.age for e in entries), "no case has header fields"),
        "view oracle": (not any(e.modality or e.view for e in entries), "no case has a modality or view"),
        "global vector": (all(e.vector is None for e in entries), "no case has an image"),
        "report BM25": (all(e.report is None for e in entries), "no case has a report"),
        _CROPS: (
            encoder is None or encoder.version != asked.model_version or (crops > _MOST_CROPS and not is_named),
            "the index's model isn't at hand"
            if encoder is None or encoder.version != asked.model_version
            else f"{crops} crops would have to be encoded; name it among the baselines to have them",
        ),
    }
    lacks, why = reasons.get(name, (False, ""))
    return why if lacks else None


def _cropped(
    index: CaseIndex, asked: IndexTask, encoder: ImageEncoder | None, folder: Path, progress: Progress | None
) -> IndexTask:
    """The same questions and gallery with vectors of their crops."""
    assert encoder is not None  # `_why_missing` saw to it
    places = asked_places(asked.questions)
    entries = with_crops(
        index,
        asked.entries,
        images=asked.images,
        places=places,
        encoder=encoder,
        folder=folder,
        stamp=digest(asked.index_version, encoder.version, places, code_version()),
        progress=progress,
    )
    by_id = {entry.case_id: entry for entry in entries}
    questions = tuple(replace(question, entry=by_id[question.entry.case_id]) for question in asked.questions)
    return replace(asked, entries=entries, questions=questions)
