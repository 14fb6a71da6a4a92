"""Reports join their studies: early, late, twice, corrected, of merged patients, and never another patient's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.journeys.receiving.report_files import take_report_files
from casekin.journeys.receiving.reports import Joined, settle, take_messages
from casekin.reports.messages import read_message
from casekin.site.books import Books
from casekin.site.report_ledger import ReportLedger
from made_messages import merge, result
from made_stores import stored_case


class Site:
    """An index with its ledger; `take` reads messages as they arrive."""

    def __init__(self, folder: Path) -> None:
        self.handle = CaseIndex(folder / "index", create=True)
        self.books = Books(folder / "site")
        self.ledger = ReportLedger(self.books)
        self.names = Pseudonymizer(self.handle.site_key())

    def put(
        self, number: int, *, patient: str = "P1", accession: str = "ACC-1", uid: str = "1.2.3", **values: Any
    ) -> None:
        patient = self.names.patient(patient)
        given = {"patient_id": patient, "patient": patient, "study_instance_uid": self.names.uid(uid), "report": None}
        given |= {"accession_number": self.names.accession(accession), "facts": (), "sentences": (), **values}
        self.handle.put([stored_case(number, **given)])

    def take(self, *messages: bytes) -> list[Joined]:
        return [take_messages(self.handle, self.ledger, read_message(data), self.names) for data in messages]

    def report(self, number: int = 0) -> str | None:
        case_id = f"case-{number}"
        return self.handle.cases([case_id])[case_id].report


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.handle.close()


WET = result("FINDINGS: Possible pneumothorax.", status="P", stated="20260101", control="1")
SIGNED = result("FINDINGS: Left pleural effusion.", status="F", stated="20260102", control="2")
MENDED = result("FINDINGS: Right pleural effusion.", status="C", stated="20260103", control="3")
ADDED = result("No pneumothorax.", suffix="&ADT", stated="20260104", control="4")
END = "FINDINGS: Right pleural effusion.\n\nADDENDUM: No pneumothorax."


@pytest.mark.parametrize("order", list(permutations([WET, SIGNED, MENDED, ADDED]))[::3])
@pytest.mark.parametrize("study_after", [0, 2, 4])
def test_whatever_the_order_of_versions_and_study_the_case_says_what_stands(
    site: Site, order: tuple[bytes, ...], study_after: int
) -> None:
    site.take(*order[:study_after])
    site.put(0)
    settle(site.handle, site.ledger)
    site.take(*order[study_after:])
    assert site.report() == END
    facts = site.handle.cases(["case-0"])["case-0"].facts
    assert [(fact.finding, fact.side) for fact in facts if fact.polarity == "present"] == [
        ("pleural_effusion", "right")
    ]


def test_a_message_that_comes_twice_changes_nothing(site: Site) -> None:
    site.put(0)
    site.take(SIGNED)
    before = site.handle.version()
    assert site.take(SIGNED)[0].cases == ("case-0",)
    assert site.handle.version() == before


def test_a_withdrawn_report_is_gone_with_its_facts(site: Site) -> None:
    site.put(0)
    site.take(SIGNED, result("", status="X", stated="20260109"))
    case = site.handle.cases(["case-0"])["case-0"]
    assert (case.report, case.facts) == (None, ())


def test_an_addendum_adds_to_a_report_that_came_with_its_case(site: Site) -> None:
    site.put(0, report="FINDINGS: Left pleural effusion.")
    site.take(ADDED, ADDED)
    assert site.report() == "FINDINGS: Left pleural effusion.\n\nADDENDUM: No pneumothorax."


def test_an_accession_number_of_another_patient_joins_nothing(site: Site) -> None:
    site.put(0, patient="P1")
    (joined,) = site.take(result("FINDINGS: Effusion.", patient="P2^^^SITE"))
    assert (joined.cases, joined.waiting, site.report()) == ((), 1, None)
    assert site.take(result("FINDINGS: Effusion.", patient="P7~P1"))[0].cases == ("case-0",)


def test_a_study_uid_joins_whatever_the_patient_is_called(site: Site) -> None:
    site.put(0, patient="P1")
    assert site.take(result("Effusion.", accession="ELSE", uid="1.2.3", patient="P2"))[0].cases == ("case-0",)


def test_merged_patients_are_one_in_searches_and_reports_now_and_later(site: Site) -> None:
    site.put(0, patient="OLD")
    site.put(1, patient="NEW", accession="ACC-2", uid="1.2.4")
    site.take(merge("NEW", "OLD"))
    new = site.names.patient("NEW")
    assert {case.patient for case in site.handle.cases(["case-0", "case-1"]).values()} == {new}
    assert site.handle.patients_of(case_id="case-0") == {new}
    assert set(site.handle.catalog().patient_of_case) - {""} == {new}
    assert site.take(result("Effusion.", patient="NEW"))[0].cases == ("case-0",)

    site.put(2, patient="OLD", accession="ACC-3", uid="1.2.5")  # a machine that hasn't heard of it
    settle(site.handle, site.ledger)
    assert site.handle.cases(["case-2"])["case-2"].patient == new
    site.take(merge("NEWEST", "NEW"))
    newest = site.names.patient("NEWEST")
    assert {case.patient for case in site.handle.cases(["case-0", "case-1", "case-2"]).values()} == {newest}
    assert {len(site.handle.patients_of(patient_id=site.names.patient(name))) for name in ("OLD", "NEW")} == {1}
    site.take(merge("OLD", "NEWEST"))  # back to the first: no circle
    assert len({site.ledger.survivor_of(site.names.patient(name)) for name in ("OLD", "NEW", "NEWEST")}) == 1


def test_names_and_numbers_of_the_patient_are_hidden_in_the_text_that_is_kept(site: Site) -> None:
    site.put(0, patient="4711-0815")
    text = "FINDINGS: Mrs. Quixley, MRN 4711-0815, born 02.01.1950: left pleural effusion."
    site.take(result(text, patient="4711-0815", name="Quixley^Dorothea", birth="19500102"))
    kept = site.report() or ""
    assert "effusion" in kept and not any(word in kept for word in ("Quixley", "4711", "1950"))
    stored = b"".join(path.read_bytes() for path in site.books.folder.iterdir())
    assert not any(word in stored for word in (b"Quixley", b"4711", b"ACC-1"))


def test_what_found_no_case_waits_until_it_expires_or_is_forgotten(site: Site) -> None:
    site.take(SIGNED, result("Effusion.", accession="ACC-9", patient="P9"))
    assert len(list(site.ledger.waiting())) == 2
    assert site.ledger.forget([], [site.names.patient("P9")]) == 1
    assert site.ledger.expire(before="2000-01-01") == 0
    assert site.ledger.expire(before="9999-01-01") == 1


def test_forgetting_a_case_forgets_the_reports_that_joined_it(site: Site) -> None:
    site.put(0)
    site.take(WET, SIGNED)
    assert site.ledger.forget(["case-0"]) == 2
    stored = b"".join(path.read_bytes() for path in site.books.folder.iterdir())
    assert b"Left pleural" not in stored or (site.books.folder / "site.sqlite3-wal").exists()


def test_a_folder_of_every_kind_of_report_joins_and_lists_the_rest(site: Site, tmp_path: Path) -> None:
    site.put(0)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.hl7").write_bytes(WET + b"\r\n" + SIGNED)
    (folder / "b.hl7").write_bytes(result("Effusion.", accession="ACC-9"))
    (folder / "c.jsonl").write_text(
        '{"case_id": "case-0", "report_id": "r", "report": "FINDINGS: Nodule."}\n{"x": 1}\n'
    )
    (folder / "d.json").write_text('{"resourceType": "Patient"}')
    taken = take_report_files(site.handle, site.ledger, folder, site.names)
    assert (taken.joined, taken.unmatched) == (3, ["b.hl7"])
    assert [problem.source for problem in taken.problems] == ["c.jsonl:2", "d.json"]
    with pytest.raises(InputError, match="doesn't exist"):
        take_report_files(site.handle, site.ledger, folder / "gone", site.names)
