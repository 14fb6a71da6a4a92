from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pydicom
import pytest
from highdicom import sr
from pydicom.dataset import Dataset
from pydicom.uid import UID

from casekin.errors import InputError
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.export import Form, ReportSubject, export_draft
from made_exports import DOUBTED, NOTHING_FOUND, OTHERS_WORDS, USUAL, draft, sentence

WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SUBJECT = ReportSubject(
    patient_id="p-0123456789abcdef",
    accession_number="a-0123456789abcdef",
    study_instance_uid="2.25.77",
    series_instance_uid="2.25.78",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.1",
    sop_instance_uid="2.25.79",
    modality="CR",
)
BOTH = pytest.mark.parametrize("form", ["sr", "sr-basic"])
ODD = "Erguß links — ‘klein’ \\ 胸水 " + "x" * 4000


def written(made: Draft, form: Form, subject: ReportSubject | None = SUBJECT) -> bytes:
    return export_draft(made, form=form, subject=subject, written=WRITTEN)


def read(data: bytes) -> Dataset:
    return pydicom.dcmread(io.BytesIO(data))


def items(tree: Dataset) -> Iterator[Dataset]:
    """Every content item, a parent before its children."""
    for item in tree.get("ContentSequence", []):
        yield item
        yield from items(item)


def texts(tree: Dataset, name: str) -> list[str]:
    return [i.TextValue for i in items(tree) if i.ValueType == "TEXT" and meaning(i) == name]


def meaning(item: Dataset) -> str:
    return str(item.ConceptNameCodeSequence[0].CodeMeaning)


@BOTH
def test_the_document_is_preliminary_partial_and_unverified(form: Form) -> None:
    document = read(written(USUAL, form))

    assert (document.PreliminaryFlag, document.CompletionFlag, document.VerificationFlag) == (
        "PRELIMINARY",
        "PARTIAL",
        "UNVERIFIED",
    )
    assert USUAL.notice in texts(document, "Comment")
    assert document.SeriesDescription == "DRAFT, not a report"
    assert (document.ContentDate, document.ContentTime) == ("20260304", "050607.000000")


@BOTH
def test_a_doubt_about_the_similar_cases_stands_behind_the_notice(form: Form) -> None:
    comments = texts(read(written(DOUBTED, form)), "Comment")

    caution = "CAUTION: low confidence: promise .71 is below .90"
    assert comments.index(caution) == comments.index(DOUBTED.notice) + 1
    assert not any("CAUTION" in text for text in texts(read(written(USUAL, form)), "Comment"))


@BOTH
def test_a_report_says_that_nothing_is_found(form: Form) -> None:
    said = "No finding is supported by the similar cases."

    assert said in texts(read(written(NOTHING_FOUND, form)), "Comment")


@BOTH
def test_patient_study_and_image_are_the_pseudonyms_that_were_given(form: Form) -> None:
    document = read(written(USUAL, form))
    study = document.CurrentRequestedProcedureEvidenceSequence[0]

    assert (document.PatientID, document.PatientName, document.StudyInstanceUID) == (SUBJECT.patient_id, "", "2.25.77")
    assert document.AccessionNumber == "a-0123456789abcd"  # a short string holds 16
    assert study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "2.25.79"
    assert {i.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for i in items(document) if i.ValueType == "IMAGE"} == {
        "2.25.79"
    }


@BOTH
def test_every_sentence_stands_with_the_cases_it_cites_and_without_their_words(form: Form) -> None:
    data = written(USUAL, form)
    told = [text for name in ("Comment", "Finding", "Impression") for text in texts(read(data), name)]

    assert {one.text for one in USUAL.sentences} <= set(told)
    assert told.count("Cites case case-2 at left pleural space") == 1
    assert OTHERS_WORDS.encode() not in data


