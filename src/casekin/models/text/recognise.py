"""Findings in words that no rule knows: the finding whose name, stated or denied, lies nearest to the words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from casekin.findings import FINDINGS, Finding
from casekin.models.geometry import Array
from casekin.models.text.protocol import TextEncoder
from casekin.types import Polarity

_FORMS: tuple[tuple[str, Polarity], ...] = (("{}.", "present"), ("No {}.", "absent"))
LEAST = 0.8
"""Above it 8 of 9 sentences that no rule read were recognised, all of unseen writers (docs/log.md)."""
_MOST_NAMES = 4
"""Names of a finding that are compared, the ontology's first ones; the rest are rare or mere spellings."""


class NearestFinding:
    """Reads one finding of a text, or none where nothing is as near as `least` (a cosine).

    Compared are the names of everything that a radiograph can show; they are encoded when first asked.
    """

    def __init__(self, encoder: TextEncoder, *, least: float = LEAST) -> None:
        self._encoder = encoder
        self._least = least

    def __call__(self, text: str, /) -> Sequence[tuple[str, Polarity]]:
        """The nearest finding with its polarity; empty where none is near enough."""
        meanings, vectors = self._named
        near = vectors @ self._encoder.encode([text]).vectors[0]
        best = int(near.argmax())
        return [meanings[best]] if near[best] >= self._least else []

    @cached_property
    def _named(self) -> tuple[tuple[tuple[str, Polarity], ...], Array]:
        said = [
            (form.format(name), (finding.id, polarity))
            for finding in FINDINGS.values()
            if _may_be_shown(finding)
            for name in (finding.name, *finding.synonyms)[:_MOST_NAMES]
            for form, polarity in _FORMS
        ]
        return tuple(meaning for _, meaning in said), np.asarray(
            self._encoder.encode([text for text, _ in said]).vectors
        )


def _may_be_shown(finding: Finding) -> bool:
    return finding.kind != "normal" and not finding.modalities
