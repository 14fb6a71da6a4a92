"""From facts to clauses: which facts share a phrase, and how a writer's patterns and frames are filled.

The result is marked text (`casekin.world.marked_text`); capitals, articles and full stops come later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casekin.types import SEVERITIES, Fact, Place, Side
from casekin.world.latent import DEVICES
from casekin.world.marked_text import ARTICLE, mark
from casekin.world.wording import PLACING, Wording, Writer

_PAIRED = frozenset({"pleural_effusion", "pleural_thickening", "hilar_enlargement"})
_COORDINATED = frozenset({"consolidation", "ground_glass_opacity", "atelectasis"})
_LOBES: Mapping[str, str] = {"upper_lobe": "upper", "middle_lobe": "middle", "lower_lobe": "lower"}
_TIPPED = frozenset({"endotracheal_tube", "nasogastric_tube", "central_venous_catheter"})
# What a sentence about one side of the lung may take up as "there" or "on the same side".
_BESIDE = frozenset({"pleural_effusion", "pneumothorax", "pleural_thickening", "rib_fracture"})
# What a picture may leave in doubt.
HEDGEABLE = frozenset(
    {
        "consolidation",
        "ground_glass_opacity",
        "nodule",
        "atelectasis",
        "pleural_effusion",
        "pulmonary_edema",
        "fibrosis",
        "pleural_thickening",
        "rib_fracture",
        "hilar_enlargement",
        "mediastinal_widening",
        "hiatal_hernia",
    }
)
_VERBS: tuple[tuple[str, str, str], ...] = (
    ("is", "is", "are"),
    ("has", "has", "have"),
    ("remains", "remains", "remain"),
    ("persists", "persists", "persist"),
    ("appears", "appears", "appear"),
    ("shows", "shows", "show"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """How a report names the place of a group: before the noun, after it, and what these words mean for each fact."""

    place: str
    at: str
    means: tuple[Place | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Facts that one phrase says together, with the keys of their statements; `hedged` holds for all of them.

    The keys are one for each fact, or one in all where the two sides are said as one: "bilateral".
    """

    keys: tuple[int, ...]
    facts: tuple[Fact, ...]
    hedged: bool
    words: PlaceWords


