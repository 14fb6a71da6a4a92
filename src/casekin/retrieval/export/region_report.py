"""Regions of a film as a structured report: TID 1500 with a planar region of interest for each (TID 1410)."""

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
_REGION = Concept("111030", "DCM", "Image Region")


def region_report(image: Dataset, marks: Sequence[Mark], *, software: str, written: datetime) -> bytes:
    """Where a film's regions are: each a closed polyline with its place and its area in pixels.

    The document says of itself that it is preliminary and unverified. The same arguments give the same bytes. Raises
    `InputError` for a volume, for no or an outside region, `DependencyError` without highdicom.
    """
    rows, columns = require_film(image)
    if not marks:
        raise InputError("region report: expected a region, got none; name a place or give a box")
    sr = load_highdicom()
    subject = ReportSubject(
        patient_id=str(image.get("PatientID") or ""),
        accession_number=str(image.get("AccessionNumber") or ""),
        study_instance_uid=str(image.StudyInstanceUID),
        series_instance_uid=str(image.SeriesInstanceUID),
        sop_class_uid=str(image.SOPClassUID),
        sop_instance_uid=str(image.SOPInstanceUID),
        modality=str(image.get("Modality") or ""),
    )
    groups = [
        _group(sr, subject, mark, rows, columns, mark_uid(image, [mark], "region", number))
        for number, mark in enumerate(marks, start=1)
    ]
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
    )


def _group(sr: Any, subject: ReportSubject, mark: Mark, rows: int, columns: int, uid: str) -> Any:
    source = sr.SourceImageForRegion(
        referenced_sop_class_uid=subject.sop_class_uid, referenced_sop_instance_uid=subject.sop_instance_uid
    )
    side = None if mark.place is None else LATERALITY.get(mark.place.side or "")
    sites = []
    if mark.place is not None:
        sites = [sr.FindingSite(coded(sr, site_of(mark)), laterality=None if side is None else coded(sr, side))]
    area = int(mark.pixels((rows, columns)).sum())
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=uid, identifier=mark.label),
        referenced_region=sr.ImageRegion("POLYLINE", mark.outline(rows, columns), source),
        finding_type=coded(sr, _REGION),
        finding_sites=sites,
        measurements=[sr.Measurement(name=coded(sr, _AREA), value=area, unit=coded(sr, _PIXELS))],
    )
