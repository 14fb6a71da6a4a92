"""Questions at places of a simulated archive, their labels from its truth, and rankings of stored vectors for them.

Vectors of a model are a folder: `region.npy` `(cases, places, dim)`, `global.npy` `(cases, dim)`, `cases.json` with
`case_ids`, `places`, `preset`, `seed`; where there are any, `text.npy` `(cases, dim)`, a vector of each report, and
`names.npy`, `box.npy`, `mask.npy`, `phrase.npy`, region vectors of the same places pointed at in other ways. Similarity
is the inner product; NaN means no vector.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, on_radiograph, parse_place
from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.baselines import Entry, Question
from casekin.evaluation.judgements import Judgements
from casekin.evaluation.protocols import Task
from casekin.evaluation.relations import relate_cases
from casekin.evaluation.truth import read_truth
from casekin.imaging.manifest import ManifestProblem, read_manifest
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, StoredCase
from casekin.journeys.evaluating.labels import Archive, label_by_truth
from casekin.relevance import CaseFindings
from casekin.relevance.trec import ANYWHERE
from casekin.types import CaseRow

Array = NDArray[np.float32]
Scorer = Callable[[str, NDArray[np.intp]], NDArray[np.float64]]
"""Scores `(queries, gallery)` for a place's name and the gallery numbers of the cases that ask there."""
POINTINGS = ("names", "box", "mask", "phrase")
_DECIMALS = 6  # as the product rounds, so that ties are its ties


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Questions:
    """What every model is asked: the task with its labels, and `normal`, questions where nothing is to be found.

    `cases`, `entries`: what is found in each case, and its header and report, ids ascending. `relations`: as
    `judge_run` takes them.
    """

    task: Task
    normal: tuple[str, ...]
    cases: tuple[CaseFindings, ...]
    entries: tuple[Entry, ...]
    relations: Mapping[str, Judgements]

    @property
    def case_ids(self) -> tuple[str, ...]:
        return self.task.judgements.documents

    @property
    def asked(self) -> tuple[str, ...]:
        """Ids of all questions, at findings and at normal places, ascending."""
        return tuple(sorted({*self.task.judgements.listed, *self.normal}))

    def as_baselines_ask(self) -> tuple[Question, ...]:
        """The same questions for `rank_with`."""
        known = {entry.case_id: entry for entry in self.entries}
        return tuple(
            Question(entry=known[case], place=place) for case, _, place in (q.partition("@") for q in self.asked)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vectors:
    """A model's vectors of an archive's cases, rows as `case_ids`; see the top of this file for shapes."""

    preset: str
    seed: int
    case_ids: tuple[str, ...]
    places: tuple[str, ...]
    region: Array
    whole: Array
    text: Array | None = None
    pointed: Mapping[str, Array] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)

    def over(self, case_ids: tuple[str, ...]) -> Vectors:
        """The same for these cases in this order; InputError when one is missing."""
        rows = {name: row for row, name in enumerate(self.case_ids)}
        if missing := [name for name in case_ids if name not in rows]:
            raise InputError(
                f"vectors {self.preset}: expected all of the archive's cases, got none of {missing[0]} and "
                f"{len(missing) - 1} more; encode the whole archive"
            )
        kept = np.array([rows[name] for name in case_ids])
        return Vectors(
            preset=self.preset,
            seed=self.seed,
            case_ids=case_ids,
            places=self.places,
            region=self.region[kept],
            whole=self.whole[kept],
            text=None if self.text is None else self.text[kept],
            pointed={name: found[kept] for name, found in self.pointed.items()},
            card=self.card,
        )


def read_questions(archive: Path, *, queries: int = 1000, seed: int = 0) -> Questions:
    """Questions as `casekin evaluate --split all` draws them, 0: all; labels are of the archive's truth."""
    rows = [row for row in read_manifest(archive / "manifest.jsonl") if not isinstance(row, ManifestProblem)]
    stored = {row.case_id: _stored(row) for row in rows}
    labels = label_by_truth(
        Archive(cases=stored, with_image=stored.keys(), duplicates=lambda names: ()),
        read_truth(archive / "truth.jsonl"),
        split=None,
        queries=queries,
        seed=seed,
    )
    found = labels.task.judgements
    return Questions(
        task=labels.task,
        normal=labels.normal,
        cases=labels.cases,
        entries=tuple(_entry(stored[name]) for name in found.documents),
        relations=relate_cases(labels.cases, found, found.listed),
    )


