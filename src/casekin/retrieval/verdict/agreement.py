"""How surely a hit shows what the question's picture shows: the picture's presence, where the hit's report states it.

One number in [0, 1] a hit, known before anyone says whether the hit is relevant. That of the best of the first hits
tells whether a list holds a relevant case at all better than any score of the list (docs/decisions/0033).
"""

from __future__ import annotations

from collections.abc import Sequence

from casekin.retrieval.counted import ShownPresence, stated_at_locations
from casekin.types import Fact

FIRST_HITS = 10
"""The list of which at least one relevant case is promised."""


def agreement(shown: ShownPresence, facts: Sequence[Fact]) -> float:
    """The largest presence of a finding at a location where these facts state it, half of it where they doubt it."""
    stated = stated_at_locations(facts, shown.findings, shown.locations)
    return float((shown.values * stated).max(initial=0.0))
