"""Which region is a positive or a negative of which region or sentence, from what the reports state there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import mirror, overlaps
from casekin.findings import is_a
from casekin.relevance import CaseFindings, speaks_of
from casekin.relevance.cases import stands_at
from casekin.relevance.similarity import contradicts
from casekin.types import Fact, Place

_DOUBT = 0.5  # what an uncertain finding counts beside a present one


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place of one case of a batch; `case` is its number in the batch."""

    case: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationWeights:
    """What makes a positive, what each kind of negative weighs, and how much a normal region counts as an anchor.

    Two regions at one place are positives when the shared part of their findings (a Jaccard index, an uncertain finding
    counting half) is `same_from` or more; below, the other one's weight as a negative is `other_findings` times the
    part that isn't shared. Normal regions are many and alike, and count less.
    """

    same_from: float = 0.5
    other_findings: float = 1.0
    mirror_place: float = 1.0
    same_image: float = 0.5
    normal_anchor: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationTargets:
    """Targets of `location_contrast` for R regions: `positives` bool and `negative_weights` float32 `(R, R)`,
    `anchor_weights` float32 `(R,)`.
    """

    positives: NDArray[np.bool_]
    negative_weights: NDArray[np.float32]
    anchor_weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTargets:
    """Targets of a contrast of S sentences with R regions, both bool `(S, R)`; a pair that is neither is in no term."""

    positives: NDArray[np.bool_]
    negatives: NDArray[np.bool_]


def build_location_targets(
    cases: Sequence[CaseFindings], regions: Sequence[Region], *, weights: LocationWeights | None = None
) -> LocationTargets:
    """Targets from facts: the same place with the same findings in another patient is a positive.

    Negatives: the same place with other findings, in other patients; the mirror place, in other patients and in the
    image itself; other places of the image itself that don't overlap the anchor's. Two normals are positives. A region
    of which its report says nothing is neither here nor there, and so are other examinations of the same patient.
    """
    weights = weights or LocationWeights()
    patients, numbers = _codes([cases[r.case].patient for r in regions]), np.array([r.case for r in regions], dtype=int)
    places, mirrored = _codes([*(r.place for r in regions), *(mirror(r.place) for r in regions)]).reshape(2, -1)
    judged = np.array([speaks_of(cases[r.case], r.place) for r in regions], dtype=bool)
    _, findings = _findings_at(cases, regions)
    other_patient = patients[:, None] != patients[None, :]
    same_image = numbers[:, None] == numbers[None, :]
    same_place = places[:, None] == places[None, :]
    at_mirror = (mirrored[:, None] == places[None, :]) & ~same_place
    comparable = same_place & other_patient & judged[:, None] & judged[None, :]
    shared = _jaccard(findings)
    positives = comparable & (shared >= weights.same_from)
    negatives = np.where(comparable & ~positives, weights.other_findings * (1 - shared), 0.0)
    negatives[at_mirror & (other_patient | same_image)] = weights.mirror_place
    negatives[same_image & ~at_mirror & ~_overlapping(regions)] = weights.same_image
    return LocationTargets(
        positives=positives,
        negative_weights=negatives.astype(np.float32),
        anchor_weights=np.where(findings.any(axis=1), 1.0, weights.normal_anchor).astype(np.float32),
    )


def build_sentence_targets(
    cases: Sequence[CaseFindings], sentences: Sequence[tuple[int, Sequence[Fact]]], regions: Sequence[Region]
) -> SentenceTargets:
    """Targets of sentences, each `(number of its case, its facts)`, with regions.

    A region is a positive where a fact of the sentence has its place, and the region's own report states that finding
    there, with the same polarity: in the sentence's case and in any other that says the same. It is a negative where no
    fact of the sentence has its place, or where its report speaks of the place and goes against the fact: it states no
    finding of that kind there or, of an absent one, that it is there. Other examinations of the patient are neither.
    """
    patients, owners = _codes([case.patient for case in cases]), np.array([r.case for r in regions], dtype=int)
    judged = np.array([speaks_of(cases[r.case], r.place) for r in regions], dtype=bool)
    distinct = {_key(fact): fact for _, facts in sentences for fact in facts}
    known = dict(zip(distinct, _at_regions(list(distinct.values()), cases, regions), strict=True))
    positives = np.zeros((len(sentences), len(regions)), dtype=bool)
    negatives = np.zeros_like(positives)
    for row, (number, facts) in enumerate(sentences):
        told = [known[_key(fact)] for fact in facts]
        here, states, denies = np.any(told, axis=0) if told else np.zeros((3, len(regions)), dtype=bool)
        comparable = (owners == number) | (patients[owners] != patients[number])
        positives[row] = comparable & states
        negatives[row] = comparable & ~states & (~here | (judged & denies))
    return SentenceTargets(positives=positives, negatives=negatives)


