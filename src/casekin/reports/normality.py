"""Normal statements: which places a report calls normal, and what that says to be absent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casekin.anatomy import is_part_of, overlaps
from casekin.findings import FINDINGS, implied_absences, is_a
from casekin.reports import words as w
from casekin.reports.assertions import Assertions
from casekin.reports.entities import REACH, Entity, Parsed
from casekin.reports.homes import fit_place, with_side
from casekin.reports.places import Group
from casekin.reports.vicinity import HARD_STOPS
from casekin.types import Fact, Place

_HEART = Place(anatomy="cardiac_silhouette")
_MANY = 3  # "heart, mediastinum, lungs and bones are normal" says nothing of one's size
_LABEL_REACH = 3  # tokens of a label's statement before "normal": "its size is fine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """A place called normal, the sentence that says so and the span of the words.

    `size` tells that a heart's size is meant: it is named, or the heart alone is called normal.
    """

    place: Place
    sentence: str
    span: tuple[int, int]
    size: bool


def find_normal(
    parsed: Parsed, groups: tuple[Group, ...], assertions: Assertions, label: Group | None
) -> tuple[Normal, ...]:
    """The places that a sentence calls normal; "otherwise normal" calls nothing normal that was named."""
    found: dict[Place, Normal] = {}
    for entity in parsed.entities:
        if not (entity.meaning("normal") or entity.meaning("fitting")) or assertions.silent[entity.first]:
            continue
        if assertions.polarity[entity.first] != "present":
            continue
        before = [token.word for token in parsed.tokens[max(0, entity.first - 3) : entity.first]]
        if "otherwise" in before or "previously" in before:
            continue
        called = _called_normal(parsed, groups, entity.first, entity.last)
        called = called or ([label] if label is not None and entity.first <= _LABEL_REACH else [])
        called = called if entity.meaning("normal") else [g for g in called if _fits(parsed, g, entity)]
        for group in called:
            for normal in _normals(parsed, group, entity, own=group is not label or group in groups):
                known = found.get(normal.place)
                found[normal.place] = normal if known is None or normal.size else known
    return tuple(found.values())


def _normals(parsed: Parsed, group: Group, entity: Entity, *, own: bool) -> list[Normal]:
    """One statement for each place of the group; the cardiomediastinal silhouette includes the heart, not its size."""
    words = {token.word for token in parsed.tokens[group.first : group.last + 1]} if own else set()
    predicate = {token.word for token in parsed.tokens[max(0, entity.first - 3) : entity.last + 4]}
    whole = "cardiomediastinal" in words
    size = (group.places[:1] == (_HEART,) and len(group.places) < _MANY and not whole) or bool(
        w.SIZE_WORDS & (words | predicate)
    )
    first, last = (min(group.first, entity.first), max(group.last, entity.last)) if own else (entity.first, entity.last)
    span = (parsed.tokens[first].start, parsed.tokens[last].end)
    places = (*group.places, _HEART) if whole else group.places
    return [Normal(place=place, sentence=parsed.sentence.text, span=span, size=size) for place in places]


def _fits(parsed: Parsed, group: Group, entity: Entity) -> bool:
    """Whether a word such as "fine" or "adequate" is said of the size of the heart, where it means normal."""
    if group.places != (_HEART,):
        return False
    near = {token.word for token in parsed.tokens[max(0, entity.first - 2) : entity.last + 3]}
    gap = [token.word for token in parsed.tokens[group.last + 1 : entity.first]]
    alone = len(parsed.tokens) - (entity.last - entity.first) <= _LABEL_REACH  # behind the heart's label
    return bool(near & w.SIZE_WORDS) or alone or (bool(gap) and all(word in w.COPULAS | {":", "-"} for word in gap))


def normal_hearts(normal: tuple[Normal, ...]) -> tuple[Fact, ...]:
    """A heart of normal size is an absent cardiomegaly: the one absence that a normal statement states."""
    return tuple(_absent("cardiomegaly", _HEART, said) for said in normal if said.place == _HEART and said.size)[:1]


def _absent(finding: str, place: Place, said: Normal) -> Fact:
    return Fact(
        finding=finding,
        anatomy=place.anatomy,
        side=place.side,
        polarity="absent",
        sentence=said.sentence,
        span=said.span,
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
        if found and parsed.tokens[group.last + 1].word == ":":
            break  # a label; what stands behind it is the subject
        if group.places and group.places[0].anatomy != "thorax":
            found.append(_sided_subject(parsed, groups, group))
    return found


def _sided_subject(parsed: Parsed, groups: tuple[Group, ...], group: Group) -> Group:
    """ "On the left, the costophrenic angle is sharp": the left one."""
    lead = next((g for g in groups if not g.places and g.side in ("left", "right") and g.last < group.first), None)
    if lead is None or any(place.side for place in group.places) or lead.first > 2 or parsed.tokens[0].word != "on":
        return group
    return replace(group, places=tuple(with_side(place, lead.side) for place in group.places))


def _verb_between(parsed: Parsed, last: int, first: int) -> bool:
    words = [token.word for token in parsed.tokens[last + 1 : first]]
    return any(word in w.COPULAS or word in {",", ";", "and", "with"} | HARD_STOPS for word in words)


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


def settle_normal(normal: list[Normal], facts: tuple[Fact, ...]) -> tuple[tuple[Place, Normal], ...]:
    """Places that stay normal beside the facts, each with the statement that says so."""
    kept: dict[Place, Normal] = {}
    for said in normal:
        for place in normal_places([said.place], facts):
            kept.setdefault(place, said)
    return tuple(kept.items())


def normal_places(places: list[Place], facts: tuple[Fact, ...]) -> tuple[Place, ...]:
    """Places called normal where no present or uncertain fact stands; of bilateral places the untouched side stays."""
    touched = [fact.place for fact in facts if fact.polarity != "absent" and FINDINGS[fact.finding].kind == "finding"]
    kept: dict[Place, None] = {}
    for place in places:
        sides: tuple[Place, ...] = (place,)
        if place.side == "bilateral" and any(_touches(t, place) for t in touched):
            sides = (Place(anatomy=place.anatomy, side="right"), Place(anatomy=place.anatomy, side="left"))
        kept.update(dict.fromkeys(side for side in sides if not any(_touches(t, side) for t in touched)))
    return tuple(kept)


def _touches(told: Place, normal: Place) -> bool:
    """Whether a finding at the told place keeps the other from being normal.

    A finding of the mediastinum leaves the heart normal, and one whose side is not said a single lung.
    """
    if is_part_of(told, normal):
        return told.anatomy == normal.anatomy or normal != _HEART
    loose = told.anatomy == "mediastinum" or (told.side is None and normal.side in ("left", "right"))
    return is_part_of(normal, told) and not loose


def implied_facts(normal: tuple[tuple[Place, Normal], ...], facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Absences that the normal places imply by the ontology's table, less what the facts say themselves.

    Nothing is implied absent where a finding of its kind is told of a place that meets it.
    """
    implied: dict[tuple[str, Place], Fact] = {}
    for place, said in normal:
        for name in implied_absences(place.anatomy):
            where = fit_place(name, place) or FINDINGS[name].home
            if not any(_speaks_of(fact, name, where) for fact in facts):
                implied.setdefault((name, where), _absent(name, where, said))
    return tuple(implied.values())


def _speaks_of(fact: Fact, name: str, where: Place) -> bool:
    if fact.polarity == "absent":
        return fact.finding == name and is_part_of(where, fact.place)
    return is_a(fact.finding, name) and overlaps(fact.place, where)
