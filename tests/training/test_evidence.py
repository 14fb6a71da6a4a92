"""Evidence of findings: pooling, the decoder's loss, and what is learnt from bags alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.models.features import GRID, LEVEL_CHANNELS, LEVELS
from casekin.training.decoder import MAP_SIZE
from casekin.training.evidence import EvidenceTraining, balance_findings, sum_places
from casekin.training.evidence_targets import ReportTargets, build_report_targets
from casekin.training.feature_maps import STRIDES, MapCache
from casekin.training.presets import read_preset
from made_cases import made_fact

FINDINGS = ("consolidation", "pneumothorax")
CASES = 12


def made_maps(generator: np.random.Generator) -> MapCache:
    """Maps of twelve images with one view: noise, and in every second a bright patch in the first location."""
    levels = {
        name: generator.normal(size=(CASES, 1, LEVEL_CHANNELS[name], 384 // STRIDES[name], 384 // STRIDES[name]))
        for name in LEVELS
    }
    levels["stride8"][::2, 0, :8, 4:12, 4:12] += 20.0
    weights = np.zeros((CASES, 1, len(LOCATIONS), GRID, GRID), dtype=np.uint8)
    for place in range(len(LOCATIONS)):
        weights[:, :, place, (place // 6) * 4 : (place // 6) * 4 + 8, (place % 6) * 4 : (place % 6) * 4 + 8] = 255
    return MapCache(
        levels={name: level.astype(np.float16) for name, level in levels.items()},
        weights=weights,
        mirrored=np.zeros((CASES, 1), dtype=np.bool_),
        stamp="made",
    )


def made_targets() -> list[ReportTargets]:
    place = LOCATIONS[0]
    shown = made_fact("consolidation", place.anatomy, place.side)
    cleared = made_fact("consolidation", place.anatomy, place.side, "absent")
    return [
        build_report_targets([cleared if n % 2 else shown], FINDINGS, elsewhere=0.3, silent=0.0) for n in range(CASES)
    ]


@pytest.fixture
def training() -> EvidenceTraining:
    def score(evidence: NDArray[np.float32]) -> dict[str, float]:
        return {"nDCG@10": float(evidence[::2, 0, 0].mean() - evidence[1::2, 0, 0].mean())}

    rows = np.arange(CASES, dtype=np.int64)
    return EvidenceTraining(
        findings=FINDINGS,
        maps=made_maps(np.random.default_rng(1)),
        targets=made_targets(),
        mirrored_targets=[None] * CASES,
        patients=[f"p{n}" for n in range(CASES)],
        train=rows,
        validation=rows,
        score=score,
        preset=read_preset("evidence", size="tiny"),
        seed=0,
    )


def test_pooling_is_the_logarithm_of_the_weighted_mean_of_exponentials() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 4 * torch.randn(2, 3, MAP_SIZE, MAP_SIZE, generator=generator)
    weights = torch.rand(2, len(LOCATIONS), GRID, GRID, generator=generator)
    places = sum_places(logits, weights, sharpness=2.0)
    at = places.at_locations()
    region = torch.rand(1, len(LOCATIONS), generator=generator)
    at_region = places.at_regions(torch.tensor([1]), torch.tensor([2]), region)
    x = logits.double().numpy()
    cells = weights.double().numpy().repeat(2, axis=2).repeat(2, axis=3)
    for image, finding, place in ((0, 0, 0), (1, 2, 28), (1, 1, 13)):
        w = cells[image, place] / cells[image, place].sum()
        assert float(at[image, finding, place]) == pytest.approx(
            np.log((w * np.exp(2 * x[image, finding])).sum()) / 2, abs=1e-4
        )
    joined = np.tensordot(region[0].double().numpy(), cells[1], axes=1)
    expected = np.log((joined / joined.sum() * np.exp(2 * x[1, 2])).sum()) / 2
    assert float(at_region[0]) == pytest.approx(expected, abs=1e-4)


def test_pooling_lies_between_the_mean_and_the_largest_cell_and_survives_large_logits() -> None:
    logits = torch.zeros(1, 1, MAP_SIZE, MAP_SIZE)
    logits[..., 0, 0] = 500.0
    weights = torch.ones(1, len(LOCATIONS), GRID, GRID)
    soft, sharp = (float(sum_places(logits, weights, sharpness=s).at_locations()[0, 0, 0]) for s in (0.01, 20.0))
    assert float(logits.mean()) < soft < sharp < 500.0 and sharp > 499.0


def test_every_parameter_gets_a_gradient(training: EvidenceTraining) -> None:
    training.network.train()
    batch = training.batch(np.arange(6, dtype=np.int64), torch.Generator().manual_seed(0))
    terms = training.loss(batch)
    assert all(float(term.detach()) > 0 for term in terms.values())
    torch.stack([*terms.values()]).sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in training.network.parameters())


def test_from_bags_alone_the_finding_is_told_apart(training: EvidenceTraining) -> None:
    torch.manual_seed(0)
    optimizer = torch.optim.AdamW(training.groups(0.01, 0.01), lr=0.01)
    for step in range(12):
        training.network.train()
        optimizer.zero_grad()
        batch = training.batch(np.arange(CASES, dtype=np.int64), torch.Generator().manual_seed(step))
        torch.stack([*training.loss(batch).values()]).sum().backward()
        optimizer.step()
    training.network.eval()
    with torch.no_grad():
        assert training.validate()["nDCG@10"] > 0.3


def test_epochs_are_drawn_from_train_alone_with_more_of_the_abnormal(training: EvidenceTraining) -> None:
    drawn = np.concatenate([training.draw_epoch(epoch).ravel() for epoch in range(50)])
    assert set(drawn.tolist()) <= set(range(CASES))
    assert np.array_equal(training.draw_epoch(3), training.draw_epoch(3))


def test_presence_counts_for_more_where_absence_is_told_more_often(training: EvidenceTraining) -> None:
    told = made_targets()
    absent = sum(float(one.absent[:, 0].sum()) for one in told)
    present = sum(float(one.bag_weights[one.bag_findings == 0].sum()) for one in told)
    assert balance_findings(told, training.preset)[0] == pytest.approx(max(1.0, (absent / present) ** 0.5), rel=1e-6)
