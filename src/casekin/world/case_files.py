"""One patient of the simulated archive, on disk: every examination's image, masks, report, and its two records."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from casekin.anatomy import LOCATIONS, is_part_of, on_radiograph
from casekin.types import Fact, Place
from casekin.world import image_files
from casekin.world.body import Body, sample_body
from casekin.world.ct import render_ct
from casekin.world.dicom_files import (
    RadiographImage,
    StudyIdentity,
    first_exam_date,
    write_ct_series,
    write_radiograph,
)
from casekin.world.dictation import ReportContext, WrittenReport, dictate
from casekin.world.latent import DEVICES
from casekin.world.patients import Exam, Patient
from casekin.world.radiograph import SITES, Radiograph, Site, render_radiograph, sample_acquisition
from casekin.world.writers import WRITERS
from casekin.world.writers_test_split import TEST_WRITERS

Modality = Literal["cr", "ct", "both"]
ImageFormat = Literal["dicom", "png", "nifti"]

SOURCE = "casekin simulated archive"
_SITES: dict[str, Site] = {site.name: site for site in SITES}
_BODY_STREAM, _RENDER_STREAM, _REPORT_STREAM = 3, 4, 5
# Findings whose place is told by the rib cage or a device say nothing against the lung they project on.
_NOT_OF_THE_LUNG = frozenset({"rib_fracture", *DEVICES})
_CT_MASK_SUFFIX, _MASK_SUFFIX = ".nii.gz", ".png"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """What an archive is made from; two runs with equal settings make the same bytes."""

    patients: int
    seed: int
    modality: Modality
    format: ImageFormat
    size: int

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecords:
    """The two lines of one case, for `manifest.jsonl` and `truth.jsonl`."""

    manifest: dict[str, Any]
    truth: dict[str, Any]


def case_count(patient: Patient, modality: Modality) -> int:
    """How many cases a patient's examinations make: with `both`, each is a radiograph and a CT."""
    return len(patient.exams) * (2 if modality == "both" else 1)


def write_patient(out: Path, patient: Patient, settings: ArchiveSettings) -> Iterator[CaseRecords]:
    """Write the files of all examinations under `out`, giving each case's records as it is finished."""
    body = patient_body(patient, seed=settings.seed)
    for exam in patient.exams:
        if settings.modality in ("cr", "both"):
            yield _write_radiograph_case(out, patient, exam, body, settings)
        if settings.modality in ("ct", "both"):
            yield _write_ct_case(out, patient, exam, body, settings)


def patient_body(patient: Patient, *, seed: int) -> Body:
    """The body that stays the same over all of a patient's examinations."""
    rng = np.random.default_rng([seed, _BODY_STREAM, patient.number])
    return sample_body(rng, sex=patient.sex, age=float(patient.age))


def render_exam(patient: Patient, exam: Exam, body: Body, settings: ArchiveSettings) -> tuple[Radiograph, str]:
    """The radiograph of an examination and its view."""
    rng = np.random.default_rng([settings.seed, _RENDER_STREAM, patient.number, exam.number, 0])
    acquisition = sample_acquisition(rng, site=_SITES[exam.site], supine=exam.supine, portable=exam.portable)
    acquisition = replace(acquisition, size=settings.size)
    return render_radiograph(body, exam.facts, acquisition=acquisition, rng=rng), acquisition.view


def write_radiograph_image(
    out: Path, case_id: str, image: RadiographImage, identity: StudyIdentity, *, format: ImageFormat
) -> str:
    """Write the picture in the wanted format; the answer is its path below `out`."""
    name = f"images/{case_id}{ {'dicom': '.dcm', 'png': '.png', 'nifti': '.nii.gz'}[format] }"
    if format == "dicom":
        image_files.write_whole(out / name, lambda path: write_radiograph(path, image, identity))
    elif format == "png":
        image_files.write_whole(out / name, lambda path: image_files.write_png(path, image.pixels, bits=image.bits))
    else:
        save = functools.partial(image_files.write_radiograph_nifti, pixels=image.pixels, spacing_mm=image.spacing_mm)
        image_files.write_whole(out / name, save)
    return name


def radiograph_kind(site: Site) -> Literal["CR", "DX"]:
    """Storage-phosphor readers and film digitizers make CR images, flat panels DX images."""
    return "CR" if "CR" in site.model or "Digitizer" in site.model else "DX"


def radiograph_image(radiograph: Radiograph, site: Site, *, view: str) -> RadiographImage:
    """The radiograph with what its site's machine writes into the header."""
    return RadiographImage(
        pixels=radiograph.pixels,
        bits=radiograph.bits,
        spacing_mm=radiograph.spacing_mm,
        view=view,
        kind=radiograph_kind(site),
        monochrome1=site.monochrome1,
        burned_in=bool(site.text),
        voi="lut" if site.bits >= 14 else "window",
    )


def study_identity(patient: Patient, exam: Exam, *, study: str) -> StudyIdentity:
    """The fictitious header of an examination; `study` tells the studies of one day apart."""
    site = _SITES[exam.site]
    return StudyIdentity(
        patient_id=patient.patient_id,
        sex=patient.sex,
        age=_age(patient, exam),
        study_date=first_exam_date(patient.patient_id) + datetime.timedelta(days=exam.day_offset),
        seed_text=f"{patient.patient_id}|{exam.number}|{study}",
        institution=site.name,
        manufacturer=site.manufacturer,
        model=site.model,
    )


