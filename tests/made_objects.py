"""Made DICOM objects as a hospital sends them: films, slices, rejection notes, reports; bytes of whole files."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from made_cases import chest_picture

KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"


def film_object(
    seed: int = 0, *, study: str = "1.2.3", patient: str = "P1", accession: str = "ACC-1", **more: Any
) -> bytes:
    """A small digital radiograph; its instance is `STUDY.1.SEED`."""
    pixels = chest_picture(seed).astype(np.uint16) * 16
    made = _object(DigitalXRayImageStorageForPresentation, f"{study}.1.{seed}", f"{study}.1", study)
    made.PatientID, made.PatientName, made.AccessionNumber = patient, "Quixley^Dorothea", accession
    made.Modality, made.BodyPartExamined, made.ViewPosition = "DX", "CHEST", "PA"
    _give_pixels(made, pixels, stored=12)
    return _bytes(made, more)


def slice_object(number: int, *, study: str = "1.2.5", patient: str = "P1", **more: Any) -> bytes:
    """One small CT slice, 10 mm apart; its instance is `STUDY.2.NUMBER`."""
    rng = np.random.default_rng(number)
    made = _object(CTImageStorage, f"{study}.2.{number}", f"{study}.2", study)
    made.PatientID, made.PatientName, made.Modality, made.AccessionNumber = patient, "Quixley^Dorothea", "CT", "ACC-CT"
    made.ImagePositionPatient, made.ImageOrientationPatient = [0, 0, 10 * number], [1, 0, 0, 0, 1, 0]
    made.PixelSpacing, made.SliceThickness, made.InstanceNumber = [8, 8], 10, number
    made.RescaleSlope, made.RescaleIntercept = 1, -1024
    _give_pixels(made, rng.integers(0, 2000, (48, 48)).astype(np.uint16), stored=12)
    return _bytes(made, more)


def in_syntax(data: bytes, syntax: str) -> bytes:
    """A file whose pixels claim to be in another transfer syntax, an encapsulated one."""
    made = pydicom.dcmread(io.BytesIO(data))
    made.file_meta.TransferSyntaxUID = syntax
    made.PixelData = encapsulate([bytes(64)])
    made["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def rejection_object(*instances: str, study: str = "1.2.3", code: str = "113001") -> bytes:
    """A key object note that rejects instances."""
    made = _object(KEY_OBJECTS, f"{study}.9.{len(instances)}", f"{study}.9", study)
    title = Dataset()
    title.CodeValue, title.CodingSchemeDesignator, title.CodeMeaning = code, "DCM", "Rejected for Quality Reasons"
    made.ConceptNameCodeSequence, made.Modality, made.ValueType = [title], "KO", "CONTAINER"
    references, series, evidence = [], Dataset(), Dataset()
    for uid in instances:
        one = Dataset()
        one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = DigitalXRayImageStorageForPresentation, uid
        references.append(one)
    series.ReferencedSOPSequence, series.SeriesInstanceUID = references, f"{study}.1"
    evidence.ReferencedSeriesSequence, evidence.StudyInstanceUID = [series], study
    made.CurrentRequestedProcedureEvidenceSequence = [evidence]
    return _bytes(made, {})


def report_object(text: str, *, study: str = "1.2.3", number: int = 1, patient: str = "P1") -> bytes:
    """A Basic Text SR."""
    made = _object("1.2.840.10008.5.1.4.1.1.88.11", f"{study}.8.{number}", f"{study}.8", study)
    made.PatientID, made.PatientName, made.AccessionNumber, made.Modality = patient, "Quixley^Dorothea", "ACC-1", "SR"
    made.CompletionFlag, made.ValueType, made.ContentDate, made.ContentTime = (
        "COMPLETE",
        "CONTAINER",
        "20260102",
        "030405",
    )
    name, words = Dataset(), Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = "121070", "DCM", "Findings"
    words.RelationshipType, words.ValueType, words.TextValue = "CONTAINS", "TEXT", text
    words.ConceptNameCodeSequence = [name]
    made.ContentSequence = [words]
    return _bytes(made, {})


def _object(sop_class: str, instance: str, series: str, study: str) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, instance
    made.SeriesInstanceUID, made.StudyInstanceUID = series, study
    return made


def _give_pixels(made: Dataset, pixels: Any, *, stored: int) -> None:
    made.Rows, made.Columns = pixels.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, stored, stored - 1, 0
    made.PixelData = pixels.tobytes()
    made["PixelData"].VR = "OW"


def _bytes(made: Dataset, more: dict[str, Any]) -> bytes:
    for keyword, value in more.items():
        setattr(made, keyword, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = (
        made.SOPClassUID,
        made.SOPInstanceUID,
    )
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
