"""Where in an image a phrase is: a map at a fixed scale from findings' evidence, and what each word brought to it.

Nothing here knows an encoder: evidence of findings by cell and the weights of the locations are all that is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from casekin.errors import ModelError
from casekin.findings import concept_similarity, is_a
from casekin.models.geometry import Array
from casekin.models.phrase import Asked, PhraseCondition, read_phrase
from casekin.types import Place

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MOST_WORDS = 64
_BORDER = 0.5
"""Blur of a place that was widened by one cell of the locations' grid, in such cells: no located border is sharper."""
_LEAST_RELATED = 0.5
"""`concept_similarity` below which the evidence of one finding says nothing of another."""
ReadPhrase = Callable[[str], PhraseCondition]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceMaps:
    """Evidence of one image: `logits` `(F, n, n)`, one map for each of `findings`, and the `places`' weights `(m, m)`
    in [0, 1], where m divides n; both lie on the same square.

    Raises:
        ModelError: the arrays don't fit together.
    """

    findings: tuple[str, ...]
    logits: Array
    places: Mapping[Place, Array]

    def __post_init__(self) -> None:
        shapes = {weights.shape for weights in self.places.values()}
        shape = self.logits.shape
        if len(shape) != 3 or shape[0] != len(self.findings) or shape[1] != shape[2]:
            raise ModelError(f"evidence: expected a square map for each of {len(self.findings)} findings, got {shape}")
        if any(len(each) != 2 or each[0] != each[1] or shape[1] % each[0] for each in shapes):
            raise ModelError(f"evidence: the places' weights {sorted(shapes)} don't fit to maps of {shape[1:]}")

    @property
    def size(self) -> int:
        """n: cells a side."""
        return int(self.logits.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class WordShare:
    """A word of the phrase at `[start, end)`, the `share` of the map that hangs on it, and which part: `change` is the
    map less the map of the phrase without this word, in [-2, 2]. Shares of a phrase sum to 1, or are all 0.
    """

    word: str
    start: int
    end: int
    share: float
    change: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedPhrase:
    """A phrase on an image: `heat` `(n, n)` in [-1, 1], see `ground_condition`; `unseen` are findings of the phrase
    that the model has no evidence of, for which their place stands in.
    """

    condition: PhraseCondition
    heat: Array
    words: tuple[WordShare, ...]
    unseen: tuple[str, ...]


def ground_phrase(text: str, evidence: EvidenceMaps, *, read: ReadPhrase = read_phrase) -> GroundedPhrase:
    """The map of a phrase and its words' shares; the first 64 words get one."""
    condition = read(text)
    heat = ground_condition(condition, evidence)
    seen = {name for name in condition.findings if _channels(name, evidence.findings)}
    return GroundedPhrase(
        condition=condition,
        heat=heat,
        words=_share_words(condition, heat, evidence, read),
        unseen=tuple(name for name in condition.findings if name not in seen),
    )


def ground_condition(condition: PhraseCondition, evidence: EvidenceMaps) -> Array:
    """`2 p - 1` by cell, `(n, n)` float32 in [-1, 1]: p is the model's probability that the cell shows what is said.

    1 is certainty that the cell lies in the place and shows the finding (lacks it, where the phrase denies it), 0 even
    odds, -1 certainty that it doesn't, or a cell outside the place. The scale is that of probability, so that
    maps of different images compare; no map is stretched. Of several findings the likeliest counts by cell;
    denials only where nothing is stated, else they would light up all that is free of them. A phrase without a finding
    shows its place; one that wasn't understood is -1 everywhere.
    """
    stated = [each for each in condition.asked if each.polarity != "absent"]
    chances = [_inside(each, evidence) * _chance(each, evidence) for each in stated or condition.asked]
    best = np.max(chances, axis=0) if chances else np.zeros((evidence.size, evidence.size))
    return np.asarray(2.0 * best - 1.0, dtype=np.float32)


def _chance(asked: Asked, evidence: EvidenceMaps) -> Array:
    """Probability by cell that the finding is there, or that it isn't; a normal place lacks even the likeliest one."""
    if asked.finding is None:
        channels = tuple(range(len(evidence.findings))) if asked.polarity == "absent" else ()
    else:
        channels = _channels(asked.finding, evidence.findings)
    if not channels:
        return np.ones((evidence.size, evidence.size), dtype=np.float32)
    likeliest = np.max(evidence.logits[list(channels)], axis=0).astype(np.float64)
    there = 1.0 / (1.0 + np.exp(-np.clip(likeliest, -60, 60)))
    return np.asarray(1.0 - there if asked.polarity == "absent" else there)


def _channels(name: str, known: tuple[str, ...]) -> tuple[int, ...]:
    """The maps that show a finding: its own and its kinds'; else those of the nearest related concept."""
    own = tuple(number for number, other in enumerate(known) if is_a(other, name))
    if own:
        return own
    near = [concept_similarity(name, other) for other in known]
    best = max(near, default=0.0)
    return tuple(number for number, value in enumerate(near) if value == best >= _LEAST_RELATED)


def _inside(asked: Asked, evidence: EvidenceMaps) -> Array:
    """How far each cell belongs to the places, `(n, n)` in [0, 1]; 1 everywhere where none is known or located.

    Every location that shows a part of the place counts wholly: a finding may be in any of them.
    """
    located = [evidence.places[place] for place in asked.places if place in evidence.places]
    if not located:
        return np.ones((evidence.size, evidence.size), dtype=np.float32)
    wide = ndimage.grey_dilation(np.max(located, axis=0), size=3)
    factor = evidence.size // len(wide)
    soft = ndimage.gaussian_filter(wide.repeat(factor, axis=0).repeat(factor, axis=1), _BORDER * factor)
    return np.asarray(np.clip(soft, 0.0, 1.0), dtype=np.float32)


def _share_words(
    condition: PhraseCondition, heat: Array, evidence: EvidenceMaps, read: ReadPhrase
) -> tuple[WordShare, ...]:
    """Each word by what the map loses without it: the phrase is read again with the word left out."""
    text = condition.text
    spans = [match.span() for match in _WORD.finditer(text)][:_MOST_WORDS]
    changes = [heat - ground_condition(_without(condition, span, read), evidence) for span in spans]
    moved = [float(np.abs(change).sum(dtype=np.float64)) for change in changes]
    total = sum(moved) or 1.0
    return tuple(
        WordShare(word=text[start:end], start=start, end=end, share=amount / total, change=change)
        for (start, end), change, amount in zip(spans, changes, moved, strict=True)
    )


def _without(condition: PhraseCondition, span: tuple[int, int], read: ReadPhrase) -> PhraseCondition:
    """The phrase less a word. One that loses its only finding asks for nothing: its place alone would light up."""
    text = condition.text
    rest = read(" ".join(f"{text[: span[0]]} {text[span[1] :]}".split()))
    return PhraseCondition(text=rest.text, asked=()) if condition.findings and not rest.findings else rest
