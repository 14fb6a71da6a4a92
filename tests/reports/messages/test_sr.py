"""Structured reports: the tree's words under its headings, and never who spoke or was spoken of."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from casekin.errors import InputError
from casekin.reports.messages import read_message, read_sr
from casekin.retrieval.export import ReportSubject, export_draft
from made_exports import USUAL


def item(kind: str, code: str = "", meaning: str = "", **fields: Any) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = fields.pop("relationship", "CONTAINS"), kind
    if code:
        made.ConceptNameCodeSequence = [coded(code, meaning)]
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def coded(code: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = code, "DCM", meaning
    return made


def made_sr(*content: Dataset, **fields: Any) -> Dataset:
    made = item("CONTAINER", "18748-4", "Report", ContentSequence=list(content))
    given = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.11", "SOPInstanceUID": "1.2.9", "StudyInstanceUID": "1.2.3",
        "AccessionNumber": "ACC-1", "PatientID": "P1", "PatientName": "Doe^Jane", "PatientBirthDate": "19500102",
        "ContentDate": "20260102", "ContentTime": "030405", "CompletionFlag": "COMPLETE", **fields,
    }  # fmt: skip
    for name, value in given.items():
        setattr(made, name, value)
    return made


FINDINGS = item(
    "CONTAINER", "121070", "Findings",
    ContentSequence=[item("TEXT", "121071", "Finding", TextValue="Left effusion."),
                     item("TEXT", "121071", "Finding", TextValue="Heart enlarged.")],
)  # fmt: skip
IMPRESSION = item("TEXT", "121073", "Impression", TextValue="Failure.")
OBSERVER = item("PNAME", "121008", "Person Observer Name", PersonName="Roe^Rita", relationship="HAS OBS CONTEXT")


def test_a_report_is_its_trees_words_under_their_headings() -> None:
    found = read_sr(made_sr(OBSERVER, FINDINGS, IMPRESSION))
    assert found.text == "FINDINGS: Left effusion.\nHeart enlarged.\nIMPRESSION: Failure."
    assert (found.status, found.accession_numbers, found.study_instance_uids) == ("final", ("ACC-1",), ("1.2.3",))
    assert (found.patient_ids, found.person_names, found.birth_dates) == (("P1",), ("Doe^Jane",), ("19500102",))
    assert (found.report_id, found.stated_at) == ("1.2.9", "20260102030405.0")


def test_codes_and_measurements_are_words_too() -> None:
    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = "12", [coded("mm", "millimeter")]
    content = [
        item("CODE", "121071", "Finding", ConceptCodeSequence=[coded("x", "Nodule")]),
        item("NUM", "410668003", "Length", MeasuredValueSequence=[measured]),
    ]
    assert read_sr(made_sr(*content)).text == "FINDINGS: Nodule.\nLength: 12 mm."


def test_flags_and_predecessors_say_which_version_it_is() -> None:
    assert read_sr(made_sr(IMPRESSION, PreliminaryFlag="PRELIMINARY")).status == "preliminary"
    assert read_sr(made_sr(IMPRESSION, CompletionFlag="PARTIAL")).status == "preliminary"
    before, series, study = Dataset(), Dataset(), Dataset()
    before.ReferencedSOPInstanceUID = "1.2.8"
    series.ReferencedSOPSequence, study.ReferencedSeriesSequence = [before], [series]
    found = read_sr(made_sr(IMPRESSION, PredecessorDocumentsSequence=[study]))
    assert (found.status, found.replaces) == ("corrected", ("1.2.8",))


def test_a_file_is_read_like_its_data_set() -> None:
    made = made_sr(FINDINGS)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, made, enforce_file_format=True)
    assert read_message(buffer.getvalue()) == [read_sr(made)]


def test_a_draft_of_ours_is_never_taken_for_a_report() -> None:
    written = datetime(2026, 1, 2, tzinfo=UTC)
    subject = ReportSubject(accession_number="A", study_instance_uid="1.2.3")
    for form in ("sr", "sr-basic", "fhir"):
        with pytest.raises(InputError, match="draft of ours"):
            read_message(export_draft(USUAL, form=form, subject=subject, written=written))


def test_a_tree_without_words_or_without_an_end_is_refused() -> None:
    with pytest.raises(InputError, match="text"):
        read_sr(made_sr(OBSERVER))
    deep = item("TEXT", TextValue="At the bottom.")
    for _ in range(40):
        deep = item("CONTAINER", ContentSequence=[deep])
    with pytest.raises(InputError, match="levels"):
        read_sr(made_sr(deep))
    with pytest.raises(InputError, match="another object"):
        read_sr(made_sr(IMPRESSION, SOPClassUID="1.2.840.10008.5.1.4.1.1.1"))


def test_a_damaged_document_is_read_or_refused_wherever_the_damage_is() -> None:
    made = made_sr(FINDINGS)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, made, enforce_file_format=True)
    whole = buffer.getvalue()
    refused = 0
    for at in range(132, len(whole), 11):
        try:
            read_message(whole[:at] + b"?" + whole[at + 1 :])
        except InputError:
            refused += 1
    assert 2 < refused < len(whole) / 22
