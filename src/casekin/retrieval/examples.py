"""Liked and disliked cases move a question's vectors: towards the ones, away from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.index.records import Kind

_LEAST_LENGTH = 1e-6
"""What is shorter came of rounding: the examples cancel the question out."""

Vectors = Mapping[str, NDArray[np.float32]]

_TOWARDS, _AWAY = 0.75, 0.15
"""Rocchio's weights as in Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), 9.1.1."""


def read_examples(
    index: CaseIndex, case_ids: Sequence[str], *, option: str, kind: Kind = "radiograph"
) -> list[Vectors]:
    """The stored vectors of every image of a kind of these cases. Raises `InputError` for an id that isn't stored."""
    known = index.cases(case_ids)
    for case_id in case_ids:
        if case_id not in known:
            raise InputError(
                f"{option}: expected the id of a stored case, got {case_id!r}; take one from a list of hits"
            )
    images = [image_id for case_id in case_ids for image_id in index.image_ids_of(case_id, kind)]
    return [index.vectors_of(image_id) for image_id in images]


def move_vectors(
    asked: Vectors, *, liked: Sequence[Vectors], disliked: Sequence[Vectors]
) -> dict[str, NDArray[np.float32]]:
    """Unit vectors by region's name: what is asked, plus the mean of the liked, less the mean of the disliked.

    Where nothing is asked of a region, the liked alone speak; a region that neither shows is absent.
    """
    moved = {}
    for name in sorted({*asked, *(name for vectors in liked for name in vectors)}):
        near, far = _mean(liked, name), _mean(disliked, name)
        parts = [(1.0, asked.get(name)), (_TOWARDS, near), (-_AWAY, far)]
        vector = np.sum([weight * part for weight, part in parts if part is not None], axis=0)
        length = float(np.linalg.norm(vector))
        if length > _LEAST_LENGTH:
            moved[name] = np.asarray(vector / length, dtype=np.float32)
    return moved


def _mean(examples: Sequence[Vectors], name: str) -> NDArray[np.float64] | None:
    found = [vectors[name].astype(np.float64) for vectors in examples if name in vectors]
    return np.mean(found, axis=0) if found else None
