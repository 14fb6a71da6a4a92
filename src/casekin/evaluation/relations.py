"""What else two cases can be to each other at a place: the finding on the other side only, and a contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import mirror
from casekin.evaluation.judgements import Judgements, Listed, Numbers
from casekin.relevance import CaseFindings, RelevanceTable
from casekin.relevance.cases import stands_at
from casekin.relevance.comparison import affirms, denials
from casekin.relevance.similarity import contradicts
from casekin.relevance.trec import split_query_id
from casekin.types import Fact, Place

MIRRORED = "mirrored"
"""The document shows the query's finding at the mirrored place (grade 2 or 3), and nothing relevant at the place."""
CONTRADICTING = "contradicting"
"""One denies at the place what the other states there, as `relevance.compare_cases` has it."""
_SAME_FINDING = 2
Asked = tuple[str, CaseFindings, Place | None]
Found = Iterator[tuple[str, Numbers]]


def relate_cases(
    cases: Sequence[CaseFindings], judgements: Judgements, queries: Iterable[str]
) -> Mapping[str, Judgements]:
    """Both relations of the queries' cases to all others, for `judge_run`; queries of unknown cases have none.

    `cases` are what the reports (or the truth) state, the judgements' documents among them; others are left out.
    InputError or PlaceError where a query id isn't `case_id@place`.
    """
    numbers = _numbers_in_split(judgements)
    kept = [case for case in cases if case.case_id in numbers]
    by_id = {case.case_id: case for case in kept}
    asked = [(query, *split_query_id(query)) for query in sorted(set(queries))]
    answerable = [(query, by_id[case_id], place) for query, case_id, place in asked if case_id in by_id]
    return {
        MIRRORED: _listing(judgements, _mirrored(kept, answerable, numbers)),
        CONTRADICTING: _listing(judgements, _contradicting(kept, answerable, numbers)),
    }


def _numbers_in_split(judgements: Judgements) -> dict[str, int]:
    """The numbers of documents that the queries' split holds."""
    splits = judgements.splits or (judgements.split,) * len(judgements.documents)
    wanted = {judgements.split} if judgements.split else set(splits)
    pairs = zip(judgements.documents, splits, strict=True)
    return {name: number for number, (name, split) in enumerate(pairs) if split in wanted}


def _listing(judgements: Judgements, found: Found) -> Judgements:
    """The same documents, cases and patients with other documents listed, all of grade 1."""
    listed = {query: Listed(np.sort(numbers), np.ones(len(numbers))) for query, numbers in found if len(numbers)}
    return replace(judgements, listed=listed)


def _mirrored(cases: Sequence[CaseFindings], asked: Sequence[Asked], numbers: Mapping[str, int]) -> Found:
    table = RelevanceTable.build(cases)
    documents = np.array([numbers[name] for name in table.case_ids], dtype=np.int32)
    for query, case, place in asked:
        if place is None or place.side not in ("left", "right"):
            continue
        turned = [_turned(fact) for fact in case.facts if stands_at(fact, place)]
        there, grades = table.relevant(turned, mirror(place))
        here, _ = table.relevant(case.facts, place)
        yield query, documents[np.setdiff1d(there[grades >= _SAME_FINDING], here)]


def _turned(fact: Fact) -> Fact:
    place = mirror(fact.place)
    return replace(fact, anatomy=place.anatomy, side=place.side)


def _contradicting(cases: Sequence[CaseFindings], asked: Sequence[Asked], numbers: Mapping[str, int]) -> Found:
    documents = np.array([numbers[case.case_id] for case in cases], dtype=np.int32)
    stated = _Statements(cases, [case.facts for case in cases])
    denied = _Statements(cases, [denials(case) for case in cases])
    for query, case, place in asked:
        ours = [fact for fact in case.facts if stands_at(fact, place)]
        of_ours = denials(case)
        against = np.zeros(len(cases), dtype=np.bool_)
        for fact in ours:
            against |= denied.against(fact) & ~stated.alike(fact, place)
        for theirs, rows in stated.at(place):
            if any(contradicts(theirs, denial) for denial in of_ours) and not any(affirms(o, theirs) for o in ours):
                against[rows] = True
        yield query, documents[against]


class _Statements:
    """Distinct statements of an archive, finding at a place with its polarity, and the numbers of the cases of each."""

    def __init__(self, cases: Sequence[CaseFindings], facts: Sequence[Sequence[Fact]]) -> None:
        numbers: dict[Fact, list[int]] = {}
        for number, of_case in enumerate(facts):
            for fact in dict.fromkeys(map(_bare, of_case)):
                numbers.setdefault(fact, []).append(number)
        self._count = len(cases)
        self._statements = [(fact, np.array(of_fact)) for fact, of_fact in numbers.items()]
        self._at: dict[Place | None, list[tuple[Fact, NDArray[np.intp]]]] = {}
        self._against: dict[Fact, NDArray[np.bool_]] = {}
        self._alike: dict[tuple[Fact, Place | None], NDArray[np.bool_]] = {}

    def at(self, place: Place | None) -> list[tuple[Fact, NDArray[np.intp]]]:
        """Statements of findings that stand at the place."""
        if place not in self._at:
            self._at[place] = [(fact, numbers) for fact, numbers in self._statements if stands_at(fact, place)]
        return self._at[place]

    def against(self, fact: Fact) -> NDArray[np.bool_]:
        """Cases with a statement that contradicts the fact, `(cases,)`."""
        key = _bare(fact)
        if key not in self._against:
            self._against[key] = self._mask(n for other, n in self._statements if contradicts(fact, other))
        return self._against[key]

    def alike(self, fact: Fact, place: Place | None) -> NDArray[np.bool_]:
        """Cases that state the like where the fact is, as far as it stands at the place, `(cases,)`."""
        key = (_bare(fact), place)
        if key not in self._alike:
            self._alike[key] = self._mask(n for other, n in self.at(place) if affirms(other, fact))
        return self._alike[key]

    def _mask(self, lists: Iterable[NDArray[np.intp]]) -> NDArray[np.bool_]:
        mask = np.zeros(self._count, dtype=np.bool_)
        for numbers in lists:
            mask[numbers] = True
        return mask


def _bare(fact: Fact) -> Fact:
    """What decides a contradiction: finding, place and polarity."""
    return Fact(finding=fact.finding, anatomy=fact.anatomy, side=fact.side, polarity=fact.polarity)
