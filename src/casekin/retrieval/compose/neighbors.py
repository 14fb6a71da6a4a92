"""Who looks alike where: the nearest cases of every place of a question among ordinary ones, and how far each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.index import CaseIndex, Term
from casekin.index.records import GLOBAL, Kind
from casekin.retrieval.compose.claims import CaseReader, ReadCase
from casekin.types import Place

_NEAR = 32
"""Images taken from each place's list."""
_ORDINARY = 400
"""Images taken evenly from the rest: what is rare among them is rare in the archive."""
_TEXT_DEPTH = 200
"""Cases that a text brings in, the best first."""
_UNSEEN = 100.0
"""Squared distance where a case doesn't show the place: as good as infinite."""
_WIDTH = 0.1
"""Squared distance, or text score, that makes a case count 1/e of one that is nearer by it: measured (decision 34)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbors:
    """Cases with a report, near the question somewhere or ordinary; ids ascending.

    `distance` `(n, places)` is the squared distance of each case's nearest image at each of `places`, `image_ids` which
    that is (-1: none shows it); `text` `(n,)` what the question's text gives a case. `stands_for` `(n,)`: how many
    cases of the archive each represents, 1 for a near one. `ordinary` are the archive's mean vectors at the places.
    """

    places: tuple[Place, ...]
    cases: tuple[ReadCase, ...]
    distance: NDArray[np.float64]
    image_ids: NDArray[np.int64]
    text: NDArray[np.float64]
    stands_for: NDArray[np.float64]
    ordinary: Mapping[Place, NDArray[np.float64]]

    def closeness(self, shares: Mapping[Place, float]) -> NDArray[np.float64]:
        """How like the question each case is at a place, `(n,)` in (0, 1], 1 for the nearest.

        `shares` are the locations that show the place; those that aren't among `places` don't count.
        """
        weights = np.array([shares.get(place, 0.0) for place in self.places])
        far = (self.distance @ weights - self.text) / _WIDTH
        return np.asarray(np.exp(far.min(initial=np.inf) - far), dtype=np.float64)

    def image_at(self, row: int, place: Place) -> int | None:
        """The image of a case that is nearest at a place; None where none shows it."""
        image_id = int(self.image_ids[row, self.places.index(place)])
        return None if image_id < 0 else image_id


def find_neighbors(
    index: CaseIndex,
    *,
    reader: CaseReader,
    vectors: Mapping[Place, NDArray[np.float32]],
    kind: Kind,
    allowed: NDArray[np.bool_] | None,
    text_scores: NDArray[np.float64] | None = None,
) -> Neighbors:
    """Search every place of `vectors` on its own, join the lists, and add ordinary cases.

    `allowed` is a mask over case numbers, `text_scores` `(cases,)` what a text gives each. Cases without a report are
    left out: they say nothing.
    """
    case_of_image = index.catalog().case_of_image.astype(np.int64)
    near = _near_images(index, vectors, kind, allowed)
    rest = _rest(index, near, kind, allowed) if vectors else near
    others = rest if len(rest) <= _ORDINARY else rest[np.linspace(0, len(rest) - 1, _ORDINARY).round().astype(int)]
    weight_of = {int(number): len(rest) / max(len(others), 1) for number in case_of_image[others]}
    weight_of |= {int(number): 1.0 for number in (*case_of_image[near], *_best_of_text(text_scores, allowed))}
    found = _with_report(index, reader, weight_of)
    row_of = {number: row for row, number in enumerate(found)}
    image_ids = np.union1d(near, others)
    rows = np.array([row_of.get(int(number), -1) for number in case_of_image[image_ids]], dtype=np.int64)
    stands_for = np.array([weight_of[number] for number in found])
    distance, nearest, ordinary = _measure(index, vectors, kind, image_ids[rows >= 0], rows[rows >= 0], stands_for)
    return Neighbors(
        places=tuple(vectors),
        cases=tuple(found.values()),
        distance=distance,
        image_ids=nearest,
        text=np.zeros(len(found)) if text_scores is None else text_scores[list(found)],
        stands_for=stands_for,
        ordinary=ordinary,
    )


def vectors_at_places(vectors: Mapping[str, NDArray[np.float32]]) -> dict[Place, NDArray[np.float32]]:
    """An image's vectors by place; those that are stored by region's name, without the whole image's."""
    return {parse_place(name): vector for name, vector in vectors.items() if name != GLOBAL}


