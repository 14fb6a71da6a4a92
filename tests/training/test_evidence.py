"""Evidence of findings: pooling, what reports say of it, and what is learnt from bags alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from casekin.anatomy import LOCATIONS
from casekin.models.features import GRID
from casekin.training.decoder import MAP_SIZE
from casekin.training.dual_training import DualTraining
from casekin.training.evidence import balance_findings, sum_places
from casekin.training.evidence_targets import ReportTargets, build_report_targets
from casekin.training.presets import read_preset
from made_cases import made_fact
from training.made_dual import CASES, FINDINGS, made_maps, made_options, made_preset, made_training


def made_targets() -> list[ReportTargets]:
    place = LOCATIONS[0]
    shown = made_fact("consolidation", place.anatomy, place.side)
    cleared = made_fact("consolidation", place.anatomy, place.side, "absent")
    return [
        build_report_targets([cleared if n % 2 else shown], FINDINGS, elsewhere=0.3, silent=0.0) for n in range(CASES)
    ]


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


def test_from_bags_alone_the_finding_is_told_apart() -> None:
    options = {**made_options(made_preset("evidence")), "targets": made_targets()}
    training = DualTraining(maps=made_maps([False] * CASES), **options)
    rows = np.arange(6, dtype=np.int64)
    torch.manual_seed(0)
    optimizer = torch.optim.AdamW(training.groups(0.01, 0.01), lr=0.01)
    for step in range(8):
        training.network.train()
        optimizer.zero_grad()
        batch = training.batch(rows, torch.Generator().manual_seed(step))
        torch.stack([*training.loss(batch).values()]).sum().backward()
        optimizer.step()
    training.network.eval()
    with torch.no_grad():
        batch = training.inputs(rows, np.zeros_like(rows))
        logits, _ = training.network.decode(batch)
        assert logits is not None
        found = torch.sigmoid(sum_places(logits, batch["weights"], sharpness=2.0).at_locations()[:, 0, 0])
    assert float(found[::2].mean() - found[1::2].mean()) > 0.3


def test_epochs_are_drawn_from_train_alone_with_more_of_the_abnormal() -> None:
    training = made_training(made_preset("evidence"))
    drawn = np.concatenate([training.draw_epoch(epoch).ravel() for epoch in range(50)])
    assert set(drawn.tolist()) <= set(range(CASES))
    assert np.array_equal(training.draw_epoch(3), training.draw_epoch(3))


def test_presence_counts_for_more_where_absence_is_told_more_often() -> None:
    told = made_targets()
    absent = sum(float(one.absent[:, 0].sum()) for one in told)
    present = sum(float(one.bag_weights[one.bag_findings == 0].sum()) for one in told)
    assert balance_findings(told, read_preset("evidence"))[0] == pytest.approx(
        max(1.0, (absent / present) ** 0.5), rel=1e-6
    )
