"""What the reports of look-alikes state, counted for a question that has an image alone.

A picture tells how likely each finding is at the region; where a look-alike's report states that finding there, both
agree. Where the region looks normal, a report that states a finding there counts against its case, so that a normal
region goes on finding normal ones. The question's own report has no say: its findings come from its pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, overlaps
from casekin.index import CaseIndex
from casekin.retrieval.hit import ResolvedRegion
from casekin.retrieval.rank import RankedCase
from casekin.retrieval.understand import Understood
from casekin.types import Place, Side

_AGAINST_NORMAL = 0.1
"""What a finding that is stated where the picture looks normal takes off, beside 1 for one that both agree on: with
less, normal places find abnormal ones, with more, findings hardly seen are lost (docs/decisions/0032)."""
_DECIMALS = 6  # as other parts are rounded
_HALVES = {"present": 2, "uncertain": 1}
_MOST_KEPT = 100_000
"""Cases whose statements are kept, some 70 MB; beyond it those read first are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPresence:
    """How likely each of `findings` is at the region's locations, by the question's picture: `(locations, F)`.

    `weights` `(locations,)` are the locations' shares and sum to 1.
    """

    findings: tuple[str, ...]
    locations: tuple[Place, ...]
    weights: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def mean(self) -> dict[str, float]:
        """How likely each finding is at the region."""
        return dict(zip(self.findings, (self.weights @ self.values).tolist(), strict=True))


def shown_presence(asked: Understood) -> ShownPresence | None:
    """What the picture shows at the region; None without a picture, for words, and for encoders that know no findings.

    CT volumes have none either: how far reports help them was not measured.
    """
    image = asked.image
    if image is None or asked.scored is not None or image.kind != "radiograph" or not image.encoded.form.count:
        return None
    encoded, free = image.encoded, asked.pointing.free
    if free is None:
        vectors = {str(place): vector for place, vector in encoded.region_vectors.items()}
        return presence_at(vectors, encoded.form.findings, asked.pointing.regions)
    return ShownPresence(
        findings=encoded.form.findings,
        locations=tuple(free.shares),
        weights=np.array(list(free.shares.values()), dtype=np.float64),
        values=np.tile(free.vector[: encoded.form.count], (len(free.shares), 1)).astype(np.float64),
    )


def presence_at(
    vectors: Mapping[str, NDArray[np.floating[Any]]], findings: tuple[str, ...], regions: Sequence[ResolvedRegion]
) -> ShownPresence:
    """What a picture shows at regions by its vectors, whose first numbers are how likely each of `findings` is.

    `vectors` are named by region and have one of every region asked; without regions all locations count alike.
    """
    everywhere = [location for location in LOCATIONS if str(location) in vectors]
    shares = dict.fromkeys((region.place for region in regions), 0.0) or dict.fromkeys(everywhere, 1 / len(everywhere))
    for region in regions:
        shares[region.place] += region.weight
    values = np.stack([vectors[str(place)][: len(findings)] for place in shares])
    return ShownPresence(
        findings=findings,
        locations=tuple(shares),
        weights=np.array(list(shares.values()), dtype=np.float64),
        values=values.astype(np.float64),
    )


def count_stated(
    ranked: Sequence[RankedCase],
    stated: NDArray[np.float64],
    shown: ShownPresence,
    *,
    weight: float,
    limit: int | None = None,
) -> list[RankedCase]:
    """The same cases with what their reports state in the score: the first `limit`, best first, ties by case id.

    `stated` is what each report states at the region's locations, `(cases, locations, F)` as `StatedFacts.at` gives it.
    """
    if not ranked:
        return []
    normal = np.prod(1.0 - shown.values, axis=1)
    agreed = (shown.values * stated).sum(axis=2) - _AGAINST_NORMAL * normal * stated.max(axis=2)
    parts = np.round(weight * (agreed * shown.weights).sum(axis=1), _DECIMALS).tolist()
    told = [{**case.parts, "facts": part} for case, part in zip(ranked, parts, strict=True)]
    order = sorted(
        (-sum(own.values()), case.case_id, place) for place, (case, own) in enumerate(zip(ranked, told, strict=True))
    )
    return [replace(ranked[place], parts=told[place], score=-negative) for negative, _, place in order[:limit]]


class StatedFacts:
    """What the reports of an index's cases state, for many questions: each report is read once, and without its words.

    Where an index's facts are made into `Fact`s, counting them takes longer than all else in a search.
    """

    def __init__(self, index: CaseIndex, findings: tuple[str, ...]) -> None:
        self._index = index
        self._column = {name: number for number, name in enumerate(findings)}
        self._halves: dict[int, bytes] = {}

    @classmethod
    def of(cls, index: CaseIndex, findings: tuple[str, ...]) -> StatedFacts:
        """The one that an index keeps until it is written."""
        return index.derive(f"stated/{' '.join(findings)}", lambda: cls(index, findings))

    def at(self, numbers: Sequence[int], locations: Sequence[Place]) -> NDArray[np.float64]:
        """What reports state at locations, by case number `(cases, locations, F)`: 1 present, half uncertain, or 0."""
        missing = [number for number in numbers if number not in self._halves]
        self._halves.update(zip(missing, map(bytes, self._read(missing)), strict=True))
        packed = b"".join([self._halves[number] for number in numbers])
        while len(self._halves) > _MOST_KEPT:
            del self._halves[next(iter(self._halves))]
        halves = np.frombuffer(packed, dtype=np.uint8).reshape(len(numbers), len(LOCATIONS), len(self._column))
        return halves[:, _rows(tuple(locations))] / 2

    def _read(self, numbers: Sequence[int]) -> NDArray[np.uint8]:
        """Twice what reports state at the 29 locations `(cases, 29, F)`."""
        row = {number: place for place, number in enumerate(numbers)}
        halves = np.zeros((len(row), len(LOCATIONS), len(self._column)), dtype=np.uint8)
        for number, finding, anatomy, side, polarity in self._index.stated_by(numbers) if row else ():
            if finding in self._column:
                there = halves[row[number], :, self._column[finding]]
                there[_reached(anatomy, side) & (there < _HALVES[polarity])] = _HALVES[polarity]
        return halves


@lru_cache(maxsize=1024)
def _rows(locations: tuple[Place, ...]) -> NDArray[np.int64]:
    return np.array([LOCATIONS.index(location) for location in locations], dtype=np.int64)


@lru_cache(maxsize=4096)
def _reached(anatomy: str, side: Side | None) -> NDArray[np.bool_]:
    """Which of the 29 locations a place overlaps."""
    place = Place(anatomy=anatomy, side=side)
    return np.array([overlaps(place, location) for location in LOCATIONS])