def others_than(index: CaseIndex, case_id: str) -> NDArray[np.bool_]:
    """Mask over case numbers of the cases that may speak for a stored one: of other patients, and not damaged."""
    others = ~index.mask_of(patients=index.patients_of(case_id=case_id))
    sound = index.select(None)
    return others if sound is None else others & sound


def _near_images(
    index: CaseIndex,
    vectors: Mapping[Place, NDArray[np.float32]],
    kind: Kind,
    allowed: NDArray[np.bool_] | None,
) -> NDArray[np.int64]:
    """The most similar images of every place, ids ascending."""
    found = [np.zeros(0, np.int64)]
    for place, vector in vectors.items():
        term = Term(region=str(place), vector=vector, weight=1.0, kind=kind)
        listed = next(iter(index.nearest([term], allowed_cases=allowed)))
        found.append(listed.image_ids[np.lexsort((listed.image_ids, -listed.parts[:, 0]))[:_NEAR]])
    return np.unique(np.concatenate(found)).astype(np.int64)


def _rest(
    index: CaseIndex, near: NDArray[np.int64], kind: Kind, allowed: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Images of the kind that may be compared and aren't near, ids ascending."""
    usable = index.is_of_kind(kind)
    if allowed is not None:
        usable = usable & allowed[index.catalog().case_of_image]
    return np.setdiff1d(np.flatnonzero(usable), near).astype(np.int64)


def _best_of_text(scores: NDArray[np.float64] | None, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    if scores is None:
        return np.zeros(0, np.int64)
    said = np.where(scores > 0.0, scores, 0.0) * (1.0 if allowed is None else allowed)
    order = np.argsort(-said, kind="stable")[:_TEXT_DEPTH]
    return np.asarray(order[said[order] > 0.0], dtype=np.int64)


def _with_report(index: CaseIndex, reader: CaseReader, numbers: Mapping[int, float]) -> dict[int, ReadCase]:
    """Cases that have a report by case number, ordered by case id."""
    catalog = index.catalog()
    ids = {catalog.case_id(number): number for number in numbers}
    return {ids[read.case.case_id]: read for read in reader.read(ids) if read.case.report}


def _measure(
    index: CaseIndex,
    vectors: Mapping[Place, NDArray[np.float32]],
    kind: Kind,
    image_ids: NDArray[np.int64],
    rows: NDArray[np.int64],
    stands_for: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], dict[Place, NDArray[np.float64]]]:
    """Distances and nearest images by case and place (ties to the lower image id), and each place's mean vector.

    `rows` are the cases of `image_ids`.
    """
    distance = np.full((len(stands_for), len(vectors)), _UNSEEN)
    nearest = np.full((len(stands_for), len(vectors)), -1, dtype=np.int64)
    ordinary = {}
    for column, (place, vector) in enumerate(vectors.items()):
        shown, stored = index.vectors_in(str(place), image_ids, dim=len(vector), kind=kind)
        far = np.square(stored.astype(np.float64) - vector.astype(np.float64)).sum(axis=1)
        order = np.lexsort((image_ids, far))[::-1]
        order = order[shown[order]]
        distance[rows[order], column] = far[order]  # of a case's images the nearest comes last, and stays
        nearest[rows[order], column] = image_ids[order]
        if shown.any():
            ordinary[place] = np.average(stored[shown].astype(np.float64), axis=0, weights=stands_for[rows[shown]])
    return distance, nearest, ordinary
