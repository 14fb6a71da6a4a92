"""The DICOM document around a structured report: patient and study by pseudonyms, preliminary and unverified."""

from __future__ import annotations

import io
from datetime import datetime

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian

from casekin.retrieval.export.subject import ReportSubject

COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
PROGRAM_UID = "2.25.116337483130287264422437831412145184483"
"""Of this program as a device and as an implementation: SHA-256 of "casekin" as a UUID; it never changes."""


def write_document(
    content: Dataset,
    *,
    sop_class_uid: str,
    uids: tuple[str, str, str],
    subject: ReportSubject,
    software: str,
    written: datetime,
    evidence: ReportSubject | None = None,
) -> bytes:
    """A DICOM file of a content tree. `uids`: of instance and series, and of a study where the subject has none.

    `evidence` is what the content refers to, where that isn't the subject's image.
    """
    instance, series, study = uids
    document = Dataset()
    document.update(content)
    document.SpecificCharacterSet = "ISO_IR 192"
    document.SOPClassUID, document.SOPInstanceUID = sop_class_uid, instance
    document.PatientName, document.PatientID = "", subject.patient_id or ""
    document.PatientBirthDate = document.PatientSex = ""
    document.PatientIdentityRemoved = "YES"
    document.DeidentificationMethod = "Pseudonyms of the index"
    document.StudyInstanceUID = subject.study_instance_uid or study
    document.StudyDate = document.StudyTime = document.ReferringPhysicianName = document.StudyID = ""
    document.AccessionNumber = (subject.accession_number or "")[:16]  # SH takes no more; a pseudonym stays one
    document.Modality, document.SeriesInstanceUID, document.SeriesNumber = "SR", series, 1
    document.SeriesDescription = "DRAFT, not a report"
    document.ReferencedPerformedProcedureStepSequence = Items()
    document.Manufacturer = document.ManufacturerModelName = "casekin"
    document.SoftwareVersions = software
    document.InstanceNumber = 1
    document.ContentDate, document.ContentTime = written.strftime("%Y%m%d"), written.strftime("%H%M%S.%f")
    document.TimezoneOffsetFromUTC = written.strftime("%z")[:5]
    document.CompletionFlag, document.VerificationFlag = "PARTIAL", "UNVERIFIED"
    document.PreliminaryFlag = "PRELIMINARY"
    document.PerformedProcedureCodeSequence = Items()
    if (referred := evidence or subject).has_image:
        document.CurrentRequestedProcedureEvidenceSequence = Items([_evidence(referred)])
    return _encode(document)


def _evidence(subject: ReportSubject) -> Dataset:
    """The image that the content refers to, under its study and series."""
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID = subject.sop_class_uid
    instance.ReferencedSOPInstanceUID = subject.sop_instance_uid
    series.SeriesInstanceUID = subject.series_instance_uid
    series.ReferencedSOPSequence = Items([instance])
    study.StudyInstanceUID = subject.study_instance_uid
    study.ReferencedSeriesSequence = Items([series])
    return study


def _encode(document: Dataset) -> bytes:
    document.file_meta = FileMetaDataset()
    document.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    document.file_meta.MediaStorageSOPClassUID = document.SOPClassUID
    document.file_meta.MediaStorageSOPInstanceUID = document.SOPInstanceUID
    document.file_meta.ImplementationClassUID = UID(PROGRAM_UID)
    document.file_meta.ImplementationVersionName = "CASEKIN"
    buffer = io.BytesIO()
    document.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
