"""Severity, change and size words → the mention they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from casekin.reports import words as w
from casekin.reports.entities import REACH, Entity, Parsed
from casekin.reports.mentions import Mention
from casekin.reports.places import Group
from casekin.types import Change, Severity

_BREAKS = frozenset((",", ";", ":", "and", "or", "with", "/", "nor", "but", "without", "no"))
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
            if _compares_places(parsed, entity):
                continue
            mention = _owner(parsed, entity, mentions, groups, kind)
            if mention is None or _only_describes(parsed, entity, mention):
                continue
            if kind == "severity" and found[mention].get("severity") in ("moderate", "severe"):
                continue
            found[mention].setdefault(kind, meaning.value)
    for size in parsed.sizes:
        mention = _nearest(mentions, size.first, size.last)
        if mention is not None:
            found[mention].setdefault("size_mm", size.mm)
    return {mention: _modifiers(values, mention) for mention, values in found.items()}


def _compares_places(parsed: Parsed, entity: Entity) -> bool:
    """ "bilateral effusions, larger on the right" compares places, "the effusion is larger" examinations."""
    words = [token.word for token in parsed.tokens[entity.last : entity.last + 3]]
    return words[0] in w.COMPARATIVES and len(words) == 3 and words[1] in ("on", "in", "at") and words[2] in w.ARTICLES


def _modifiers(values: dict[str, object], mention: Mention) -> Modifiers:
    change = "resolved" if mention.resolved else values.get("change") if mention.polarity != "absent" else None
    severity = None if mention.polarity == "absent" else values.get("severity")
    size = None if mention.polarity == "absent" else values.get("size_mm")
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


def _nearest(mentions: tuple[Mention, ...], first: int, last: int) -> Mention | None:
    real = [m for m in mentions if m.finding is not None]
    if not real:
        return None
    return min(real, key=lambda m: (m.first - last if m.first > last else (first - m.last) + 2, m.first))
