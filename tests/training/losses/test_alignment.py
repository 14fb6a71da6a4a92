"""Alignment: what word–patch scores are by hand, and that location contrast follows its targets."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from casekin.training.losses import location_contrast, word_patch_scores


def naive_score(words: Tensor, patches: Tensor, attention: float, score: float) -> float:
    """One text and one image, loop by loop."""
    patches = patches / patches.norm(dim=1, keepdim=True)
    matches = []
    for word in words / words.norm(dim=1, keepdim=True):
        weights = [math.exp(float(word @ patch) / attention) for patch in patches]
        seen = sum(w * patch for w, patch in zip(weights, patches, strict=True))
        assert isinstance(seen, Tensor)
        matches.append(float(word @ seen / seen.norm()))
    return score * math.log(sum(math.exp(m / score) for m in matches) / len(matches))


def test_scores_are_those_of_the_loops_and_padding_does_not_count() -> None:
    generator = torch.Generator().manual_seed(1)
    words, patches = torch.randn(3, 5, 4, generator=generator), torch.randn(2, 6, 4, generator=generator)
    counts = [5, 2, 1]
    mask = torch.arange(5)[None, :] < torch.tensor(counts)[:, None]
    scores = word_patch_scores(words, mask, patches, attention_temperature=0.5, score_temperature=0.3)
    expected = [[naive_score(words[t, : counts[t]], image, 0.5, 0.3) for t in range(3)] for image in patches]
    assert scores.tolist() == [pytest.approx(row, abs=1e-5) for row in expected]


def test_words_that_all_fit_alike_score_their_cosine_whatever_the_length() -> None:
    patches = torch.tensor([[[1.0, 0.0]] * 3])
    word = torch.tensor([0.6, 0.8])
    for length in (1, 7):
        words = word.expand(1, length, 2)
        scores = word_patch_scores(words, torch.ones(1, length, dtype=torch.bool), patches)
        assert scores.item() == pytest.approx(0.6)


def test_a_text_without_words_scores_zero_and_has_no_nan_in_its_gradient() -> None:
    words = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(2)).requires_grad_()
    mask = torch.tensor([[True, True, False], [False, False, False]])
    scores = word_patch_scores(words, mask, torch.ones(1, 2, 4))
    scores.sum().backward()
    assert scores[0, 1].item() == pytest.approx(0.0, abs=1e-6)
    assert words.grad is not None and words.grad.isfinite().all() and not words.grad[1].any()


def test_a_positive_against_one_weighted_negative_has_its_closed_form() -> None:
    angles = torch.tensor([0.0, 0.3, 1.2], dtype=torch.float64)
    regions = torch.stack([angles.cos(), angles.sin()], dim=1)
    positives = torch.tensor([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=torch.bool)
    weights = torch.tensor([[0, 0, 0.5], [0, 0, 1], [1, 1, 0]])
    anchors = torch.tensor([1.0, 0.25, 1.0])

    def term(positive: float, negative: float, weight: float) -> float:
        return math.log1p(weight * math.exp(3 * (math.cos(negative) - math.cos(positive))))

    expected = (term(0.3, 1.2, 0.5) + 0.25 * term(0.3, 0.9, 1.0)) / 1.25
    assert location_contrast(regions, positives, weights, anchors, scale=3.0).item() == pytest.approx(
        expected, rel=1e-6
    )


def test_training_on_location_contrast_brings_positives_together_and_parts_the_rest() -> None:
    regions = torch.randn(4, 3, generator=torch.Generator().manual_seed(3)).requires_grad_()
    positives = torch.tensor([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=torch.bool)
    weights = (~positives & ~torch.eye(4, dtype=torch.bool)).float()
    for _ in range(100):
        (slope,) = torch.autograd.grad(
            location_contrast(regions, positives, weights, torch.ones(4), scale=5.0), regions
        )
        regions = (regions - 0.5 * slope).detach().requires_grad_()
    unit = torch.nn.functional.normalize(regions.detach(), dim=1)
    cosines = unit @ unit.T
    assert cosines[positives].min() > cosines[weights > 0].max() + 0.5
