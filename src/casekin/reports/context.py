"""What a sentence may refer to: the finding and place spoken of before it, and the label of the paragraph it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casekin.anatomy import ANATOMIES, is_part_of, mirror
from casekin.reports import words as w
from casekin.reports.entities import Parsed
from casekin.reports.places import Group
from casekin.types import Place, Polarity, Side

_LABEL_WORDS = 4
# Organs whose label announces the line's subject and places nothing: "Lungs: no focal consolidation".
_ORGANS = frozenset(("lung", "pleura", "pleural_space", "hemithorax", "thorax", "airways"))


@dataclass(frozen=True, slots=True)
class Context:
    """`finding`, `places` and `polarity` of the last finding told of; `label` is the paragraph's ("Left lung:").

    "It", "this", "there" mean the former; a part of the lung without a side is on the label's side.
    """

    finding: str | None = None
    places: tuple[Place, ...] = ()
    polarity: Polarity = "present"
    label: Group | None = None
    goes_on: bool = False  # the sentence before ended in a semicolon

    @property
    def side(self) -> Side | None:
        """The side that the label says."""
        return None if self.label is None else label_side(self.label)


def label_side(label: Group) -> Side | None:
    """Left or right where all that the label names is on that side."""
    sides = {place.side for place in label.places} or {label.side}
    side = next(iter(sides))
    return side if len(sides) == 1 and side in ("left", "right") else None


def find_label(parsed: Parsed, groups: tuple[Group, ...]) -> Group | None:
    """The places before a colon that the sentence begins with ("Right lung: ..."), None where it has no label."""
    words = [token.word for token in parsed.tokens[:12]]
    colon = next((at for at, word in enumerate(words) if word in (":", "-", "–")), -1)
    if colon < 1:
        return _bare_label(parsed, groups)
    group = next((g for g in groups if g.last < colon), None)
    if group is None or group.first > 1 or any(parsed.covering[at] < 0 for at in range(group.last + 1, colon)):
        return None
    return group if not any(word in w.COPULAS or word in w.PREPOSITIONS for word in words[:colon]) else None


def _bare_label(parsed: Parsed, groups: tuple[Group, ...]) -> Group | None:
    """An organ alone is the label of what follows it behind another sign: "Heart | size fine"."""
    words = [token.word for token in parsed.tokens if token.word not in (".", ";", "|")]
    group = groups[0] if len(groups) == 1 and groups[0].places else None
    if group is None or len(words) > _LABEL_WORDS or any(word not in w.ARTICLES for word in words[: group.first]):
        return None
    return group if group.last >= len(words) - 1 else None


def only_announces(label: Group | None, group: Group) -> bool:
    """Whether the group is a label of an organ as a whole, which places no finding."""
    if label is None or group is not label or label_side(label) is not None:
        return False
    return len(group.places) != 1 or group.places[0].anatomy in _ORGANS


def refer(parsed: Parsed, groups: tuple[Group, ...], context: Context) -> tuple[Group, ...]:
    """The groups, with those that refer: "there" is the place said before, "contralateral" the other side of it, and
    "the left" the same place as before on that side ("the right lung is clear but the left shows consolidation").
    """
    told = [_elliptic(parsed, group, groups[:number]) for number, group in enumerate(groups)]
    for entity in parsed.entities:
        kind = next((m.kind for m in entity.meanings if m.kind in ("same_place", "same_side", "other_side")), None)
        if kind is None or not _refers(parsed, entity.first, entity.last):
            continue
        if any(g.first <= entity.last and entity.first <= g.last for g in told):
            continue
        number = sum(g.last < entity.first for g in told)
        if kind == "same_place":
            places = told[number - 1].places if number else context.places
            if places:
                told.insert(number, Group(places, None, entity.first, entity.last, (entity.first,) * len(places)))
            continue
        side = _side_before(told[:number], context)
        if side is not None:
            other = side if kind == "same_side" else mirror(Place(anatomy="lung", side=side)).side
            told.insert(number, Group((), other, entity.first, entity.last, (entity.first,)))
            told[number : number + 2] = _joined(*told[number : number + 2])
    return tuple(told)


def _side_before(groups: list[Group], context: Context) -> Side | None:
    """The side last said, left or right; that of the sentences before where this one says no place yet."""
    sides = [side for g in reversed(groups) for side in (g.side, *(place.side for place in g.places))]
    sides += [place.side for place in context.places if not groups]
    side = next((side for side in sides if side is not None), None)
    return side if side in ("left", "right") else None


def _joined(side: Group, after: Group | None = None) -> tuple[Group, ...]:
    """ "Ipsilateral hilar": one group, where the anatomy right behind has no side of its own."""
    if after is None:
        return (side,)
    free = all(place.side is None and ANATOMIES[place.anatomy].paired for place in after.places)
    if after.first != side.last + 1 or not after.places or not free:
        return side, after
    places = tuple(replace(place, side=side.side) for place in after.places)
    return (replace(after, places=places, first=side.first, starts=(side.first, *after.starts[1:])),)


def _elliptic(parsed: Parsed, group: Group, before: tuple[Group, ...]) -> Group:
    """ "The left", followed by a verb: the place told of the right before it, on the left; else the group itself."""
    after = parsed.tokens[group.last + 1].word if group.last + 1 < len(parsed.tokens) else "."
    said = before[-1].places if before else ()
    subject = group.first > 0 and parsed.tokens[group.first - 1].word == "the" and after in w.COPULAS
    if group.places or not subject or group.side not in ("left", "right"):
        return group
    if not said or any(
        place.side in (None, "bilateral", group.side) or ANATOMIES[place.anatomy].only for place in said
    ):
        return group
    places = tuple(replace(place, side=group.side) for place in said)
    return replace(group, places=places, side=None, starts=(group.first,) * len(places))


def _refers(parsed: Parsed, first: int, last: int) -> bool:
    """ "There is" begins a statement and refers to nothing."""
    if parsed.tokens[first].word != "there" or first != last:
        return True
    after = parsed.tokens[last + 1].word if last + 1 < len(parsed.tokens) else "."
    before = parsed.tokens[first - 1].word if first > 0 else "."
    return first > 0 and (after not in w.COPULAS or before in w.COPULAS) and after not in w.HEDGE_VERBS


def on_label_side(place: Place, context: Context) -> Place:
    """The place on the side of the paragraph's label, where it has none and lies in that half of the chest."""
    side = context.side
    if side is None or place.side is not None:
        return place
    sided = Place(anatomy=place.anatomy, side=side)
    return sided if is_part_of(sided, Place(anatomy="hemithorax", side=side)) else place
