"""The runs of an index's questions: the index's own search, and every baseline that can be had."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin import anatomy, evaluation, models, retrieval
from casekin import index as index_package
from casekin.anatomy import parse_place
from casekin.errors import IndexStoreError
from casekin.evaluation import Run, read_run, write_run
from casekin.evaluation.baselines import BASELINES, Question, rank_with
from casekin.index import CaseIndex, Term
from casekin.index.records import GLOBAL
from casekin.journeys.evaluate_crops import asked_places, with_crops
from casekin.journeys.evaluate_index import IndexTask
from casekin.journeys.mine_reading import digest_files, package_files
from casekin.models import ImageEncoder
from casekin.relevance.trec import ANYWHERE
from casekin.retrieval.rank import make_terms, rank_cases
from casekin.retrieval.resolve import resolve_places

SUBJECT = "casekin"
DEPTH = 1000
"""Ranks that a run holds: TREC's usual depth, and the most that a search lists."""
_CROPS = "crop and embed"
_MOST_CROPS = 3000
"""Crops that are encoded unasked: some minutes of one core."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRuns:
    """The index's own run, the baselines' runs, and by name why a baseline couldn't be had."""

    run: Run
    baselines: tuple[Run, ...]
    missing: Mapping[str, str]


def make_runs(
    index: CaseIndex,
    asked: IndexTask,
    *,
    folder: Path,
    names: Sequence[str] = (),
    encoder: ImageEncoder | None = None,
    progress: Progress | None = None,
) -> IndexRuns:
    """Answer every question by the index and by each baseline of `names`, or all that can be had.

    A run is kept in `folder` once it is whole and taken from there while index, questions, labels and code are the
    same. `encoder`: the index's own model, for crops; many of them are encoded only where `crop and embed` is named.
    `progress` is told how many questions the index has answered, then how many crops are encoded.

    Raises:
        IndexStoreError: the index was written to since the questions were drawn.
    """
    if index.version() != asked.index_version:
        raise IndexStoreError("index: it was written to while it was evaluated; evaluate again")
    store = _Store(folder=folder, stamp=_stamp(asked))
    run = store.keep(SUBJECT, lambda: search_run(index, asked, progress=progress))
    wanted = tuple(dict.fromkeys(names or BASELINES))
    missing = {name: why for name in wanted if (why := _why_missing(name, asked, encoder, is_named=name in names))}
    known = {_CROPS: partial(_cropped, index, asked, encoder, folder / "crops", progress)}
    made = tuple(
        store.keep(name, partial(_rank, name, known.get(name, lambda: asked))) for name in wanted if name not in missing
    )
    return IndexRuns(run=run, baselines=made, missing=missing)


def search_run(index: CaseIndex, asked: IndexTask, *, progress: Progress | None = None) -> Run:
    """The index's own search: each question by the stored vectors of its case's first image, as a file would be asked.

    Every case of the gallery and of another patient may be listed, each once; see docs/decisions/0015. A question at a
    place that its image has no vector of has no list.
    """
    rows: list[tuple[str, str, float]] = []
    with index.snapshot():
        catalog = index.catalog()
        inside = np.isin(catalog.case_id_of_case.astype(str), [entry.case_id for entry in asked.entries])
        vectors: dict[str, NDArray[np.float32]] = {}
        previous = None
        for done, question in enumerate(asked.questions, start=1):
            if question.entry.case_id != previous:
                previous = question.entry.case_id
                vectors = index.vectors_of(asked.images[previous])
            found = rank_cases(
                index,
                terms=_terms(question, vectors),
                text_scores=None,
                free=None,
                allowed=inside & (catalog.patient_of_case != question.entry.patient),
                group_of_case=catalog.case_id_of_case,
                limit=DEPTH,
            )
            rows += [(question.query_id, case.case_id, case.score) for case in found]
            if progress is not None:
                progress(done, len(asked.questions))
    return Run.build(SUBJECT, rows)


def _terms(question: Question, vectors: Mapping[str, NDArray[np.float32]]) -> list[Term]:
    """The question's vectors; none, and so no list, where its image shows nothing of the place."""
    if question.place == ANYWHERE:
        return make_terms((), vectors) if GLOBAL in vectors else []
    regions = resolve_places([parse_place(question.place)], source="name")
    seen = [region for region in regions if str(region.place) in vectors]
    return make_terms(seen, vectors) if seen else []


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
        stamp=_digest(asked.index_version, encoder.version, places, _code()),
        progress=progress,
    )
    by_id = {entry.case_id: entry for entry in entries}
    questions = tuple(replace(question, entry=by_id[question.entry.case_id]) for question in asked.questions)
    return replace(asked, entries=entries, questions=questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """Runs as TREC files, each beside a stamp that says of what data and code it is and what it was written as."""

    folder: Path
    stamp: str

    def keep(self, name: str, make: Callable[[], Run]) -> Run:
        """The run of this name: as kept, where stamp and file are as they were left, else made and kept."""
        file = self.folder / f"{'_'.join(name.split())}.run"
        mark = file.with_suffix(".stamp")
        if file.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == self._mark(file):
            return replace(read_run(file), name=name)
        run = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        mark.unlink(missing_ok=True)
        write_run(file, run)
        mark.write_text(self._mark(file), encoding="utf-8")
        return run

    def _mark(self, file: Path) -> str:
        return f"{self.stamp} {hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def _stamp(asked: IndexTask) -> str:
    """One name for everything that runs depend on."""
    gallery = [(entry.case_id, entry.patient) for entry in asked.entries]
    queries = [question.query_id for question in asked.questions]
    labels = asked.task.judgements.version
    return _digest(asked.index_version, asked.model_version, labels, gallery, queries, DEPTH, _code())


def _code() -> str:
    packages = (anatomy, evaluation, index_package, models, retrieval)
    own = Path(__file__).parent.glob("evaluate_*.py")
    return digest_files([*own, *(path for package in packages for path in package_files(package))])


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
