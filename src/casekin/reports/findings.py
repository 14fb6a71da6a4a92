"""Linked mentions → facts of a sentence, and facts merged over the report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casekin.findings import FINDINGS
from casekin.reports.assertions import Assertions
from casekin.reports.context import Context, find_label, refer
from casekin.reports.entities import Parsed
from casekin.reports.links import Link, link_mentions
from casekin.reports.mentions import find_mentions
from casekin.reports.modifiers import Modifiers, find_modifiers
from casekin.reports.normality import Normal, find_normal, normal_hearts
from casekin.reports.places import find_groups
from casekin.reports.ratio import heart_ratio
from casekin.reports.sides import divide_sides
from casekin.reports.vicinity import Vicinity
from casekin.types import Fact, Place, Polarity

# "No acute lung disease" and "no devices" deny nothing in particular: they are normal statements.
_GENERIC = frozenset(("lung_abnormality", "device"))


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

    `context` is what the next sentence may refer to.
    """

    facts: tuple[tuple[Fact, bool], ...]
    unplaced: tuple[Unplaced, ...]
    normal: tuple[Normal, ...]
    context: Context


def read_sentence(parsed: Parsed, assertions: Assertions, context: Context) -> Stated:
    """Everything one sentence states; `context` is what was said before it."""
    groups = find_groups(parsed)
    label = find_label(parsed, groups)
    if label is not None:
        context = replace(context, label=label)
    groups = refer(parsed, groups, context)
    mentions = find_mentions(parsed, assertions, context.finding)
    links = link_mentions(parsed, mentions, groups, context)
    links = divide_sides(Vicinity(parsed, mentions, groups), links)
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
    facts.extend((fact, True) for fact in _ratio(parsed, facts))
    facts = [(fact, stated) for fact, stated in facts if not (fact.polarity == "absent" and fact.finding in _GENERIC)]
    normal = find_normal(parsed, groups, assertions, context.label)
    return Stated(
        facts=(*_both_sides(facts), *((fact, True) for fact in normal_hearts(normal))),
        unplaced=tuple(unplaced),
        normal=normal,
        context=_spoken_of(links, context),
    )


def _ratio(parsed: Parsed, facts: list[tuple[Fact, bool]]) -> tuple[Fact, ...]:
    """An enlarged heart, or none, where the cardiothoracic ratio is given in numbers and nothing else is said of it."""
    ratio = heart_ratio(parsed)
    if ratio is None or any(fact.finding == "cardiomegaly" for fact, _ in facts):
        return ()
    polarity, first, last = ratio
    span = _span(parsed, first, last)
    text = parsed.sentence.text
    home = FINDINGS["cardiomegaly"].home
    return (Fact(finding="cardiomegaly", anatomy=home.anatomy, side=None, polarity=polarity, sentence=text, span=span),)


def _spoken_of(links: tuple[Link, ...], context: Context) -> Context:
    """The context for the next sentence: this one's last finding that isn't absent, else what was before it."""
    for link in reversed(links):
        if link.mention.polarity != "absent" and link.places and FINDINGS[link.places[0][0]].kind == "finding":
            places = tuple(place for _, place, stated in link.places if stated)
            return Context(link.places[0][0], places, link.mention.polarity, context.label)
    return replace(context, goes_on=False) if context.goes_on else context


def _both_sides(facts: list[tuple[Fact, bool]]) -> list[tuple[Fact, bool]]:
    """The facts, with those that say the same of left and right joined: "a left and a right effusion" is bilateral."""
    joined: list[tuple[Fact, bool]] = []
    told: dict[tuple[object, ...], int] = {}
    for fact, stated in facts:
        said = (fact.finding, fact.anatomy, fact.polarity, fact.severity, fact.size_mm, fact.change)
        before = told.setdefault(said, len(joined))
        if before < len(joined) and {joined[before][0].side, fact.side} == {"left", "right"}:
            joined[before] = (replace(joined[before][0], side="bilateral"), stated)
        else:
            joined.append((fact, stated))
    return joined


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
        severity=link.severity or modifiers.severity,
        size_mm=modifiers.size_mm,
        change=link.change or modifiers.change,
        sentence=parsed.sentence.text,
        span=_span(parsed, link.first, link.last),
    )


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
