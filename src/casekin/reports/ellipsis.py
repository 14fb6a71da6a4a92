"""Shared heads: "pleural or pericardial effusion", "endotracheal and nasogastric tubes"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from casekin.reports.lexicon import Meaning
from casekin.reports.words import ZONE_PREFIXES

_JOINTS = frozenset(("and", "or", "nor", "/", ","))
_MAX_MODIFIER = 2  # words: "central venous and arterial catheters"
_KINDS = ("finding", "anatomy")
Lookup = Callable[[Sequence[str]], tuple[Meaning, ...]]


def shared_head(words: list[str], first: int, last: int, lookup: Lookup) -> tuple[int, int, tuple[Meaning, ...]] | None:
    """The words before a joint that need the head of the phrase at `[first, last]`: their span and what they mean.

    None where nothing is shared, and where the head alone means the same ("hilar or axillary lymphadenopathy" is one
    finding at two places). `lookup` gives the meanings of a whole phrase, empty where it is none.
    """
    own = {meaning.value for meaning in lookup(words[first : last + 1])}
    if last == first or first < 2 or words[first - 1] not in _JOINTS:
        return None
    heads = [words[last - back : last + 1] for back in range(last - first)]  # "effusion", "catheter tip" …
    end = first - 2 if words[first - 2] != "," else first - 3
    for length in range(_MAX_MODIFIER, 0, -1):
        start = end - length + 1
        if start < 0 or words[start] in ZONE_PREFIXES or any(word in _JOINTS for word in words[start : end + 1]):
            continue  # places.py knows "upper and lower lobes"
        if lookup(words[start : end + 1]) and length > 1:
            return None  # "pleural effusion and pericardial effusion"
        for head in heads:
            for form in (head, [*head[:-1], head[-1].removesuffix("s")]):
                meanings = tuple(m for m in lookup([*words[start : end + 1], *form]) if m.kind in _KINDS)
                if meanings and not own.intersection(m.value for m in meanings):
                    return start, end, meanings
    return None
