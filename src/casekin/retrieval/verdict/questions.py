"""Questions that an archive's own cases ask it, each with its patient left out, and what came of them.

A stored case asks at a place where its own report states a finding; a hit is relevant from grade 2 on, by what both
reports state there. Its stored vectors ask: its report has no say in the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.index import CaseIndex, Term
from casekin.index.records import GLOBAL, Kind, StoredCase
from casekin.relevance import grade_at
from casekin.relevance.cases import stands_at
from casekin.retrieval.ask import LOOK_ALIKES
from casekin.retrieval.counted import ShownPresence, count_stated, stated_at_locations
from casekin.retrieval.query import FACTS_WEIGHT
from casekin.retrieval.rank import rank_cases
from casekin.retrieval.verdict.agreement import FIRST_HITS, agreements
from casekin.types import Fact, Place

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
    return sorted(drawn, key=lambda one: hashlib.sha256(f"{one[0]}@{one[1]}".encode()).digest())[:count]


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
        self._facts: dict[int, Sequence[Fact]] = {}
        self._everywhere: dict[int, NDArray[np.float64]] = {}

    def ask(self, case: StoredCase, place: Place | None) -> Outcome | None:
        """What a question found; None where no image of the case shows the place, or nobody may answer."""
        region = GLOBAL if place is None else str(place)
        images = self._index.image_ids_of(case.case_id, self._kind)
        vectors = self._index.vectors_of(images[0]) if images else {}
        if region not in vectors:
            return None
        shown = self._shown(vectors, place)
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
        stated = self._stated([one.case_no for one in ranked], shown.locations)
        first = count_stated(ranked, stated, shown, weight=FACTS_WEIGHT)[:FIRST_HITS]
        numbers = [one.case_no for one in first]
        grades = [grade_at(case.facts, self._facts[number], place) for number in numbers]
        return Outcome(
            patient=case.patient,
            place=place,
            agreements=agreements(shown, self._stated(numbers, shown.locations)),
            relevant=np.array(grades) >= RELEVANT_GRADE,
        )

    def _shown(self, vectors: Mapping[str, NDArray[np.float32]], place: Place | None) -> ShownPresence:
        locations = tuple(one for one in LOCATIONS if str(one) in vectors) if place is None else (place,)
        values = [vectors[str(one)][: len(self._findings)].astype(np.float64) for one in locations]
        return ShownPresence(
            findings=self._findings,
            locations=locations,
            weights=np.full(len(locations), 1.0 / len(locations)),
            values=np.stack(values),
        )

    def _stated(self, numbers: Sequence[int], locations: tuple[Place, ...]) -> NDArray[np.float64]:
        """What the reports of cases state at locations `(cases, locations, F)`; each report is read once."""
        missing = [number for number in numbers if number not in self._facts]
        found = self._index.facts_of(missing)
        for number in missing:
            self._facts[number] = found.get(number, ())
            self._everywhere[number] = stated_at_locations(self._facts[number], self._findings, LOCATIONS)
        rows = [LOCATIONS.index(location) for location in locations]
        return np.stack([self._everywhere[number][rows] for number in numbers])
