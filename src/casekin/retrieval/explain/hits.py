"""Evidence for every hit: which region matched, what its report says there in its own sentences, what contradicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekin.anatomy import overlaps
from casekin.index import CaseIndex, StoredCase, StoredImage
from casekin.retrieval.encode import turn_of
from casekin.retrieval.hit import Hit, ResolvedRegion
from casekin.retrieval.match import Asked, match_question
from casekin.retrieval.rank import RankedCase
from casekin.retrieval.resolve import FreeRegion, transfer_box
from casekin.types import Box, Fact, Place

_MOST_EVIDENCE = 8
_POLARITY_ORDER = {"present": 0, "uncertain": 1, "absent": 2}


def explain_hits(
    index: CaseIndex,
    ranked: Sequence[RankedCase],
    *,
    regions: Sequence[ResolvedRegion],
    places: Sequence[Place],
    asked: Sequence[Asked],
    free: FreeRegion | None,
) -> tuple[Hit, ...]:
    """Turn ranked cases into hits. `places` are those asked for, `asked` the findings it asks for."""
    cases = index.cases(case.case_id for case in ranked)
    images = {image.image_id: image for image in index.images(c.image_id for c in ranked if c.image_id is not None)}
    main = max(regions, key=lambda region: region.weight, default=None)
    hits = []
    for rank, case in enumerate(ranked, start=1):
        image = None if case.image_id is None else images[case.image_id]
        hits.append(_hit(rank, case, cases[case.case_id], image, main=main, places=places, asked=asked, free=free))
    return tuple(hits)


def _hit(
    rank: int,
    ranked: RankedCase,
    case: StoredCase,
    image: StoredImage | None,
    *,
    main: ResolvedRegion | None,
    places: Sequence[Place],
    asked: Sequence[Asked],
    free: FreeRegion | None,
) -> Hit:
    matches = match_question(asked, case.facts)
    matched = [theirs for _, theirs in matches.matched]
    there = _stated_at(case.facts, places, None if main is None else main.place)
    contradictions = tuple(dict.fromkeys(theirs for _, theirs in matches.contradicted))
    evidence = list(dict.fromkeys([*matched, *there]))[:_MOST_EVIDENCE]
    beyond = [f for f in there if f.polarity == "present" and f not in matched] if asked else []
    return Hit(
        rank=rank,
        case_id=ranked.case_id,
        score=ranked.score,
        parts=ranked.parts,
        region_place=None if main is None else main.place,
        region_box=None if image is None or main is None else _region_box(image, main.place, free),
        evidence=tuple(fact for fact in evidence if fact not in contradictions),
        contradictions=contradictions,
        missing=matches.missing,
        beyond=tuple(beyond),
        case=_meta(case),
        also=ranked.also,
        image_id=ranked.image_id,
        image_size=None if image is None else (image.width, image.height),
    )


def _stated_at(facts: Sequence[Fact], places: Sequence[Place], location: Place | None) -> list[Fact]:
    """Facts at the places asked for or at the location that stands for them; all present ones where none is asked.

    Present comes before uncertain before absent, and in each what lies at the very places before what only projects
    there (a pleural effusion over a lower lobe).
    """
    if not places:
        return [fact for fact in facts if fact.polarity == "present"]
    asked = {id(fact) for fact in facts if any(overlaps(fact.place, place) for place in places)}
    there = [fact for fact in facts if id(fact) in asked or (location is not None and overlaps(fact.place, location))]
    return sorted(there, key=lambda fact: (_POLARITY_ORDER[fact.polarity], id(fact) not in asked))


def _region_box(image: StoredImage, place: Place, free: FreeRegion | None) -> Box | None:
    """Where the region lies in the stored image of the hit; a drawn region is carried over by its location's box."""
    turn = turn_of(image.turn)
    rows, columns = turn.frontal
    if free is not None:
        anchor = image.boxes.get(str(free.anchor))
        box = None if anchor is None else transfer_box(free, anchor).clipped(width=columns, height=rows)
    else:
        box = image.boxes.get(str(place))
    return None if box is None else turn.to_stored(box)


def _meta(case: StoredCase) -> Mapping[str, Any]:
    return {
        name: getattr(case, name) for name in ("modality", "body_part", "view", "sex", "age", "day_offset", "source")
    }
