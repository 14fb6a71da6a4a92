"""The best path through a stack of score maps, by dynamic programming."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casekin.models.geometry import Array


def best_path(score: Array, *, reach: int) -> tuple[NDArray[np.int64], Array]:
    """The path with the highest sum of `score` `(z, ...)`: one cell a slice, moving at most `reach` along each axis.

    Gives its cells `(z, axes)` and the score at each. Ties go to the first cell in C order.
    """
    depth, cells = score.shape[0], score.shape[1:]
    size = 2 * reach + 1
    total = score[0].astype(np.float64)
    totals = [total]
    for plane in score[1:]:
        total = ndimage.maximum_filter(total, size=size, mode="constant", cval=-np.inf) + plane
        totals.append(total)
    path = np.zeros((depth, len(cells)), dtype=np.int64)
    path[-1] = np.unravel_index(int(np.argmax(totals[-1])), cells)
    for z in range(depth - 2, -1, -1):
        window = tuple(
            slice(max(0, int(at) - reach), min(n, int(at) + reach + 1))
            for at, n in zip(path[z + 1], cells, strict=True)
        )
        near = totals[z][window]
        found = np.unravel_index(int(np.argmax(near)), near.shape)
        path[z] = [w.start + int(at) for w, at in zip(window, found, strict=True)]
    values = score[(np.arange(depth), *path.T)]
    return path, np.asarray(values, dtype=np.float32)
