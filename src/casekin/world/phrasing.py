"""From facts to clauses: which facts share a phrase, and how a writer's patterns and frames are filled.

The result is marked text (`casekin.world.marked_text`); capitals, articles and full stops come later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casekin.types import SEVERITIES, Fact, Side
from casekin.world.latent import DEVICES
from casekin.world.marked_text import ARTICLE, mark
from casekin.world.wording import Wording, Writer

_PAIRED = frozenset({"pleural_effusion", "pleural_thickening", "hilar_enlargement"})
_COORDINATED = frozenset({"consolidation", "ground_glass_opacity", "atelectasis"})
_JOINABLE_LOBES = ("upper_lobe", "middle_lobe", "lower_lobe")
_VERBS: tuple[tuple[str, str, str], ...] = (
    ("is", "is", "are"),
    ("has", "has", "have"),
    ("remains", "remains", "remain"),
    ("persists", "persists", "persist"),
    ("appears", "appears", "appear"),
    ("shows", "shows", "show"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Facts that one phrase says together, with the keys of their statements; `hedged` holds for all of them."""

    keys: tuple[int, ...]
    facts: tuple[Fact, ...]
    hedged: bool


def choose(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def grouped(statements: Sequence[tuple[int, Fact, bool]], rng: np.random.Generator) -> list[Group]:
    """Groups of one or two of the `(key, fact, hedged)`, in order: both sides, or two lobes, that changed alike."""
    groups: list[Group] = []
    taken: list[int] = []
    for key, fact, hedged in statements:
        if key in taken:
            continue
        partner = next(
            (
                (other_key, other)
                for other_key, other, other_hedged in statements
                if other_key > key and other_key not in taken and hedged == other_hedged and _joinable(fact, other)
            ),
            None,
        )
        if partner is not None and rng.random() < 0.7:
            taken.append(partner[0])
            groups.append(Group(keys=(key, partner[0]), facts=(fact, partner[1]), hedged=hedged))
        else:
            groups.append(Group(keys=(key,), facts=(fact,), hedged=hedged))
    return groups


def _joinable(one: Fact, other: Fact) -> bool:
    if one.finding != other.finding or one.change != other.change or one.polarity != other.polarity:
        return False
    if one.finding in _PAIRED:
        return one.side != other.side
    lobes = one.anatomy in _JOINABLE_LOBES and other.anatomy in _JOINABLE_LOBES
    return one.finding in _COORDINATED and lobes and (one.side == other.side or one.anatomy == other.anatomy)


def clause(group: Group, writer: Writer, rng: np.random.Generator) -> str:
    """A marked sentence that says the group: resolved, hedged, changed or plainly present."""
    change = group.facts[0].change
    if change == "resolved":
        if group.facts[0].finding in DEVICES:
            name = _device_name(_pattern(group, writer.wording, rng, sentences=True))
            return _in_frame(name, group, writer, choose(writer.removed, rng), rng, plain=True)
        return _framed(group, writer, writer.changed[change], rng, plain=True)
    if group.hedged:
        return _framed(group, writer, writer.hedged, rng)
    compared = change if change is not None and rng.random() < writer.change_given else None
    pattern = _pattern(group, writer.wording, rng, sentences=True)
    if pattern.endswith("."):
        tail = choose(writer.tails[compared], rng) if compared is not None else ""
        filled = pattern.rstrip(".").format_map(_fields(group, writer, rng))
        return mark(filled, group.keys) + tail
    frames = writer.present if compared is None else writer.changed[compared]
    return _in_frame(pattern, group, writer, choose(frames, rng), rng)


def joined_clause(one: Group, two: Group, writer: Writer, rng: np.random.Generator) -> str:
    """Two findings in one marked sentence, each with its own place; their changes go unsaid."""
    first = _framed(one, writer, ("{np}",), rng)
    return choose(writer.joined, rng).format(one=first, two=_framed(two, writer, ("{np}",), rng))


def impression_clause(group: Group, writer: Writer, rng: np.random.Generator) -> str:
    """The same for the summing-up: shorter frames, the change only where it is more than none."""
    change = group.facts[0].change
    if group.hedged:
        return _framed(group, writer, writer.hedged, rng)
    if change in ("new", "increased", "decreased") and rng.random() < writer.change_given:
        return _framed(group, writer, writer.changed[change], rng)
    return _framed(group, writer, writer.impression, rng)


def negated_item(finding: str, key: int, side: Side | None, writer: Writer, rng: np.random.Generator) -> str:
    """A marked noun phrase for a list of what is absent; `side` where only that side is meant."""
    item = mark(choose(writer.wording.absent[finding], rng), [key])
    return f"{writer.wording.sides[side]} {item}" if side is not None else item


def _device_name(pattern: str) -> str:
    """A device's pattern without where its tip is: `{side} [chest tube]`."""
    name = pattern[pattern.index("[") : pattern.index("]") + 1]
    return f"{{side}} {name}" if "{side}" in pattern and "{side}" not in name else name


def _framed(
    group: Group, writer: Writer, frames: Sequence[str], rng: np.random.Generator, *, plain: bool = False
) -> str:
    pattern = _pattern(group, writer.wording, rng, sentences=False)
    return _in_frame(pattern, group, writer, choose(frames, rng), rng, plain=plain)


def _in_frame(
    pattern: str, group: Group, writer: Writer, frame: str, rng: np.random.Generator, *, plain: bool = False
) -> str:
    fields = _fields(group, writer, rng, plain=plain)
    plural = pattern.startswith("*")
    bare = mark(pattern.lstrip("*").format_map({**fields, "a": ""}), group.keys)
    full = mark(pattern.lstrip("*").format_map(fields), group.keys)
    verbs = {name: many if plural else one for name, one, many in _VERBS}
    return frame.format_map({"np": full, "np0": bare, **verbs})


def _pattern(group: Group, wording: Wording, rng: np.random.Generator, *, sentences: bool) -> str:
    fact = group.facts[0]
    if len(group.facts) == 2 and fact.finding in _PAIRED:
        unlike = group.facts[0].severity != group.facts[1].severity
        patterns = tuple(p for p in wording.pairs[fact.finding] if ("{greater}" in p) == unlike)
    else:
        key = f"{fact.finding}@{fact.anatomy}"
        patterns = wording.patterns.get(key, wording.patterns.get(fact.finding, ()))
    return choose([pattern for pattern in patterns if sentences or not pattern.endswith(".")], rng)


def _fields(group: Group, writer: Writer, rng: np.random.Generator, *, plain: bool = False) -> dict[str, str]:
    """What a pattern may name; `plain` leaves out article, severity and measures."""
    wording, fact = writer.wording, group.facts[0]
    fields = dict.fromkeys(("a", "size", "degree", "degree_adverb", "side", "initial", "mm", "greater", "lesser"), "")
    fields["place"], fields["at"] = _place_words(group, wording, rng)
    if fact.side is not None:
        fields["side"], fields["initial"] = wording.sides[fact.side], fact.side[0].upper()
    if len(group.facts) == 2 and fact.severity is not None and group.facts[1].severity is not None:
        first, second = sorted(group.facts, key=lambda f: -SEVERITIES.index(f.severity or "minimal"))
        fields["greater"] = wording.sides[first.side] if first.side else ""
        fields["lesser"] = wording.sides[second.side] if second.side else ""
    if plain:
        return fields
    fields["a"] = ARTICLE if writer.articles else ""
    alike = all(other.severity == fact.severity for other in group.facts)
    if fact.severity is not None and alike and rng.random() < writer.severity_given:
        fields["size"] = choose(wording.sizes[fact.severity], rng)
        fields["degree"] = choose(wording.degrees[fact.severity], rng)
        fields["degree_adverb"] = choose(wording.degree_adverbs[fact.severity], rng)
    if fact.size_mm is not None:
        fields["mm"] = _measure(fact.size_mm, wording, rng)
    return fields


def _measure(size_mm: float, wording: Wording, rng: np.random.Generator) -> str:
    shorter = max(2.0, round(size_mm * float(rng.uniform(0.6, 0.95))))
    return choose(wording.measures, rng).format(
        mm=f"{size_mm:.0f}", mm2=f"{shorter:.0f}", cm=f"{size_mm / 10:.1f}", cm2=f"{shorter / 10:.1f}"
    )


def _place_words(group: Group, wording: Wording, rng: np.random.Generator) -> tuple[str, str]:
    fact = group.facts[0]
    side = wording.sides[fact.side] if fact.side else ""
    if len(group.facts) == 2 and fact.finding in _COORDINATED:
        other = group.facts[1]
        same = fact.side == other.side
        options = wording.same_side if same else wording.both_sides
        template = options[int(rng.integers(len(options)))]
        one, two = sorted((fact.anatomy, other.anatomy), key=_JOINABLE_LOBES.index)
        words = {"side": side, "one": wording.lobes[one], "two": wording.lobes[two], "lobe": wording.lobes[one]}
        return template[0].format_map(words), template[1].format_map(words)
    pairs = wording.places.get(fact.anatomy)
    if pairs is None:
        return side, ""
    place, at = pairs[int(rng.integers(len(pairs)))]
    words = {"side": side, "initial": fact.side[0].upper() if fact.side else ""}
    return place.format_map(words), at.format_map(words)
