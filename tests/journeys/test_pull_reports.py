"""Reports of a FHIR server: page by page, with what they refer to, from that server alone, and resumed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.errors import InputError
from casekin.journeys.pull_reports import pull_reports, record_server
from casekin.reports.messages import ArrivedReport, read_message
from casekin.site.books import Books
from casekin.site.report_ledger import ReportLedger
from made_objects import film_object
from made_web import MadeWeb, made_web

SEARCH = "/fhir/DiagnosticReport?status=final"


@pytest.fixture
def web() -> Iterator[MadeWeb]:
    """Two pages: reports 1 and 2 of a study, then 3, whose words and study lie elsewhere on the server."""
    with made_web() as made:
        root = f"{made.address}/fhir"
        first = bundle(report(1), report(2, imagingStudy=[{"reference": "ImagingStudy/S"}]), following="?page=2")
        words = {"contentType": "text/plain", "url": "Binary/W"}
        third = report(
            3, presentedForm=[words], identifier=[], basedOn=[{"reference": f"{root}/ServiceRequest/O/_history/7"}]
        )
        made.answers |= {
            SEARCH: first,
            "/fhir/DiagnosticReport?page=2": bundle(third),
            "/fhir/Patient/P": {"resourceType": "Patient", "id": "P", "identifier": [{"value": "P1"}],
                                "name": [{"family": "Quixley", "given": ["Dorothea"]}]},
            "/fhir/ImagingStudy/S": study("S", "1.2.3"),
            "/fhir/ServiceRequest/O": {"resourceType": "ServiceRequest", "id": "O"},
            "/fhir/ImagingStudy?basedon=ServiceRequest%2FO": bundle(study("T", "1.2.4")),
            "/fhir/Binary/W": {"resourceType": "Binary", "data": base64.b64encode(b"Nodule, 3 mm.").decode()},
        }  # fmt: skip
        yield made


def report(number: int, **more: Any) -> dict[str, Any]:
    text = base64.b64encode(f"Quixley: left pleural effusion {number}.".encode()).decode()
    given = {"status": "final", "subject": {"reference": "Patient/P"}, "identifier": [{"value": f"ACC-{number}"}]}
    given |= {"presentedForm": [{"contentType": "text/plain", "data": text}]}
    return {"resourceType": "DiagnosticReport", "id": f"r{number}", **given, **more}


def study(name: str, uid: str) -> dict[str, Any]:
    return {"resourceType": "ImagingStudy", "id": name, "identifier": [
        {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}]}  # fmt: skip


def bundle(*resources: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    links = [] if following is None else [{"relation": "next", "url": following}]
    return {"resourceType": "Bundle", "link": links, "entry": [{"resource": one} for one in resources]}


def read(folder: Path) -> dict[str, ArrivedReport]:
    found = [one for path in folder.glob("*.json") for one in read_message(path.read_bytes())]
    return {one.report_id or "": one for one in found if isinstance(one, ArrivedReport)}


def pull(web: MadeWeb, folder: Path, address: str = SEARCH, **more: Any) -> Any:
    return pull_reports(record_server(web.address + address), folder, sleep=lambda _: None, **more)


def test_every_page_comes_with_patients_studies_orders_and_words(web: MadeWeb, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    pulled = pull(web, tmp_path, done=lambda *counts: told.append(counts))
    assert (pulled.fetched, pulled.unchanged, pulled.problems, told) == (3, 0, (), [(2, 2), (3, 3)])
    found = read(tmp_path)
    assert found["ACC-1"].patient_ids == ("P1",) and "Quixley" in found["ACC-1"].person_names[0]
    assert found["ACC-2"].study_instance_uids == ("1.2.3",)
    assert (found["r3"].text, found["r3"].study_instance_uids) == ("Nodule, 3 mm.", ("1.2.4",))
    asked = len(web.asked)
    assert pull(web, tmp_path).unchanged == 3 and web.asked[asked:] == [SEARCH, "/fhir/DiagnosticReport?page=2"]


def test_an_interrupted_search_goes_on_after_its_last_page_and_begins_anew_where_that_is_gone(
    web: MadeWeb, tmp_path: Path
) -> None:
    second = "/fhir/DiagnosticReport?page=2"
    web.statuses[second] = [503] * 4
    with pytest.raises(InputError, match="try again later"):
        pull(web, tmp_path)
    web.asked.clear()
    web.statuses[second] = [429]
    assert (pull(web, tmp_path).fetched, web.asked[:2]) == (1, [second, second])
    (tmp_path / ".next-page").write_text(f"{web.address}/fhir/DiagnosticReport?page=gone")
    assert pull(web, tmp_path).unchanged == 3


@pytest.mark.parametrize(
    "following", ["http://127.0.0.1:1/next", "https://elsewhere.example/fhir", "//elsewhere.example/", "http://[x/"]
)
def test_a_next_page_on_another_server_is_not_asked_for(web: MadeWeb, tmp_path: Path, following: str) -> None:
    web.answers[SEARCH] = bundle(report(1), following=following)
    with pytest.raises(InputError, match="next page"):
        pull(web, tmp_path)


def test_an_address_with_control_characters_is_refused(web: MadeWeb, tmp_path: Path) -> None:
    web.answers[SEARCH] = bundle(report(1), following="/fhir/\x7f")
    with pytest.raises(InputError, match="expected an address"):
        pull(web, tmp_path)


def test_a_page_that_leads_back_to_itself_ends(web: MadeWeb, tmp_path: Path) -> None:
    web.answers[SEARCH] = bundle(report(1), following=SEARCH)
    with pytest.raises(InputError, match="each once"):
        pull(web, tmp_path)


@pytest.mark.parametrize(
    "reference", ["Patient/unknown", "http://127.0.0.1:1/Patient/P", "Patient/../metadata", "Patient/..", "Group/P"]
)
def test_a_report_whose_patient_is_not_had_here_is_left_out_and_listed(
    web: MadeWeb, tmp_path: Path, reference: str
) -> None:
    web.answers[SEARCH] = bundle(report(1, subject={"reference": reference}), report(2))
    pulled = pull(web, tmp_path)
    assert (pulled.fetched, len(pulled.problems)) == (1, 1) and "page 1, report 1" in pulled.problems[0]
    assert not any(".." in path or "Group" in path for path in web.asked)


def test_the_sign_in_is_sent_but_not_over_plain_http_elsewhere(web: MadeWeb, tmp_path: Path) -> None:
    server = replace(record_server(f"{web.address}/fhir/"), token="SECRET")
    web.answers["/fhir/DiagnosticReport"] = bundle()
    pull_reports(server, tmp_path)
    assert web.sign_ins == {"Bearer SECRET"} and "SECRET" not in repr(server)
    with pytest.raises(InputError, match="https"):
        pull_reports(replace(server, address="http://ris.example/fhir"), tmp_path)
    for address in ("ftp://x/fhir", "http://a:b@x/fhir", "http://x:99999/fhir", "http://x/fhir?status=final"):
        with pytest.raises(InputError, match="expected"):
            pull_reports(record_server(address), tmp_path)


@pytest.mark.parametrize("answer", [[], "x", {"resourceType": "Patient"}, {"resourceType": "OperationOutcome"}])
def test_what_is_no_fhir_is_said(web: MadeWeb, tmp_path: Path, answer: Any) -> None:
    web.answers[SEARCH] = answer
    with pytest.raises(InputError, match="expected a Bundle"):
        pull(web, tmp_path)


def test_an_ingest_joins_reports_of_a_server_and_leaves_nothing_as_it_was_sent(
    web: MadeWeb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, index = tmp_path / "film.dcm", tmp_path / "index"
    film.write_bytes(film_object(1))
    argv = ["ingest", str(film), "--index", str(index), "--workers", "1", "--json"]
    assert run([*argv, "--reports", web.address + SEARCH]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["reports_joined"], len(told["unmatched_reports"])) == (1, 2, 1)
    assert not (index / "site" / "pulled").exists()
    (waiting,) = ReportLedger(Books(index / "site")).waiting()
    assert waiting.text == "Nodule, 3 mm."
    assert run([*argv, "--reports", f"{web.address}/nothing"]) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"resourceType": "OperationOutcome"},
        {"resourceType": "Patient", "id": "Q", "name": [{"family": "Other"}]},
        [],
        7,
    ],
    ids=["no patient", "another patient", "a list", "a number"],
)
def test_what_comes_in_the_patients_place_does_not_stand_for_the_patient(
    web: MadeWeb, tmp_path: Path, answer: object
) -> None:
    web.answers["/fhir/Patient/P"] = answer
    pulled = pull(web, tmp_path)
    assert (pulled.fetched, len(pulled.problems)) == (0, 3)


def test_a_page_that_gives_another_resource_the_patients_name_does_not_either(web: MadeWeb, tmp_path: Path) -> None:
    page = bundle(report(1))
    page["entry"].append({"fullUrl": f"{web.address}/fhir/Patient/P", "resource": {"resourceType": "Group", "id": "G"}})
    web.answers[SEARCH] = page
    assert len(pull(web, tmp_path).problems) == 1


def test_a_report_with_references_without_end_asks_for_some(web: MadeWeb, tmp_path: Path) -> None:
    many = [{"reference": f"ServiceRequest/{number}"} for number in range(5000)]
    words = [{"contentType": "text/plain", "url": f"Binary/{number}"} for number in range(5000)]
    web.answers[SEARCH] = bundle(report(1, basedOn=many, presentedForm=words, identifier=[]))
    assert pull(web, tmp_path).fetched == 1
    assert len(web.asked) <= 1 + 1 + 3 * 100
    asked = [path for path in web.asked if "Patient" not in path]
    assert len(set(asked)) == len(asked)


def test_pages_that_lead_in_a_circle_end(web: MadeWeb, tmp_path: Path) -> None:
    web.answers[SEARCH] = bundle(following="?page=a")
    web.answers["/fhir/DiagnosticReport?page=a"] = bundle(following="?page=b")
    web.answers["/fhir/DiagnosticReport?page=b"] = bundle(following="?page=a")
    with pytest.raises(InputError, match="each once"):
        pull(web, tmp_path)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_led_elsewhere(web: MadeWeb, tmp_path: Path, status: int) -> None:
    web.statuses[SEARCH] = [status]
    with pytest.raises(InputError, match=f"status {status}"):
        pull(web, tmp_path)
