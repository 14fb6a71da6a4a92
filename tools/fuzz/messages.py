"""Families of what comes over a hospital's network: messages, reports, notes, multipart bodies."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

_HEAD = "MSH|^~\\&|RIS|SITE|||20260102||{kind}|C1|P|2.5.1"
_ORU = "\r".join(
    (
        _HEAD.format(kind="ORU^R01"),
        "PID|||CANARY^^^SITE||CANARY^CANARY",
        "OBR|1||A1^RIS|||||||||||||||A2||||20260102|||F",
        "OBX|1|FT|&GDT^X||Left \\.br\\ effusion \\X41\\ \\T\\.||||||F",
        "OBX|2|ED|X||R^TEXT^^Base64^V29yZHM=||||||F",
        "ZDS|1.2.3^A",
    )
)
_ADT = _HEAD.format(kind="ADT^A40") + "\rPID|||NEW^^^S\rMRG|OLD^^^S~OLDER"


def message_seeds() -> Sequence[bytes]:
    """An ORU, an ADT, FHIR alone and in a Bundle, a structured report."""
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "status": "final", "issued": "2026-01-02T03:04:05+02:00",
        "identifier": [{"value": "A1"}], "imagingStudy": [{"reference": "ImagingStudy/s"}], "conclusion": "Words.",
        "presentedForm": [{"contentType": "text/html", "data": "PHA+V29yZHM8L3A+"}],
        "subject": {"reference": "#p"},
        "contained": [{"resourceType": "Patient", "id": "p", "name": [{"text": "CANARY"}]}],
    }  # fmt: skip
    study = {"resourceType": "ImagingStudy", "id": "s", "identifier": [{"system": "urn:dicom:uid", "value": "1.2.3"}]}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": report}, {"resource": study, "fullUrl": "urn:1"}]}
    return [_ORU.encode(), _ADT.encode(), json.dumps(report).encode(), json.dumps(bundle).encode(), _document("11")]


def object_seeds() -> Sequence[bytes]:
    """A report, and a note that rejects instances."""
    return [_document("11"), _document("59")]


def multipart_seeds() -> Sequence[bytes]:
    """Bodies of two parts."""
    part = b"--b\r\nContent-Type: application/dicom\r\n\r\nDATA\r\n"
    return [part + part + b"--b--\r\n", b"\r\n" + part + b"--b--"]


def read_any_message(data: bytes, _: Path) -> None:
    """Read what a system might send as a report, and answer it."""
    from casekin.reports.messages import acknowledge, parse_hl7, read_message

    if data.lstrip(b"\x0b\r\n ").startswith(b"MSH"):
        acknowledge(parse_hl7(data), "AR", reason="expected more", written="20260102030405")
    read_message(data)


def read_object(data: bytes, _: Path) -> None:
    """Read an object that arrives."""
    from casekin.imaging.arrival import read_arrival

    read_arrival(data)


def read_parts(data: bytes, _: Path) -> None:
    """Read a body in pieces."""
    from casekin.journeys.receiving.parts import PartReader

    reader = PartReader(b"b", most_bytes=10_000, most_parts=20)
    for start in range(0, len(data), 17):
        reader.feed(data[start : start + 17])
    reader.close()


def _document(suffix: str) -> bytes:
    made, name, words, reference, series, study = (Dataset() for _ in range(6))
    made.SOPClassUID, made.SOPInstanceUID = f"1.2.840.10008.5.1.4.1.1.88.{suffix}", "1.2.9"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.PatientName = "1.2.3", "1.2.3.4", "CANARY"
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = "113001", "DCM", "CANARY"
    words.ValueType, words.RelationshipType, words.TextValue = "TEXT", "CONTAINS", "Words."
    words.ConceptNameCodeSequence, made.ConceptNameCodeSequence = [name], [name]
    made.ValueType, made.ContentSequence = "CONTAINER", [words]
    reference.ReferencedSOPInstanceUID, series.ReferencedSOPSequence = "1.2.5", [reference]
    study.ReferencedSeriesSequence = [series]
    made.CurrentRequestedProcedureEvidenceSequence = [study]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
