"""Devices: where their tip is, else their home, on the side that is said."""

from __future__ import annotations

from casekin.anatomy import is_part_of
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.entities import REACH
from casekin.reports.homes import with_side
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.reports.vicinity import Vicinity
from casekin.types import Place, Side

_AWAY = frozenset(("above", "from", "cephalad", "proximal", "superior", "short", "cranial", "beyond"))
_WHOLES = frozenset(("hemithorax", "lung", "thorax", "pleura"))
_UNITS = frozenset(("cm", "mm", "centimeters", "centimetres", "millimeters", "millimetres", "cms"))
_DISTANCE_REACH = 6  # tokens between a distance and what it is measured from
_BELOW = frozenset(("below", "beneath", "under", "past", "beyond", "inferior", "infra"))


def device_place(vicinity: Vicinity, mention: Mention) -> tuple[Place, bool]:
    """The device's place, and whether it was stated (or needs no statement)."""
    name = mention.finding or ""
    home = FINDINGS[name].home
    before, after = vicinity.premodifier(mention.first), vicinity.following(mention)
    side = _side(before) or next((s for s in map(_side, after) if s), None)
    tip = _tip(vicinity, mention, name)
    place = tip if tip is not None else with_side(home, side)
    stated = tip is not None or side is not None or not FINDINGS[name].home_unsure
    if place.side is None and is_part_of(Place(anatomy=place.anatomy), Place(anatomy="hemithorax")):
        place = with_side(place, side)  # not so a vein: a left line may end in either
    return place, stated


def _tip(vicinity: Vicinity, mention: Mention, name: str) -> Place | None:
    """Where the device ends: the place that its tip is said to be at, else the last place that its tip can be at."""
    usual: Place | None = None
    ending = _says_tip(vicinity.words[max(0, mention.first - 4) : mention.last + 1])  # "the tip of the tube is in ..."
    for at in range(mention.last + 1, min(len(vicinity.words), mention.last + REACH)):
        other = vicinity.names(at)
        if other is not None and at == other.first and FINDINGS[other.finding or ""].kind == "device":
            break
        ending = ending or _says_tip([vicinity.words[at]])
        group = vicinity.group_at.get(at)
        if group is None or group.first != at or vicinity.left_over(group) is None or not group.places:
            continue
        place = _end(vicinity, name, group, ending)
        if place is not None and ending:
            return place
        usual = place or usual
    return usual


def _says_tip(words: list[str]) -> bool:
    return not w.TIP_WORDS.isdisjoint(words)


def _end(vicinity: Vicinity, name: str, group: Group, ending: bool) -> Place | None:
    """The group's place as a tip's: one where it can be, or any that the tip is said to be in."""
    words = vicinity.words
    near = words[max(0, group.first - 3) : group.first]
    place = group.places[0]
    if _BELOW.intersection(near):
        below = place.anatomy in ("diaphragm", "hemidiaphragm", "gastroesophageal_junction")
        return Place(anatomy="stomach") if below and "stomach" in FINDINGS[name].homes else None
    if _AWAY.intersection(near):
        return None
    within = next((word for word in reversed(near) if word not in w.ARTICLES), "") in w.INTO
    if place.anatomy in _WHOLES and FINDINGS[name].home.anatomy == "pleural_space":
        return with_side(FINDINGS[name].home, place.side)
    if FINDINGS[name].tip and FINDINGS[name].home.anatomy not in FINDINGS[name].tip:
        return place if place.anatomy in FINDINGS[name].homes else None  # a pacemaker is its box, not its leads
    if place.anatomy == "carina" and _UNITS.intersection(words[max(0, group.first - _DISTANCE_REACH) : group.first]):
        return None  # "4 cm off the carina"
    usual = place.anatomy in (*FINDINGS[name].tip, *FINDINGS[name].homes)
    return place if usual or (ending and within and FINDINGS[name].tip) else None


def _side(group: Group | None) -> Side | None:
    if group is None:
        return None
    return group.side if not group.places else group.places[-1].side
