"""From an archive to what the loop trains, step by step; every step is kept on disk and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casekin.models.image_encoder import ImageEncoder
from casekin.training.augment import AugmentSettings
from casekin.training.cases import TrainingArchive, TrainingCase
from casekin.training.evidence import EvidenceTraining, Scorer
from casekin.training.evidence_targets import ReportTargets, build_report_targets, choose_findings
from casekin.training.feature_maps import build_map_cache, mirrored_cases
from casekin.training.presets import Preset
from casekin.training.views import build_view_cache

Told = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A training that is ready, the figures of the encoder itself on the same questions, and how many images it has."""

    training: EvidenceTraining
    baseline: dict[str, float]
    images: dict[str, int]
    stamp: str


def prepare_evidence(
    archive: TrainingArchive,
    cache: Path,
    encoder: ImageEncoder,
    preset: Preset,
    *,
    make_scorer: Callable[[Sequence[str]], Scorer],
    seed: int,
    told: Told | None = None,
) -> Prepared:
    """Decode views, compute maps, and read targets from facts; `cache` is a folder that later calls go on from.

    `make_scorer` makes the scorer of validation's cases, given their ids in the order of their vectors. InputError
    where no image can be read, no finding is frequent enough, or the encoder has no maps to decode.
    """
    cases = (*archive.train, *archive.validation)
    views = build_view_cache(cases, cache / "views", encoder, progress=_step(told, "views"))
    mirrored = mirrored_cases(archive.train)
    maps = build_map_cache(
        views,
        [preset.views] * len(archive.train) + [1] * len(archive.validation),
        [one is not None for one in mirrored] + [False] * len(archive.validation),
        cache / "maps",
        encoder,
        AugmentSettings(**preset.augment),
        seed=seed,
        progress=_step(told, "maps"),
    )
    rows = np.flatnonzero(views.readable)
    train, validation = rows[rows < len(archive.train)], rows[rows >= len(archive.train)]
    score = make_scorer([cases[row].case_id for row in validation.tolist()])
    findings = choose_findings([cases[row] for row in train.tolist()], least=preset.count("least_patients"))

    def targets(case: TrainingCase) -> ReportTargets:
        return build_report_targets(
            case.facts, findings, elsewhere=preset.numbers["elsewhere"], silent=preset.numbers["silent"]
        )

    training = EvidenceTraining(
        findings=findings,
        maps=maps,
        targets=[targets(case) for case in archive.train],
        mirrored_targets=[None if case is None else targets(case) for case in mirrored],
        patients=[case.patient for case in archive.train],
        train=train,
        validation=validation,
        score=score,
        preset=preset,
        seed=seed,
    )
    return Prepared(
        training=training,
        baseline=dict(score(views.vectors[validation].astype(np.float32))),
        images={"train": len(train), "validation": len(validation), "unreadable": len(cases) - len(rows)},
        stamp=maps.stamp,
    )


def _step(told: Told | None, name: str) -> Callable[[int, int], None] | None:
    return None if told is None else lambda done, total: told(done, total, name)
