"""Images that don't belong: what a search must name as out of distribution instead of answering.

Six kinds: another body part sold as a chest, a lateral sold as a frontal, a mirrored chest, a blank exposure, noise,
and a chest whose grey values are inverted though the header says otherwise. Their headers all claim a frontal chest
radiograph; only the truth beside them knows. Their patients are in no other list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.world.case_files import (
    SOURCE,
    ArchiveSettings,
    CaseRecords,
    patient_body,
    radiograph_image,
    study_identity,
    write_radiograph_image,
)
from casekin.world.dicom_files import RadiographImage
from casekin.world.other_parts import OTHER_PARTS, render_other_body_part
from casekin.world.patients import Exam, Patient, sample_patient
from casekin.world.radiograph import SITES, render_radiograph, sample_acquisition

OOD_KINDS: tuple[str, ...] = ("other_body_part", "lateral", "mirrored", "blank", "noise", "inverted")
_OOD_STREAM = 6
_BITS, _SPACING_MM = 12, 0.7
# Far above any patient of the archive itself, so that bodies and diseases are of people who are not in it.
_FIRST_NUMBER = 10_000_000


def ood_count(patients: int) -> int:
    """How many images of each kind an archive of so many patients gets."""
    return max(2, patients // 50)


def write_ood_kind(out: Path, kind: str, settings: ArchiveSettings) -> Iterator[CaseRecords]:
    """Write the images of one kind below `out`, giving each one's records; the truth's `kind` says what it is."""
    for index in range(ood_count(settings.patients)):
        yield _write_one(out, kind, index, settings)


def _write_one(out: Path, kind: str, index: int, settings: ArchiveSettings) -> CaseRecords:
    number = _FIRST_NUMBER + OOD_KINDS.index(kind) * 100_000 + index
    drawn = sample_patient(number, seed=settings.seed)
    patient = replace(drawn, patient_id=f"ood{settings.seed}-{kind}-{index:04d}")
    exam = patient.exams[0]
    case_id = f"{patient.patient_id}-1"
    rng = np.random.default_rng([settings.seed, _OOD_STREAM, number])
    image = _picture(kind, patient, exam, settings, rng)
    identity = study_identity(patient, exam, study="cr")
    name = write_radiograph_image(out, case_id, image, identity, format="png" if settings.format == "png" else "dicom")
    row = {
        "case_id": case_id,
        "patient_id": patient.patient_id,
        "study_instance_uid": identity.study_instance_uid,
        "accession_number": identity.accession_number,
        "image": name,
        "modality": image.kind,
        "body_part": "CHEST",
        "view": image.view,
        "sex": patient.sex,
        "age": identity.age,
        "day_offset": 0,
        "source": SOURCE,
    }
    return CaseRecords(manifest=row, truth={"case_id": case_id, "patient_id": patient.patient_id, "kind": kind})


def _picture(
    kind: str, patient: Patient, exam: Exam, settings: ArchiveSettings, rng: np.random.Generator
) -> RadiographImage:
    site = next(site for site in SITES if site.name == exam.site)
    acquisition = sample_acquisition(rng, site=site, supine=exam.supine, portable=exam.portable)
    acquisition = replace(acquisition, size=settings.size)
    view = acquisition.view
    if kind == "lateral":
        acquisition = replace(acquisition, view="LATERAL")
    if kind == "other_body_part":
        part = OTHER_PARTS[int(rng.integers(len(OTHER_PARTS)))]
        grey = render_other_body_part(rng, part, size=settings.size).astype(np.uint16)
        return _sold_as_chest(grey * np.uint16(2 ** (_BITS - 8)), view)
    if kind in ("blank", "noise"):
        return _sold_as_chest(_blank(rng, settings.size) if kind == "blank" else _noise(rng, settings.size), view)
    body = patient_body(patient, seed=settings.seed)
    rendered = render_radiograph(body, exam.facts, acquisition=acquisition, rng=rng)
    image = radiograph_image(rendered, site, view=view)
    if kind == "mirrored":
        return replace(image, pixels=np.ascontiguousarray(image.pixels[:, ::-1]))
    if kind == "inverted":
        return replace(image, pixels=np.uint16(2**image.bits - 1) - image.pixels)
    return image


def _sold_as_chest(pixels: NDArray[np.uint16], view: str) -> RadiographImage:
    return RadiographImage(pixels=pixels, bits=_BITS, spacing_mm=(_SPACING_MM, _SPACING_MM), view=view)


def _blank(rng: np.random.Generator, size: int) -> NDArray[np.uint16]:
    """An exposure with nothing in the beam: one level, and a little detector noise."""
    level = rng.uniform(200, 3800)
    return np.clip(np.round(rng.normal(level, 4.0, (size, size))), 0, 4095).astype(np.uint16)


def _noise(rng: np.random.Generator, size: int) -> NDArray[np.uint16]:
    """Grey noise over the whole range, of a grain between one and sixteen pixels."""
    grain = int(2 ** rng.integers(0, 5))
    coarse = rng.integers(0, 4096, (-(-size // grain), -(-size // grain)))
    return np.kron(coarse, np.ones((grain, grain), int))[:size, :size].astype(np.uint16)
