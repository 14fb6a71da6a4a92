"""How surely a hit shows what the question's picture shows: the picture's presence, where the hit's report states it.

One number in [0, 1] a hit, known before anyone says whether the hit is relevant. That of the best of the first hits
tells whether a list holds a relevant case at all better than any score of the list (docs/decisions/0033).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from casekin.retrieval.counted import ShownPresence

FIRST_HITS = 10
"""The list of which at least one relevant case is promised."""


def agreements(shown: ShownPresence, stated: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each hit the largest presence of a finding at a location where its report states it, `(hits,)`.

    `stated` `(hits, locations, F)` as `StatedFacts.at` gives it: a finding that is doubted counts half.
    """
    return np.asarray((shown.values * stated).max(axis=(1, 2), initial=0.0))
