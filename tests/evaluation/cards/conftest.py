"""Evaluation records made up of plain arithmetic, as large and as odd as a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pytest

from casekin.evaluation.gates import GateResult
from casekin.evaluation.leaks import Check, LeakAudit
from casekin.evaluation.scoring_record import (
    Band,
    BaselineScore,
    Curve,
    Difference,
    Evaluation,
    Hit,
    MeasureScore,
    PlaceDifference,
    PlaceScore,
    RiskCoverage,
    RunComparison,
    Sensitivity,
    StratumScore,
    WorstQuery,
)
from casekin.evaluation.slices import SliceCell
from casekin.evaluation.statistics import Interval

Record = dict[str, Any]
MadeRecord = Callable[..., Record]

MEASURES = {"nDCG@10": 0.52, "AP": 0.31, "P@10": 0.42, "R@10": 0.21, "FirstRank": 3.4, "SamePatient@10": 0.0}
BASELINES = ("random", "metadata", "view oracle", "global vector", "report BM25", "crop and embed", "mine", "theirs")
PLACES = ("left_lower_lobe", "right_lower_lobe", "left_lung", "cardiac_silhouette", "*", "right_costophrenic_angle")


def made_score(
    mean: float | None, *, n: int = 300, patients: int = 120, width: float = 0.06, chance: float = 0.1
) -> MeasureScore:
    """A score with an interval of `width` about its mean, none for one patient."""
    alone = mean is None or patients < 2
    return MeasureScore(
        mean=mean,
        lo=None if alone else (mean or 0.0) - width / 2,
        hi=None if alone else (mean or 0.0) + width / 2,
        n=n,
        patients=patients,
        chance=chance,
    )


def made_difference(mean: float, *, p: float | None = 0.0004, n: int = 300, patients: int = 120) -> Difference:
    """A difference with an interval 0.04 wide."""
    return Difference(
        mean=mean, lo=mean - 0.02, hi=mean + 0.02, n=n, patients=patients, p_value=p, p_holm=p,
        minimum_detectable_effect=0.028,
    )  # fmt: skip


def made_baselines(names: Sequence[str]) -> dict[str, BaselineScore]:
    """Baselines, each a little better than the one before it; the last one is 0.1 below the run."""
    gaps = {name: 0.4 - 0.3 * (i + 1) / len(names) for i, name in enumerate(names)}
    return {
        name: BaselineScore(
            measures={measure: made_score(mean * (1 - gap)) for measure, mean in MEASURES.items()},
            difference={
                measure: made_difference(mean * gap, p=0.2 if gap < 0.11 else 0.0004)
                for measure, mean in MEASURES.items()
            },
            missing_queries=0,
            further_queries=0,
        )
        for name, gap in gaps.items()
    }


def made_places(names: Sequence[str], baselines: Sequence[str]) -> tuple[PlaceScore, ...]:
    """Places of falling size; the last one has a single patient."""
    made = []
    for i, place in enumerate(names):
        patients = 1 if i == len(names) - 1 else 60 - i % 50
        mean = 0.25 + 0.6 * ((i * 37) % 100) / 100
        made.append(
            PlaceScore(
                place=place,
                n=2 * patients,
                patients=patients,
                gallery=800.0 - i,
                prevalence=0.1,
                measures={"nDCG@10": made_score(mean, n=2 * patients, patients=patients, width=0.2)},
                baselines={name: made_score(mean * (0.5 + 0.05 * j)) for j, name in enumerate(baselines)},
                difference=made_difference(0.1, p=0.03) if baselines and patients >= 11 else None,
            )
        )
    return tuple(made)


def made_curves(baselines: Sequence[str]) -> dict[str, Curve]:
    """P@k falls and R@k rises with k."""
    ranks = (1, 3, 5, 10, 20, 50, 100)
    shapes = {"P": [0.7 / (1 + k / 40) for k in ranks], "R": [1 - 1 / (1 + k / 30) for k in ranks]}
    return {
        name: Curve(
            k=ranks,
            run=Band(mean=tuple(values), lo=tuple(v - 0.03 for v in values), hi=tuple(v + 0.03 for v in values)),
            baselines={b: tuple(v * (0.5 + 0.05 * j) for v in values) for j, b in enumerate(baselines)},
            chance=tuple(v * 0.2 for v in values),
        )
        for name, values in shapes.items()
    }


def made_slices() -> dict[str, tuple[SliceCell, ...]]:
    """Sex with two cells and a small third one."""
    cells = [
        SliceCell(
            label=label, n=150, patients=60, small=False,
            interval=Interval(mean=mean, lo=mean - 0.04, hi=mean + 0.04, n=150, patients=60),
            gap=Interval(mean=gap, lo=gap - 0.05, hi=gap + 0.05, n=300, patients=120), p_value=0.4, chance=0.07,
        )
        for label, mean, gap in (("F", 0.5, -0.03), ("M", 0.54, 0.03))
    ]  # fmt: skip
    small = SliceCell(label="unknown", n=5, patients=3, small=True, interval=None, gap=None, p_value=None)
    return {"sex": (*cells, small), "age": tuple(cells)}


def made_leaks() -> Record:
    """A leak audit that finds nothing that counts."""
    checks = (
        Check(name="patients", units="patients", examined=400, count=0, leak=True),
        Check(name="images", units="cases with an image", examined=900, count=0, leak=True),
        Check(name="normal_reports", units="reports without", examined=300, count=7, leak=False),
    )
    audit = LeakAudit(
        splits={"test": 300, "train": 600},
        checks=checks,
        tested="test",
        training={"seen": 0, "not_seen": 260, "unknown": 40},
        training_sets=("ImageNet-1k",),
    )
    return audit.as_record()


def made_pointing() -> Record:
    """Agreement of lists asked by name with lists asked by box and by mask."""
    scores = {"name/box": made_score(0.7, n=60, patients=50), "name/mask": made_score(0.8, n=60, patients=50)}
    pairs = {pair: {"regions": ["located", "given"], **asdict(score)} for pair, score in scores.items()}
    return {"n": 60, "pairs": pairs}


def made_evaluation(*, places: Sequence[str] = PLACES, baselines: Sequence[str] = BASELINES[:4]) -> Evaluation:
    """An evaluation with every section filled."""
    size = len(places)
    overlap = tuple(
        tuple(1.0 if i == j else None if (i + j) % 7 == 3 else round(1 / (1 + abs(i - j)), 2) for j in range(size))
        for i in range(size)
    )
    coverage = tuple((i + 1) / 300 for i in range(300))
    return Evaluation(
        protocol="casekin", protocol_version=1, protocol_sha256="ab" * 32, task="test", run="default",
        lead="nDCG@10", labels={"source": "mined", "version": "rules-5", "queries": 300},
        program="casekin 0.1.0", model_version="lite0-1", index_version="12",
        command="casekin evaluate --index 'an archive'", seed=0, resamples=2000,
        n_queries=300, patients=120, gallery=812.0, gallery_least=640, gallery_most=1001, depth=100, prevalence=0.1,
        chance=0.1, missing_queries=2, dropped={"near_duplicates": 4}, removed={"unjudged": 1200, "same_patient": 0},
        measures={name: made_score(mean) for name, mean in MEASURES.items()},
        baselines=made_baselines(baselines),
        baselines_missing={"pixels": "the archive isn't there"},
        best_baseline=baselines[-1] if baselines else None,
        places=made_places(places, baselines),
        strata={
            name: StratumScore(
                n_queries=100, patients=40, gallery=812.0, prevalence=0.1,
                measures={"nDCG@10": made_score(0.4 + 0.05 * i)},
                baselines={b: made_score(0.3) for b in baselines},
            )
            for i, name in enumerate(("single", "multi", "rare", "normal"))
        },
        slices=made_slices(),
        slices_missing={"scanner": "no case has a value"},
        curves=made_curves(baselines),
        risk_coverage=RiskCoverage(
            measure="nDCG@10", coverage=coverage, risk=tuple(0.2 + 0.28 * c for c in coverage), area=0.34, lo=0.31,
            hi=0.37, n=300, patients=120, chance=0.48,
        ),
        sensitivity=Sensitivity(k=10, places=tuple(places), overlap=overlap, cases=tuple((9,) * size for _ in places)),
        worst=tuple(
            WorstQuery(
                query_id=f"case-{i}@left_lower_lobe", place="left_lower_lobe", measure="nDCG@10", value=0.01 * i,
                relevant=i + 1,
                first=tuple(Hit(case_id=f"case-{i}{j}", grade=(0.0, None, 2.0, 1.0)[j]) for j in range(i)),
            )
            for i in range(5)
        ),
        comparison=RunComparison(
            other="older", scores={name: made_score(mean * 0.95) for name, mean in MEASURES.items()},
            measures={name: made_difference(mean * 0.05, p=0.04) for name, mean in MEASURES.items()},
            places=tuple(
                PlaceDifference(place=place, n=40, patients=20, difference=made_difference(0.05 - 0.02 * i, p=None))
                for i, place in enumerate(places[:8])
            ),
            missing_queries=1, further_queries=3,
        ),
        pointing=made_pointing(), leaks=made_leaks(),
        gates=(
            GateResult(require="nDCG@10>=0.5", measure="nDCG@10", baseline=None, bound="mean", value=0.52, met=True),
            GateResult(require="lo(AP)>=0.4", measure="AP", baseline=None, bound="lo", value=0.28, met=False),
        ),
    )  # fmt: skip


@pytest.fixture
def made_record() -> MadeRecord:
    """`made_record(**changes)`: the record of a full evaluation, some fields set by hand."""

    def make(*, places: Sequence[str] = PLACES, baselines: Sequence[str] = BASELINES[:4], **changes: Any) -> Record:
        return made_evaluation(places=places, baselines=baselines).as_record() | changes

    return make
