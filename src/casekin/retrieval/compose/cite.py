"""The cases that a sentence cites: who states the claim, in which words, and where its image shows the place."""

from __future__ import annotations

from collections.abc import Sequence

from casekin.index import CaseIndex
from casekin.retrieval.compose.draft import Cite
from casekin.retrieval.compose.neighbors import Neighbors
from casekin.retrieval.compose.support import Judged
from casekin.retrieval.compose.wording import Phrasebook
from casekin.retrieval.encode import turn_of
from casekin.retrieval.resolve import Shown
from casekin.types import Box, Place

MOST_CITES = 5
_DECIMALS = 4


def cite_cases(
    index: CaseIndex, judged: Judged, *, neighbors: Neighbors, phrasebook: Phrasebook, shown: Shown
) -> tuple[Cite, ...]:
    """The most similar cases that make a claim in a sentence of their own, at most one of a patient."""
    claim = judged.claim
    shares = shown(claim.place)
    main = max((place for place in neighbors.places if place in shares), key=lambda p: shares[p], default=None)
    closeness = neighbors.closeness(shares)
    cites: list[Cite] = []
    patients: set[str] = set()
    for row in judged.stated.rows:
        case = neighbors.cases[row].case
        sentence = phrasebook.sentence(row, claim)
        if sentence is None or case.patient in patients:
            continue
        patients.add(case.patient)
        image_id = None if main is None else neighbors.image_at(row, main)
        cites.append(
            Cite(
                case_id=case.case_id,
                place=claim.place if main is None else main,
                similarity=round(float(closeness[row]), _DECIMALS),
                sentence=sentence,
                image_id=image_id,
                box=None if image_id is None or main is None else _stored_box(index, image_id, main),
            )
        )
        if len(cites) == MOST_CITES:
            break
    return tuple(cites)


def _stored_box(index: CaseIndex, image_id: int, place: Place) -> Box | None:
    """Where an image shows a place, in its stored pixels."""
    images: Sequence[tuple[Box, dict[str, object]]] = [
        (image.boxes[str(place)], dict(image.turn)) for image in index.images([image_id]) if str(place) in image.boxes
    ]
    return next((turn_of(turn).to_stored(box) for box, turn in images), None)
