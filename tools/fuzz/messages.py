"""Families of what comes over a hospital's network: messages, reports, notes, multipart bodies."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pydicom
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
_CORRECTED = "\r".join(
    (
        _HEAD.format(kind="ORU^R01") + "||||||8859/1",
        "PID|1||CANARY^^^SITE~P2||CANARY^CANARY||19600102|F|CANARY^B",
        "ORC|RE|A2^RIS|A1^RIS",
        "OBR|1|A2|A1^RIS|X^CHEST|||20260102|||||||||||||||20260102030405+0100|||C",
        "IPC|A1|R1|1.2.3",
        "OBX|1|CWE|59776-5^FINDINGS^LN||C1^Effusion^L||||||C|||20260102",
        "OBX|2|TX|19005-8&IMP^X||First~\\.sp2\\second \\Zx\\ \\E\\||||||C",
        "OBX|3|ST|110180^Study Instance UID^DCM||1.2.3||||||F",
        "OBX|4|ED|&GDT||R^TEXT^HTML^A^<p>Words</p>||||||W",
        "OBR|2||A3\rOBX|1|TX|X&ADT||Later words.||||||P",
    )
)
_ADT = _HEAD.format(kind="ADT^A40") + "\rPID|||NEW^^^S\rMRG|OLD^^^S~OLDER"


def message_seeds() -> Sequence[bytes]:
    """An ORU, an ADT, FHIR alone and in a Bundle, a structured report; each once more with all else that is read."""
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "status": "final", "issued": "2026-01-02T03:04:05+02:00",
        "identifier": [{"value": "A1"}], "imagingStudy": [{"reference": "ImagingStudy/s"}], "conclusion": "Words.",
        "presentedForm": [{"contentType": "text/html", "data": "PHA+V29yZHM8L3A+"}],
        "subject": {"reference": "#p"},
        "contained": [{"resourceType": "Patient", "id": "p", "name": [{"text": "CANARY"}]}],
    }  # fmt: skip
    study = {"resourceType": "ImagingStudy", "id": "s", "identifier": [{"system": "urn:dicom:uid", "value": "1.2.3"}]}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": report}, {"resource": study, "fullUrl": "urn:1"}]}
    accession = {"type": {"coding": [{"code": "ACSN"}]}, "value": "A1"}
    written = {
        "resourceType": "DiagnosticReport", "status": "amended", "identifier": accession, "effectiveDateTime": "2026",
        "meta": {"lastUpdated": "2026-01-02T03:04:05Z", "tag": [{"system": "https://a.example"}]},
        "study": {"reference": "https://a.example/ImagingStudy/s"}, "text": {"div": "<div>Words, <b>more</b></div>"},
        "presentedForm": [{"contentType": "text/plain; charset=latin-1", "data": "V29yZHMu"}],
        "subject": {"display": "CANARY", "identifier": {"value": "P1"}},
    }  # fmt: skip
    person = {"resourceType": "Patient", "birthDate": "1960-01-02", "name": [{"family": "CANARY", "given": ["C"]}]}
    lines = [{**written, "presentedForm": [], "conclusion": "Words."}, written, study, person]
    told = [_ORU.encode(), _ADT.encode(), json.dumps(report).encode(), json.dumps(bundle).encode(), _document("11")]
    return [*told, _CORRECTED.encode(), "\n".join(json.dumps(line) for line in lines).encode(), _findings()]


def object_seeds() -> Sequence[bytes]:
    """A report, and a note that rejects instances."""
    return [_document("11"), _document("59")]


def multipart_seeds() -> Sequence[bytes]:
    """Bodies of two parts."""
    part = b"--b\r\nContent-Type: application/dicom\r\n\r\nDATA\r\n"
    return [part + part + b"--b--\r\n", b"\r\n" + part + b"--b--"]


def store_seeds() -> Sequence[bytes]:
    """Such bodies below what a Content-Type says of them."""
    heads = (b'multipart/related; type="application/dicom"; boundary=b\n', b'multipart/related; boundary="b"\n')
    return [head + body for head in heads for body in multipart_seeds()]


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
    """Read a body in pieces; the first line is its Content-Type."""
    from casekin.errors import InputError
    from casekin.journeys.receiving.parts import PartReader, boundary_of

    head, _, body = data.partition(b"\n")
    _, boundary = boundary_of(head.decode("latin-1"))
    if boundary is None:
        raise InputError("multipart: expected a boundary")
    reader = PartReader(boundary, most_bytes=10_000, most_parts=20)
    for start in range(0, len(body), 17):
        reader.feed(body[start : start + 17])
    reader.close()


def _findings() -> bytes:
    """A comprehensive report that replaces another: sections, a code, a measurement, an order."""
    made = pydicom.dcmread(io.BytesIO(_document("33")))
    request, section, coded, measured, value = (Dataset() for _ in range(5))
    made.PredecessorDocumentsSequence = made.CurrentRequestedProcedureEvidenceSequence
    made.PreliminaryFlag, made.CompletionFlag, made.PatientID = "FINAL", "COMPLETE", ["P1", "P2"]
    made.ContentDate, made.ContentTime, made.TimezoneOffsetFromUTC = "20260102", "030405", "+0100"
    request.AccessionNumber, request.StudyInstanceUID = "A1", "1.2.3"
    made.ReferencedRequestSequence = [request]
    coded.ValueType, coded.RelationshipType = "CODE", "CONTAINS"
    coded.ConceptNameCodeSequence, coded.ConceptCodeSequence = [_code("121071", "Finding")], [_code("X", "Effusion")]
    measured.ValueType, measured.RelationshipType, value.NumericValue = "NUM", "CONTAINS", "8"
    value.MeasurementUnitsCodeSequence = [_code("mm", "millimeter")]
    measured.ConceptNameCodeSequence, measured.MeasuredValueSequence = [_code("Y", "Length")], [value]
    section.ValueType, section.RelationshipType = "CONTAINER", "CONTAINS"
    section.ConceptNameCodeSequence, section.ContentSequence = [_code("121076", "Conclusions")], [coded, measured]
    made.ContentSequence.append(section)
    return _written(made)


def _document(suffix: str) -> bytes:
    made, words, reference, series, study = (Dataset() for _ in range(5))
    made.SOPClassUID, made.SOPInstanceUID = f"1.2.840.10008.5.1.4.1.1.88.{suffix}", "1.2.9"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.PatientName = "1.2.3", "1.2.3.4", "CANARY"
    name = _code("113001", "CANARY")
    words.ValueType, words.RelationshipType, words.TextValue = "TEXT", "CONTAINS", "Words."
    words.ConceptNameCodeSequence, made.ConceptNameCodeSequence = [name], [name]
    made.ValueType, made.ContentSequence = "CONTAINER", [words]
    reference.ReferencedSOPInstanceUID, series.ReferencedSOPSequence = "1.2.5", [reference]
    study.ReferencedSeriesSequence = [series]
    made.CurrentRequestedProcedureEvidenceSequence = [study]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return _written(made)


def _code(value: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, "DCM", meaning
    return made


def _written(made: Dataset) -> bytes:
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
