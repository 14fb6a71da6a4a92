"""What asking at a place is for: the right side, no contradiction, other lists at other places, other patients."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.errors import InputError, PlaceError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.measures.chance import expected_jaccard, miss_probability
from casekin.evaluation.measures.measure import Better, Measure, ratio
from casekin.evaluation.relations import CONTRADICTING, MIRRORED
from casekin.evaluation.runs import UNKNOWN_PATIENT, JudgedRun
from casekin.relevance.trec import ANYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class _RelationRate(Measure):
    """Share of the scored documents among the first k for which a relation holds; NaN for an empty list."""

    relation: ClassVar[str]
    better: ClassVar[Better] = "lower"

    def value_per_query(self, run: JudgedRun) -> Floats:
        values = _relation(self, run)[:, : self.ranks(run)]
        shown = (~np.isnan(values)).sum(axis=1).astype(float)
        return ratio((values > 0).sum(axis=1).astype(float), shown, empty=np.nan)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        _relation(self, run)
        return ratio(run.relations[self.relation].counts, run.gallery_sizes, empty=np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideError(_RelationRate):
    """SideError@k = share of the first k documents that show the finding on the other side only.

    Over queries at a place with a side (NaN for the others, and for an empty list). By chance: such documents of the
    gallery / N. Needs the relation `mirrored`. Source: casekin; laterality errors as reports count them.
    """

    relation: ClassVar[str] = MIRRORED
    label: ClassVar[str] = "SideError"
    plain: ClassVar[str] = "Share of the first k hits that show the finding on the wrong side of the body."

    def value_per_query(self, run: JudgedRun) -> Floats:
        return np.where(_sided(run), super(SideError, self).value_per_query(run), np.nan)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        return np.where(_sided(run), super(SideError, self).expected_by_chance(run), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(_RelationRate):
    """Contradiction@k = share of the first k documents whose report denies at the place what the query shows there.

    NaN for an empty list. By chance: such documents of the gallery / N. Needs the relation `contradicting`.
    Source: casekin.
    """

    relation: ClassVar[str] = CONTRADICTING
    label: ClassVar[str] = "Contradiction"
    plain: ClassVar[str] = "Share of the first k hits of which it is stated that the finding is not there."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSensitivity(Measure):
    """ConditionSensitivity@k = 1 - mean |A ∩ B| / |A ∪ B| of the first k, over the same case's questions elsewhere.

    A is the list of `case@place`, B that of the same case at another place. 0: the place changes nothing; 1: nothing
    in common. NaN for a case that asks once or whose lists are empty. High is good only beside good relevance: a random
    ranking gets nearly 1. By chance: exact, two random lists out of all documents but the patient's own.
    Source: casekin; Jaccard, New Phytologist 11 (1912) 37.
    """

    label: ClassVar[str] = "ConditionSensitivity"
    plain: ClassVar[str] = "How much the first k hits change when the same image is asked about at another place."
    better: ClassVar[Better] = "neither"

    def value_per_query(self, run: JudgedRun) -> Floats:
        tops = [frozenset(row[row >= 0].tolist()) for row in run.listed[:, : self.cutoff]]
        sums, counts = np.zeros(len(run)), np.zeros(len(run))
        for rows in _rows_by_case(run):
            for a, b in combinations(rows, 2):
                if tops[a] or tops[b]:
                    apart = 1.0 - len(tops[a] & tops[b]) / len(tops[a] | tops[b])
                    sums[[a, b]] += apart
                    counts[[a, b]] += 1
        return ratio(sums, counts, empty=np.nan)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        drawn = min(self.cutoff or 1, run.listed.shape[1])
        own = _documents_of_own_patient(run)
        apart = {count: 1.0 - expected_jaccard(len(run.collection) - count, drawn) for count in set(own.tolist())}
        expected = np.full(len(run), np.nan)
        for rows in _rows_by_case(run):
            expected[rows] = [apart[own[row]] for row in rows]
        return expected


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePatient(Measure):
    """SamePatient@k = share of the first k documents, as the run lists them, of the query's own patient: must be 0.

    NaN where the patient isn't known or the list is empty. By chance: the patient's documents / all.
    Source: casekin; finding a patient's other images is easy and proves nothing.
    """

    label: ClassVar[str] = "SamePatient"
    plain: ClassVar[str] = "Share of the first k hits that are the patient's own images; has to be 0."
    better: ClassVar[Better] = "lower"

    def value_per_query(self, run: JudgedRun) -> Floats:
        listed = run.listed[:, : self.cutoff]
        own = (listed >= 0) & (run.document_patients[listed] == run.query_patients[:, None])
        shares = ratio(own.sum(axis=1).astype(float), (listed >= 0).sum(axis=1).astype(float), empty=np.nan)
        return np.where(run.query_patients == UNKNOWN_PATIENT, np.nan, shares)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        shares = _documents_of_own_patient(run) / len(run.collection)
        return np.where(run.query_patients == UNKNOWN_PATIENT, np.nan, shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDiversity(Measure):
    """PatientDiversity@k = distinct patients among the first k scored documents / those documents.

    NaN for an empty list. By chance: Σ over patients of 1 - C(N - m, k) / C(N, k), divided by min(k, N), m being a
    patient's documents in the gallery. Source: casekin; subtopic recall in the manner of Zhai et al., SIGIR 2003.
    """

    label: ClassVar[str] = "PatientDiversity"
    plain: ClassVar[str] = "How many different patients stand behind the first k hits, as a share of the hits."

    def value_per_query(self, run: JudgedRun) -> Floats:
        documents = run.documents[:, : self.ranks(run)]
        rows, columns = np.nonzero(documents >= 0)
        patients = run.document_patients[documents[rows, columns]]
        distinct = np.unique(np.stack([rows, patients]), axis=1)[0]
        shown = np.bincount(rows, minlength=len(run)).astype(float)
        return ratio(np.bincount(distinct, minlength=len(run)).astype(float), shown, empty=np.nan)

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        sizes = [np.bincount(run.document_patients[gallery]) for gallery in run.galleries]
        reach, known = self.reach(run), {}
        expected = np.full(len(run), np.nan)
        for row, (gallery, patient) in enumerate(
            zip(run.gallery_of.tolist(), run.query_patients.tolist(), strict=True)
        ):
            own = int(sizes[gallery][patient]) if 0 <= patient < len(sizes[gallery]) else 0
            if (gallery, own) not in known and reach[row] > 0:
                members, patients = np.unique(sizes[gallery], return_counts=True)
                found = 1.0 - miss_probability(run.gallery_sizes[row], members.astype(float), reach[row])
                drawn_own = 1.0 - float(miss_probability(run.gallery_sizes[row], own, reach[row]))
                known[gallery, own] = (float(found @ patients) - drawn_own) / reach[row]
            expected[row] = known.get((gallery, own), np.nan)
        return expected


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionAgreement(Measure):
    """RegionAgreement: rank-biased overlap with the lists that `reference` gives when pointed at the same place.

    `reference` is a run over the same queries (asked by name, say, where this one was asked by box), without which
    InputError; `p` in (0, 1) is how patient the reader is: the first 10 ranks weigh 86 % at p = 0.9. Over depths 1…L,
    L the shorter list: X_L / L p^L + (1 - p) / p Σ X_d / d p^d, X_d being the documents in common. NaN where both lists
    are empty, 0 where one is. By chance, N documents: X_d / d becomes d / N.
    Source: Webber, Moffat and Zobel, ACM TOIS 28 (2010) 20, equation 30.
    """

    p: float = 0.9
    reference: JudgedRun | None = field(default=None, repr=False)

    label: ClassVar[str] = "RegionAgreement"
    plain: ClassVar[str] = "How alike the hits are when the same place is pointed at in another way."
    better: ClassVar[Better] = "neither"
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "never"

    def __post_init__(self) -> None:
        super(RegionAgreement, self).__post_init__()
        if not 0 < self.p < 1:
            raise InputError(f"measure: expected p between 0 and 1, got {self.label} with p={self.p}")

    @property
    def name(self) -> str:
        return self.label if self.p == 0.9 else f"{self.label}(p={self.p!r})"

    def value_per_query(self, run: JudgedRun) -> Floats:
        other = self._other(run)
        pairs = zip(run.listed, other.listed, strict=True)
        return np.array([rank_biased_overlap(a[a >= 0].tolist(), b[b >= 0].tolist(), p=self.p) for a, b in pairs])

    def expected_by_chance(self, run: JudgedRun) -> Floats:
        other = self._other(run)
        depth = np.minimum((run.listed >= 0).sum(axis=1), (other.listed >= 0).sum(axis=1))
        size = len(run.collection) - _documents_of_own_patient(run)
        ranks = np.arange(depth.max(initial=0) + 1)
        sums = np.cumsum(ranks * self.p**ranks)
        expected = (depth * self.p**depth + (1 - self.p) / self.p * sums[depth]) / size
        empty = ~((run.listed >= 0).any(axis=1) | (other.listed >= 0).any(axis=1))
        return np.where(empty, np.nan, expected)

    def _other(self, run: JudgedRun) -> JudgedRun:
        other = self.reference
        if other is None or other.query_ids != run.query_ids or other.document_ids != run.document_ids:
            raise InputError(
                f"measure: {self.name} needs a reference run over the same queries and documents; "
                "judge both runs by the same labels"
            )
        return other


def rank_biased_overlap(a: list[int], b: list[int], *, p: float) -> float:
    """Rank-biased overlap of two lists without repetition, extrapolated from the shorter one; see `RegionAgreement`."""
    if not (a or b):
        return float("nan")
    seen_a: set[int] = set()
    seen_b: set[int] = set()
    common, total, depth = 0, 0.0, min(len(a), len(b))
    for rank, (x, y) in enumerate(zip(a, b, strict=False), start=1):
        common += (x == y) + (x in seen_b) + (y in seen_a)
        seen_a.add(x)
        seen_b.add(y)
        total += common / rank * p**rank
    return common / depth * p**depth + (1 - p) / p * total if depth else 0.0


def _relation(measure: _RelationRate, run: JudgedRun) -> Floats:
    if measure.relation not in run.relations:
        raise InputError(f"measure: {measure.name} needs a run judged with the relation {measure.relation!r}")
    return run.relations[measure.relation].values


def _sided(run: JudgedRun) -> NDArray[np.bool_]:
    return np.array([_has_side(place) for place in run.places], dtype=np.bool_)


@lru_cache(maxsize=1024)
def _has_side(place: str) -> bool:
    """Whether a query's place is left or right; ids that name no place of the ontology count as sided."""
    if place in ("", ANYWHERE):
        return not place
    try:
        return parse_place(place).side in ("left", "right")
    except PlaceError:
        return True


def _rows_by_case(run: JudgedRun) -> list[list[int]]:
    """Rows of each case that asks at more than one place."""
    rows: dict[str, list[int]] = {}
    for row, query in enumerate(run.query_ids):
        rows.setdefault(query.partition("@")[0], []).append(row)
    return [of_case for of_case in rows.values() if len(of_case) > 1]


def _documents_of_own_patient(run: JudgedRun) -> NDArray[np.intp]:
    """How many documents of the collection are of each query's patient, `(queries,)`; 0 where that isn't known."""
    sizes = np.bincount(run.document_patients[run.collection], minlength=int(run.document_patients.max()) + 1)
    known = run.query_patients != UNKNOWN_PATIENT
    return np.where(known, sizes[np.where(known, run.query_patients, 0)], 0)
