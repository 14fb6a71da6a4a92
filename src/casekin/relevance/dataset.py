"""Findings of a whole archive in columns: every case relevant to a case at a place, with grades, in milliseconds.

Cases share few distinct statements: finding, place, severity and whether it is uncertain make a *signature*, and
100,000 reports hold some thousands of them. A question grades the signatures, then gathers their cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import is_part_of, overlaps
from casekin.errors import InputError
from casekin.relevance.cases import CaseFindings, sides_of, states_finding
from casekin.relevance.columns import (
    Columns,
    Signature,
    build_columns,
    gather,
    read_columns,
    select_cases,
    write_columns,
)
from casekin.relevance.grades import Kinship, Nearness, kinship, nearness
from casekin.types import Fact, Place

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Grades = NDArray[np.uint8]


class RelevanceTable:
    """Graded relevance over an archive: what `grade_at`, `speaks_of` and `is_normal_at` say, for all cases at once.

    Cases are numbered 0, 1, … in the order they were given in. Made by `build`, kept by `save`, opened by `load`.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._numbers = {case_id: number for number, case_id in enumerate(columns.case_ids)}
        self._standing: dict[Place | None, NDArray[np.intp]] = {}
        self._near: dict[tuple[Place, Place | None], NDArray[np.uint8]] = {}
        self._kin: dict[str, NDArray[np.uint8]] = {}

    @classmethod
    def build(cls, cases: Iterable[CaseFindings]) -> RelevanceTable:
        """Read the cases once, in order. InputError when a case id comes twice, FindingError at an unknown finding."""
        return cls(build_columns(cases))

    @classmethod
    def load(cls, path: Path) -> RelevanceTable:
        """Open what `save` wrote. InputError when the file is something else or of another version."""
        return cls(read_columns(path))

    def save(self, path: Path) -> None:
        """Write one `.npz` file; the same cases give the same bytes."""
        write_columns(path, self._columns)

    def subset(self, numbers: Sequence[int] | Numbers) -> RelevanceTable:
        """The table of these cases alone, in this order and numbered anew."""
        return RelevanceTable(select_cases(self._columns, np.asarray(numbers, dtype=np.int32)))

    def __len__(self) -> int:
        return len(self._columns.case_ids)

    @property
    def case_ids(self) -> tuple[str, ...]:
        """Case ids by number."""
        return self._columns.case_ids

    @property
    def patients(self) -> tuple[str, ...]:
        """The patient of every case, by number."""
        names = self._columns.patients
        return tuple(names[code] for code in self._columns.case_patients.tolist())

    def number(self, case_id: str) -> int:
        """The number of a case. InputError when it isn't in the table."""
        try:
            return self._numbers[case_id]
        except KeyError:
            raise InputError(
                f"case_id: expected one of the table's {len(self)} cases, got {case_id[:80]!r}; build the table with it"
            ) from None

    def relevant(self, query: str | Sequence[Fact], place: Place | None) -> tuple[Numbers, Grades]:
        """Cases of grade 1 and more for `query` at `place` (anywhere when None): ascending numbers and their grades.

        `query` is a case of the table, whose own patient's cases are left out, or the facts of any case.
        """
        grades = self._grades(self._signatures_of(query), place)
        if isinstance(query, str):
            patients = self._columns.case_patients
            grades[patients == patients[self.number(query)]] = 0
        numbers = np.flatnonzero(grades).astype(np.int32)
        return numbers, grades[numbers]

    def judged(self, place: Place | None) -> Numbers:
        """Cases whose report speaks of the place, ascending (see `speaks_of`)."""
        return np.flatnonzero(self._stands(place) | self._cleared(place)).astype(np.int32)

    def normal(self, place: Place | None) -> Numbers:
        """Cases that are normal at the place, ascending (see `is_normal_at`)."""
        return np.flatnonzero(self._cleared(place) & ~self._stands(place)).astype(np.int32)

    def abnormal(self, place: Place | None) -> Numbers:
        """Cases with a finding, present or uncertain, at the place, ascending: those that can have a relevant case."""
        return np.flatnonzero(self._stands(place)).astype(np.int32)

    def _signatures_of(self, query: str | Sequence[Fact]) -> Sequence[Signature]:
        columns = self._columns
        if isinstance(query, str):
            number = self.number(query)
            codes = columns.case_signatures[columns.case_starts[number] : columns.case_starts[number + 1]]
            return [columns.signatures[code] for code in codes.tolist()]
        return list(dict.fromkeys(Signature.of(fact) for fact in query if states_finding(fact)))

    def _grades(self, asked: Sequence[Signature], place: Place | None) -> Grades:
        """The grade of every case, uint8 `(cases,)`."""
        columns = self._columns
        there = self._at(place)
        best = np.zeros(len(there), dtype=np.uint8)
        for signature in asked:
            if place is None or overlaps(signature.place, place):
                np.maximum(best, self._signature_grades(signature, place, there), out=best)
        grades = np.zeros(len(self), dtype=np.uint8)
        for grade in (1, 2, 3):  # the best is written last
            grades[gather(columns.signature_starts, columns.signature_cases, there[best == grade])] = grade
        return grades

    def _signature_grades(self, asked: Signature, place: Place | None, there: NDArray[np.intp]) -> Grades:
        """Grades of the signatures `there` for the one asked: the rules of `grade_at` over columns."""
        columns = self._columns
        related = self._kinship(asked.finding)[columns.findings_of[there]]
        near = self._nearness(asked.place, place)[columns.places_of[there]]
        grades = np.where(related == Kinship.SAME, np.uint8(2), np.uint8(1))
        severities = columns.severities_of[there]
        alike = (severities < 0) | (np.abs(severities - asked.severity) <= 1) if asked.severity >= 0 else True
        grades += (related == Kinship.SAME) & (near == Nearness.SAME) & alike
        grades -= columns.uncertain_of[there] | asked.uncertain
        grades *= (related > 0) & (near > 0)
        return grades

    def _at(self, place: Place | None) -> NDArray[np.intp]:
        """Signatures that stand at the place, kept for the next question."""
        if place not in self._standing:
            met = self._places_that(lambda other: place is None or overlaps(other, place))
            self._standing[place] = np.flatnonzero(met[self._columns.places_of])
        return self._standing[place]

    def _kinship(self, finding: str) -> NDArray[np.uint8]:
        if finding not in self._kin:
            self._kin[finding] = np.array([kinship(finding, other) for other in self._columns.findings], dtype=np.uint8)
        return self._kin[finding]

    def _nearness(self, asked: Place, place: Place | None) -> NDArray[np.uint8]:
        key = (asked, place)
        if key not in self._near:
            near = [nearness(asked, other, place) for other in self._columns.places]
            self._near[key] = np.array(near, dtype=np.uint8)
        return self._near[key]

    def _stands(self, place: Place | None) -> Bools:
        columns = self._columns
        found = np.zeros(len(self), dtype=np.bool_)
        found[gather(columns.signature_starts, columns.signature_cases, self._at(place))] = True
        return found

    def _cleared(self, place: Place | None) -> Bools:
        """Cases with an absence or normality that covers the place, by itself or both sides together."""
        columns = self._columns
        whole = self._places_that(lambda other: place is None or is_part_of(place, other))
        covered = np.zeros(len(self), dtype=np.bool_)
        covered[gather(columns.cleared_starts, columns.cleared_cases, np.flatnonzero(whole))] = True
        halves = () if place is None else sides_of(place)
        if halves:
            covered |= np.logical_and(self._cleared(halves[0]), self._cleared(halves[1]))
        return covered

    def _places_that(self, holds: Callable[[Place], bool]) -> Bools:
        return np.array([holds(other) for other in self._columns.places], dtype=np.bool_)
