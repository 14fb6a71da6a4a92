"""A training of twelve made images whose reports are told in full sentences; every second one shows a bright patch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.features import GRID, LEVEL_CHANNELS, LEVELS
from casekin.reports import read_report
from casekin.training.cases import TrainingCase
from casekin.training.dual_training import DualTraining
from casekin.training.evidence_targets import build_report_targets
from casekin.training.feature_maps import STRIDES, MapCache, mirrored_cases
from casekin.training.presets import Preset, read_preset
from casekin.training.recipes import chosen_terms, reads_text
from casekin.training.report_texts import ReportTexts, read_texts
from training.made_targets import training_case

CASES = 12
FINDINGS = ("consolidation", "pneumothorax")
REPORTS = (
    "There is consolidation in the left lower lobe. No pneumothorax. The heart size is normal.",
    "Both lungs are clear. No consolidation. No pneumothorax. The heart size is normal.",
    "There is a right pneumothorax. The left lung is clear.",
    "No pneumothorax. Both lungs are clear. The heart size is normal.",
)


def made_cases() -> list[TrainingCase]:
    """Cases of twelve patients whose reports the reader has read."""
    made = []
    for number in range(CASES):
        read = read_report(REPORTS[number % len(REPORTS)])
        case = training_case(f"c{number}", patient=f"p{number}")
        made.append(
            replace(
                case,
                report=REPORTS[number % len(REPORTS)],
                facts=read.facts,
                normal_anatomies=read.normal_anatomies,
            )
        )
    return made


def made_maps(mirrored: Sequence[bool]) -> MapCache:
    """Maps of as many images, two views each: noise, and in every second image a bright patch; view 1 may be mirrored.

    Locations are squares of 8 cells that go over the grid row by row.
    """
    generator, count = np.random.default_rng(1), len(mirrored)
    levels = {}
    for name in LEVELS:
        size = 384 // STRIDES[name]
        levels[name] = generator.normal(size=(count, 2, LEVEL_CHANNELS[name], size, size))
    levels["stride8"][::2, :, :8, 4:12, 4:12] += 20.0
    weights = np.zeros((count, 2, len(LOCATIONS), GRID, GRID), dtype=np.uint8)
    for place in range(len(LOCATIONS)):
        weights[:, :, place, (place // 6) * 4 : (place // 6) * 4 + 8, (place % 6) * 4 : (place % 6) * 4 + 8] = 255
    flips: NDArray[np.bool_] = np.stack([np.zeros(count, dtype=np.bool_), np.array(mirrored)], axis=1)
    return MapCache(
        levels={name: level.astype(np.float16) for name, level in levels.items()},
        weights=weights,
        mirrored=flips,
        stamp="made",
    )


def made_preset(name: str, **numbers: float) -> Preset:
    """A preset at the smallest size, with dials that suit a dozen images."""
    preset = read_preset(name, size="tiny")
    small = {"batch_size": 8.0, "look": 16.0, "vocabulary": 200.0, "anchors": 24.0, "normal_anchors": 8.0}
    return replace(preset, numbers={**preset.numbers, **small, **numbers})


def made_texts(cases: Sequence[TrainingCase], preset: Preset) -> ReportTexts | None:
    """Texts of the cases, where the preset reads any."""
    if not reads_text(preset):
        return None
    near = any(term.near for term in chosen_terms(preset).values())
    return read_texts(cases, mirrored_cases(cases), vocabulary=200, max_tokens=32, with_near=near)


def made_training(preset: Preset, *, seed: int = 0) -> DualTraining:
    """A training of the made cases over made maps."""
    options = made_options(preset, seed=seed)
    return DualTraining(maps=made_maps([case is not None for case in options["mirrored"]]), **options)


def made_options(preset: Preset, *, seed: int = 0) -> dict[str, Any]:
    """What a training is told of the made cases; validation is the same images, its figure how bright the first
    location is.
    """
    cases = made_cases()
    mirrored = mirrored_cases(cases)

    def score(vectors: NDArray[np.float32]) -> dict[str, float]:
        return {"nDCG@10": float(vectors[::2, 0, 0].mean() - vectors[1::2, 0, 0].mean())}

    rows = np.arange(CASES, dtype=np.int64)
    targets = [build_report_targets(case.facts, FINDINGS, elsewhere=0.3, silent=0.1) for case in cases]
    swapped = [
        None if case is None else build_report_targets(case.facts, FINDINGS, elsewhere=0.3, silent=0.1)
        for case in mirrored
    ]
    return {
        "cases": cases,
        "mirrored": mirrored,
        "texts": made_texts(cases, preset),
        "findings": FINDINGS,
        "targets": targets,
        "mirrored_targets": swapped,
        "patients": [case.patient for case in cases],
        "train": rows,
        "validation": rows,
        "score": score,
        "preset": preset,
        "seed": seed,
    }
