"""The anatomy tree: nodes read from `anatomy.json`, part-of with sides, mirror, shared image space.

A node is an unsided anatomy; its side is an attribute of the `Place`. A paired node may be left, right, bilateral or
None (side not stated, read as "either or both"); an unpaired node has side None (`midline` is read as None).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from casekin.errors import PlaceError
from casekin.types import Place, Side

_SWAPPED: dict[Side | None, Side | None] = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """One node: `paired` tells whether a side makes sense, `only` the single side it exists on (middle lobe: right).

    `radiograph` holds weights by place string (unsided names of paired anatomies follow the node's side), or None
    where a frontal chest radiograph doesn't show it. `overlaps` names anatomies that share image space without part-of.
    `counterpart` is the anatomy that stands at the mirrored position under another name (lingula), `visible` holds the
    views that show it (`visible_in`).
    """

    id: str
    name: str
    paired: bool
    only: Side | None
    part_of: tuple[str, ...]
    synonyms: tuple[str, ...]
    plurals: tuple[str, ...]
    sided_synonyms: Mapping[str, tuple[str, ...]]
    radiograph: Mapping[str, float] | None
    overlaps: tuple[str, ...]
    counterpart: str | None
    visible: frozenset[str]


def _read() -> tuple[dict[str, Anatomy], tuple[str, ...]]:
    raw = json.loads(Path(__file__).with_name("anatomy.json").read_text(encoding="utf-8"))
    nodes: dict[str, Anatomy] = {}
    for row in raw["anatomies"]:
        nodes[row["id"]] = _node(row)
    return nodes, tuple(raw["locations"])


def _node(row: Mapping[str, Any]) -> Anatomy:
    return Anatomy(
        id=row["id"],
        name=row["name"],
        paired=row["paired"],
        only=row.get("only"),
        part_of=tuple(row["part_of"]),
        synonyms=tuple(row["synonyms"]),
        plurals=tuple(row.get("plurals", ())),
        sided_synonyms={side: tuple(words) for side, words in row.get("sided_synonyms", {}).items()},
        radiograph=row["radiograph"],
        overlaps=tuple(row.get("overlaps", ())),
        counterpart=row.get("counterpart"),
        visible=frozenset(row["visible"]),
    )


ANATOMIES, _LOCATION_STRINGS = _read()


def split_place(text: str) -> Place:
    """Read the canonical string form (`left_lower_lobe`); KeyError when it is not one."""
    if text in ANATOMIES:
        return Place(anatomy=text, side=ANATOMIES[text].only)
    side, _, anatomy = text.partition("_")
    if side not in ("left", "right", "bilateral") or anatomy not in ANATOMIES:
        raise KeyError(text)
    return Place(anatomy=anatomy, side=side)  # type: ignore[arg-type]


LOCATIONS: tuple[Place, ...] = tuple(split_place(text) for text in _LOCATION_STRINGS)


def anatomy_names() -> tuple[str, ...]:
    """Every unsided anatomy id, in the data file's order."""
    return tuple(ANATOMIES)


def anatomy(name: str) -> Anatomy:
    """The node of an id; PlaceError when there is none."""
    try:
        return ANATOMIES[name]
    except KeyError:
        raise PlaceError(f"anatomy: expected an anatomy id such as 'lower_lobe', got {name[:80]!r}") from None


def mirror(place: Place) -> Place:
    """The place at the mirrored position: the other side, or the counterpart (middle lobe and lingula, the quadrants).

    Bilateral, midline and unpaired places without a counterpart are their own mirror. A one-sided place without a
    counterpart (azygos lobe) comes out on its other side, where only a mirrored image shows it.
    """
    node = anatomy(place.anatomy)
    if node.counterpart is not None and place.side == node.only:
        return Place(anatomy=node.counterpart, side=ANATOMIES[node.counterpart].only)
    return Place(anatomy=place.anatomy, side=_SWAPPED.get(place.side, place.side))


@lru_cache(maxsize=4096)
def parents(place: Place) -> tuple[Place, ...]:
    """Everything the place is part of, nearest first, itself excluded: left_lower_lobe → left_lung → left_hemithorax …

    Sides follow while the whole is paired. That a side is part of both (`bilateral`) is told by `is_part_of`, not here.
    """
    seen: dict[Place, None] = {}
    level = [place]
    while level:
        above = [_whole(part, name) for part in level for name in anatomy(part.anatomy).part_of]
        level = [whole for whole in dict.fromkeys(above) if whole not in seen and whole != place]
        seen.update(dict.fromkeys(level))
    return tuple(seen)


def _whole(part: Place, name: str) -> Place:
    return Place(anatomy=name, side=part.side if ANATOMIES[name].paired else None)


@lru_cache(maxsize=65536)
def is_part_of(part: Place, whole: Place) -> bool:
    """Whether `part` lies within `whole`, reflexive. Bilateral and None-sided wholes contain either side.

    A bilateral or unsided part is not within one side of its whole.
    """
    return any(
        candidate.anatomy == whole.anatomy and _side_within(candidate.side, whole.side)
        for candidate in (part, *parents(part))
    )


def _side_within(part: Side | None, whole: Side | None) -> bool:
    return part == whole or whole in (None, "bilateral") or (part == "midline" and whole is None)


@lru_cache(maxsize=65536)
def overlaps(a: Place, b: Place) -> bool:
    """Whether one is part of the other on a shared side, or both share image space as lobe and zone do. Symmetric."""
    if not _sides_meet(a.side, b.side):
        return False
    if a.side in (None, "bilateral") or b.side in (
        None,
        "bilateral",
    ):  # a shared side is enough: compare that side alone
        a, b = _narrow(a, b.side), _narrow(b, a.side)
    return is_part_of(a, b) or is_part_of(b, a) or _shares_space(a, b) or _shares_space(b, a)


def _sides_meet(a: Side | None, b: Side | None) -> bool:
    return a == b or a in (None, "bilateral") or b in (None, "bilateral")


def _narrow(place: Place, other: Side | None) -> Place:
    if place.side in (None, "bilateral") and other in ("left", "right") and anatomy(place.anatomy).paired:
        return Place(anatomy=place.anatomy, side=other)
    return place


def _shares_space(a: Place, b: Place) -> bool:
    for name in anatomy(a.anatomy).overlaps:
        target = split_place(name)
        if target.anatomy == b.anatomy and (target.side is None or _sides_meet(target.side, b.side)):
            return True
    return False
