"""export: images and regions of cases for other systems: key objects, segmentation, structured report, FHIR."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.imaging.deidentify.files import FileCleaner
from casekin.imaging.deidentify.words import WordSearch
from casekin.imaging.dicom import quiet_pydicom
from casekin.imaging.multiframe import VolumeFrames, volume_frames
from casekin.imaging.series import slices_in_order
from casekin.imaging.sniff import sniff
from casekin.imaging.stack import require_even
from casekin.index import CaseIndex, StoredImage
from casekin.retrieval.encode import turn_of
from casekin.retrieval.export.imaging_study import imaging_study
from casekin.retrieval.export.key_objects import key_object_note
from casekin.retrieval.export.marks import Mark, drawn_marks, require_film
from casekin.retrieval.export.region_report import region_report, volume_report
from casekin.retrieval.export.segmentation import segmentation
from casekin.retrieval.export.volume import marks_in_volume
from casekin.site.files import KeptFiles
from casekin.types import Box, Place

ExportForm = Literal["key-objects", "segmentation", "region-report", "imaging-study"]
EXPORT_FORMS: tuple[ExportForm, ...] = get_args(ExportForm)
DICOM, FHIR = "application/dicom", "application/fhir+json"
_DESCRIPTION = "Chosen in a search of similar cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTarget:
    """What to export of one study: headers of its files, by mapped UIDs, and regions of its one image.

    With regions, the `images` of a volume are its slices in its order, or the one file whose frames it is.
    """

    name: str
    images: tuple[Dataset, ...]
    patient_id: str
    accession_number: str | None = None
    marks: tuple[Mark, ...] = ()
    is_volume: bool = False
    voxel_mm3: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file to be written: its name, its media type, its bytes."""

    name: str
    media_type: str
    data: bytes


def case_target(
    handle: CaseIndex,
    files: KeptFiles,
    case_id: str,
    *,
    image: int | None = None,
    places: Sequence[Place] = (),
    boxes: Sequence[Box] = (),
    masks: Sequence[NDArray[np.bool_]] = (),
) -> ExportTarget:
    """A stored case: all its kept DICOM images, or one counted from 0; where the index located `places` in it.

    `boxes` and `masks` `(rows, columns)` were drawn, in stored pixels, or on a volume's frontal view. Raises
    `InputError` for an unknown case or image, one without kept files, a place that isn't shown, or a region of several
    frames at one place; `ImageError` for places of a volume that is no CT, and regions where slices lie unevenly.
    """
    case = handle.cases([case_id]).get(case_id)
    stored = list(handle.images(handle.image_ids_of(case_id)))
    if case is None or not stored or (image is not None and not 0 <= image < len(stored)):
        raise InputError("export: expected a stored case and one of its images, got another; search for it again")
    chosen = stored if image is None else [stored[image]]
    paths = [path for one in chosen for path in files.paths_of(case_id, one.content_sha256) if sniff(path) == "dicom"]
    if not paths:
        raise InputError("export: expected a case whose DICOM files were kept, got one without; ingest --keep-images")
    name, frames = paths[0].name[:16], None if len(paths) > 1 else _frames(paths[0])
    voxel_mm3 = 0.0
    is_volume = len(chosen) == 1 and (len(paths) > 1 or frames is not None)
    marks = drawn_marks(boxes, masks)
    if is_volume and (places or marks):
        if frames is None:
            paths = list(slices_in_order(paths, name))
        else:
            _require_one_frame_a_place(frames, name)
        marks, voxel_mm3 = marks_in_volume(paths, places=places, drawn=marks)
        if frames is not None:
            marks = tuple(mark.in_frames(frames.order.indices) for mark in marks)
    else:
        marks = (*marks, *(_located(chosen[0], place) for place in places))
    return ExportTarget(
        name=name,
        images=tuple(_header(path) for path in paths),
        patient_id=case.patient_id,
        accession_number=case.accession_number,
        marks=marks,
        is_volume=is_volume,
        voxel_mm3=voxel_mm3,
    )


