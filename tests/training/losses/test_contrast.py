"""Contrast: closed forms, loops that follow the formulas, and what is known of the losses' limits and defects."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from casekin.training.losses import (
    info_nce,
    multi_positive_info_nce,
    relevance_weighted_info_nce,
    scaled_cosines,
    sigmoid_contrast,
    soft_cross_entropy,
    soft_sigmoid_contrast,
)
from training.every_loss import LOSSES, made_batch


@pytest.fixture
def logits() -> Tensor:
    images, texts, _ = made_batch(6, 5, seed=1)
    return scaled_cosines(images, texts, scale=4.0, bias=-1.0)


@pytest.fixture
def relevance() -> Tensor:
    return made_batch(6, 5, seed=2)[2]


def both_ways(logits: Tensor, row_loss: object) -> float:
    """The mean of a loss written for one row's numbers, over rows and columns."""
    table = logits.numpy()
    values = [[row_loss(grid[i], i, turned) for i in range(len(grid))] for grid, turned in ((table, 0), (table.T, 1))]  # type: ignore[operator]
    return float(np.mean([np.mean([v for v in way if v is not None]) for way in values]))


def test_cosines_are_scaled_and_shifted_whatever_the_lengths() -> None:
    rows, columns = torch.tensor([[3.0, 0.0], [0.0, 0.5]]), torch.tensor([[2.0, 2.0]])
    expected = 10 * math.sqrt(0.5) - 3
    assert scaled_cosines(rows, columns, scale=10.0, bias=-3.0).flatten().tolist() == pytest.approx([expected] * 2)


def test_equal_logits_cost_the_logarithm_of_the_batch() -> None:
    assert info_nce(torch.full((8, 8), 3.0)).item() == pytest.approx(math.log(8))


def test_a_diagonal_above_a_flat_rest_has_its_closed_form() -> None:
    logits = 2.5 * torch.eye(5)
    assert info_nce(logits).item() == pytest.approx(math.log(1 + 4 * math.exp(-2.5)))
    balanced = sigmoid_contrast(logits - math.log(4))
    assert balanced.item() == pytest.approx(math.log1p(4 * math.exp(-2.5)) + 4 * math.log1p(1 / 4), rel=1e-6)


def test_a_positive_is_set_against_negatives_alone(logits: Tensor, relevance: Tensor) -> None:
    positives, negatives = relevance > 0.6, relevance < 0.4

    def row(values: np.ndarray, i: int, turned: int) -> float | None:
        ours = (positives.T if turned else positives)[i].numpy()
        theirs = (negatives.T if turned else negatives)[i].numpy()
        against = sum(math.exp(v) for v in values[theirs])
        losses = [-math.log(math.exp(v) / (math.exp(v) + against)) for v in values[ours]]
        return sum(losses) / len(losses) if losses else None

    got = multi_positive_info_nce(logits, positives, negatives).item()
    assert got == pytest.approx(both_ways(logits, row))


def test_own_pairs_as_the_only_positives_give_info_nce(logits: Tensor) -> None:
    own = torch.eye(6, dtype=torch.bool)
    assert multi_positive_info_nce(logits, own).item() == pytest.approx(info_nce(logits).item())


