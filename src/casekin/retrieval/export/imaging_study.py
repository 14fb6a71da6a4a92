"""A stored study as a FHIR R4 ImagingStudy, by pseudonyms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pydicom.dataset import Dataset

from casekin.errors import InputError

_ACCESSION = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]}
_MODALITIES = "http://dicom.nema.org/resources/ontology/DCM"


def imaging_study(
    images: Sequence[Dataset], *, patient_id: str, accession_number: str | None, description: str | None = None
) -> dict[str, Any]:
    """The study that images (headers of its files) belong to, its series and instances in the order of their UIDs.

    Raises `InputError` for images of several studies or none.
    """
    studies = {str(image.StudyInstanceUID) for image in images}
    if len(studies) != 1:
        raise InputError("ImagingStudy: expected images of one study, got none or several; ask for each by itself")
    (study,) = studies
    ordered = sorted(images, key=lambda image: (str(image.SeriesInstanceUID), str(image.SOPInstanceUID)))
    grouped = groupby(ordered, key=lambda image: str(image.SeriesInstanceUID))
    series = [_series(uid, list(members)) for uid, members in grouped]
    modalities = sorted({one["modality"]["code"] for one in series})
    accession = [] if accession_number is None else [{"type": _ACCESSION, "value": accession_number}]
    return {
        "resourceType": "ImagingStudy",
        "id": study.replace(".", "-")[-64:],
        "identifier": [{"system": "urn:dicom:uid", "value": f"urn:oid:{study}"}, *accession],
        "status": "available",
        "modality": [_modality(code) for code in modalities],
        "subject": {"identifier": {"system": "urn:casekin:pseudonym", "value": patient_id}},
        "numberOfSeries": len(series),
        "numberOfInstances": len(ordered),
        **({} if description is None else {"description": description}),
        "series": series,
    }


def _series(uid: str, members: Sequence[Dataset]) -> dict[str, Any]:
    return {
        "uid": uid,
        "modality": _modality(str(members[0].get("Modality") or "OT")),
        "numberOfInstances": len(members),
        "instance": [
            {
                "uid": str(image.SOPInstanceUID),
                "sopClass": {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{image.SOPClassUID}"},
            }
            for image in members
        ],
    }


def _modality(code: str) -> dict[str, str]:
    return {"system": _MODALITIES, "code": code}
