"""What an object that arrives is, from its header alone: an image, a report, a note that rejects others, or neither."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pydicom
from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.imaging.dicom import NOT_RADIOLOGY, WHOLE_SLIDE, quiet_pydicom
from casekin.imaging.dicom_header import number, text
from casekin.imaging.dicom_pixels import transfer_syntax
from casekin.imaging.transfer_syntaxes import READ_SYNTAXES

ArrivalKind = Literal["image", "report", "rejection", "other"]
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
_REPORTS = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{number}" for number in (11, 22, 33, 34))
REJECTIONS = {
    "113001": "rejected for quality reasons",
    "113037": "rejected for patient safety reasons",
    "113038": "incorrect modality worklist entry",
    "113039": "data retention policy expired",
}
"""Titles of key object documents that reject what they refer to (PS3.16 CID 7011; IHE RAD, Imaging Object Change)."""
_UIDS = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
_MOST_REFERENCES = 100_000
_LONGEST_UID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An object's class and identifiers, as they were sent; `rejects` are instances, `reason` is why.

    `is_decodable`: something here reads its transfer syntax.
    """

    kind: ArrivalKind
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    patient_id: str | None = None
    is_decodable: bool = True
    rejects: tuple[str, ...] = ()
    reason: str | None = None


def read_arrival(data: bytes) -> Arrival:
    """Read the header of a DICOM file. Raises `InputError` where it can't be read or lacks one of its UIDs."""
    with quiet_pydicom():
        try:
            return _arrival(pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True))
        except InputError:
            raise
        except Exception:  # a damaged header raises anything, some of it only where a value is looked at
            raise InputError("object: expected a DICOM file, got a damaged one; send it again") from None


def _arrival(dataset: Dataset) -> Arrival:
    found = {keyword: text(dataset, keyword) or "" for keyword in _UIDS}
    for keyword, uid in found.items():
        if not 0 < len(uid) <= _LONGEST_UID or not uid.replace(".", "").isdigit() or not uid.isascii():
            raise InputError(f"object: expected a {keyword}, got none or a malformed one; send a whole object")
    title = _title(dataset) if found["SOPClassUID"] == KEY_OBJECTS else ""
    return Arrival(
        kind=_kind(dataset, found["SOPClassUID"], title),
        sop_class_uid=found["SOPClassUID"],
        sop_instance_uid=found["SOPInstanceUID"],
        series_instance_uid=found["SeriesInstanceUID"],
        study_instance_uid=found["StudyInstanceUID"],
        patient_id=text(dataset, "PatientID"),
        is_decodable=transfer_syntax(dataset) in READ_SYNTAXES,
        rejects=tuple(_references(dataset)) if title in REJECTIONS else (),
        reason=REJECTIONS.get(title),
    )


def _kind(dataset: Dataset, sop_class: str, title: str) -> ArrivalKind:
    if sop_class == KEY_OBJECTS:
        return "rejection" if title in REJECTIONS else "other"
    if sop_class in _REPORTS:
        return "report"
    if sop_class in NOT_RADIOLOGY or sop_class == WHOLE_SLIDE:
        return "other"
    return "image" if number(dataset, "Rows") and number(dataset, "Columns") else "other"


def _title(dataset: Dataset) -> str:
    try:
        return text(dataset.ConceptNameCodeSequence[0], "CodeValue") or ""
    except Exception:  # a damaged document has no title
        return ""


def _references(dataset: Dataset) -> Iterator[str]:
    """The instances of the evidence (PS3.3 C.17.6.2), under their studies and series."""
    count = 0
    for study in dataset.get("CurrentRequestedProcedureEvidenceSequence") or ():
        for series in study.get("ReferencedSeriesSequence") or ():
            for instance in series.get("ReferencedSOPSequence") or ():
                count += 1
                if count > _MOST_REFERENCES:
                    raise InputError(f"object: expected at most {_MOST_REFERENCES} references, got more")
                if uid := text(instance, "ReferencedSOPInstanceUID"):
                    yield uid
