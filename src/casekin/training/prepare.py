"""From an archive to what the loop trains, step by step; every step is kept on disk and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from casekin.models.image_encoder import ImageEncoder
from casekin.training.augment import AugmentSettings
from casekin.training.backbones import learns_over_maps
from casekin.training.backbones.end_to_end import EndToEndTraining, TunedTraining
from casekin.training.cases import TrainingArchive, TrainingCase
from casekin.training.dual_training import DualTraining, Scorer
from casekin.training.evidence_targets import ReportTargets, build_report_targets, choose_findings
from casekin.training.feature_maps import build_map_cache, mirrored_cases
from casekin.training.presets import Preset
from casekin.training.recipes import chosen_terms, reads_text
from casekin.training.report_texts import ReportTexts, read_texts
from casekin.training.views import ViewCache, build_view_cache

Told = Callable[[int, int, str], None]
_SEED = 0
"""Of the views' frames and lights: the same for every run, so that seeds and presets share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A training that is ready, the figures of the encoder itself on the same questions, and how many images it has."""

    training: DualTraining
    baseline: dict[str, float]
    images: dict[str, int]


def prepare_training(
    archive: TrainingArchive,
    cache: Path,
    encoder: ImageEncoder,
    preset: Preset,
    *,
    make_scorer: Callable[[Sequence[str]], Scorer],
    seed: int,
    backbone: str | None = None,
    told: Told | None = None,
) -> Prepared:
    """Decode views, compute maps, and read targets and sentences from reports; `cache` is a folder that any number of
    runs share and go on from.

    `make_scorer` makes the scorer of validation's cases, given their ids in the order of their vectors. `backbone`
    learns along; None: the encoder's maps stay as they are. InputError where no image can be read, no finding is
    frequent enough, or the encoder has no maps to decode.
    """
    cases = (*archive.train, *archive.validation)
    mirrored = mirrored_cases(archive.train)
    views = build_view_cache(cases, cache, encoder, progress=_step(told, "views"))
    rows = np.flatnonzero(views.readable)
    train, validation = rows[rows < len(archive.train)], rows[rows >= len(archive.train)]
    score = make_scorer([cases[row].case_id for row in validation.tolist()])
    findings = choose_findings([cases[row] for row in train.tolist()], least=preset.count("least_patients"))

    def targets(case: TrainingCase) -> ReportTargets:
        return build_report_targets(
            case.facts, findings, elsewhere=preset.numbers["elsewhere"], silent=preset.numbers["silent"]
        )

    may_mirror = [*(case is not None for case in mirrored), *[False] * len(archive.validation)]
    counts = [preset.views] * len(archive.train) + [1] * len(archive.validation)
    make = _training_over(views, counts, may_mirror, cache, encoder, preset, backbone, told)
    training = make(
        cases=archive.train,
        mirrored=mirrored,
        texts=_texts(archive.train, mirrored, preset, told),
        findings=findings,
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
    )


def _training_over(
    views: ViewCache,
    counts: Sequence[int],
    may_mirror: Sequence[bool],
    cache: Path,
    encoder: ImageEncoder,
    preset: Preset,
    backbone: str | None,
    told: Told | None,
) -> Callable[..., DualTraining]:
    """What makes a training over kept maps, which are computed where they are needed, or over views."""
    if backbone is not None and not learns_over_maps(backbone):
        return partial(EndToEndTraining, views=views, may_mirror=may_mirror, backbone=backbone)
    maps = build_map_cache(
        views,
        counts,
        may_mirror,
        cache,
        encoder,
        AugmentSettings(**preset.augment),
        seed=_SEED,
        progress=_step(told, "maps"),
    )
    if backbone is None:
        return partial(DualTraining, maps=maps)
    return partial(TunedTraining, maps=maps, backbone=backbone, level="stride16")


def _texts(
    cases: Sequence[TrainingCase], mirrored: Sequence[TrainingCase | None], preset: Preset, told: Told | None
) -> ReportTexts | None:
    if not reads_text(preset):
        return None
    if told is not None:
        told(0, len(cases), "texts")
    return read_texts(
        cases,
        mirrored,
        vocabulary=preset.count("vocabulary"),
        max_tokens=preset.count("max_tokens"),
        with_near=any(term.near for term in chosen_terms(preset).values()),
    )


def _step(told: Told | None, name: str) -> Callable[[int, int], None] | None:
    return None if told is None else lambda done, total: told(done, total, name)
