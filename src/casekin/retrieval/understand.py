"""A question as an index understands it: everything that is known of it before anything is ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, Kind
from casekin.retrieval.audience import allowed_cases, groups_of_cases, match_image
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.examples import move_vectors, read_examples
from casekin.retrieval.pointing import Pointing, point
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.resolve import shown_in
from casekin.retrieval.text import TextQuestion, read_question


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Understood:
    """A question with its image encoded, its words read and its places resolved.

    `kind`: which images answer. `matched`: case ids under which the image is stored. `vectors`: what is searched for by
    region's name, the image's moved by the examples. `asked`: what all its words ask for; `scored`: what of it reports
    are scored by (with an image, a phrase only points into it). `allowed`: mask over case numbers, None for all.
    `groups`: by case number, what a list shows once.
    """

    query: SearchQuery
    image: EncodedFile | None
    kind: Kind
    matched: tuple[str, ...]
    vectors: Mapping[str, NDArray[np.float32]]
    asked: TextQuestion | None
    scored: TextQuestion | None
    pointing: Pointing
    allowed: NDArray[np.bool_] | None
    groups: NDArray[Any]

    @property
    def text_share(self) -> float:
        """What of the score its words make: their weight beside vectors, all of it without."""
        if self.scored is None:
            return 0.0
        return self.query.text_weight if self.vectors else 1.0


def understand(index: CaseIndex, query: SearchQuery, image: EncodedFile | None) -> Understood:
    """Understand a question; `image` is the query's, encoded by the index's own model.

    Raises `InputError` (also `PlaceError`, `FilterError`) for what can't be answered.
    """
    asked, scored = _read_text(query)
    kind = _kind(index, query, image)
    matched = match_image(index, query, image)
    vectors = _vectors(index, query, image, kind)
    return Understood(
        query=query,
        image=image,
        kind=kind,
        matched=matched,
        vectors=vectors,
        asked=asked,
        scored=scored,
        pointing=point(query, image, asked, shown=shown_in(vectors, kind)),
        allowed=allowed_cases(index, query, image, matched),
        groups=groups_of_cases(index, query),
    )


def _read_text(query: SearchQuery) -> tuple[TextQuestion | None, TextQuestion | None]:
    """What is asked in words, and what of it reports are scored by: with an image, a phrase only points into it."""
    if not (query.text or query.phrase):
        return None, None
    places = tuple(parse_place(name) for name in query.at)
    asked = read_question(" ".join(filter(None, (query.text, query.phrase))), places=places)
    if not query.has_image or not query.phrase:
        return asked, asked
    return asked, read_question(query.text, places=places) if query.text else None


def _kind(index: CaseIndex, query: SearchQuery, image: EncodedFile | None) -> Kind:
    """Which images answer: those of the query image's kind, else of the first liked case's first image."""
    if image is not None:
        return image.kind
    first = [image_id for case_id in query.like for image_id in index.image_ids_of(case_id)][:1]
    return next((found.kind for found in index.images(first)), "radiograph")


def _vectors(
    index: CaseIndex, query: SearchQuery, image: EncodedFile | None, kind: Kind
) -> dict[str, NDArray[np.float32]]:
    vectors: dict[str, NDArray[np.float32]] = {}
    if image is not None:
        vectors = {str(place): vector for place, vector in image.encoded.region_vectors.items()}
        vectors[GLOBAL] = image.encoded.global_vector
    if not (query.like or query.unlike):
        return vectors
    liked, disliked = (
        read_examples(index, names, option=option, kind=kind)
        for option, names in (("like", query.like), ("unlike", query.unlike))
    )
    return move_vectors(vectors, liked=liked, disliked=disliked)
