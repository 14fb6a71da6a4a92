"""Reading `truth.jsonl` back: what the picture shows, whatever the report makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from casekin.types import Fact, Side

_FIELDS = ("finding", "anatomy", "side", "severity", "size_mm", "change")
# Findings that fill both lungs are one lesion; any other on both sides is two.
_DIFFUSE = "lung"
_BOTH: tuple[Side, Side] = ("left", "right")


def facts_in_image(records: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """The findings of a case's `facts` that are in the picture, present, one for each side that has one.

    >>> both = {"finding": "pleural_effusion", "anatomy": "pleural_space", "side": "bilateral", "in_image": True}
    >>> [str(fact.place) for fact in facts_in_image([{**both, "polarity": "uncertain"}])]
    ['left_pleural_space', 'right_pleural_space']
    """
    return tuple(fact for record in records if record["in_image"] for fact in _lesions(record))


def _lesions(record: Mapping[str, Any]) -> Iterator[Fact]:
    known: dict[str, Any] = {name: record.get(name) for name in _FIELDS}
    fact = Fact(**known, polarity="present")
    if fact.side == "bilateral" and fact.anatomy != _DIFFUSE:
        yield from (replace(fact, side=side) for side in _BOTH)
    else:
        yield fact
