"""Fit how evidence becomes presence: one logistic curve for each location and finding, on radiographs that are told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from casekin.models.presence import Presence
from casekin.training.mirror import MIRRORED_LOCATIONS

FEWEST = 4
"""Radiographs with the finding at the place (or its mirror) below which it counts as never there."""
_NEVER = -8.0
_OWN_FIRST = 0.01  # by so much in AUC another location has to tell more than the place itself
_STIFF = 1.0  # of the penalty on slopes, in units where a slope of 1 costs as much as half a nat
Floats = NDArray[np.float64]


def fit_presence(evidence: Mapping[float, NDArray[np.floating]], stands: NDArray[np.bool_]) -> Presence:
    """Curves from pooled evidence `(N, 29, F)` by sharpness, and whether each finding stands at each location.

    `stands` `(N, 29, F)`. Every radiograph counts as its mirror image, too, so that both sides read alike. The location
    that is read beside the place itself is the one whose evidence ranks these radiographs best; a finding's sharpness
    is the one whose curves are the likeliest.
    """
    y = np.concatenate([stands, stands[:, MIRRORED_LOCATIONS]])
    _, places, findings = y.shape
    weights = np.zeros((4, places, findings), dtype=np.float32)
    source = np.tile(np.arange(places)[:, None], (1, findings))
    chosen = np.zeros(findings, dtype=np.float32)
    for finding in range(findings):
        best = -np.inf
        for sharpness, pooled in sorted(evidence.items()):
            x = np.concatenate([pooled[..., finding], pooled[:, MIRRORED_LOCATIONS, finding]]).astype(np.float64)
            curves, read, likelihood = _fit_finding(x, y[..., finding])
            if likelihood > best:
                best, chosen[finding] = likelihood, sharpness
                weights[:, :, finding], source[:, finding] = curves, read
    own, other, anywhere, offset = weights
    return Presence(own=own, other=other, anywhere=anywhere, offset=offset, source=source, sharpness=chosen)


def _fit_finding(x: Floats, y: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64], float]:
    """Curves `(4, 29)` and sources `(29,)` of one finding from evidence and truth `(N, 29)`, and their likelihood."""
    places = x.shape[1]
    curves = np.zeros((4, places))
    curves[3] = _NEVER
    source, likelihood = np.arange(places), 0.0
    for place in range(places):
        there = y[:, place]
        if there.sum() < 2 * FEWEST or there.all():
            continue
        areas = _areas(x, there) - _OWN_FIRST * (np.arange(places) != place)
        source[place] = int(areas.argmax())
        columns = np.stack([x[:, place], x[:, source[place]], x.max(axis=1), np.ones(len(x))], axis=1)
        curves[:, place] = _logistic_regression(columns, there.astype(np.float64))
        signs = np.where(there, 1.0, -1.0)
        likelihood -= float(np.logaddexp(0.0, -signs * (columns @ curves[:, place])).sum())
    return curves, source, likelihood


def _areas(scores: Floats, there: NDArray[np.bool_]) -> Floats:
    """Area under the ROC curve of each column of scores `(N, P)`, ties counted by their order."""
    ranks = scores.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
    positive = int(there.sum())
    lowest = positive * (positive + 1) / 2
    areas: Floats = (ranks[there].sum(axis=0) - lowest) / (positive * (len(there) - positive))
    return areas


def _logistic_regression(columns: Floats, there: Floats, *, rounds: int = 30) -> Floats:
    """Weights by Newton's method with a penalty on slopes; slopes below 0 are left out, as evidence never speaks
    against its own finding.
    """
    kept = np.arange(columns.shape[1])
    while True:
        weights = _newton(columns[:, kept], there, rounds)
        against = np.flatnonzero(weights[:-1] < 0)
        if not len(against):
            break
        kept = np.delete(kept, int(against[weights[against].argmin()]))
    full = np.zeros(columns.shape[1])
    full[kept] = weights
    return full


def _newton(columns: Floats, there: Floats, rounds: int) -> Floats:
    penalty = np.diag([*[_STIFF] * (columns.shape[1] - 1), 0.1 * _STIFF])
    weights = np.zeros(columns.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-(columns @ weights)))
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + penalty
        slope = columns.T @ (there - p) - penalty @ weights
        weights = weights + np.clip(np.linalg.solve(curvature, slope), -2.0, 2.0)
    return weights
