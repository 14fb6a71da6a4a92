from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.diagnosticreport import DiagnosticReport

from casekin.errors import InputError
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.export import ReportSubject, draft_text, export_draft
from made_exports import DOUBTED, NO_PNEUMOTHORAX, NOTHING_FOUND, OTHERS_WORDS, USUAL, draft, sentence

SUBJECT = ReportSubject(patient_id="p-0123456789abcdef", study_instance_uid="2.25.77", modality="CR")
WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def exported(made: Draft) -> DiagnosticReport:
    """Read by a model of the standard that knows nothing of casekin: every unknown or ill-typed field is an error."""
    return DiagnosticReport.model_validate_json(export_draft(made, form="fhir", subject=SUBJECT, written=WRITTEN))


def test_the_report_and_every_observation_are_preliminary_and_begin_with_the_notice() -> None:
    report = exported(USUAL)

    assert report.status == "preliminary"
    assert [one.status for one in report.contained[1:]] == ["preliminary"] * 5
    assert report.conclusion.startswith(USUAL.notice)
    assert report.conclusion.endswith("Left pleural effusion. [2]")
    assert report.meta.tag[0].code == "draft"


def test_a_doubt_about_the_similar_cases_stands_behind_the_notice() -> None:
    report = exported(DOUBTED)

    assert report.conclusion.startswith(f"{USUAL.notice} CAUTION: low confidence: promise .71 is below .90 ")
    assert "CAUTION: low confidence" in report.text.div
    assert "CAUTION" not in exported(USUAL).conclusion


def test_a_conclusion_says_that_nothing_is_found() -> None:
    assert exported(NOTHING_FOUND).conclusion.endswith("No finding is supported by the similar cases.")


def test_each_claim_is_an_observation_with_published_codes() -> None:
    effusion, no_pneumothorax, heart, nodule, _ = exported(USUAL).contained[1:]

    assert (effusion.code.coding[0].system, effusion.code.coding[0].code) == ("http://snomed.info/sct", "60046008")
    assert effusion.valueCodeableConcept.coding[0].display == "Present"
    assert effusion.bodySite.text == "left pleural space"
    assert no_pneumothorax.valueCodeableConcept.coding[0].display == "Absent"
    assert heart.code.coding[0].display == "Within normal limits"
    assert nodule.valueCodeableConcept.coding[0].display == "Indeterminate"


def test_an_observation_names_the_cases_it_is_derived_from_and_its_support() -> None:
    effusion = exported(USUAL).contained[1]

    assert [one.identifier.value for one in effusion.derivedFrom] == ["case-2", "case-1"]
    assert [float(part.valueQuantity.value) for part in effusion.component[:3]] == [0.8, 0.4, 0.9]
    assert effusion.component[3].valueInteger == 12


def test_results_point_at_the_observations_inside() -> None:
    report = exported(USUAL)

    assert [one.reference for one in report.result] == [f"#{one.id}" for one in report.contained[1:]]


def test_only_pseudonyms_and_no_words_of_other_reports_are_told() -> None:
    text = export_draft(USUAL, form="fhir", subject=SUBJECT, written=WRITTEN).decode()

    assert json.loads(text)["subject"]["identifier"]["value"] == SUBJECT.patient_id
    assert OTHERS_WORDS not in text


def test_the_attached_text_is_the_plain_draft_without_what_was_struck() -> None:
    attached = json.loads(export_draft(USUAL, form="fhir"))["presentedForm"][0]

    text = base64.b64decode(attached["data"], validate=True).decode()
    assert text == draft_text(replace(USUAL, struck=()))
    assert USUAL.struck[0].text not in text
    assert USUAL.struck[0].text not in exported(USUAL).text.div


def test_markup_in_a_sentence_stays_text() -> None:
    report = exported(draft(sentence("<script>alert(1)</script> & Erguß 胸水", "pleural_effusion", "pleural_space")))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Erguß 胸水" in report.text.div
    assert "<script" not in report.text.div


def test_no_clock_is_read() -> None:
    record = json.loads(export_draft(draft(NO_PNEUMOTHORAX), form="fhir"))

    assert "issued" not in record
    assert "subject" not in record
    DiagnosticReport.model_validate(record)


def test_a_draft_that_abstained_makes_no_resource() -> None:
    with pytest.raises(InputError, match="expected sentences to export as fhir"):
        export_draft(draft(), form="fhir")
