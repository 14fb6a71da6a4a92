"""Rankings that a claim must be printed beside: what chance, headers, whole images, words and crops find alone.

A baseline reads a gallery once and then scores it for one query after the other; `rank_with` makes a run of it. Nothing
here is trained or random: "random" is the order of a hash, the same on every machine. For drafts: a constant normal
report, and the first hit's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


Scorer = Callable[[Question], Scores]


class Baseline(Protocol):
    """`name`, and `over(gallery)`: what scores a question, higher is better, NaN where nothing can be said.

    Scores are `(gallery,)`, of the question's own patient too; `rank_with` leaves that one out.
    """

    @property
    def name(self) -> str: ...

    def over(self, gallery: Sequence[Entry]) -> Scorer: ...


@dataclass(frozen=True, slots=True)
class Random:
    """An order by a hash of query and case: as good as random, and the same everywhere."""

    name: str = "random"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        cases = np.array([_hash64(entry.case_id) for entry in gallery], dtype=np.uint64)
        return lambda question: _mix(cases ^ np.uint64(_hash64(question.query_id)))


@dataclass(frozen=True, slots=True)
class Metadata:
    """The number of header fields, modality and view among them, that agree, and how near the ages are."""

    name: str = "metadata"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        agree = _header_match(gallery)
        ages = np.array([np.nan if entry.age is None else entry.age for entry in gallery], dtype=np.float64)

        def score(question: Question) -> Scores:
            age = np.nan if question.entry.age is None else question.entry.age
            near = np.maximum(0.0, 1.0 - np.abs(ages - age) / _YEARS)
            return agree(_fields(question.entry)) + np.where(np.isnan(near), 0.0, near)

        return score


@dataclass(frozen=True, slots=True)
class ViewOracle:
    """Cases of the query's modality and view first, at random within: what knowing the kind of image alone gives."""

    name: str = "view oracle"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        agree, shuffled = _header_match(gallery), Random().over(gallery)

        def score(question: Question) -> Scores:
            asked = {"modality": question.entry.modality, "view": question.entry.view}
            return agree({name: value for name, value in asked.items() if value is not None}) + shuffled(question)

        return score


@dataclass(frozen=True, slots=True)
class GlobalVector:
    """The cosine of whole-image vectors, whatever the place."""

    name: str = "global vector"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        compare = _cosines([entry.vector for entry in gallery])
        return lambda question: compare(question.entry.vector)


@dataclass(frozen=True, slots=True)
class CropVector:
    """Crop-and-embed: the cosine of vectors of the crop at the place."""

    name: str = "crop and embed"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        by_place: dict[str, Callable[[NDArray[np.float32] | None], Scores]] = {}

        def score(question: Question) -> Scores:
            place = question.place
            if place not in by_place:
                by_place[place] = _cosines([entry.crops.get(place) for entry in gallery])
            return by_place[place](question.entry.crops.get(place))

        return score


@dataclass(frozen=True, slots=True)
class ReportWords:
    """BM25 of the gallery's reports for the words of the query's own: what labels from reports give away.

    It reads what a query image doesn't have, so it bounds from above what words alone explain of mined grades.
    """

    name: str = "report BM25"

    def over(self, gallery: Sequence[Entry]) -> Scorer:
        silent = np.array([entry.report is None for entry in gallery], dtype=np.bool_)
        weights = _word_weights([_word_counts(entry.report) for entry in gallery])

        def score(question: Question) -> Scores:
            total = np.zeros(len(gallery))
            asked = sorted(_word_counts(question.entry.report))
            for cases, values in (weights[word] for word in asked if word in weights):
                total[cases] += values
            return np.where(silent | (not asked), np.nan, total)

        return score


BASELINES: Mapping[str, Baseline] = {
    each.name: each for each in (Random(), Metadata(), ViewOracle(), GlobalVector(), CropVector(), ReportWords())
}
"""Every baseline of a ranking, by name."""
CONSTANT_NORMAL = (
    "The lungs are clear. There is no pleural effusion or pneumothorax. "
    "The cardiomediastinal silhouette is normal. No acute bony abnormality."
)
"""The draft that says the same of everyone: what a report measure gives for a healthy patient's report."""


