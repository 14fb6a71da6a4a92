"""Regions of a film or a volume as a DICOM segmentation (PS3.3 A.51): one binary segment for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.retrieval.compose.draft import NORMAL, Claim
from casekin.retrieval.export.concepts import LATERALITY, Concept, site_concept
from casekin.retrieval.export.dicom_sr import coded, load_highdicom
from casekin.retrieval.export.marks import Mark, as_source, file_of, mark_uid, require_film

_ANATOMY = Concept("123037004", "SCT", "Anatomical Structure")
_SPATIAL = Concept("309825002", "SCT", "Spatial and Relational Concept")
_IMAGE_REGION = Concept("111030", "DCM", "Image Region")


def segmentation(images: Sequence[Dataset], marks: Sequence[Mark], *, software: str, written: datetime) -> bytes:
    """Regions of a film, of a volume whose slices are `images` in its order, or of the frames of one image.

    Masks of a volume have a slice for each of these. A place is named by its code, what a person drew is manual. The
    same arguments give the same bytes. Raises `InputError` for a lone slice, slices without a frame of reference, no or
    an outside region, `DependencyError` without highdicom.
    """
    if not marks:
        raise InputError("segmentation: expected a region, got none; name a place or give a box")
    image = images[0]
    is_film = all(mark.mask is None or mark.mask.ndim == 2 for mark in marks)
    slices = len(images) if len(images) > 1 else int(image.get("NumberOfFrames") or 1)
    shape = require_film(image) if is_film else (slices, int(image.Rows), int(image.Columns))
    if not is_film and any("FrameOfReferenceUID" not in one for one in images):
        raise InputError(
            "segmentation: expected slices with a frame of reference, got some without; export key-objects"
        )
    sr = load_highdicom()
    seg, hd = import_module("highdicom.seg"), import_module("highdicom")
    masks = np.stack([mark.pixels(shape) for mark in marks], axis=-1).astype(np.uint8)
    made = seg.Segmentation(
        source_images=[as_source(one) for one in images],
        pixel_array=masks[np.newaxis] if is_film else masks,
        segmentation_type="BINARY",
        segment_descriptions=[
            _segment(seg, hd, sr, mark, number, mark_uid(image, [mark], "segment", number), software)
            for number, mark in enumerate(marks, start=1)
        ],
        series_instance_uid=mark_uid(image, marks, "segmentation series", written),
        series_number=9002,
        sop_instance_uid=mark_uid(image, marks, "segmentation", written),
        instance_number=1,
        manufacturer="casekin",
        manufacturer_model_name="casekin",
        software_versions=software,
        device_serial_number="0",
        content_label="REGIONS",
        content_description="Regions of a search, no report",
        omit_empty_frames=not is_film,
    )
    if is_film and "PatientOrientation" not in made:
        made.PatientOrientation = None  # of a film that doesn't say
    return file_of(made, written)


def _segment(seg: Any, hd: Any, sr: Any, mark: Mark, number: int, uid: str, software: str) -> Any:
    is_drawn = mark.origin == "drawn"
    algorithm = hd.AlgorithmIdentificationSequence(
        name="casekin", family=coded(sr, Concept("123110", "DCM", "Artificial Intelligence")), version=software
    )
    kind = (_SPATIAL, _IMAGE_REGION) if mark.place is None else (_ANATOMY, site_of(mark))
    made = seg.SegmentDescription(
        segment_number=number,
        segment_label=mark.label,
        segmented_property_category=coded(sr, kind[0]),
        segmented_property_type=coded(sr, kind[1]),
        algorithm_type="MANUAL" if is_drawn else "AUTOMATIC",
        algorithm_identification=None if is_drawn else algorithm,
        tracking_uid=uid,
        tracking_id=mark.label,
    )
    side = None if mark.place is None else LATERALITY.get(mark.place.side or "")
    if side is not None:
        made.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = [coded(sr, side)]
    return made


def site_of(mark: Mark) -> Concept:
    """The code of a mark's place, without its side."""
    assert mark.place is not None
    return site_concept(Claim(finding=NORMAL, anatomy=mark.place.anatomy, side=mark.place.side, polarity="present"))