def test_a_batch_without_positives_costs_nothing_and_moves_nothing(logits: Tensor) -> None:
    logits.requires_grad_()
    loss = multi_positive_info_nce(logits, torch.zeros(6, 6, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0.0
    assert logits.grad is not None and torch.equal(logits.grad, torch.zeros(6, 6, dtype=torch.float64))


def test_a_row_without_negatives_has_a_gradient_of_zero_and_not_of_nan(logits: Tensor) -> None:
    logits.requires_grad_()
    multi_positive_info_nce(logits, torch.ones(6, 6, dtype=torch.bool)).backward()
    assert logits.grad is not None and torch.equal(logits.grad, torch.zeros(6, 6, dtype=torch.float64))


def test_negatives_weigh_what_they_do_not_share(logits: Tensor, relevance: Tensor) -> None:
    def row(values: np.ndarray, i: int, turned: int) -> float:
        rho = (relevance.T if turned else relevance)[i].numpy()
        against = sum((1 - rho[j]) ** 2 * math.exp(values[j]) for j in range(6) if j != i)
        return -math.log(math.exp(values[i]) / (math.exp(values[i]) + against))

    got = relevance_weighted_info_nce(logits, relevance, power=2.0).item()
    assert got == pytest.approx(both_ways(logits, row))


def test_no_relevance_gives_info_nce_and_unjudged_pairs_are_no_negatives(logits: Tensor) -> None:
    assert relevance_weighted_info_nce(logits, torch.zeros(6, 6)).item() == pytest.approx(info_nce(logits).item())
    unjudged, same = torch.zeros(6, 6), torch.zeros(6, 6)
    unjudged[1, 3], same[1, 3] = math.nan, 1.0
    expected = relevance_weighted_info_nce(logits, same).item()
    assert relevance_weighted_info_nce(logits, unjudged).item() == pytest.approx(expected)
    assert expected < info_nce(logits).item()


def test_soft_targets_are_squared_and_unjudged_pairs_left_out(logits: Tensor, relevance: Tensor) -> None:
    relevance[2, 4] = math.nan
    expected = 0.0
    for i in range(6):
        for j in range(6):
            chance, target = 1 / (1 + math.exp(-logits[i, j])), relevance[i, j].item() ** 2
            if (i, j) != (2, 4):
                expected -= (target * math.log(chance) + (1 - target) * math.log(1 - chance)) / 6
    assert soft_sigmoid_contrast(logits, relevance).item() == pytest.approx(expected)


def test_an_identity_of_relevance_gives_the_plain_sigmoid_loss(logits: Tensor) -> None:
    assert soft_sigmoid_contrast(logits, torch.eye(6)).item() == pytest.approx(sigmoid_contrast(logits).item())


def test_rows_of_similarity_are_the_targets_of_the_cross_entropy(logits: Tensor, relevance: Tensor) -> None:
    relevance[0, 5] = math.nan

    def row(values: np.ndarray, i: int, turned: int) -> float:
        rho = (relevance.T if turned else relevance)[i].numpy()
        kept = [j for j in range(6) if not math.isnan(rho[j])]
        soft = np.exp(rho[kept] / 0.3) / np.exp(rho[kept] / 0.3).sum()
        target = 0.4 * np.array([j == i for j in kept]) + 0.6 * soft
        return float(-(target * np.log(np.exp(values[kept]) / np.exp(values[kept]).sum())).sum())

    got = soft_cross_entropy(logits, relevance, own_share=0.4, temperature=0.3).item()
    assert got == pytest.approx(both_ways(logits, row))


def test_spreading_targets_over_exact_duplicates_alone_does_nothing_where_graded_or_sigmoid_targets_do() -> None:
    """Defect of exact-match targets: equal texts have equal logits, so their shared target is the single one."""
    texts = torch.tensor([0, 1, 1, 2, 2, 2])
    same = (texts[:, None] == texts[None, :]).double()
    encoded = made_batch(6, 5, seed=3)[1][texts]

    def value_and_gradient(relevance: Tensor | None) -> tuple[float, Tensor]:
        images = made_batch(6, 5, seed=3)[0].requires_grad_()
        logits = scaled_cosines(images, encoded, scale=5.0)
        loss = info_nce(logits)
        if relevance is not None:  # so cold a softmax spreads over the largest alone
            loss = soft_cross_entropy(logits, relevance, own_share=0.0, temperature=1e-3)
        loss.backward()
        assert images.grad is not None
        return loss.item(), images.grad

    plain, spread = value_and_gradient(None), value_and_gradient(same)
    assert spread[0] == pytest.approx(plain[0], rel=1e-9)
    graded = same.clone()
    graded[0, 1:3] = graded[1:3, 0] = 1.0
    assert value_and_gradient(graded)[0] != pytest.approx(plain[0], rel=1e-3)
    logits = scaled_cosines(made_batch(6, 5, seed=3)[0], encoded, scale=5.0)
    assert soft_sigmoid_contrast(logits, same).item() != pytest.approx(sigmoid_contrast(logits).item(), rel=1e-3)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_moves_images_and_texts_and_agrees_with_differences(name: str) -> None:
    images, texts, relevance = made_batch(5, 4, seed=4)
    images.requires_grad_()
    texts.requires_grad_()
    LOSSES[name](images, texts, relevance).backward()
    moved = (images,) if name == "location" else (images, texts)
    assert all(each.grad is not None and each.grad.abs().max() > 1e-4 for each in moved)
    assert torch.autograd.gradcheck(
        lambda *given: LOSSES[name](*given, relevance), (images, texts), eps=1e-6, atol=1e-5
    )


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_of_half_precision_features_is_that_of_the_same_numbers_in_double(
    name: str, dtype: torch.dtype
) -> None:
    images, texts, relevance = made_batch(8, 6, seed=5)
    images, texts = (300 * images).to(dtype).requires_grad_(), (300 * texts).to(dtype).requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = LOSSES[name](images, texts, relevance)
    loss.backward()
    expected = LOSSES[name](images.detach().double(), texts.detach().double(), relevance)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-4)
    assert images.grad is not None and images.grad.isfinite().all() and images.grad.abs().max() > 0


def test_a_scale_of_a_hundred_overflows_nothing() -> None:
    images, _, relevance = made_batch(8, 6, seed=6)
    opposed = scaled_cosines(images.half(), -images.half(), scale=100.0)
    for loss in (
        info_nce(opposed),
        relevance_weighted_info_nce(opposed, relevance),
        soft_sigmoid_contrast(opposed, relevance),
        soft_cross_entropy(opposed, relevance, own_share=0.2, temperature=0.2),
    ):
        assert loss.isfinite() and loss > 1