def choose(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def grouped(statements: Sequence[tuple[int, Fact, bool]], writer: Writer, rng: np.random.Generator) -> list[Group]:
    """Groups of the `(key, fact, hedged)`, in order: the two sides, or two or three lobes, that changed alike."""
    groups: list[Group] = []
    taken: set[int] = set()
    for key, fact, hedged in statements:
        if key in taken:
            continue
        joined = [(key, fact)]
        for other_key, other, other_hedged in statements:
            fits = other_key > key and other_key not in taken and hedged == other_hedged
            if fits and _joinable([one for _, one in joined], other, writer.wording) and rng.random() < 0.7:
                joined.append((other_key, other))
        taken |= {key for key, _ in joined}
        groups.append(_group(joined, hedged, writer, rng))
    return groups


def single_group(key: int, fact: Fact, writer: Writer, rng: np.random.Generator) -> Group:
    """A group of one fact that is stated plainly."""
    return _group([(key, fact)], False, writer, rng)


def _joinable(facts: Sequence[Fact], other: Fact, wording: Wording) -> bool:
    """Whether a phrase for `facts` can say `other` too."""
    one = facts[0]
    if (one.finding, one.change, one.polarity) != (other.finding, other.change, other.polarity):
        return False
    if one.finding in _PAIRED:
        alike = _steps(one, other) <= 1 or one.finding in wording.apart
        return len(facts) == 1 and {one.side, other.side} == {"left", "right"} and alike
    if one.finding not in _COORDINATED or not {one.anatomy, other.anatomy} <= set(_LOBES):
        return False
    if {fact.side for fact in facts} == {other.side}:
        return True
    return len(facts) == 1 and (one.anatomy != other.anatomy or _steps(one, other) <= 1)


def _steps(one: Fact, other: Fact) -> int:
    """How many steps of severity lie between two facts."""
    if one.severity is None or other.severity is None:
        return 0
    return abs(SEVERITIES.index(one.severity) - SEVERITIES.index(other.severity))


def _group(joined: list[tuple[int, Fact]], hedged: bool, writer: Writer, rng: np.random.Generator) -> Group:
    facts = tuple(fact for _, fact in joined)
    keys = tuple(key for key, _ in joined)
    words = _place_words(facts, writer, rng)
    return Group(keys=keys[:1] if is_two_sided(facts) else keys, facts=facts, hedged=hedged, words=words)


def is_two_sided(facts: Sequence[Fact]) -> bool:
    """Whether a phrase says the facts as one finding on both sides; unlike ones by more than a step it says apart."""
    return len(facts) == 2 and facts[0].anatomy == facts[1].anatomy and _steps(facts[0], facts[1]) <= 1


def two_sided(facts: Sequence[Fact]) -> Fact:
    """The one fact that both sides are stated as; the greater severity counts."""
    severities = [fact.severity for fact in facts if fact.severity is not None]
    return replace(facts[0], side="bilateral", severity=max(severities, key=SEVERITIES.index, default=None))


def clause(group: Group, writer: Writer, rng: np.random.Generator) -> str:
    """A marked sentence that says the group: resolved, hedged, changed, likely or plainly present."""
    change = group.facts[0].change
    if change == "resolved":
        if group.facts[0].finding in DEVICES:
            name = _device_name(group.facts[0], writer.wording, rng)
            return _in_frame(name, group, writer, choose(writer.removed, rng), rng, plain=True)
        return _framed(group, writer, writer.changed[change], rng, plain=True)
    if group.hedged:
        return _framed(group, writer, writer.hedged, rng)
    compared = change if change is not None and rng.random() < writer.change_given else None
    if compared is None and writer.likely and group.facts[0].finding in HEDGEABLE and rng.random() < 0.08:
        return _framed(group, writer, writer.likely, rng)
    pattern = _pattern(group, writer.wording, rng, sentences=True)
    if pattern.endswith("."):
        tail = choose(writer.tails[compared], rng) if compared is not None else ""
        return _filled(pattern.rstrip("."), _fields(group, writer, rng), group) + tail
    frames = writer.present if compared is None else writer.changed[compared]
    return _in_frame(pattern, group, writer, choose(frames, rng), rng)


def joined_clauses(one: Group, two: Group, writer: Writer, rng: np.random.Generator) -> list[str]:
    """Two findings in one or two marked sentences, each with its own place; their changes go unsaid."""
    first = _framed(one, writer, ("{np}",), rng)
    second = _framed(two, writer, ("{np}",), rng)
    return choose(writer.joined, rng).format(one=first, two=second, study="{study}").split("|")


def is_beside(one: Group, two: Group, writer: Writer) -> bool:
    """Whether `two` can be said of the side that a sentence about `one` names."""
    if len(one.facts) != 1 or len(two.facts) != 1 or not writer.beside:
        return False
    second = two.facts[0]
    return second.finding in _BESIDE & set(writer.wording.bare) and one.facts[0].side == second.side


def beside_clauses(one: Group, two: Group, writer: Writer, rng: np.random.Generator) -> list[str]:
    """Marked sentences (one or two) in which only the first finding's place is said."""
    pattern = choose(writer.wording.bare[two.facts[0].finding], rng)
    second = _filled(pattern, _fields(two, writer, rng), two)
    frame = choose(writer.beside, rng)
    return frame.format(one=_framed(one, writer, ("{np}",), rng), two=second, study="{study}").split("|")


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
    return item if side is None else writer.wording.one_sided.format(item=item, side=writer.wording.sides[side])


def _device_name(fact: Fact, wording: Wording, rng: np.random.Generator) -> str:
    """A device's phrase without where its tip is, with its side if it has one: `{side} [chest tube]`."""
    pattern = choose(wording.patterns[fact.finding], rng)
    name = pattern[pattern.index("[") : pattern.index("]") + 1]
    return f"{{side}} {name}" if fact.side is not None else name


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
    bare, full = (_filled(pattern.lstrip("*"), {**fields, "a": article}, group) for article in ("", fields["a"]))
    verbs = {name: many if plural else one for name, one, many in _VERBS}
    return frame.format_map({"np": full, "np0": bare, "study": "{study}", **verbs})


def _filled(pattern: str, fields: dict[str, str], group: Group) -> str:
    """The marked pattern; a comma before an empty last field goes."""
    return mark(pattern.format_map(fields).rstrip(" ,"), group.keys)


def _pattern(group: Group, wording: Wording, rng: np.random.Generator, *, sentences: bool) -> str:
    fact = group.facts[0]
    if len(group.facts) == 2 and fact.finding in _PAIRED:
        if len(group.keys) == 2:
            return choose(wording.apart[fact.finding], rng)
        unlike = group.facts[0].severity != group.facts[1].severity
        patterns = tuple(p for p in wording.pairs[fact.finding] if ("{greater}" in p) == unlike)
    else:
        key = f"{fact.finding}@{fact.anatomy}"
        patterns = wording.patterns.get(key, wording.patterns.get(fact.finding, ()))
    return choose([pattern for pattern in patterns if sentences or not pattern.endswith(".")], rng)


def says_place(fact: Fact) -> bool:
    """Whether a statement of the fact's presence names its place; the others stand at the finding's home.

    >>> says_place(Fact(finding="cardiomegaly", anatomy="cardiac_silhouette", side=None, polarity="present"))
    False
    """
    return fact.side in ("left", "right") or (fact.finding in _TIPPED and fact.change != "resolved")


def is_placed(pattern: str) -> bool:
    """Whether a pattern has a field for the place."""
    return any(field in pattern for field in PLACING)


def _fields(group: Group, writer: Writer, rng: np.random.Generator, *, plain: bool = False) -> dict[str, str]:
    """What a pattern may name; `plain` leaves out article, severity and measures."""
    wording, fact = writer.wording, group.facts[0]
    names = ("a", "size", "degree", "degree_adverb", "side", "initial", "mm", "greater", "lesser", "tip")
    fields = dict.fromkeys(names, "") | {"place": group.words.place, "at": group.words.at}
    if fact.side is not None:
        fields["side"], fields["initial"] = wording.sides[fact.side], fact.side[0].upper()
    if fact.anatomy in wording.tips:
        fields["tip"] = choose(wording.tips[fact.anatomy], rng).format(n=int(rng.integers(2, 7)))
    if plain:
        return fields
    if len(group.facts) == 2 and fact.finding in _PAIRED:
        fields |= _side_by_side(group.facts, wording, rng)
    fields["a"] = ARTICLE if writer.articles else ""
    alike = all(other.severity == fact.severity for other in group.facts)
    if fact.severity is not None and alike and rng.random() < writer.severity_given:
        fields["size"] = choose(wording.sizes[fact.severity], rng)
        fields["degree"] = choose(wording.degrees[fact.severity], rng)
        fields["degree_adverb"] = choose(wording.degree_adverbs[fact.severity], rng)
    if fact.size_mm is not None:
        fields["mm"] = _measure(fact.size_mm, wording, rng)
    return fields


def _side_by_side(facts: Sequence[Fact], wording: Wording, rng: np.random.Generator) -> dict[str, str]:
    """The sides of a pair, the more severe first, for patterns that compare or list them."""
    fields = {}
    ranked = sorted(facts, key=lambda fact: -SEVERITIES.index(fact.severity or "minimal"))
    for name, rank, fact in zip(("one", "two"), ("greater", "lesser"), ranked, strict=True):
        fields[rank] = fields[f"side_{name}"] = wording.sides[fact.side or "bilateral"]
        fields[f"size_{name}"] = choose(wording.sizes[fact.severity or "mild"], rng)
    return fields


def _measure(size_mm: float, wording: Wording, rng: np.random.Generator) -> str:
    shorter = max(2.0, round(size_mm * float(rng.uniform(0.6, 0.95))))
    return choose(wording.measures, rng).format(
        mm=f"{size_mm:.0f}", mm2=f"{shorter:.0f}", cm=f"{size_mm / 10:.1f}", cm2=f"{shorter / 10:.1f}"
    )


def _place_words(facts: Sequence[Fact], writer: Writer, rng: np.random.Generator) -> PlaceWords:
    """Words for the place of facts that are said together, and what they mean; the same all through a report."""
    wording, fact = writer.wording, facts[0]
    if len(facts) > 1:
        return _coordinated_words(facts, wording, rng)
    means = fact.place if says_place(fact) else None
    words = {
        "side": wording.sides[fact.side] if fact.side else "",
        "initial": fact.side[0].upper() if fact.side else "",
    }
    broad = wording.broad.get(fact.anatomy)
    if broad is not None and rng.random() < writer.broadness:
        place, at, anatomy = broad[int(rng.integers(len(broad)))]
        means = Place(anatomy=anatomy, side=fact.side)
    elif (pairs := wording.places.get(fact.anatomy)) is not None:
        place, at = pairs[int(rng.integers(len(pairs)))]
    else:
        place, at = "{side}", ""
    return PlaceWords(place=place.format_map(words), at=at.format_map(words), means=(means,))


def _coordinated_words(facts: Sequence[Fact], wording: Wording, rng: np.random.Generator) -> PlaceWords:
    """Words for two or three lobes, or for both sides of one anatomy."""
    if is_two_sided(facts):
        means: tuple[Place, ...] = (Place(anatomy=facts[0].anatomy, side="bilateral"),)
    else:
        means = tuple(fact.place for fact in facts)
    if facts[0].finding in _PAIRED:
        return PlaceWords(place="", at="", means=means)
    ordered = sorted(facts, key=lambda fact: (list(_LOBES).index(fact.anatomy), fact.side or ""))
    lobes = [_LOBES[fact.anatomy] for fact in ordered]
    words = {"lobe": lobes[0], "lobes": f"{', '.join(lobes[:-1])} and {lobes[-1]}", "one": lobes[0], "two": lobes[1]}
    sides = [wording.sides[fact.side or "bilateral"] for fact in ordered]
    words |= {"side": sides[0], "side_one": sides[0], "side_two": sides[1], "initial": sides[0][0].upper()}
    alike = len({fact.side for fact in facts}) == 1
    options = wording.same_side if alike else wording.both_sides if is_two_sided(facts) else wording.across
    place, at = options[int(rng.integers(len(options)))]
    return PlaceWords(place=place.format_map(words), at=at.format_map(words), means=means)
