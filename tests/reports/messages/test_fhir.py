"""FHIR reports: alone, in Bundles, of R4 and R5; the made ones are valid by fhir.resources."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from fhir.resources.diagnosticreport import DiagnosticReport
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.diagnosticreport import DiagnosticReport as DiagnosticReportR4B

from casekin.errors import InputError
from casekin.reports.messages import read_fhir, read_message

ACCESSION = {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]}}
STUDY_UID = {"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}


def form(text: str, kind: str = "text/plain", codec: str = "utf-8") -> dict[str, str]:
    return {"contentType": kind, "data": base64.b64encode(text.encode(codec)).decode()}


def report(**fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Chest"},
        "identifier": [{**ACCESSION, "value": "ACC-1"}], "issued": "2026-01-02T03:04:05.000+02:00",
        "presentedForm": [form("No effusion.")], **fields,
    }  # fmt: skip


def read(resource: dict[str, Any]) -> Any:
    (found,) = read_fhir(json.dumps(resource).encode())
    return found


def test_a_report_says_its_words_its_state_and_its_study() -> None:
    resource = report(
        imagingStudy=[{"identifier": STUDY_UID}], subject={"identifier": {"value": "P1"}, "display": "Doe"}
    )
    DiagnosticReportR4B.model_validate(resource)
    found = read(resource)
    assert (found.text, found.status, found.stated_at) == ("No effusion.", "final", "20260102010405.0")
    assert (found.accession_numbers, found.study_instance_uids) == (("ACC-1",), ("1.2.3",))
    assert (found.patient_ids, found.person_names) == (("P1",), ("Doe",))


def test_r5_names_its_study_otherwise() -> None:
    resource = report(study=[{"identifier": STUDY_UID}])
    DiagnosticReport.model_validate(resource)
    assert read(resource).study_instance_uids == ("1.2.3",)


def test_what_a_report_refers_to_is_looked_up_in_its_bundle() -> None:
    study = {"resourceType": "ImagingStudy", "id": "s1", "status": "available", "subject": {"reference": "Patient/p"}}
    entries = [
        report(identifier=[], imagingStudy=[{"reference": "ImagingStudy/s1"}], subject={"reference": "urn:uuid:7"}),
        {**study, "identifier": [STUDY_UID, {**ACCESSION, "value": "ACC-9"}]},
        {"resourceType": "Patient", "id": "p", "identifier": [{"value": "P9"}], "birthDate": "1950-01-02",
         "name": [{"family": "Doe", "given": ["Jane"]}]},
    ]  # fmt: skip
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}
    bundle["entry"][2]["fullUrl"] = "urn:uuid:7"  # type: ignore[index]
    Bundle.model_validate(bundle)
    found = read(bundle)
    assert (found.accession_numbers, found.study_instance_uids) == (("ACC-9",), ("1.2.3",))
    assert (found.patient_ids, found.person_names, found.birth_dates) == (("P9",), ("Doe Jane",), ("19500102",))


@pytest.mark.parametrize(
    ("told", "status"),
    [("partial", "preliminary"), ("amended", "corrected"), ("appended", "corrected"), ("unknown", "preliminary")],
)  # fmt: skip
def test_states_are_those_of_versions(told: str, status: str) -> None:
    assert read(report(status=told)).status == status


def test_words_may_be_a_page_in_any_character_set_a_narrative_or_a_conclusion() -> None:
    page = "<html><head><style>x</style></head><body><p>Größe &lt; 1 cm</p><p>Stable.</p></body></html>"
    assert (
        read(report(presentedForm=[form(page, "text/html; charset=latin-1", "latin-1")])).text
        == "Größe < 1 cm\nStable."
    )
    assert read(report(presentedForm=[], conclusion="Clear.")).text == "IMPRESSION: Clear."
    narrative = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Lungs clear.</div>'}
    assert read(report(presentedForm=[], text=narrative)).text == "Lungs clear."


def test_lines_of_bulk_data_are_reports_each() -> None:
    lines = [json.dumps(report(id=f"r{number}")) for number in range(3)]
    assert len(read_message("\n".join(lines).encode())) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[" * 100_000, b"{}", b'{"resourceType": "Patient"}', b"\xff\xfe{",
        json.dumps(report(presentedForm=[form("x", "application/pdf")])).encode(),
        json.dumps(report(presentedForm=[{"contentType": "text/plain", "data": "***"}])).encode(),
        json.dumps(report(identifier=[], imagingStudy=[{"reference": "ImagingStudy/gone"}])).encode(),
        json.dumps(report(meta={"tag": [{"system": "urn:casekin:tag", "code": "draft"}]})).encode(),
    ],
)  # fmt: skip
def test_what_is_no_report_or_a_draft_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="expected"):
        read_fhir(data)
