"""Severity, change and size words → the mention they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.entities import REACH, Entity, Parsed, Size
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.reports.vicinity import HARD_STOPS
from casekin.types import Change, Severity

_BREAKS = HARD_STOPS | {",", ";", ":", "and", "or", "with", "/", "nor", "without", "no", "-", "?", "(", ")"}
_CLOSING = frozenset((",", ".", ";", ")", "with"))
_EARLIER = frozenset(("previously", "formerly", "previous", "prior", "was", "from"))
_MEASURED = frozenset(("measuring", "measures", "measured", "of", "to", "measure"))
# "increased opacity" describes; "interval increase", "has increased" compare.
_DESCRIBED = frozenset({"lung_opacity", "increased_lung_markings", "interstitial_opacity", "nodular_opacity"})


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What is said of one mention; None where nothing is."""

    severity: Severity | None = None
    change: Change | None = None
    size_mm: float | None = None


def find_modifiers(
    parsed: Parsed, mentions: tuple[Mention, ...], groups: tuple[Group, ...]
) -> dict[Mention, Modifiers]:
    """Modifiers by mention. A word before its noun belongs to it; a predicate ("is unchanged") to the one before."""
    found: dict[Mention, dict[str, object]] = {mention: {} for mention in mentions}
    for entity in parsed.entities:
        for kind in ("severity", "change"):
            meaning = entity.meaning(kind)
            if meaning is None:
                continue
            if any(g.first <= entity.first <= g.last and not g.places for g in groups):
                continue  # "right larger than left" compares sides, not examinations
            if _compares_places(parsed, entity) or _is_aside(parsed, entity, kind):
                continue
            mention = _owner(parsed, entity, mentions, groups, kind)
            if mention is None or _only_describes(parsed, entity, mention):
                continue
            if kind == "severity" and found[mention].get("severity") in ("moderate", "severe"):
                continue
            for each in (mention, *(_listed_before(parsed, mentions, mention, entity) if kind == "change" else ())):
                found[each].setdefault(kind, meaning.value)
    for size in parsed.sizes:
        mention = _nearest(parsed, mentions, size)
        if mention is not None and parsed.tokens[size.first - 1].word not in _EARLIER:
            found[mention].setdefault("size_mm", size.mm)
    _repeat_change(mentions, found)
    return {mention: _modifiers(values, mention) for mention, values in found.items()}


def _is_aside(parsed: Parsed, entity: Entity, kind: str) -> bool:
    """What is said of an earlier examination ("previously large"), and of a change ("markedly decreased")."""
    after = parsed.entity_at(entity.last + 1)
    adverb = (
        parsed.tokens[entity.last].word.endswith("ly") and after is not None and after.meaning("change") is not None
    )
    before = parsed.tokens[entity.first - 1].word if entity.first else "."
    return kind == "severity" and (adverb or before in ("previously", "formerly"))


def _listed_before(
    parsed: Parsed, mentions: tuple[Mention, ...], mention: Mention, entity: Entity
) -> tuple[Mention, ...]:
    """Findings listed before the one that a predicate follows: "wires, drains and left chest tube unchanged"."""
    listed: list[Mention] = []
    if entity.first < mention.first:
        return ()
    joined, first = False, mention.first
    for other in sorted((m for m in mentions if m.last < mention.first), key=lambda m: -m.last):
        between = {token.word for token in parsed.tokens[other.last + 1 : first]}
        plain = not between & (w.COPULAS | w.PREPOSITIONS | {";"}) and other.polarity == mention.polarity
        if not plain or not between & {",", "and", "/", "&"}:
            break
        joined = joined or bool(between & {"and", "/", "&"})
        listed.append(other)
        first = other.first
    return tuple(listed) if joined else ()


def _repeat_change(mentions: tuple[Mention, ...], found: dict[Mention, dict[str, object]]) -> None:
    """ "Three new metastases: 11 mm in the RUL, 8 mm in the LUL": what is new is so at every place."""
    for before, mention in pairwise(mentions):
        if mention.echo and before.finding == mention.finding and "change" in found[before]:
            found[mention].setdefault("change", found[before]["change"])


def _compares_places(parsed: Parsed, entity: Entity) -> bool:
    """ "bilateral effusions, larger on the right" compares places, "the effusion is larger" examinations."""
    words = [token.word for token in parsed.tokens[entity.last : entity.last + 3]]
    first = parsed.tokens[entity.first].word
    compares = words[0] in w.COMPARATIVES or first in w.COMPARATIVES
    return compares and len(words) == 3 and words[1] in ("on", "in", "at") and words[2] in w.ARTICLES


def _modifiers(values: dict[str, object], mention: Mention) -> Modifiers:
    change = "resolved" if mention.resolved else values.get("change") if mention.polarity != "absent" else None
    severity = None if mention.polarity == "absent" else values.get("severity")
    measured = mention.finding is None or FINDINGS[mention.finding].kind == "finding"
    size = values.get("size_mm") if measured and (mention.polarity != "absent" or mention.resolved) else None
    return Modifiers(cast("Severity | None", severity), cast("Change | None", change), cast("float | None", size))


def _only_describes(parsed: Parsed, entity: Entity, mention: Mention) -> bool:
    word = parsed.tokens[entity.first].word
    return word == "increased" and entity.first == entity.last and (mention.finding or "") in _DESCRIBED


def _owner(
    parsed: Parsed, entity: Entity, mentions: tuple[Mention, ...], groups: tuple[Group, ...], kind: str
) -> Mention | None:
    own = next((m for m in mentions if m.first == entity.first), None)
    if own is not None:
        return own if own.finding is None and kind == "severity" else None
    passed_place = False
    starting = {m.first: m for m in mentions}
    for at in range(entity.last + 1, min(len(parsed.tokens), entity.last + REACH)):
        word = parsed.tokens[at].word
        mention = starting.get(at)
        if mention is not None:
            return mention
        if word in ("and", ",") and any(g.last == at - 1 and not g.places for g in groups) and at - 1 > entity.last:
            return None  # "small right and moderate left effusions"
        if word in _BREAKS or word in w.COPULAS or (word in w.PREPOSITIONS and word not in ("of", "in")):
            break
        if word == "in" and kind == "severity":
            break
        passed_place = passed_place or any(g.first <= at <= g.last and g.places for g in groups)
    if passed_place:
        return None  # it modifies an anatomy: "stable heart size"
    return _left(parsed, entity, mentions)


def _left(parsed: Parsed, entity: Entity, mentions: tuple[Mention, ...]) -> Mention | None:
    at = entity.first - 1
    ending = {m.last: m for m in mentions}
    while at >= max(0, entity.first - REACH):
        word = parsed.tokens[at].word
        if word in (";", "but", "however", "while", "although"):
            return None
        mention = ending.get(at)
        if mention is not None:
            return mention
        at -= 1
    return None


def _nearest(parsed: Parsed, mentions: tuple[Mention, ...], size: Size) -> Mention | None:
    first, last = size.first, size.last
    real = [m for m in mentions if m.finding is not None]
    if not real:
        return None
    before = [m for m in real if m.last < first]
    if before and _MEASURED.intersection(token.word for token in parsed.tokens[max(0, first - 2) : first]):
        return before[-1]  # "a cavity measuring about 3 cm with nodules around it"
    words = [token.word for token in parsed.tokens]
    if before and words[first - 1] == "," and words[last + 1 : last + 2] and words[last + 1] in _CLOSING:
        return before[-1]  # "a mass in the left upper lobe, 4.2 cm, with hilar adenopathy"
    return min(real, key=lambda m: (m.first - last if m.first > last else (first - m.last) + 2, m.first))