def test_a_measurement_report_holds_a_coded_group_for_each_sentence_and_a_finding_only_where_one_is() -> None:
    content = sr.srread(io.BytesIO(written(USUAL, "sr"))).content
    effusion, no_pneumothorax, heart, nodule, _ = content.get_image_measurement_groups()

    assert effusion.finding_type.value == "60046008"
    site = effusion.finding_sites[0]
    assert (site.topographical_modifier, site.laterality.meaning) == (None, "Left")
    assert [(e.name.meaning, e.value.meaning) for e in effusion.get_qualitative_evaluations()] == [
        ("pleural effusion", "Present")
    ]
    assert [(m.name.value, m.value, m.unit.value) for m in effusion.get_measurements()] == [("111012", 80.0, "%")]
    denied = no_pneumothorax.get_qualitative_evaluations()[0]
    assert (denied.name.meaning, denied.value.meaning) == ("pneumothorax", "Absent")
    assert (heart.finding_type.meaning, heart.get_qualitative_evaluations()) == ("Within normal limits", [])
    assert nodule.get_qualitative_evaluations()[0].value.meaning == "Indeterminate"
    assert (no_pneumothorax.finding_type, nodule.finding_type) == (None, None)


def test_a_basic_report_has_findings_and_impressions_inferred_from_cases() -> None:
    document = read(written(USUAL, "sr-basic"))
    sections = {meaning(i): i for i in document.ContentSequence if i.ValueType == "CONTAINER"}

    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.11"
    assert [i.TextValue for i in sections["Findings"].ContentSequence] == [one.text for one in USUAL.sentences[:4]]
    assert [i.TextValue for i in sections["Impressions"].ContentSequence] == ["Left pleural effusion."]
    cites = sections["Findings"].ContentSequence[0].ContentSequence
    assert {(i.RelationshipType, i.ValueType) for i in cites} == {("INFERRED FROM", "TEXT")}


@BOTH
def test_odd_text_comes_back_as_it_was(form: Form) -> None:
    document = read(written(draft(sentence(ODD + "\x00\x07", "pleural_effusion", "pleural_space")), form))

    assert document.SpecificCharacterSet == "ISO_IR 192"
    assert ODD in [*texts(document, "Comment"), *texts(document, "Finding")]


def test_a_finding_without_a_published_code_has_our_own_in_a_private_scheme() -> None:
    made = draft(sentence("Halo sign in the lingula.", "halo_sign", "lingula", "left"))
    finding = next(i for i in items(read(written(made, "sr"))) if meaning(i) == "Finding")

    code = finding.ConceptCodeSequence[0]
    assert (code.CodingSchemeDesignator, code.CodeValue) == ("99CASEKIN", "halo_sign")


@BOTH
def test_the_same_draft_at_the_same_time_gives_the_same_bytes_and_another_one_other_uids(form: Form) -> None:
    other = draft(*USUAL.sentences[:2])

    assert written(USUAL, form) == written(USUAL, form)
    assert read(written(USUAL, form)).SOPInstanceUID != read(written(other, form)).SOPInstanceUID
    assert all(UID(e.value).is_valid for e in read(written(USUAL, form)).iterall() if e.VR == "UI")


@BOTH
def test_a_picture_without_dicom_ids_gets_a_study_of_its_own_and_no_reference(form: Form) -> None:
    document = read(written(USUAL, form, None))

    assert document.StudyInstanceUID.startswith("2.25.")
    assert "CurrentRequestedProcedureEvidenceSequence" not in document
    assert not [i for i in items(document) if i.ValueType == "IMAGE"]


@BOTH
@pytest.mark.parametrize("tool", [["dsrdump", "-Ec"], ["dciodvfy"]], ids=["dcmtk", "dicom3tools"])
@pytest.mark.parametrize("subject", [SUBJECT, None], ids=["image", "no image"])
def test_tools_of_others_read_it_without_an_error(
    form: Form, tool: list[str], subject: ReportSubject | None, tmp_path: Path
) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"DICOM tools: {tool[0]} isn't here; apt-get install dcmtk dicom3tools")
    path = tmp_path / "draft.dcm"
    path.write_bytes(written(USUAL, form, subject))

    done = subprocess.run([*tool, str(path)], capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr

    assert done.returncode == 0, told
    assert not [line for line in told.splitlines() if line.startswith(("E:", "F:", "Error"))]


@BOTH
def test_a_time_with_its_zone_is_demanded(form: Form) -> None:
    with pytest.raises(InputError, match="expected the time of writing"):
        export_draft(USUAL, form=form)
    with pytest.raises(InputError, match="time zone"):
        export_draft(USUAL, form=form, written=WRITTEN.replace(tzinfo=None))


@BOTH
def test_a_draft_that_abstained_makes_no_document(form: Form) -> None:
    with pytest.raises(InputError, match="use text or json"):
        export_draft(draft(), form=form, written=WRITTEN)
