"""From an archive to what the loop trains, step by step; every step is kept on disk and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casekin.models.image_encoder import ImageEncoder
from casekin.training.augment import AugmentSettings
from casekin.training.cases import TrainingArchive, TrainingCase
from casekin.training.dual_training import DualTraining, reads_text
from casekin.training.evidence import Scorer
from casekin.training.evidence_targets import ReportTargets, build_report_targets, choose_findings
from casekin.training.feature_maps import MapCache, build_map_cache, mirrored_cases
from casekin.training.presets import Preset
from casekin.training.recipes import chosen_terms
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
    stamp: str


def prepare_training(
    archive: TrainingArchive,
    cache: Path,
    encoder: ImageEncoder,
    preset: Preset,
    *,
    make_scorer: Callable[[Sequence[str]], Scorer],
    seed: int,
    told: Told | None = None,
) -> Prepared:
    """Decode views, compute maps, and read targets and sentences from reports; `cache` is a folder that any number of
    runs share and go on from.

    `make_scorer` makes the scorer of validation's cases, given their ids in the order of their vectors. InputError
    where no image can be read, no finding is frequent enough, or the encoder has no maps to decode.
    """
    cases = (*archive.train, *archive.validation)
    mirrored = [*mirrored_cases(archive.train), *([None] * len(archive.validation))]
    views, maps = _cached(cases, len(archive.train), mirrored, cache, encoder, preset, told)
    rows = np.flatnonzero(views.readable)
    train, validation = rows[rows < len(archive.train)], rows[rows >= len(archive.train)]
    score = make_scorer([cases[row].case_id for row in validation.tolist()])
    findings = choose_findings([cases[row] for row in train.tolist()], least=preset.count("least_patients"))

    def targets(case: TrainingCase) -> ReportTargets:
        return build_report_targets(
            case.facts, findings, elsewhere=preset.numbers["elsewhere"], silent=preset.numbers["silent"]
        )

    training = DualTraining(
        cases=archive.train,
        mirrored=mirrored[: len(archive.train)],
        texts=_texts(archive.train, mirrored[: len(archive.train)], preset, told),
        findings=findings,
        maps=maps,
        targets=[targets(case) for case in archive.train],
        mirrored_targets=[None if case is None else targets(case) for case in mirrored[: len(archive.train)]],
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


def _cached(
    cases: Sequence[TrainingCase],
    train: int,
    mirrored: Sequence[TrainingCase | None],
    cache: Path,
    encoder: ImageEncoder,
    preset: Preset,
    told: Told | None,
) -> tuple[ViewCache, MapCache]:
    views = build_view_cache(cases, cache, encoder, progress=_step(told, "views"))
    maps = build_map_cache(
        views,
        [preset.views] * train + [1] * (len(cases) - train),
        [one is not None for one in mirrored],
        cache,
        encoder,
        AugmentSettings(**preset.augment),
        seed=_SEED,
        progress=_step(told, "maps"),
    )
    return views, maps


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
