"""Regions as a structured report: TID 1500 with a region of interest for each, planar (TID 1410) or a volume (1411)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.retrieval.export.concepts import LATERALITY, Concept
from casekin.retrieval.export.dicom_sr import (
    MEASUREMENT_TITLE,
    coded,
    english,
    load_highdicom,
    observation_context,
    procedure_of,
)
from casekin.retrieval.export.document import COMPREHENSIVE_SR, write_document
from casekin.retrieval.export.marks import Mark, mark_uid, require_film
from casekin.retrieval.export.segmentation import site_of
from casekin.retrieval.export.subject import ReportSubject

_AREA = Concept("42798000", "SCT", "Area")
_PIXELS = Concept("{pixels}", "UCUM", "Pixels")
_VOLUME = Concept("118565006", "SCT", "Volume")
_CUBIC_CM = Concept("cm3", "UCUM", "Cubic centimeter")
_REGION = Concept("111030", "DCM", "Image Region")


def region_report(image: Dataset, marks: Sequence[Mark], *, software: str, written: datetime) -> bytes:
    """Where a film's regions are: each a closed polyline with its place and its area in pixels.

    The document says of itself that it is preliminary and unverified. The same arguments give the same bytes. Raises
    `InputError` for a volume, for no or an outside region, `DependencyError` without highdicom.
    """
    rows, columns = require_film(image)
    if not marks:
        raise InputError("region report: expected a region, got none; name a place or give a box")
    sr, subject = load_highdicom(), _subject(image)
    source = sr.SourceImageForRegion(
        referenced_sop_class_uid=subject.sop_class_uid, referenced_sop_instance_uid=subject.sop_instance_uid
    )
    groups = [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            referenced_region=sr.ImageRegion("POLYLINE", mark.outline(rows, columns), source),
            measurements=[_measured(sr, _AREA, int(mark.pixels((rows, columns)).sum()), _PIXELS)],
            **_told(sr, image, mark, number),
        )
        for number, mark in enumerate(marks, start=1)
    ]
    return _report(sr, image, marks, groups, software=software, written=written)


def volume_report(
    image: Dataset,
    marks: Sequence[Mark],
    segments: Dataset,
    *,
    voxel_mm3: float,
    software: str,
    written: datetime,
) -> bytes:
    """How large a volume's regions are: each refers to its segment, with its place and its volume in cm³.

    `image` is one of the volume's, `segments` the segmentation of these marks, in their order. As `region_report`
    otherwise.
    """
    sr = load_highdicom()
    series = sr.SourceSeriesForSegmentation(str(image.SeriesInstanceUID))
    groups = [
        sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
            referenced_segment=sr.ReferencedSegment(
                str(segments.SOPClassUID), str(segments.SOPInstanceUID), number, source_series=series
            ),
            measurements=[_measured(sr, _VOLUME, round(mark.voxels * voxel_mm3 / 1000.0, 3), _CUBIC_CM)],
            **_told(sr, image, mark, number),
        )
        for number, mark in enumerate(marks, start=1)
    ]
    return _report(sr, image, marks, groups, software=software, written=written, evidence=_subject(segments))


def _subject(image: Dataset) -> ReportSubject:
    return ReportSubject(
        patient_id=str(image.get("PatientID") or ""),
        accession_number=str(image.get("AccessionNumber") or ""),
        study_instance_uid=str(image.StudyInstanceUID),
        series_instance_uid=str(image.SeriesInstanceUID),
        sop_class_uid=str(image.SOPClassUID),
        sop_instance_uid=str(image.SOPInstanceUID),
        modality=str(image.get("Modality") or ""),
    )


def _report(
    sr: Any,
    image: Dataset,
    marks: Sequence[Mark],
    groups: Sequence[Any],
    *,
    software: str,
    written: datetime,
    evidence: ReportSubject | None = None,
) -> bytes:
    subject = _subject(image)
    (content,) = sr.MeasurementReport(
        observation_context=observation_context(sr),
        procedure_reported=coded(sr, procedure_of(subject.modality)),
        imaging_measurements=groups,
        title=coded(sr, MEASUREMENT_TITLE),
        language_of_content_item_and_descendants=english(sr),
    )
    uids = [mark_uid(image, marks, what, written) for what in ("sr", "sr series", "sr study")]
    return write_document(
        content,
        sop_class_uid=COMPREHENSIVE_SR,
        uids=(uids[0], uids[1], uids[2]),
        subject=subject,
        software=software,
        written=written,
        evidence=evidence,
    )


def _told(sr: Any, image: Dataset, mark: Mark, number: int) -> dict[str, Any]:
    """What every region says of itself: an identifier, that it is a region, and its place."""
    side = None if mark.place is None else LATERALITY.get(mark.place.side or "")
    sites = []
    if mark.place is not None:
        sites = [sr.FindingSite(coded(sr, site_of(mark)), laterality=None if side is None else coded(sr, side))]
    return {
        "tracking_identifier": sr.TrackingIdentifier(
            uid=mark_uid(image, [mark], "region", number), identifier=mark.label
        ),
        "finding_type": coded(sr, _REGION),
        "finding_sites": sites,
    }


def _measured(sr: Any, what: Concept, value: float, unit: Concept) -> Any:
    return sr.Measurement(name=coded(sr, what), value=value, unit=coded(sr, unit))
