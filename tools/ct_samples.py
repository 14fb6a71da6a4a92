"""CT examinations of simulated patients, rendered in memory: what `casekin world --modality ct` writes, without files.

Shared by what fits and measures the vectors of CT regions; writing volumes and their masks takes most of an archive's
time, and neither is needed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekin.imaging import ImageHeader, MedicalImage
from casekin.imaging.image import content_hash
from casekin.world.case_files import normal_locations, patient_body, report_of
from casekin.world.ct import render_ct
from casekin.world.patients import sample_patient

_RENDER_STREAM, _CT = 4, 1  # as in an archive, so that the volumes are its volumes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CtSample:
    """The first examination of one simulated patient; `row` and `truth` are lines of an archive's two files."""

    image: MedicalImage
    row: dict[str, Any]
    truth: dict[str, Any]


def render_samples(numbers: Iterable[int], *, seed: int) -> Iterator[CtSample]:
    """The first examinations of these patients of `casekin world --modality ct --seed SEED`."""
    for number in numbers:
        patient = sample_patient(number, seed=seed)
        exam = patient.exams[0]
        rng = np.random.default_rng([seed, _RENDER_STREAM, patient.number, exam.number, _CT])
        series = render_ct(patient_body(patient, seed=seed), exam.facts, rng=rng)
        pixels = np.asarray(series.hu, dtype=np.float32)
        case_id = f"{patient.patient_id}-{exam.number + 1}-ct"
        image = MedicalImage(
            pixels=pixels,
            window=None,
            spacing_mm=series.spacing_mm,
            direction=np.asarray(series.direction).T[::-1],
            origin=series.origin_lps,
            header=ImageHeader(modality="CT"),
            content_hash=content_hash(pixels),
            name=case_id,
        )
        report = report_of(patient, exam, seed=seed, modality="CT", view="AXIAL")
        normal = normal_locations((*exam.facts, *exam.equivocal))
        yield CtSample(
            image=image,
            row={
                "case_id": case_id,
                "patient_id": patient.patient_id,
                "image": f"images/{case_id}.nii.gz",
                "modality": "CT",
                "body_part": "CHEST",
                "sex": patient.sex,
                "age": patient.age,
                "day_offset": exam.day_offset,
                "report": report.text,
                "source": exam.site,
                "split": patient.split,
            },
            truth={
                "case_id": case_id,
                "patient_id": patient.patient_id,
                "split": patient.split,
                "facts": [statement.as_record() for statement in report.statements],
                "boxes": [],
                "masks": {},
                "normal_anatomies": [{"anatomy": place.anatomy, "side": place.side} for place in normal],
                "diseases": list(patient.diseases),
            },
        )
