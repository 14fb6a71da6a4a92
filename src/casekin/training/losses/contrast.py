"""Contrast of rows with columns (images with texts, sentences with regions): own pairs, or given positives."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_NEVER = -1e9
"""A logit that takes no part: finite, since gradients of an empty log-sum-exp over -inf are NaN."""


def widened(features: Tensor) -> Tensor:
    """The features in float32, or as they are where that is wider already."""
    return features if features.dtype == torch.float64 else features.float()


def scaled_cosines(rows: Tensor, columns: Tensor, *, scale: Tensor | float, bias: Tensor | float = 0.0) -> Tensor:
    """Logits `scale · cos(row, column) + bias`, `(N, M)`, float32 or wider, of features `(N, D)` and `(M, D)`.

    Features needn't have unit length; `scale` is the factor itself, not its logarithm. Computed in float32 under
    autocast, too: half precision can't tell cosines apart that a scale of 100 tells apart.
    """
    with torch.autocast(device_type=rows.device.type, enabled=False):
        cosines = functional.normalize(widened(rows), dim=-1) @ functional.normalize(widened(columns), dim=-1).T
        return cosines * scale + bias


def info_nce(logits: Tensor) -> Tensor:
    """InfoNCE in both directions: the mean cross entropy of each row's, and each column's, own pair; logits `(N, N)`.

    `−½ [mean_i log softmax(s_i·)_i + mean_j log softmax(s_·j)_j]`; ConVIRT (2010.00747, eq. 2–4), CLIP (2103.00020).
    """
    logits = widened(logits)
    own = torch.arange(len(logits), device=logits.device)
    return (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)) / 2


def multi_positive_info_nce(logits: Tensor, positives: Tensor, negatives: Tensor | None = None) -> Tensor:
    """InfoNCE with given positives, in both directions; logits `(N, M)`, masks bool `(N, M)`.

    `mean_i mean_{p∈P_i} −log e^{s_ip} / (e^{s_ip} + Σ_{n∈N_i} e^{s_in})`: a positive is set against negatives alone,
    never against other positives. `negatives` are all that aren't positive where none are given. With the own pair as
    the only positive and the pairs below a similarity as negatives it is the loss of RadIR (2503.04653). Rows without
    a positive are left out; without any the loss is 0.
    """
    logits = widened(logits)
    weights = (~positives if negatives is None else negatives).to(logits.dtype)
    return (contrast_rows(logits, positives, weights) + contrast_rows(logits.T, positives.T, weights.T)) / 2


def relevance_weighted_info_nce(logits: Tensor, relevance: Tensor, *, power: float = 1.0) -> Tensor:
    """InfoNCE whose negatives weigh `(1 − ρ)^power`, in both directions; logits and relevance in [0, 1] `(N, N)`.

    `−log e^{s_ii} / (e^{s_ii} + Σ_{j≠i} (1 − ρ_ij)^power e^{s_ij})`: a case of the same meaning is no negative. All
    ρ = 0 gives `info_nce`. NaN is unjudged and no negative; the diagonal of `relevance` isn't read.
    """
    logits = widened(logits)
    own = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    weights = (1 - relevance.to(logits.dtype)).clamp(0, 1).pow(power).nan_to_num(0.0).masked_fill(own, 0.0)
    return (contrast_rows(logits, own, weights) + contrast_rows(logits.T, own, weights.T)) / 2


def sigmoid_contrast(logits: Tensor) -> Tensor:
    """Each pair judged for itself; logits with their bias `(N, N)`, own pairs on the diagonal.

    `−(1/N) Σ_ij log σ(z_ij s_ij)`, z = 1 on the diagonal and −1 beside it; SigLIP (2303.15343, eq. 1). A bias of
    `−log(N − 1)` starts from balanced pairs.
    """
    logits = widened(logits)
    own = torch.eye(len(logits), dtype=logits.dtype, device=logits.device)
    return functional.binary_cross_entropy_with_logits(logits, own, reduction="sum") / len(logits)


def soft_sigmoid_contrast(logits: Tensor, relevance: Tensor) -> Tensor:
    """Sigmoid contrast with the targets `ρ²`; logits with their bias and relevance in [0, 1], both `(N, M)`.

    `−(1/N) Σ_ij [ρ² log σ(s) + (1 − ρ²) log σ(−s)]` over judged pairs (NaN is unjudged). The square keeps cases that
    share little from being pulled together. An identity matrix gives `sigmoid_contrast`.
    """
    logits = widened(logits)
    targets = relevance.to(logits.dtype).square()
    judged = ~targets.isnan()
    terms = functional.binary_cross_entropy_with_logits(logits, targets.nan_to_num(0.0), reduction="none")
    return (terms * judged).sum() / len(logits)


def soft_cross_entropy(logits: Tensor, relevance: Tensor, *, own_share: float, temperature: float) -> Tensor:
    """Cross entropy with rows of similarity as targets, in both directions; logits and relevance `(N, N)`.

    `H(Y, softmax(s))` with `Y = own_share · I + (1 − own_share) · softmax(ρ / temperature)`, as SeLIP (2503.19801)
    blends targets. It needs graded similarity: spreading a target over exact duplicates alone changes neither value
    nor gradient of InfoNCE, for their logits are equal. NaN is unjudged: such a pair is in no softmax; the own pair is.
    """
    logits = widened(logits)
    relevance = relevance.to(logits.dtype)
    ours = _soft_rows(logits, relevance, own_share, temperature)
    return (ours + _soft_rows(logits.T, relevance.T, own_share, temperature)) / 2


def _soft_rows(logits: Tensor, relevance: Tensor, own_share: float, temperature: float) -> Tensor:
    own = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    unjudged = relevance.isnan() & ~own
    similar = relevance.where(~(own & relevance.isnan()), 1.0).nan_to_num(0.0)
    soft = (similar / temperature).masked_fill(unjudged, _NEVER).softmax(dim=1)
    targets = own_share * own + (1 - own_share) * soft
    return -(targets * logits.masked_fill(unjudged, _NEVER).log_softmax(dim=1)).sum(dim=1).mean()


def contrast_rows(
    logits: Tensor, positives: Tensor, negative_weights: Tensor, row_weights: Tensor | None = None
) -> Tensor:
    """One direction of a contrast: `mean_i mean_{p∈P_i} −log e^{s_ip} / (e^{s_ip} + Σ_n w_in e^{s_in})`.

    Logits `(N, M)` float32 or wider, positives bool, negative weights ≥ 0; where 0, a pair is no negative. The mean
    over rows is weighted by `row_weights` `(N,)`; rows without a positive are left out, and without any it is 0.
    """
    taken = negative_weights > 0
    weighed = (logits + negative_weights.where(taken, 1.0).log()).masked_fill(~taken, _NEVER)
    against = weighed.logsumexp(dim=1, keepdim=True)
    terms = functional.softplus(against - logits) * positives
    counts = positives.sum(dim=1)
    weights = (counts > 0).to(logits.dtype) * (1.0 if row_weights is None else row_weights)
    means = terms.sum(dim=1) / counts.clamp(min=1)
    return (means * weights).sum() / weights.sum().clamp(min=torch.finfo(logits.dtype).tiny)
