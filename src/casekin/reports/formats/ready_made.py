"""Facts that a source states in its own names: looked up, put where the finding can be, sides joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from casekin.anatomy import foreign_place, is_part_of, parse_place
from casekin.errors import FindingError, PlaceError
from casekin.findings import finding, from_label
from casekin.reports.homes import fit_place
from casekin.types import Fact, Place, Polarity


def known_findings(scheme: str, name: str) -> tuple[str, ...]:
    """Our concepts for a label of another set, of whatever name that is ours where the set has none.

    Empty where it stands for none ("suboptimal study"), and for labels of normality, which place no finding.
    """
    try:
        found = from_label(scheme, name)
    except FindingError:
        try:
            found = (finding(name),)
        except FindingError:
            return ()
    return tuple(concept.id for concept in found if concept.kind != "normal")


def polarity_of(found: Sequence[str], *, stated: bool) -> Polarity:
    """Of the findings of one label: where it says "mass or nodule", each of them alone is uncertain."""
    if not stated:
        return "absent"
    return "present" if len(found) == 1 else "uncertain"


def known_place(name: str, *, scheme: str | None = None) -> Place | None:
    """Our place for a location of another vocabulary, or by our names and all others; None where it stands for none."""
    try:
        return parse_place(name) if scheme is None else foreign_place(scheme, name)
    except PlaceError:
        return None if scheme is None else known_place(name)


def fitting_places(name: str, places: Sequence[Place]) -> list[Place]:
    """Where a finding stands whose source names these places: at each that can hold it, else at its home.

    Empty for a finding whose home can't be assumed.
    """
    fitting = [fitted for place in places if (fitted := fit_place(name, place)) is not None]
    if fitting or finding(name).home_unsure:
        return list(dict.fromkeys(fitting))
    return [finding(name).home]


def join_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """One fact for a finding, place and polarity of a sentence, in the order given.

    Left and right become bilateral. Where the sentence also names a part, the whole that a source lists beside it goes.
    """
    groups: dict[tuple[str, str, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.finding, fact.polarity, fact.sentence), []).append(fact)
    return tuple(fact for group in groups.values() for fact in _join_sides(_most_specific(group)))


def _most_specific(facts: Sequence[Fact]) -> list[Fact]:
    unique = list({fact.place: fact for fact in reversed(facts)}.values())[::-1]
    return [
        fact
        for fact in unique
        if not any(other.place != fact.place and is_part_of(other.place, fact.place) for other in unique)
    ]


def _join_sides(facts: Sequence[Fact]) -> list[Fact]:
    by_anatomy: dict[str, list[Fact]] = {}
    for fact in facts:
        by_anatomy.setdefault(fact.anatomy, []).append(fact)
    joined: list[Fact] = []
    for same in by_anatomy.values():
        sides = {fact.side for fact in same}
        both = "bilateral" in sides or {"left", "right"} <= sides
        joined += [replace(same[0], side="bilateral")] if both else same
    return joined