def read_vectors(folder: Path) -> Vectors:
    """The vectors of a folder. InputError when a file is missing or shapes don't fit together."""
    try:
        card = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
        arrays = {
            name: np.load(folder / f"{name}.npy", allow_pickle=False).astype(np.float32)
            for name in ("region", "global", "text", *POINTINGS)
            if name in ("region", "global") or (folder / f"{name}.npy").is_file()
        }
        case_ids, places = tuple(card["case_ids"]), tuple(card["places"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder.name}: expected region.npy, global.npy and cases.json, got {error}") from error
    shape = (len(case_ids), len(places))
    for name, array in arrays.items():
        if array.shape[:-1] != (shape[:1] if name in ("global", "text") else shape):
            raise InputError(f"{folder.name}: expected {name}.npy over {shape} cases and places, got {array.shape}")
    return Vectors(
        preset=str(card.get("preset", folder.name)),
        seed=int(card.get("seed", 0)),
        case_ids=case_ids,
        places=places,
        region=arrays["region"],
        whole=arrays["global"],
        text=arrays.get("text"),
        pointed={name: arrays[name] for name in POINTINGS if name in arrays},
        card={name: value for name, value in card.items() if name not in ("case_ids", "places")},
    )


def read_index(folder: Path, *, preset: str) -> Vectors:
    """The vectors that an index stores, of each case's first image."""
    with CaseIndex(folder) as index, index.snapshot():
        catalog = index.catalog()
        first: dict[str, int] = {}
        for image_id in np.flatnonzero(catalog.case_of_image).tolist():
            first.setdefault(str(catalog.case_id_of_case[catalog.case_of_image[image_id]]), image_id)
        case_ids = tuple(sorted(first))
        rows = {first[name]: row for row, name in enumerate(case_ids)}
        places = tuple(map(str, LOCATIONS))
        found = {name: index.vectors_at(name) for name in (GLOBAL, *places)}
        return Vectors(
            preset=preset,
            seed=0,
            case_ids=case_ids,
            places=places,
            region=np.stack([_dense(*found[name], rows) for name in places], axis=1),
            whole=_dense(*found[GLOBAL], rows),
            card={"encoder": index.model_version()},
        )


def by_region(vectors: Vectors, *, asking: Array | None = None) -> Scorer:
    """Scores of region vectors; a lobe is its zones, the whole case the global vector.

    `asking`: the region vectors that ask, where they aren't the stored ones.
    """
    numbers = {name: number for number, name in enumerate(vectors.places)}
    source = vectors.region if asking is None else asking

    def score(place: str, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        if place == ANYWHERE:
            return _products(vectors.whole[rows], vectors.whole)
        shares = {numbers[str(at)]: share for at, share in on_radiograph(parse_place(place)).items()}
        parts = [share * _products(source[rows, at], vectors.region[:, at]) for at, share in shares.items()]
        return np.asarray(sum(parts), dtype=np.float64)

    return score


def by_whole(asking: Array, stored: Array) -> Scorer:
    """Scores of one vector a case, whatever the place."""
    return lambda place, rows: _products(asking[rows], stored)


def rank(
    name: str, questions: Questions, score: Scorer, *, queries: tuple[str, ...] | None = None, depth: int = 10
) -> Run:
    """The first `depth` cases of other patients for each question, ties by id; without a score comes last."""
    case_ids = questions.case_ids
    numbers = {case: number for number, case in enumerate(case_ids)}
    patients = np.array(questions.task.judgements.patients)
    by_place: dict[str, list[str]] = {}
    for query in questions.asked if queries is None else queries:
        by_place.setdefault(query.partition("@")[2], []).append(query)
    lists: dict[str, tuple[str, ...]] = {}
    told: dict[str, tuple[float, ...]] = {}
    for place, asked in by_place.items():
        rows = np.array([numbers[query.partition("@")[0]] for query in asked])
        scores = np.nan_to_num(np.round(score(place, rows), _DECIMALS), nan=-1e9)
        scores[patients[rows][:, None] == patients[None, :]] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        for query, row, best in zip(asked, scores, order.tolist(), strict=True):
            kept = [number for number in best if row[number] > -np.inf]
            lists[query] = tuple(case_ids[number] for number in kept)
            told[query] = tuple(row[kept].tolist())
    return Run(name=name, lists=dict(sorted(lists.items())), scores=dict(sorted(told.items())))


def _products(asking: Array, stored: Array) -> NDArray[np.float64]:
    return np.asarray(asking.astype(np.float64) @ stored.astype(np.float64).T, dtype=np.float64)


def _dense(image_ids: NDArray[np.int64], found: NDArray[np.float16], rows: Mapping[int, int]) -> Array:
    dense = np.full((len(rows), found.shape[1]), np.nan, dtype=np.float32)
    for image_id, vector in zip(image_ids.tolist(), found, strict=True):
        if image_id in rows:
            dense[rows[image_id]] = vector
    return dense


def _stored(row: CaseRow) -> StoredCase:
    return StoredCase(
        case_id=row.case_id,
        patient_id=row.patient_id,
        patient=row.patient_group or row.patient_id,
        study_instance_uid=None,
        accession_number=None,
        modality=row.modality,
        body_part=row.body_part,
        view=row.view,
        sex=row.sex,
        age=row.age,
        day_offset=row.day_offset,
        source=row.source,
        licence=row.licence,
        report=row.report,
        facts=(),
        normal_anatomies=(),
    )


def _entry(case: StoredCase) -> Entry:
    known = {"sex": case.sex, "source": case.source, "body_part": case.body_part}
    return Entry(
        case_id=case.case_id,
        patient=case.patient,
        modality=case.modality,
        view=case.view,
        age=case.age,
        header={name: value for name, value in known.items() if value is not None},
        report=case.report,
    )
