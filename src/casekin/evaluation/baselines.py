"""Rankings that a claim must be printed beside: what chance, headers, whole images, words and crops find alone.

A baseline scores a gallery for one query; `rank_with` makes a run of it for many. Nothing here is trained or random:
"random" is the order of a hash, the same on every machine. For drafts: a constant normal report, and the first hit's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.evaluation.runs import Run

Scores = NDArray[np.float64]
_K1, _B = 1.2, 0.75
"""BM25's usual constants: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009)."""
_YEARS = 20.0
"""Ages this far apart count as unlike as can be in `Metadata`."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What baselines know of a case. None and absent mean unknown, and what is unknown matches nothing.

    `header`: fields such as sex, site or scanner. `vector`: of the whole image; `crops`: of the crop at a place, by
    place, both `(dimensions,)`. `report`: of the case; a query's own report is used by `ReportWords` alone.
    """

    case_id: str
    patient: str
    modality: str | None = None
    view: str | None = None
    age: float | None = None
    header: Mapping[str, str] = field(default_factory=dict)
    vector: NDArray[np.float32] | None = None
    crops: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    report: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query: a case asked at a place (`*` for the whole)."""

    entry: Entry
    place: str

    @property
    def query_id(self) -> str:
        return f"{self.entry.case_id}@{self.place}"


class Baseline(Protocol):
    """`name`, and scores `(gallery,)` for one question: higher is better, NaN where nothing can be said."""

    @property
    def name(self) -> str: ...

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores: ...


@dataclass(frozen=True, slots=True)
class Random:
    """An order by SHA-256 of query and case: as good as random, and the same everywhere."""

    name: str = "random"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        return np.array([_hash_share(question.query_id, entry.case_id) for entry in gallery])


@dataclass(frozen=True, slots=True)
class Metadata:
    """The number of header fields, modality and view among them, that agree, and how near the ages are."""

    name: str = "metadata"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        asked = _fields(question.entry)
        return np.array(
            [
                sum(_fields(entry).get(name) == value for name, value in asked.items())
                + _age_likeness(question.entry.age, entry.age)
                for entry in gallery
            ],
            dtype=np.float64,
        )


@dataclass(frozen=True, slots=True)
class ViewOracle:
    """Cases of the query's modality and view first, at random within: what knowing the kind of image alone gives."""

    name: str = "view oracle"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        asked = question.entry
        same = [
            (asked.modality is not None and entry.modality == asked.modality)
            + (asked.view is not None and entry.view == asked.view)
            for entry in gallery
        ]
        return np.array(same, dtype=np.float64) + Random().score(question, gallery)


@dataclass(frozen=True, slots=True)
class GlobalVector:
    """The cosine of whole-image vectors, whatever the place."""

    name: str = "global vector"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        return _cosines(question.entry.vector, [entry.vector for entry in gallery])


@dataclass(frozen=True, slots=True)
class CropVector:
    """Crop-and-embed: the cosine of vectors of the crop at the place."""

    name: str = "crop and embed"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        crops = [entry.crops.get(question.place) for entry in gallery]
        return _cosines(question.entry.crops.get(question.place), crops)


@dataclass(frozen=True, slots=True)
class ReportWords:
    """BM25 of the gallery's reports for the words of the query's own: what labels from reports give away.

    It reads what a query image doesn't have, so it bounds from above what words alone explain of mined grades.
    """

    name: str = "report BM25"

    def score(self, question: Question, gallery: Sequence[Entry]) -> Scores:
        asked = _word_counts(question.entry.report)
        told = [entry.report for entry in gallery]
        counts = [_word_counts(text) for text in told]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        norms = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()) if len(lengths) else 0.0, 1.0))
        total = np.zeros(len(gallery))
        for word in sorted(asked):
            here = np.array([count[word] for count in counts], dtype=np.float64)
            holding = int((here > 0).sum())
            rarity = np.log(1 + (len(gallery) - holding + 0.5) / (holding + 0.5))
            total += rarity * here * (_K1 + 1) / (here + norms)
        unknown = np.array([not asked or text is None for text in told], dtype=np.bool_)
        return np.where(unknown, np.nan, total)


BASELINES: Mapping[str, Baseline] = {
    each.name: each for each in (Random(), Metadata(), ViewOracle(), GlobalVector(), CropVector(), ReportWords())
}
"""Every baseline of a ranking, by name."""
CONSTANT_NORMAL = (
    "The lungs are clear. There is no pleural effusion or pneumothorax. "
    "The cardiomediastinal silhouette is normal. No acute bony abnormality."
)
"""The draft that says the same of everyone: what a report measure gives for a healthy patient's report."""


def rank_with(baseline: Baseline, questions: Iterable[Question], gallery: Iterable[Entry]) -> Run:
    """The run of a baseline: every case of another patient, best first; ties and what has no score go by `case_id`.

    Cases without a score come last. InputError when a case stands in the gallery twice, or no question finds a case.
    """
    entries = sorted(gallery, key=lambda entry: entry.case_id)
    if len({entry.case_id for entry in entries}) != len(entries):
        raise InputError(f"baseline {baseline.name}: expected every case of the gallery once, got one twice")
    rows: list[tuple[str, str, float]] = []
    for question in questions:
        others = [entry for entry in entries if entry.patient != question.entry.patient]
        scores = baseline.score(question, others)
        known = scores[~np.isnan(scores)]
        filled = np.where(np.isnan(scores), (known.min() if len(known) else 0.0) - 1.0, scores)
        rows += [(question.query_id, e.case_id, score) for e, score in zip(others, filled.tolist(), strict=True)]
    return Run.build(baseline.name, rows)


def copy_top_1(run: Run, reports: Mapping[str, str]) -> dict[str, str]:
    """By query, the report of the first case that has one; a query without such a case is absent."""
    drafts = {}
    for query, ranked in run.lists.items():
        first = next((reports[case] for case in ranked if reports.get(case)), None)
        if first is not None:
            drafts[query] = first
    return drafts


def _hash_share(query: str, case: str) -> float:
    """A number in [0, 1) that the two names fix."""
    digest = hashlib.sha256(f"{query}\0{case}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _fields(entry: Entry) -> dict[str, str]:
    named = {"modality": entry.modality, "view": entry.view, **entry.header}
    return {name: value for name, value in named.items() if value is not None}


def _age_likeness(one: float | None, other: float | None) -> float:
    return 0.0 if one is None or other is None else max(0.0, 1.0 - abs(one - other) / _YEARS)


def _cosines(asked: NDArray[np.float32] | None, others: Sequence[NDArray[np.float32] | None]) -> Scores:
    """NaN where either has no vector; 0 for a vector of zeros."""
    if asked is None:
        return np.full(len(others), np.nan)
    values = np.full(len(others), np.nan)
    there = [i for i, other in enumerate(others) if other is not None]
    if there:
        matrix = np.stack([other for other in others if other is not None]).astype(np.float64)
        lengths = np.linalg.norm(matrix, axis=1) * float(np.linalg.norm(asked.astype(np.float64)))
        values[there] = matrix @ asked.astype(np.float64) / np.where(lengths > 0, lengths, 1.0)
    return values


@lru_cache(maxsize=20_000)
def _word_counts(text: str | None) -> Counter[str]:
    """How often each word stands in a text; kept, as every question asks for every case of the gallery."""
    return Counter(_WORD.findall((text or "").lower()))