def _key(fact: Fact) -> tuple[str, Place, str]:
    return fact.finding, fact.place, fact.polarity


def _at_regions(
    facts: Sequence[Fact], cases: Sequence[CaseFindings], regions: Sequence[Region]
) -> list[NDArray[np.bool_]]:
    """For each fact `(3, R)`: whether it has the region's place, and whether the region's report states or denies it.

    A report that speaks of a place denies what it doesn't state there; of an absent finding silence is no denial.
    """
    names, findings = _findings_at(cases, regions)
    spots = list(dict.fromkeys(region.place for region in regions))
    at = np.array([spots.index(region.place) for region in regions], dtype=int)
    told = [[fact for fact in cases[r.case].facts if overlaps(fact.place, r.place)] for r in regions]
    rows = []
    for fact in facts:
        here = np.array([overlaps(fact.place, spot) for spot in spots], dtype=bool)[at]
        kinds = [is_a(name, fact.finding) or (fact.polarity != "absent" and is_a(fact.finding, name)) for name in names]
        seen = here & (findings[:, kinds] > 0).any(axis=1)
        states, denies = np.zeros_like(here), here & ~seen & (fact.polarity != "absent")
        for n in np.flatnonzero(here).tolist():
            same = [each for each in told[n] if (each.finding, each.polarity) == (fact.finding, fact.polarity)]
            states[n] = any(overlaps(each.place, fact.place) for each in same)
        for n in np.flatnonzero(seen).tolist() if fact.polarity == "absent" else ():
            denies[n] = any(contradicts(fact, each) for each in told[n])
        rows.append(np.stack([here, states, denies]))
    return rows


def _findings_at(cases: Sequence[CaseFindings], regions: Sequence[Region]) -> tuple[list[str], NDArray[np.float64]]:
    """The findings of the regions, and how much each is stated at each, `(R, F)`: 1 present, less in doubt, else 0."""
    stated = [[fact for fact in cases[r.case].facts if stands_at(fact, r.place)] for r in regions]
    names = sorted({fact.finding for facts in stated for fact in facts})
    columns = {name: n for n, name in enumerate(names)}
    table = np.zeros((len(regions), len(names)))
    for row, facts in enumerate(stated):
        for fact in facts:
            counts = 1.0 if fact.polarity == "present" else _DOUBT
            table[row, columns[fact.finding]] = max(table[row, columns[fact.finding]], counts)
    return names, table


def _jaccard(findings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shared part of the findings of every two rows, `(R, R)`; 1 of two rows without any."""
    least = np.zeros((len(findings), len(findings)))
    for column in findings.T:  # the batch's findings are few, its regions many
        least += np.minimum(column[:, None], column[None, :])
    sums = findings.sum(axis=1)
    most = sums[:, None] + sums[None, :] - least
    shared: NDArray[np.float64] = np.divide(least, most, out=np.ones_like(least), where=most > 0)
    return shared


def _overlapping(regions: Sequence[Region]) -> NDArray[np.bool_]:
    """Whether the places of every two regions share image space, `(R, R)`."""
    places = list(dict.fromkeys(region.place for region in regions))
    table = np.array([[overlaps(a, b) for b in places] for a in places], dtype=bool).reshape(len(places), len(places))
    at = [places.index(region.place) for region in regions]
    spread: NDArray[np.bool_] = table[np.ix_(at, at)]
    return spread


def _codes(values: Sequence[object]) -> NDArray[np.int64]:
    """A number for each value, the same for the same value."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int64)
