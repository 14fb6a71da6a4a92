"""Lists of cases: every case once over all pages, by raw names and pseudonyms alike, exams in time order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casekin.errors import FilterError, InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.journeys.browse import CaseFilter, exams_of, list_cases
from made_cases import made_case

KEY = bytes(range(32))
NAMES = Pseudonymizer(KEY)
DAYS = (5, None, -3, 40)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CaseIndex]:
    """Twelve cases; the first four are one patient's, with days out of order."""
    with CaseIndex(tmp_path / "index", create=True) as made:
        made.put_site_key(KEY)
        cases = []
        for number in range(12):
            patient = NAMES.patient("P 1" if number < 4 else f"other {number}")
            cases.append(
                made_case(
                    f"c{number:02d}",
                    patient=patient,
                    patient_id=patient,
                    day_offset=DAYS[number] if number < 4 else 0,
                    modality="CT" if number % 3 == 0 else "CR",
                    age=float(number),
                    study_instance_uid=NAMES.uid(f"1.2.{number}"),
                    accession_number=NAMES.accession(f"A{number // 2}"),
                )
            )
        made.put(cases)
        yield made


def ids(index: CaseIndex, *, limit: int = 500, after: str | None = None, **asked: str) -> list[str]:
    page = list_cases(index, CaseFilter(**asked), limit=limit, after=after)
    return [case.case_id for case in page.cases]


@pytest.mark.parametrize("limit", [1, 5, 6, 12, 100])
def test_pages_hold_every_case_once_in_order(index: CaseIndex, limit: int) -> None:
    found, after = [], None
    while True:
        page = list_cases(index, CaseFilter(), limit=limit, after=after)
        assert page.total == 12
        found += [case.case_id for case in page.cases]
        after = page.after
        if after is None:
            break
    assert found == [f"c{number:02d}" for number in range(12)]


def test_a_page_begins_behind_an_id_that_is_gone_too(index: CaseIndex) -> None:
    assert ids(index, after="c09x", limit=5) == ["c10", "c11"]
    assert ids(index, after="zz") == []
    assert ids(index, modality="CT", after="c03") == ["c06", "c09"]


def test_names_are_found_as_they_stand_in_a_header_and_as_pseudonyms(index: CaseIndex) -> None:
    for study in ("1.2.7", NAMES.uid("1.2.7")):
        assert ids(index, study_instance_uid=study) == ["c07"]
    for accession in ("A3", " a3 ", NAMES.accession("A3")):
        assert ids(index, accession_number=accession) == ["c06", "c07"]
    for patient in ("P 1", NAMES.patient("P 1")):
        assert ids(index, patient=patient) == ["c00", "c01", "c02", "c03"]
    assert ids(index, patient="P 1", modality="CT", where="age > 1") == ["c03"]
    assert ids(index, study_instance_uid="1.2.999") == []


def test_a_patients_exams_come_in_time_order_those_without_a_day_last(index: CaseIndex) -> None:
    assert [case.case_id for case in exams_of(index, "c03")] == ["c02", "c00", "c03", "c01"]
    assert exams_of(index, "nobody") == ()


def test_what_cannot_be_listed_is_refused(index: CaseIndex) -> None:
    with pytest.raises(InputError, match="limit"):
        list_cases(index, CaseFilter(), limit=0)
    with pytest.raises(FilterError):
        list_cases(index, CaseFilter(where="age >"))
