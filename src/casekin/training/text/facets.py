"""What a sentence states as a row of yes and no: findings stated or denied, anatomies, sides.

Two sentences are compared as wholes by the contrast; this says what in them is to be kept, which is learned sooner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from casekin.findings import ancestors
from casekin.types import Fact

Meaning = tuple[Fact, ...]


class Facets:
    """The facets that occur in some meanings, sorted, and rows over them."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        names = sorted({name for meaning in meanings for name in facets_of(meaning)})
        self._numbers = {name: number for number, name in enumerate(names)}

    def __len__(self) -> int:
        return len(self._numbers)

    def rows(self, meanings: Sequence[Meaning]) -> Tensor:
        """`(meanings, facets)` float32 of 0 and 1; a facet that didn't occur has no column."""
        rows = np.zeros((len(meanings), len(self)), dtype=np.float32)
        for row, meaning in zip(rows, meanings, strict=True):
            row[[self._numbers[name] for name in facets_of(meaning) if name in self._numbers]] = 1.0
        return torch.from_numpy(rows)


def facets_of(meaning: Meaning) -> set[str]:
    """The names of what a meaning holds: a stated finding counts as every concept above it, a denied one alone.

    >>> from casekin.types import Fact
    >>> fact = Fact(finding="pneumothorax", anatomy="pleural_space", side="left", polarity="absent")
    >>> sorted(facets_of((fact,)))
    ['at pleural_space', 'no pneumothorax', 'no pneumothorax left', 'on left']
    """
    found: set[str] = set()
    for fact in meaning:
        denied = fact.polarity == "absent"
        names = (fact.finding,) if denied else (fact.finding, *ancestors(fact.finding))
        said = [f"{'no' if denied else 'is'} {name}" for name in names]
        found.update(said, [f"at {fact.anatomy}", f"on {fact.side}"], [f"{said[0]} {fact.side}"])
    return found
