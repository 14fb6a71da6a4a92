"""Ranking: triplets by loops, average precision by counting, and the order that training on them gives."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from casekin.training.losses import graded_triplets, smooth_ap
from training.every_loss import made_batch


def test_triplets_are_those_of_the_loops_with_margins_that_grow_with_the_gap() -> None:
    images, texts, grades = made_batch(6, 4, seed=1)
    similarities = torch.tanh(images @ texts.T)
    grades[1, 2] = math.nan
    terms = []
    for i in range(6):
        for j in range(6):
            for k in range(6):
                gap = (grades[i, j] - grades[i, k]).item()
                if gap >= 0.3:
                    miss = (similarities[i, k] - similarities[i, j]).item() + 0.2 * gap
                    terms.append(0.05 * math.log1p(math.exp(miss / 0.05)))
    got = graded_triplets(similarities, grades, margin=0.2, least_gap=0.3, temperature=0.05).item()
    assert got == pytest.approx(np.mean(terms))


def test_a_greater_gap_asks_for_a_greater_distance() -> None:
    similarities = torch.tensor([[0.5, 0.5]])
    near, far = (graded_triplets(similarities, torch.tensor([[grade, 0.0]])) for grade in (0.3, 1.0))
    assert far > near


def test_grades_all_alike_give_no_triplet_and_no_loss() -> None:
    similarities = torch.rand(3, 4, generator=torch.Generator().manual_seed(1)).requires_grad_()
    loss = graded_triplets(similarities, torch.ones(3, 4))
    loss.backward()
    assert loss.item() == 0.0 and similarities.grad is not None and not similarities.grad.any()


def counted_ap(similarities: Tensor, relevance: Tensor) -> float:
    """Average precision of one list, by walking down it; unjudged documents are removed first."""
    judged = ~relevance.isnan()
    order = similarities[judged].argsort(descending=True)
    gains = relevance[judged][order].tolist()
    hits = 0
    total = 0.0
    for rank, gain in enumerate(gains, 1):
        hits += gain > 0
        total += hits / rank if gain > 0 else 0.0
    return total / hits


def test_a_cold_smooth_ap_is_one_minus_the_average_precision() -> None:
    generator = torch.Generator().manual_seed(2)
    similarities = torch.stack([torch.randperm(12, generator=generator) / 12 for _ in range(7)]).double()
    relevance = (torch.rand(7, 12, generator=generator) > 0.6).double()
    relevance[:, 3] = math.nan
    expected = np.mean([1 - counted_ap(s, r) for s, r in zip(similarities, relevance, strict=True)])
    assert smooth_ap(similarities, relevance, temperature=1e-4).item() == pytest.approx(expected)


def test_with_grades_the_best_order_costs_nothing_and_any_swap_costs_more() -> None:
    grades = torch.tensor([[1.0, 0.66, 0.33, 0.0, 0.66]])
    best = torch.tensor([[0.9, 0.7, 0.3, 0.1, 0.6]])
    assert smooth_ap(best, grades, temperature=1e-3).item() == pytest.approx(0.0, abs=1e-6)
    for a in range(5):
        for b in range(a):
            if grades[0, a] != grades[0, b]:
                swapped = best.clone()
                swapped[0, a], swapped[0, b] = best[0, b], best[0, a]
                assert smooth_ap(swapped, grades, temperature=1e-3).item() > 0.01


def test_rows_without_a_relevant_column_are_left_out() -> None:
    similarities = torch.tensor([[0.1, 0.9], [0.3, 0.2]])
    relevance = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    alone = smooth_ap(similarities[:1], relevance[:1])
    assert smooth_ap(similarities, relevance).item() == pytest.approx(alone.item())
    assert smooth_ap(similarities[1:], relevance[1:]).item() == 0.0


@pytest.mark.parametrize("loss", [graded_triplets, smooth_ap])
def test_training_on_it_puts_the_better_graded_first(loss: Callable[..., Tensor]) -> None:
    _, _, grades = made_batch(5, 4, seed=3)
    similarities = torch.rand(5, 5, generator=torch.Generator().manual_seed(4)).requires_grad_()
    for _ in range(300):
        (slope,) = torch.autograd.grad(loss(similarities, grades, temperature=0.1), similarities)
        similarities = (similarities - 0.5 * slope).detach().requires_grad_()
    for i in range(5):
        gaps = grades[i][:, None] - grades[i][None, :]
        wrong = (gaps >= 0.25) & (similarities[i][:, None] <= similarities[i][None, :])
        assert not wrong.any()
