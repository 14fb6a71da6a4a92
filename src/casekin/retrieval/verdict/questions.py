"""Questions that an archive's own cases ask it, each with its patient left out, and what came of them.

A stored case asks at a place where its own report states a finding; a hit is relevant from grade 2 on, by what both
reports state there. Its stored vectors ask: its report has no say in the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex, Term
from casekin.index.records import GLOBAL, Kind, StoredCase
from casekin.relevance import grade_at
from casekin.relevance.cases import stands_at
from casekin.retrieval.ask import LOOK_ALIKES
from casekin.retrieval.counted import StatedFacts, count_stated, presence_at
from casekin.retrieval.hit import ResolvedRegion
from casekin.retrieval.query import FACTS_WEIGHT
from casekin.retrieval.rank import rank_cases
from casekin.retrieval.sample import hash_of
from casekin.retrieval.verdict.agreement import FIRST_HITS, agreements
from casekin.types import Place

RELEVANT_GRADE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question's first hits: how far each agrees with the picture, and which are relevant; `(hits,)` each."""

    patient: str
    place: Place | None
    agreements: NDArray[np.float64]
    relevant: NDArray[np.bool_]


def draw_questions(
    cases: Mapping[str, StoredCase], places: Sequence[Place | None], *, count: int
) -> list[tuple[str, Place | None]]:
    """Case id and place of at most `count` questions at findings, in an order that is random but fixed."""
    drawn = [
        (case_id, place)
        for case_id, case in cases.items()
        if case.report is not None
        for place in places
        if any(stands_at(fact, place) for fact in case.facts)
    ]
    return sorted(drawn, key=lambda one: hash_of(f"{one[0]}@{one[1]}"))[:count]


class Asker:
    """Lets stored cases ask their own index, as `search` ranks: by vectors, then by what look-alikes' reports state.

    `among`: a mask over case numbers of those that may answer, None for all that aren't in quarantine.
    """

    def __init__(
        self, index: CaseIndex, kind: Kind, findings: tuple[str, ...], *, among: NDArray[np.bool_] | None = None
    ) -> None:
        self._index = index
        self._among = index.select(None) if among is None else among
        self._kind = kind
        self._findings = findings
        self._stated = StatedFacts(index, findings)

    def ask(self, case: StoredCase, place: Place | None) -> Outcome | None:
        """What a question found; None where no image of the case shows the place, or nobody may answer."""
        region = GLOBAL if place is None else str(place)
        images = self._index.image_ids_of(case.case_id, self._kind)
        vectors = self._index.vectors_of(images[0]) if images else {}
        if region not in vectors:
            return None
        regions = () if place is None else (ResolvedRegion(place=place, weight=1.0, source="name"),)
        shown = presence_at(vectors, self._findings, regions)
        others = ~self._index.mask_of(patients=[case.patient])
        ranked = rank_cases(
            self._index,
            terms=[Term(region=region, vector=vectors[region], weight=1.0, kind=self._kind)],
            text_scores=None,
            free=None,
            allowed=others if self._among is None else others & self._among,
            group_of_case=self._index.catalog().patient_number_of_case,
            limit=LOOK_ALIKES,
        )
        if not ranked:
            return None
        stated = self._stated.at([one.case_no for one in ranked], shown.locations)
        first = count_stated(ranked, stated, shown, weight=FACTS_WEIGHT)[:FIRST_HITS]
        numbers = [one.case_no for one in first]
        facts = self._index.facts_of(numbers)
        grades = [grade_at(case.facts, facts.get(number, ()), place) for number in numbers]
        return Outcome(
            patient=case.patient,
            place=place,
            agreements=agreements(shown, self._stated.at(numbers, shown.locations)),
            relevant=np.array(grades) >= RELEVANT_GRADE,
        )