def file_target(
    path: Path, names: Pseudonymizer, *, boxes: Sequence[Box] = (), masks: Sequence[NDArray[np.bool_]] = ()
) -> ExportTarget:
    """A DICOM file that somebody asked with, de-identified, and what was drawn in its stored pixels.

    Raises `InputError` for another kind of file.
    """
    if sniff(path) != "dicom":
        raise InputError("export: expected a DICOM file, got another kind; its regions belong to no DICOM instance")
    image = _header(path)
    patient_id = str(image.get("PatientID") or "")
    clean = FileCleaner(names=names, words=WordSearch(burned_in="keep")).clean(path, patient_id=patient_id)
    with quiet_pydicom():
        cleaned = pydicom.dcmread(pydicom.filebase.DicomBytesIO(clean.data), stop_before_pixels=True)
    return ExportTarget(
        name=clean.file_sha256[:16],
        images=(cleaned,),
        patient_id=names.patient(patient_id),
        marks=drawn_marks(boxes, masks),
    )


def export_targets(
    targets: Sequence[ExportTarget],
    *,
    form: ExportForm,
    written: datetime,
    software: str,
    description: str = _DESCRIPTION,
) -> list[ExportedFile]:
    """A file for each study, in the order asked; the same arguments give the same bytes.

    A region report of a volume comes after the segmentation that it refers to.

    Raises `InputError` where a form needs regions and there are none, takes none of a volume, or a header isn't the
    standard's, `DependencyError` without highdicom.
    """
    try:
        files = [_export(target, form, written, software, description) for target in targets]
        return [file for made in files for file in made]
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # highdicom's, whose texts may quote a header
        raise InputError(
            f"{form}: expected images with headers as the standard has them, got others ({type(error).__name__}); "
            "repair them, or export imaging-study"
        ) from None


def _export(
    target: ExportTarget, form: ExportForm, written: datetime, software: str, description: str
) -> list[ExportedFile]:
    if form == "region-report" and target.is_volume:
        return _volume_report(target, written, software)
    name = f"{form}-{target.name}"
    if form == "imaging-study":
        record = imaging_study(target.images, patient_id=target.patient_id, accession_number=target.accession_number)
        data = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
        return [ExportedFile(name=f"{name}.json", media_type=FHIR, data=data)]
    with quiet_pydicom():
        if form == "key-objects":
            data = key_object_note(target.images, description=description, written=written)
        elif form == "segmentation" and (target.is_volume or len(target.images) == 1):
            data = segmentation(target.images, target.marks, software=software, written=written)
        elif len(target.images) != 1:
            for image in target.images:
                require_film(image)  # a volume is told that it is one
            raise InputError(f"{form}: expected one image of a case, got several; name the image")
        else:
            data = region_report(target.images[0], target.marks, software=software, written=written)
    return [ExportedFile(name=f"{name}.dcm", media_type=DICOM, data=data)]


def _volume_report(target: ExportTarget, written: datetime, software: str) -> list[ExportedFile]:
    (segmented,) = _export(target, "segmentation", written, software, "")
    with quiet_pydicom():
        data = volume_report(
            target.images[0],
            target.marks,
            pydicom.dcmread(io.BytesIO(segmented.data), stop_before_pixels=True),
            voxel_mm3=target.voxel_mm3,
            software=software,
            written=written,
        )
    return [segmented, ExportedFile(name=f"region-report-{target.name}.dcm", media_type=DICOM, data=data)]


def _located(image: StoredImage, place: Place) -> Mark:
    found = image.boxes.get(str(place))
    if found is None:
        raise InputError(f"export: expected a place that the image shows, got {str(place)!r}; give a zone or a box")
    return Mark(box=turn_of(image.turn).to_stored(found), place=place)


def _require_one_frame_a_place(frames: VolumeFrames, name: str) -> None:
    require_even(frames.order, name)
    if len(frames.order.indices) < len(frames.groups):
        raise InputError(
            "export: expected one frame at each place, got several (phases or repetitions); export key-objects"
        )


def _frames(path: Path) -> VolumeFrames | None:
    """The volume that the frames of a file make, if any."""
    header = _header(path)
    with quiet_pydicom():
        return volume_frames(header, path.name[:16]) if int(header.get("NumberOfFrames") or 1) > 1 else None


def _header(path: Path) -> Dataset:
    with quiet_pydicom():
        return pydicom.dcmread(path, stop_before_pixels=True)
