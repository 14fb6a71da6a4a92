"""Linked mentions → facts: normal statements, sizes told in the next sentence, merging over the report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from casekin.anatomy import is_part_of
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.assertions import Assertions
from casekin.reports.entities import REACH, Parsed
from casekin.reports.links import Link, link_mentions
from casekin.reports.mentions import find_mentions
from casekin.reports.modifiers import Modifiers, find_modifiers
from casekin.reports.places import Group, find_groups
from casekin.types import Fact, Place, Polarity, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A finding that the text states without a place, and whose home can't be assumed."""

    finding: str
    polarity: Polarity
    sentence: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one sentence states: facts (with whether their place was stated), unplaced findings, normal places.

    `spoken_of` are the places of its last present finding, which "this may represent ..." of the next sentence means.
    """

    facts: tuple[tuple[Fact, bool], ...]
    unplaced: tuple[Unplaced, ...]
    normal: tuple[Place, ...]
    spoken_of: tuple[Place, ...]


def read_sentence(parsed: Parsed, assertions: Assertions, before: tuple[Place, ...] = ()) -> Stated:
    """Everything one sentence states; `before` is what the sentence before it spoke of."""
    groups = find_groups(parsed)
    mentions = find_mentions(parsed, assertions)
    links = link_mentions(parsed, mentions, groups, before)
    modifiers = find_modifiers(parsed, tuple(link.mention for link in links), groups)
    facts: list[tuple[Fact, bool]] = []
    unplaced: list[Unplaced] = []
    for link in links:
        for name, place, stated in link.places:
            if not stated and FINDINGS[name].home_unsure and link.mention.polarity != "absent":
                span = _span(parsed, link.first, link.last)
                unplaced.append(_unplaced(parsed, name, link.mention.polarity, span))
            else:
                facts.append((_fact(parsed, link, name, place, modifiers[link.mention]), stated))
    normal, implied = _normal(parsed, groups, assertions)
    spoken = next((link for link in reversed(links) if link.mention.polarity == "present"), None)
    return Stated(
        facts=(*facts, *((fact, True) for fact in implied)),
        unplaced=tuple(unplaced),
        normal=normal,
        spoken_of=() if spoken is None else tuple(place for _, place, stated in spoken.places if stated),
    )


def _unplaced(parsed: Parsed, name: str, polarity: Polarity, span: tuple[int, int]) -> Unplaced:
    return Unplaced(finding=name, polarity=polarity, sentence=parsed.sentence.text, span=span)


def _span(parsed: Parsed, first: int, last: int) -> tuple[int, int]:
    return parsed.tokens[first].start, parsed.tokens[last].end


def _fact(parsed: Parsed, link: Link, name: str, place: Place, modifiers: Modifiers) -> Fact:
    return Fact(
        finding=name,
        anatomy=place.anatomy,
        side=place.side,
        polarity=link.mention.polarity,
        severity=cast("Severity | None", link.severity) or modifiers.severity,
        size_mm=modifiers.size_mm,
        change=modifiers.change,
        sentence=parsed.sentence.text,
        span=_span(parsed, link.first, link.last),
    )


def _normal(
    parsed: Parsed, groups: tuple[Group, ...], assertions: Assertions
) -> tuple[tuple[Place, ...], tuple[Fact, ...]]:
    """Places called normal; a heart called normal is also an absent cardiomegaly."""
    places: dict[Place, None] = {}
    facts: list[Fact] = []
    for entity in parsed.entities:
        if not entity.meaning("normal") or assertions.polarity[entity.first] != "present":
            continue
        before = [token.word for token in parsed.tokens[max(0, entity.first - 3) : entity.first]]
        if "otherwise" in before or "previously" in before:
            continue
        for group in _called_normal(parsed, groups, entity.first, entity.last):
            places.update(dict.fromkeys(group.places))
            words = {token.word for token in parsed.tokens[group.first : group.last + 1]}
            whole = "cardiomediastinal" in words
            if whole:
                places[Place(anatomy="cardiac_silhouette")] = None
            if whole or any(place.anatomy == "cardiac_silhouette" for place in group.places):
                facts.append(_no_cardiomegaly(parsed, min(group.first, entity.first), max(group.last, entity.last)))
    return tuple(places), tuple(facts[:1])


def _no_cardiomegaly(parsed: Parsed, first: int, last: int) -> Fact:
    return Fact(
        finding="cardiomegaly",
        anatomy="cardiac_silhouette",
        side=None,
        polarity="absent",
        sentence=parsed.sentence.text,
        span=_span(parsed, first, last),
    )


def _called_normal(parsed: Parsed, groups: tuple[Group, ...], first: int, last: int) -> list[Group]:
    """Groups that "normal" at tokens `[first, last]` is said of: those it precedes, else its clause's subjects."""
    after = [g for g in groups if g.places and last < g.first <= last + 3 and not _verb_between(parsed, last, g.first)]
    if after:
        return after[:1]
    found: list[Group] = []
    for group in reversed([g for g in groups if g.last < first]):
        if _clause_between(parsed, group.last, first, allow_verb=not found):
            break
        if group.places:
            found.append(group)
    return found


