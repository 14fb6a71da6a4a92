"""What a random order of a gallery gives: probabilities in closed form, vectorised over queries."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from casekin.evaluation.judgements import Floats


def miss_curve(gallery: Floats, relevant: Floats, depth: int) -> Floats:
    """P(no relevant document in the first i), i = 0…depth, `(queries, depth + 1)`; past a gallery's end it stays.

    Drawing without return: the product of (N - R - j) / (N - j) over j < i.
    """
    drawn = np.arange(depth)[None, :]
    left = np.maximum(gallery[:, None] - drawn, 0.0)
    steps = np.where(left > 0, np.maximum(left - relevant[:, None], 0.0) / np.where(left > 0, left, 1.0), 1.0)
    return np.concatenate([np.ones((len(gallery), 1)), np.cumprod(steps, axis=1)], axis=1)


def miss_probability(gallery: Floats | float, relevant: Floats | float, drawn: Floats | float) -> Floats:
    """P(no relevant document among `drawn`), elementwise: C(N - R, k) / C(N, k), by logarithms of factorials."""
    gallery, relevant, drawn = np.broadcast_arrays(gallery, relevant, np.minimum(drawn, gallery))
    others = gallery - relevant
    possible = drawn <= others
    kept = np.where(possible, others - drawn, 0.0)
    logs = gammaln(others + 1) - gammaln(kept + 1) - gammaln(gallery + 1) + gammaln(gallery - drawn + 1)
    return np.where(possible, np.exp(np.minimum(logs, 0.0)), 0.0)


def harmonic(counts: Floats) -> Floats:
    """1 + 1/2 + … + 1/n for each n, elementwise; 0 for 0."""
    whole = counts.astype(np.intp)
    sums = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, whole.max(initial=0) + 1))])
    return sums[whole]


def expected_jaccard(gallery: int, drawn: int) -> float:
    """E[|A ∩ B| / |A ∪ B|] of two random sets of `drawn` documents each out of `gallery`; NaN where none is drawn.

    The overlap is hypergeometric; the sum over its values is exact.
    """
    drawn = min(drawn, gallery)
    if drawn < 1:
        return float("nan")
    overlap = np.arange(max(0, 2 * drawn - gallery), drawn + 1, dtype=np.float64)
    ways = log_choose(drawn, overlap) + log_choose(gallery - drawn, drawn - overlap)
    return float(np.sum(np.exp(ways - log_choose(gallery, drawn)) * overlap / (2 * drawn - overlap)))


def log_choose(n: float, k: Floats | float) -> Floats:
    """The logarithm of n over k, elementwise."""
    return np.asarray(gammaln(n + 1) - gammaln(np.add(k, 1)) - gammaln(np.subtract(n + 1, k)), dtype=np.float64)
