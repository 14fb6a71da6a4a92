"""Losses on the order of a list: triplets by grades, and a smooth average precision. NaN is unjudged and left out."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from casekin.training.losses.contrast import widened


def graded_triplets(
    similarities: Tensor, grades: Tensor, *, margin: float = 0.1, least_gap: float = 0.25, temperature: float = 0.07
) -> Tensor:
    """Of two columns the better graded is the more similar, by a margin that grows with the gap of the grades.

    `mean over (i, j, k) with g_ij − g_ik ≥ least_gap of τ softplus((s_ik − s_ij + margin · (g_ij − g_ik)) / τ)`, a
    smooth hinge. Similarities (cosines) and grades `(N, M)`: relevance in [0, 1] suits the defaults, grades 0..3 want
    a third of the margin. Takes `N · M²` numbers of memory. Without a triplet it is 0.
    """
    similarities = widened(similarities)
    grades = grades.to(similarities.dtype)
    gaps = grades[:, :, None] - grades[:, None, :]  # (i, j, k); NaN where either is unjudged
    valid = gaps >= least_gap
    misses = similarities[:, None, :] - similarities[:, :, None] + margin * gaps.where(valid, 0.0)
    terms = temperature * functional.softplus(misses / temperature)
    return (terms * valid).sum() / valid.sum().clamp(min=1)


def smooth_ap(similarities: Tensor, relevance: Tensor, *, temperature: float = 0.01) -> Tensor:
    """One minus the smooth average precision of the rows; similarities and relevance in [0, 1] `(N, M)`.

    `AP = (1/A) Σ_j r_j (r_j + Σ_{k≠j} r_k G_jk) / (1 + Σ_{k≠j} G_jk)` with `G_jk = σ((s_k − s_j) / τ)`, the smoothed
    "k stands above j", and A what the best order of the row reaches. Relevance of 0 and 1 gives Smooth-AP
    (2007.12163, eq. 6); grades between count with their share. Takes `N · M²` numbers of memory. Rows without a
    relevant column are left out; without any it is 0.
    """
    similarities = widened(similarities)
    gains = relevance.to(similarities.dtype)
    judged = ~gains.isnan()
    gains = gains.nan_to_num(0.0)
    itself = torch.eye(gains.shape[1], dtype=torch.bool, device=gains.device)
    above = torch.sigmoid((similarities[:, None, :] - similarities[:, :, None]) / temperature)  # (i, j, k)
    above = (above * judged[:, None, :]).masked_fill(itself, 0.0)
    reached = gains * (gains + (above * gains[:, None, :]).sum(dim=2)) / (1 + above.sum(dim=2))
    best_order = gains.sort(dim=1, descending=True).values
    places = torch.arange(1, gains.shape[1] + 1, dtype=gains.dtype, device=gains.device)
    best = (best_order * best_order.cumsum(dim=1) / places).sum(dim=1)
    asked = best > 0
    precisions = reached.sum(dim=1) / best.where(asked, 1.0)
    return ((1 - precisions) * asked).sum() / asked.sum().clamp(min=1)
