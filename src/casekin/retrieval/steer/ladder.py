"""The region ladder: where too few cases pass, the same question at wider places, one step at a time.

Left lower lobe → left lung → either lung. Places asked and places of required findings climb together; the filter and
what is excluded stay as they were said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from casekin.anatomy import anatomy, parents, parse_place
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.conditions import condition_text, read_condition
from casekin.types import Place

_TRUNK = frozenset(("body", "thorax", "hemithorax", "cardiovascular_system", "musculoskeletal_system", "head_and_neck"))
"""Wholes that say nothing of where any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the ladder that was searched: what was asked there, and how many hits it gave."""

    number: int
    at: tuple[str, ...]
    with_: tuple[str, ...]
    hits: int

    def as_record(self) -> dict[str, Any]:
        return {"step": self.number, "at": list(self.at), "with": list(self.with_), "hits": self.hits}


def wider(place: Place) -> Place | None:
    """The next step up from a place: the organ that it is part of on its side, then either side; None at the top.

    Wholes that no radiograph shows are passed over: a step has to be a question that can be asked.

    >>> str(wider(Place(anatomy="lower_lobe", side="left")))
    'left_lung'
    """
    whole = next((whole for whole in parents(place) if anatomy(whole.anatomy).radiograph is not None), None)
    if whole is not None and whole.anatomy not in _TRUNK:
        return whole
    one_of_two = place.side in ("left", "right") and anatomy(place.anatomy).only is None
    return Place(anatomy=place.anatomy) if one_of_two else None


def ladder(query: SearchQuery) -> Iterator[SearchQuery]:
    """The question as it was asked, then at wider places, until none can widen further. Raises `PlaceError`."""
    while True:
        yield query
        at = tuple(_wider_name(name) for name in query.at)
        with_ = tuple(_wider_condition(text) for text in query.with_)
        if at == query.at and with_ == query.with_:
            return
        query = replace(query, at=at, with_=with_)


def asked_at(query: SearchQuery) -> str:
    """What a question points at in one line, canonical: its places, else where its required findings have to be."""
    places = [str(parse_place(name)) for name in query.at]
    return ", ".join(places or _conditions(query))


def step_of(query: SearchQuery, *, number: int, hits: int) -> Step:
    """The record of a step."""
    at = tuple(str(parse_place(name)) for name in query.at)
    return Step(number=number, at=at, with_=tuple(_conditions(query)), hits=hits)


def _conditions(query: SearchQuery) -> list[str]:
    return [condition_text(read_condition(text, option="with")) for text in query.with_]


def _wider_name(name: str) -> str:
    place = wider(parse_place(name))
    return name if place is None else str(place)


def _wider_condition(text: str) -> str:
    condition = read_condition(text, option="with")
    place = None if condition.place is None else wider(condition.place)
    return text if place is None else condition_text(replace(condition, place=place))
