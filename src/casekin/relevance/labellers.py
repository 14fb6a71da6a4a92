"""What others label such pairs with, for comparison: label Jaccard, token overlap, and a RaTEScore-style measure.

None of them keeps the axioms of `compare_cases`; `benchmarks/relevance_agreement.py` counts how often each fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import anatomy, is_part_of, overlaps
from casekin.findings import finding, to_labels
from casekin.relevance.cases import CaseFindings, states_finding
from casekin.types import Fact, Place

Encoder = Callable[[Sequence[str]], NDArray[np.floating]]
"""Texts → unit vectors `(texts, dim)`: any sentence encoder."""
EntityKind = Literal["anatomy", "abnormality", "non_abnormality", "disease", "non_disease"]

_DISEASES = frozenset(
    {
        "ards", "aspiration", "asthma", "copd", "emphysema", "heart_failure", "interstitial_lung_disease",
        "lung_abscess", "metastasis", "pneumonia", "pulmonary_edema", "pulmonary_embolism", "sarcoidosis",
        "tuberculosis",
    }
)  # fmt: skip
"""Findings that are diagnoses; the rest are observations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as a labeller sees it at a place: what is stated, denied, called normal there, and in which words."""

    facts: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...]
    text: str


class Labeller(Protocol):
    """Scores a pair of views in [0, 1]; None where the measure is not defined."""

    @property
    def name(self) -> str:
        """What tables call it."""

    def score(self, a: CaseView, b: CaseView) -> float | None:
        """How relevant the pair is."""


class Entity(NamedTuple):
    """A phrase of a report and its kind; negation is in the kind."""

    text: str
    kind: EntityKind


def view_at(case: CaseFindings, place: Place | None) -> CaseView:
    """Findings that meet the place, absences and normal statements that meet or cover it, and their sentences.

    A normal anatomy comes without its sentence and is put in words ("left lung normal").
    """
    facts = tuple(fact for fact in case.facts if place is None or overlaps(fact.place, place))
    normal = tuple(each for each in case.normal_anatomies if place is None or is_part_of(place, each))
    sentences = dict.fromkeys([fact.sentence for fact in facts if fact.sentence])
    spoken = [f"{_words(each)} normal" for each in normal]
    return CaseView(facts=facts, normal_anatomies=normal, text=" ".join([*sentences, *spoken]))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelJaccard:
    """Shared labels over all labels of two views, in a label set such as CheXpert's 14; no label is a label ("none").

    Uncertain counts as present. Place, side, severity and every finding that the set has no word for are lost; two
    views without labels score 1.
    """

    scheme: str = "chexpert"

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"label Jaccard ({self.scheme})"

    def score(self, a: CaseView, b: CaseView) -> float | None:
        """Jaccard index of the label sets."""
        ours, theirs = self._labels(a), self._labels(b)
        return len(ours & theirs) / len(ours | theirs)

    def _labels(self, view: CaseView) -> frozenset[str]:
        stated = (fact for fact in view.facts if states_finding(fact))
        return frozenset(label for fact in stated for label in to_labels(fact.finding, self.scheme)) or frozenset({""})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOverlap:
    """F1 of the words of two texts, each word once; None where a text is empty. "No effusion" is mostly "effusion"."""

    name: str = "token overlap"

    def score(self, a: CaseView, b: CaseView) -> float | None:
        """Twice the shared words over all words."""
        ours, theirs = set(_tokens(a.text)), set(_tokens(b.text))
        return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityWeights:
    """Weights of RaTEScore (Zhao et al., EMNLP 2024): `(kind, kind of its match)` → weight, and what is left of a match
    of opposite polarity.

    Only the entries that decide are known; two kinds without an entry weigh the mean of their own weights.
    """

    version: str
    pairs: dict[tuple[EntityKind, EntityKind], float]
    opposite: float

    def weight(self, kind: EntityKind, match: EntityKind) -> float:
        """The weight of an entity of this kind whose match has that kind."""
        own = {"non_disease": ("non_abnormality", "non_abnormality")}
        known = self.pairs.get((kind, match))
        if known is not None:
            return known
        ends = [self.pairs[own.get(each, (each, each))] for each in (kind, match)]  # type: ignore[index]
        return sum(ends) / 2


def _weights(version: str, opposite: float, values: Sequence[float]) -> EntityWeights:
    kinds: list[tuple[EntityKind, EntityKind]] = [
        ("anatomy", "anatomy"),
        ("abnormality", "abnormality"),
        ("abnormality", "non_abnormality"),
        ("non_abnormality", "abnormality"),
        ("non_abnormality", "non_abnormality"),
        ("disease", "disease"),
        ("disease", "non_disease"),
        ("non_disease", "disease"),
    ]
    return EntityWeights(version=version, opposite=opposite, pairs=dict(zip(kinds, values, strict=True)))


_LONG = (0.286, 0.428, 0.543, 0.165, 0.0009, 0.846, 0.379, 0.101)
_SHORT = (0.771, 0.407, 0.948, 0.171, 0.0008, 0.190, 0.944, 0.607)
LONG_UNTIL_MAY_2025 = _weights("long, until May 2025", 0.3612, _LONG)
"""The weights for long texts with the first penalty: most likely those of the published MIMIC-IR and CTRATE-IR."""
LONG_SINCE_MAY_2025 = _weights("long, since May 2025", 0.8717, _LONG)
SHORT = _weights("short", 0.3612, _SHORT)


class EntityMatch:
    """A measure after RaTEScore's formula over our own entities, with any sentence encoder.

    Every entity takes its best match in the other text by cosine, of any kind and as often as it likes; the score is
    the harmonic mean of both directions' weighted means. Our entities are the facts' places and findings, not those of
    its recognizer, so values differ from the published package's. Kept as published: no doubt, severity, side or size
    (an uncertain finding counts as present), and 0.5 where a text has no entity.
    """

    def __init__(self, encode: Encoder, *, weights: EntityWeights = LONG_SINCE_MAY_2025) -> None:
        self._encode, self._weights = encode, weights
        self._vectors: dict[str, NDArray[np.floating]] = {}

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"RaTEScore-style ({self._weights.version})"

    def score(self, a: CaseView, b: CaseView) -> float | None:
        """The measure over the views' entities."""
        return self.score_entities(entities_of(a), entities_of(b))

    def score_entities(self, ours: Sequence[Entity], theirs: Sequence[Entity]) -> float:
        """The measure over entities from anywhere."""
        if not ours or not theirs:
            return 0.5
        cosines = self._matrix(ours) @ self._matrix(theirs).T
        forth, back = self._direction(ours, theirs, cosines), self._direction(theirs, ours, cosines.T)
        return 2 * forth * back / (forth + back) if forth > 0 and back > 0 else 0.0

    def _direction(self, ours: Sequence[Entity], theirs: Sequence[Entity], cosines: NDArray[np.floating]) -> float:
        gained = total = 0.0
        for row, entity in enumerate(ours):
            best = int(cosines[row].argmax())
            weight = self._weights.weight(entity.kind, theirs[best].kind)
            left = self._weights.opposite if _is_opposite(entity.kind, theirs[best].kind) else 1.0
            gained += weight * left * float(cosines[row, best])
            total += weight
        return gained / total

    def _matrix(self, entities: Sequence[Entity]) -> NDArray[np.floating]:
        new = [text for text in dict.fromkeys(entity.text for entity in entities) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, np.asarray(self._encode(new)), strict=True))
        return np.stack([self._vectors[entity.text] for entity in entities])


def entities_of(view: CaseView) -> tuple[Entity, ...]:
    """Places and findings of a view as typed phrases, each once; a normal anatomy is a place and the word "normal"."""
    found: list[Entity] = []
    for fact in view.facts:
        kind: EntityKind = "disease" if fact.finding in _DISEASES else "abnormality"
        denied: EntityKind = "non_disease" if fact.finding in _DISEASES else "non_abnormality"
        found.append(Entity(_words(fact.place), "anatomy"))
        found.append(Entity(finding(fact.finding).name, kind if states_finding(fact) else denied))
    for place in view.normal_anatomies:
        found += [Entity(_words(place), "anatomy"), Entity("normal", "non_abnormality")]
    return tuple(dict.fromkeys(found))


def _is_opposite(kind: EntityKind, other: EntityKind) -> bool:
    return "anatomy" not in (kind, other) and kind.startswith("non_") != other.startswith("non_")


def _words(place: Place) -> str:
    side = "" if place.side in (None, "midline") else f"{place.side} "
    return f"{side}{anatomy(place.anatomy).name}"


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
