"""A DICOM file without the person: header, pixels, file meta information and preamble."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.uid import UID

from casekin.imaging.arrival import KEY_OBJECTS
from casekin.imaging.deidentify.clean_file import CleanFile
from casekin.imaging.deidentify.dataset import clean_header, identity_in
from casekin.imaging.deidentify.pixels import clean_pixels
from casekin.imaging.deidentify.pseudonyms import Pseudonymizer
from casekin.imaging.deidentify.words import WordSearch
from casekin.imaging.dicom import as_picture, check_pixels, quiet_pydicom, read_dataset, require_image
from casekin.imaging.dicom_header import text
from casekin.imaging.dicom_pixels import decode_frame, frame_count
from casekin.imaging.geometry import display_uint8
from casekin.imaging.limits import ReadLimits, image_error
from casekin.types import Box

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_IMPLEMENTATION = UID("2.25.221637583087542041377217049563541273873")
"""Names the software that wrote a file; a UUID of its own."""
_SLICES = ("CT", "MR", "PT")


def clean_dicom(
    path: Path, *, names: Pseudonymizer, words: WordSearch, limits: ReadLimits, patient_id: str | None
) -> CleanFile:
    """De-identify an object with pixels, or a key object selection; `FileCleaner.clean` tells the rest."""
    with quiet_pydicom():
        dataset = read_dataset(path, limits=limits)
        if text(dataset, "SOPClassUID") == KEY_OBJECTS:
            boxes: tuple[Box, ...] = ()
        else:
            require_image(dataset, path.name)
            check_pixels(dataset, path.name, limits=limits, decoded_frames=frame_count(dataset, path.name))
            boxes = _words(dataset, words, path.name)
        patient = patient_id or text(dataset, "PatientID")
        if patient is None:
            patient = _nameless_patient(text(dataset, "StudyInstanceUID"), path.read_bytes())
        looked = words.burned_in != "keep"
        header = clean_header(dataset, names=names, patient_id=patient, pixels_cleaned=looked)
        clean = header.dataset
        if "PixelData" in dataset:
            clean = clean_pixels(dataset, clean, path.name, boxes)
            if looked:
                clean.BurnedInAnnotation = "NO"
        else:
            clean.ensure_file_meta()
            clean.file_meta.TransferSyntaxUID = dataset.file_meta.TransferSyntaxUID
        return CleanFile(
            data=_written(clean, path.name),
            kind="dicom",
            actions=header.actions,
            identity=identity_in(dataset),
            hidden=boxes,
            study_instance_uid=text(clean, "StudyInstanceUID"),
            series_instance_uid=text(clean, "SeriesInstanceUID"),
            sop_instance_uid=text(clean, "SOPInstanceUID"),
            sop_class_uid=text(clean, "SOPClassUID"),
        )


def _words(dataset: Dataset, words: WordSearch, name: str) -> tuple[Box, ...]:
    """Where words stand in any of the frames that are looked at: the first, the middle and the last."""
    announced = (text(dataset, "BurnedInAnnotation") or "").upper() == "YES"
    if words.burned_in == "keep" or not (announced or _may_hold_words(dataset)):
        return ()
    frames = frame_count(dataset, name)
    looked_at = sorted({0, frames // 2, frames - 1})
    return words.boxes([_shown(dataset, name, index) for index in looked_at], name, announced=announced)


def _may_hold_words(dataset: Dataset) -> bool:
    """False for slices as a scanner made them: those hold measured values alone."""
    if (text(dataset, "SOPClassUID") or "").startswith(_SECONDARY_CAPTURE):
        return True
    return not (text(dataset, "Modality") in _SLICES and text(dataset, "ImageType") == "ORIGINAL")


def _shown(dataset: Dataset, name: str, index: int) -> npt.NDArray[np.uint8]:
    stored: npt.NDArray[Any] = decode_frame(dataset, name, index=index)
    return display_uint8(as_picture(dataset, stored, name))


def _written(clean: Dataset, name: str) -> bytes:
    """The file's bytes, with a preamble of zeros: a file that is of two formats at once becomes one."""
    if text(clean, "SOPInstanceUID") is None or text(clean, "SOPClassUID") is None:
        raise image_error(
            name,
            "has no SOPClassUID or no SOPInstanceUID",
            expected="a DICOM object that can be named",
            remedy="send it again from the archive",
        )
    clean.file_meta.MediaStorageSOPClassUID = clean.SOPClassUID
    clean.file_meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    clean.file_meta.ImplementationClassUID = _IMPLEMENTATION
    clean.file_meta.ImplementationVersionName = "CASEKIN"
    clean.preamble = bytes(128)
    buffer = io.BytesIO()
    dcmwrite(buffer, clean, enforce_file_format=True)
    return buffer.getvalue()


def _nameless_patient(study_instance_uid: str | None, data: bytes) -> str:
    """What stands for the patient of a file that names none: its study, or its bytes."""
    return f"study {study_instance_uid}" if study_instance_uid else f"file {hashlib.sha256(data).hexdigest()}"