def rank_with(
    baseline: Baseline, questions: Iterable[Question], gallery: Iterable[Entry], *, depth: int | None = None
) -> Run:
    """The run of a baseline: every case of another patient, or the first `depth`; ties and what has no score by id.

    Cases without a score come last. InputError when a case stands in the gallery twice, or no question finds a case.
    """
    entries = sorted(gallery, key=lambda entry: entry.case_id)
    names = np.array([entry.case_id for entry in entries], dtype=object)
    if len(set(names.tolist())) != len(entries):
        raise InputError(f"baseline {baseline.name}: expected every case of the gallery once, got one twice")
    patients = np.array([entry.patient for entry in entries], dtype=object)
    score = baseline.over(entries)
    lists: dict[str, tuple[str, ...]] = {}
    told: dict[str, tuple[float, ...]] = {}
    for question in sorted(questions, key=lambda question: question.query_id):
        scores = score(question)
        known = scores[~np.isnan(scores)]
        filled = np.where(np.isnan(scores), (known.min() if len(known) else 0.0) - 1.0, scores)
        others = np.flatnonzero(patients != question.entry.patient)
        order = others[np.argsort(-filled[others], kind="stable")][:depth]
        if len(order):
            lists[question.query_id] = tuple(names[order].tolist())
            told[question.query_id] = tuple(filled[order].tolist())
    if not lists:
        raise InputError(f"baseline {baseline.name}: expected cases of other patients to rank, got none")
    return Run(name=baseline.name, lists=lists, scores=told)


def copy_top_1(run: Run, reports: Mapping[str, str]) -> dict[str, str]:
    """By query, the report of the first case that has one; a query without such a case is absent."""
    drafts = {}
    for query, ranked in run.lists.items():
        first = next((reports[case] for case in ranked if reports.get(case)), None)
        if first is not None:
            drafts[query] = first
    return drafts


def _hash64(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _mix(values: NDArray[np.uint64]) -> Scores:
    """Numbers in [0, 1) in which every bit of the values has a say: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2**53


def _fields(entry: Entry) -> dict[str, str]:
    named = {"modality": entry.modality, "view": entry.view, **entry.header}
    return {name: value for name, value in named.items() if value is not None}


def _header_match(gallery: Sequence[Entry]) -> Callable[[Mapping[str, str]], Scores]:
    """What counts, for fields, how many of them each case of the gallery has alike."""
    having: dict[tuple[str, str], list[int]] = {}
    for number, entry in enumerate(gallery):
        for named in _fields(entry).items():
            having.setdefault(named, []).append(number)
    rows = {named: np.array(numbers) for named, numbers in having.items()}

    def count(asked: Mapping[str, str]) -> Scores:
        total = np.zeros(len(gallery))
        for named in asked.items():
            if named in rows:
                total[rows[named]] += 1.0
        return total

    return count


def _cosines(
    others: Sequence[NDArray[np.float32] | None],
) -> Callable[[NDArray[np.float32] | None], Scores]:
    """What compares one vector with all others: NaN where either isn't there, 0 for a vector of zeros."""
    there = np.array([i for i, other in enumerate(others) if other is not None], dtype=np.intp)
    rows = np.zeros((0, 0)) if not len(there) else np.stack([o for o in others if o is not None]).astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    rows = rows / np.where(lengths > 0, lengths, 1.0)[:, None]

    def compare(asked: NDArray[np.float32] | None) -> Scores:
        values = np.full(len(others), np.nan)
        if asked is not None and len(there):
            wanted = asked.astype(np.float64)
            values[there] = rows @ (wanted / (float(np.linalg.norm(wanted)) or 1.0))
        return values

    return compare


def _word_counts(text: str | None) -> Counter[str]:
    """How often each word stands in a text."""
    return Counter(_WORD.findall((text or "").lower()))


def _word_weights(counts: Sequence[Counter[str]]) -> dict[str, tuple[NDArray[np.intp], Scores]]:
    """By word the texts that have it, and what it adds to BM25 in each."""
    lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
    norms = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()) if len(lengths) else 0.0, 1.0))
    holding: dict[str, list[int]] = {}
    for number, count in enumerate(counts):
        for word in count:
            holding.setdefault(word, []).append(number)
    weights = {}
    for word, numbers in holding.items():
        rows = np.array(numbers, dtype=np.intp)
        here = np.array([counts[number][word] for number in numbers], dtype=np.float64)
        rarity = np.log(1 + (len(counts) - len(numbers) + 0.5) / (len(numbers) + 0.5))
        weights[word] = (rows, rarity * here * (_K1 + 1) / (here + norms[rows]))
    return weights
