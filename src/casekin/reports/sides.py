"""Findings told side by side: "small right and moderate left effusions", "effusions, large left, small right"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from casekin.anatomy import ANATOMIES
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.entities import is_blank
from casekin.reports.homes import with_side
from casekin.reports.links import Link
from casekin.reports.places import Group
from casekin.reports.vicinity import HARD_STOPS, Vicinity
from casekin.types import Change, Severity, Side

_SIDE_REACH = 4  # tokens between "small" and "right" of "small on the right"


@dataclass(frozen=True, slots=True)
class _Share:
    """What is said of one side."""

    side: Side
    severity: Severity | None
    change: Change | None


def divide_sides(vicinity: Vicinity, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links, those of two sides that are told apart divided into one for each side."""
    divided: list[Link] = []
    for link in links:
        other = _other_side(vicinity, link)
        shares = () if other is not None else _shares(vicinity, link)
        if other is not None:
            divided.extend((other, link))
        elif shares:
            divided.extend(_share(link, share) for share in shares)
        else:
            divided.append(link)
    return tuple(divided)


def _share(link: Link, share: _Share) -> Link:
    places = tuple((name, with_side(place, share.side), True) for name, place, _ in link.places)
    return replace(link, places=places, severity=share.severity, change=share.change)


def _other_side(vicinity: Vicinity, link: Link) -> Link | None:
    """ "Small right and moderate left effusions": the finding on the side said before, too."""
    group, name = link.group, link.mention.finding
    if group is None or name is None or group.places or group.side not in ("left", "right"):
        return None
    at = group.first - 1
    while at >= 0 and group.last < link.mention.first and _fills(vicinity, at):
        at -= 1
    if at < 1 or vicinity.words[at] not in ("and", "or", ",", "&"):
        return None
    other = vicinity.group_at.get(at - 1)
    if other is None or other.places or other.side not in ("left", "right") or other.side == group.side:
        return None
    home = FINDINGS[name].home
    if not ANATOMIES[home.anatomy].paired:
        return None
    share = _modified(vicinity, other.first - 1, other.side)
    return replace(_share(link, share), group=other)


def _fills(vicinity: Vicinity, at: int) -> bool:
    """A word between "and" and the second side: what modifies, an article, a blank of de-identification."""
    word = vicinity.words[at]
    return vicinity.modifies(at) or word in w.ARTICLES or is_blank(word)


def _modified(vicinity: Vicinity, at: int, side: Side) -> _Share:
    entity = vicinity.parsed.entity_at(at)
    severity = entity.meaning("severity") if entity is not None else None
    change = entity.meaning("change") if entity is not None else None
    return _Share(
        side,
        cast("Severity", severity.value) if severity else None,
        cast("Change", change.value) if change else None,
    )


def _shares(vicinity: Vicinity, link: Link) -> tuple[_Share, ...]:
    """What is said of each side after a finding without a side of its own or of both sides."""
    nodes = [ANATOMIES[place.anatomy] for _, place, _ in link.places]
    sided = any(place.side in ("left", "right") for _, place, _ in link.places[1:])
    if not nodes or sided or not all(node.paired and node.only is None for node in nodes):
        return ()
    found: dict[Side, _Share] = {}
    for at in range(link.mention.last + 1, len(vicinity.words)):
        if vicinity.words[at] in HARD_STOPS - {"while", "whereas", "but"} or vicinity.names(at) is not None:
            break
        group = vicinity.group_at.get(at)
        if group is None or group.first != at or group.places or group.side not in ("left", "right"):
            continue
        share = _told_before(vicinity, group)
        if share is not None:
            found.setdefault(group.side, share)
    return tuple(found.values()) if len(found) == 2 else ()


def _told_before(vicinity: Vicinity, group: Group) -> _Share | None:
    """The severity or change right before "on the left"."""
    for at in range(group.first - 1, max(-1, group.first - 1 - _SIDE_REACH), -1):
        if vicinity.words[at] in (",", ";", "and") or at in vicinity.group_at:
            return None
        share = _modified(vicinity, at, cast("Side", group.side))
        if share.severity or share.change:
            return share
    return None
