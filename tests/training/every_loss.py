"""Every loss as one function of image features, text features and relevance, for laws that all of them keep."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from casekin.training.losses import (
    graded_triplets,
    info_nce,
    location_contrast,
    multi_positive_info_nce,
    relevance_weighted_info_nce,
    scaled_cosines,
    sigmoid_contrast,
    smooth_ap,
    soft_cross_entropy,
    soft_sigmoid_contrast,
    word_patch_scores,
)

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]
SCALE = 20.0


def _logits(images: Tensor, texts: Tensor) -> Tensor:
    return scaled_cosines(images, texts, scale=SCALE, bias=-2.0)


def _word_patch(images: Tensor, texts: Tensor, relevance: Tensor) -> Tensor:
    """Two words a text and two patches an image, cut from the features."""
    words, patches = (each.reshape(len(each), 2, -1) for each in (texts, images))
    mask = torch.ones(words.shape[:2], dtype=torch.bool)
    return info_nce(SCALE * word_patch_scores(words, mask, patches))


def _location(images: Tensor, texts: Tensor, relevance: Tensor) -> Tensor:
    own = torch.eye(len(images), dtype=torch.bool)
    positives = (relevance > 0.6) & ~own
    return location_contrast(images, positives, (1 - relevance) * ~positives * ~own, relevance[0] + 0.1, scale=SCALE)


LOSSES: dict[str, Loss] = {
    "info_nce": lambda i, t, r: info_nce(_logits(i, t)),
    "multi_positive": lambda i, t, r: multi_positive_info_nce(_logits(i, t), r > 0.6),
    "relevance_weighted": lambda i, t, r: relevance_weighted_info_nce(_logits(i, t), r, power=2.0),
    "sigmoid": lambda i, t, r: sigmoid_contrast(_logits(i, t)),
    "soft_sigmoid": lambda i, t, r: soft_sigmoid_contrast(_logits(i, t), r),
    "soft_cross_entropy": lambda i, t, r: soft_cross_entropy(_logits(i, t), r, own_share=0.2, temperature=0.2),
    "word_patch": _word_patch,
    "location": _location,
    "graded_triplets": lambda i, t, r: graded_triplets(scaled_cosines(i, t, scale=1.0), r),
    "smooth_ap": lambda i, t, r: smooth_ap(scaled_cosines(i, t, scale=1.0), r, temperature=0.05),
}


def made_batch(rows: int, width: int, *, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Image and text features float64 `(rows, width)`, symmetric relevance with ones on its diagonal."""
    generator = torch.Generator().manual_seed(seed)
    images, texts = (torch.randn(rows, width, generator=generator, dtype=torch.float64) for _ in range(2))
    relevance = torch.rand(rows, rows, generator=generator, dtype=torch.float64)
    return images, texts, ((relevance + relevance.T) / 2).fill_diagonal_(1.0)
