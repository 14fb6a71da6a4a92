"""Alignment of parts: words with patches, and regions with regions of other patients at the same place."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from casekin.training.losses.contrast import contrast_rows, scaled_cosines, widened


def word_patch_scores(
    words: Tensor,
    word_mask: Tensor,
    patches: Tensor,
    *,
    attention_temperature: float = 0.25,
    score_temperature: float = 0.2,
) -> Tensor:
    """Scores in [−1, 1] of images and texts, `(I, T)`, by attention of words over patches, after GLoRIA (ICCV 2021).

    Words `(T, W, D)` with `word_mask` bool `(T, W)`, True for words; patches `(I, P, D)`. A word looks at
    `c_w = Σ_p softmax_p(cos(w, v_p) / attention_temperature) v_p` over unit patches, and a pair scores
    `τ log mean_w e^{cos(w, c_w) / τ}`: a mean where GLoRIA sums, so that long texts don't win. Scaled, these are
    logits of any contrast. A text without words scores 0. The default temperatures are GLoRIA's.
    """
    with torch.autocast(device_type=words.device.type, enabled=False):
        words, patches = functional.normalize(widened(words), dim=-1), functional.normalize(widened(patches), dim=-1)
        cosines = torch.einsum("twd,ipd->itwp", words, patches)
        seen = torch.einsum("itwp,ipd->itwd", (cosines / attention_temperature).softmax(dim=-1), patches)
        matches = (functional.normalize(seen, dim=-1) * words[None]).sum(dim=-1)
    counts = word_mask.sum(dim=-1)
    masked = (matches / score_temperature).masked_fill(~word_mask[None], -math.inf)
    masked = masked.masked_fill((counts == 0)[None, :, None], 0.0)  # no -inf alone in a row: its gradient is NaN
    spoken = counts.where(counts > 0, word_mask.shape[-1])
    return score_temperature * (masked.logsumexp(dim=-1) - spoken.to(masked.dtype).log())


def location_contrast(
    regions: Tensor, positives: Tensor, negative_weights: Tensor, anchor_weights: Tensor, *, scale: Tensor | float
) -> Tensor:
    """Location-conditioned contrast of regions `(R, D)` across patients, each region an anchor once.

    `mean_a mean_{p∈P_a} −log e^{s_ap} / (e^{s_ap} + Σ_n w_an e^{s_an})` with `s = scale · cos`. Who is a positive and
    what a negative weighs (both `(R, R)`), and how much an anchor counts (`(R,)`), comes from `build_location_targets`.
    Anchors without a positive are left out.
    """
    logits = scaled_cosines(regions, regions, scale=scale)
    return contrast_rows(logits, positives, negative_weights.to(logits.dtype), anchor_weights.to(logits.dtype))