def _age(patient: Patient, exam: Exam) -> int:
    return min(patient.age + exam.day_offset // 365, 110)


def _write_radiograph_case(
    out: Path, patient: Patient, exam: Exam, body: Body, settings: ArchiveSettings
) -> CaseRecords:
    case_id = f"{patient.patient_id}-{exam.number + 1}"
    radiograph, view = render_exam(patient, exam, body, settings)
    identity = study_identity(patient, exam, study="cr")
    image = radiograph_image(radiograph, _SITES[exam.site], view=view)
    name = write_radiograph_image(out, case_id, image, identity, format=settings.format)
    masks = {}
    for key in sorted(radiograph.masks):
        masks[key] = f"masks/{case_id}/{_file_stem(key)}{_MASK_SUFFIX}"
        save = functools.partial(image_files.write_mask_png, mask=radiograph.masks[key])
        image_files.write_whole(out / masks[key], save)
    boxes = [
        {
            "anatomy": place.anatomy,
            "side": place.side,
            "box": [round(edge, 1) for edge in radiograph.boxes[place].as_list()],
        }
        for place in LOCATIONS
        if place in radiograph.boxes
    ]
    report = report_of(patient, exam, seed=settings.seed, modality="CR", view=view)
    row = _row(case_id, patient, exam, identity, report)
    row |= {"image": name, "modality": image.kind, "body_part": "CHEST", "view": view}
    return CaseRecords(manifest=row, truth=_truth(case_id, patient, exam, report, boxes=boxes, masks=masks))


def _write_ct_case(out: Path, patient: Patient, exam: Exam, body: Body, settings: ArchiveSettings) -> CaseRecords:
    case_id = f"{patient.patient_id}-{exam.number + 1}-ct"
    rng = np.random.default_rng([settings.seed, _RENDER_STREAM, patient.number, exam.number, 1])
    series = render_ct(body, exam.facts, rng=rng)
    identity = study_identity(patient, exam, study="ct")
    geometry = image_files.VolumeGeometry(
        spacing_mm=series.spacing_mm, origin_lps=series.origin_lps, direction=series.direction
    )
    if settings.format == "dicom":
        name = f"images/{case_id}"
        image_files.write_whole(out / name, lambda path: write_ct_series(path, series.hu, geometry, identity))
    else:
        name = f"images/{case_id}.nii.gz"
        save = functools.partial(image_files.write_volume_nifti, volume=series.hu, geometry=geometry)
        image_files.write_whole(out / name, save)
    masks = {}
    for key in sorted(series.masks):
        masks[key] = f"masks/{case_id}/{_file_stem(key)}{_CT_MASK_SUFFIX}"
        mask = series.masks[key].astype(np.uint8)
        save = functools.partial(image_files.write_volume_nifti, volume=mask, geometry=geometry)
        image_files.write_whole(out / masks[key], save)
    report = report_of(patient, exam, seed=settings.seed, modality="CT", view="AXIAL")
    row = _row(case_id, patient, exam, identity, report)
    row |= {"image": name, "modality": "CT", "body_part": "CHEST", "view": None}
    return CaseRecords(manifest=row, truth=_truth(case_id, patient, exam, report, boxes=[], masks=masks))


def _file_stem(mask: str) -> str:
    return mask.replace("@", "_at_")


def report_of(
    patient: Patient, exam: Exam, *, seed: int, modality: Literal["CR", "CT"] = "CR", view: str = "PA"
) -> WrittenReport:
    """The report of an examination with the truth it states, by a writer of the patient's split; no image is needed."""
    stream = [seed, _REPORT_STREAM, patient.number, exam.number, int(modality == "CT")]
    rng = np.random.default_rng(stream)
    writers = TEST_WRITERS if patient.split == "test" else WRITERS
    before = patient.exams[exam.number - 1] if exam.number else None
    context = ReportContext(
        facts=exam.facts,
        equivocal=exam.equivocal,
        resolved=exam.resolved,
        modality=modality,
        view=view,
        days_since_prior=exam.day_offset - before.day_offset if before else None,
        sex=patient.sex,
        age=_age(patient, exam),
    )
    return dictate(writers[int(rng.integers(len(writers)))], context, rng=rng)


def _row(case_id: str, patient: Patient, exam: Exam, identity: StudyIdentity, report: WrittenReport) -> dict[str, Any]:
    """The manifest's row without what the image decides. It never has boxes or masks: those are the truth's."""
    return {
        "case_id": case_id,
        "patient_id": patient.patient_id,
        "study_instance_uid": identity.study_instance_uid,
        "accession_number": identity.accession_number,
        "image": None,
        "modality": None,
        "body_part": None,
        "view": None,
        "sex": patient.sex,
        "age": identity.age,
        "day_offset": exam.day_offset,
        "report": report.text,
        "source": SOURCE,
        "split": patient.split,
    }


def _truth(
    case_id: str,
    patient: Patient,
    exam: Exam,
    report: WrittenReport,
    *,
    boxes: list[dict[str, Any]],
    masks: dict[str, str],
) -> dict[str, Any]:
    normal = normal_locations((*exam.facts, *exam.equivocal))
    return {
        "case_id": case_id,
        "patient_id": patient.patient_id,
        "split": patient.split,
        "facts": [statement.as_record() for statement in report.statements],
        "boxes": boxes,
        "masks": masks,
        "normal_anatomies": [{"anatomy": place.anatomy, "side": place.side} for place in normal],
        "diseases": list(patient.diseases),
        "site": exam.site,
        "writer": report.writer,
    }


def normal_locations(facts: Sequence[Fact]) -> tuple[Place, ...]:
    """Those of the 29 locations in which, before which and behind which no fact lies."""
    return tuple(location for location in LOCATIONS if not any(_lies_at(fact, location) for fact in facts))


def _lies_at(fact: Fact, location: Place) -> bool:
    if fact.finding in _NOT_OF_THE_LUNG:
        return fact.place == location
    touched = (fact.place, *on_radiograph(fact.place))
    return any(is_part_of(place, location) or is_part_of(location, place) for place in touched)