def _verb_between(parsed: Parsed, last: int, first: int) -> bool:
    words = [token.word for token in parsed.tokens[last + 1 : first]]
    return any(word in w.COPULAS or word in (",", ";", "and", "with") for word in words)


def _clause_between(parsed: Parsed, last: int, first: int, *, allow_verb: bool) -> bool:
    """Whether a finding, a stop or a second verb separates the group from its predicate."""
    if first - last > REACH:
        return True
    for at in range(last + 1, first):
        entity = parsed.entity_at(at)
        if parsed.tokens[at].word in (";", ".") or (
            entity is not None and any(entity.meaning(k) for k in ("finding", "stop", "normal", "sign"))
        ):
            return True
    verbs = sum(parsed.tokens[at].word in w.COPULAS for at in range(last + 1, first))
    return verbs > 1 and not allow_verb


def merge_facts(stated: list[tuple[Fact, bool]]) -> tuple[Fact, ...]:
    """One fact for each finding, place and polarity, in text order: the first mention, completed by later ones.

    A fact at its assumed home gives way to one of the same finding and polarity with a stated place; uncertain gives
    way to present at the same place.
    """
    merged: dict[tuple[str, Place, Polarity], Fact] = {}
    told = {(fact.finding, fact.polarity) for fact, is_stated in stated if is_stated}
    for fact, is_stated in stated:
        if not is_stated and (fact.finding, fact.polarity) in told:
            continue
        key = (fact.finding, fact.place, fact.polarity)
        first = merged.get(key)
        merged[key] = fact if first is None else _completed(first, fact)
    return tuple(
        fact
        for (name, place, polarity), fact in merged.items()
        if not (polarity == "uncertain" and (name, place, "present") in merged)
    )


def _completed(first: Fact, later: Fact) -> Fact:
    return replace(
        first,
        severity=first.severity or later.severity,
        size_mm=first.size_mm if first.size_mm is not None else later.size_mm,
        change=first.change or later.change,
    )


def normal_places(places: list[Place], facts: tuple[Fact, ...]) -> tuple[Place, ...]:
    """Places called normal where no present or uncertain fact stands; of bilateral places the untouched side stays."""
    touched = [fact.place for fact in facts if fact.polarity != "absent" and FINDINGS[fact.finding].kind == "finding"]
    kept: dict[Place, None] = {}
    for place in places:
        sides: tuple[Place, ...] = (place,)
        if place.side == "bilateral" and any(is_part_of(t, place) or is_part_of(place, t) for t in touched):
            sides = (Place(anatomy=place.anatomy, side="right"), Place(anatomy=place.anatomy, side="left"))
        for side in sides:
            if not any(is_part_of(t, side) or is_part_of(side, t) for t in touched):
                kept[side] = None
    return tuple(kept)
