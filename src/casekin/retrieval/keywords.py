"""Questions in keywords, in any order ("base left opacity lung"): known phrases as sets of words, longest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casekin.anatomy import ANATOMIES, SIDE_WORDS, is_part_of, spellings
from casekin.findings import FINDINGS
from casekin.reports import words as w
from casekin.reports.homes import fit_place, with_side
from casekin.retrieval.match import Asked
from casekin.retrieval.words import stem, words_of
from casekin.types import Fact, Place, Side

_MOST_WORDS = 12
"""Longer questions are prose, and the cost of matching sets stays small."""
_PROSE = w.COPULAS | w.PREPOSITIONS | w.CONNECTORS | w.ARTICLES | w.COMPARATIVES | {"no", "not", "without"}


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A known phrase: the stems of its words, what it is, its id or value, and the anatomy and side that it names."""

    stems: tuple[str, ...]
    kind: str
    value: str
    anatomy: str | None = None
    side: str | None = None


def read_keywords(text: str) -> Asked | None:
    """The finding that keywords ask for, placed and modified by all of them; None where they aren't plain keywords.

    Prose (anything with a preposition, verb, article or negation), several findings and two different sides are left to
    the report reader, which knows grammar.
    """
    words = words_of(text)
    if not 0 < len(words) <= _MOST_WORDS or any(word in _PROSE for word in words):
        return None
    phrases = _cover([stem(word) for word in words])
    findings = dict.fromkeys(p.value for p in phrases if p.kind == "finding") or _wider(words, phrases)
    sides = {SIDE_WORDS[word] for word in words if word in SIDE_WORDS}
    if len(findings) != 1 or len(sides) > 1:
        return None
    name, side = next(iter(findings)), next(iter(sides), None)
    places = _places(name, phrases)
    place = _on_side(places[0] if places else FINDINGS[name].home, side)
    said = {p.value for p in phrases}
    severity = next((each for each in w.SEVERITY_WORDS if each in said), None)
    change = next((each for each in w.CHANGE_WORDS if each in said), None)
    fact = Fact(
        finding=name, anatomy=place.anatomy, side=place.side, polarity="present", severity=severity, change=change
    )
    return Asked(fact=fact, anywhere=not places and place == FINDINGS[name].home)


def _cover(stems: Sequence[str]) -> list[_Phrase]:
    """Phrases whose words all occur, each word used once: the longest first, findings before places."""
    free = list(stems)
    taken = []
    while free:
        candidates = {p for s in dict.fromkeys(free) for p in _phrases().get(s, ()) if _within(p.stems, free)}
        if not candidates:
            break
        best = min(candidates, key=lambda p: (-len(p.stems), _ORDER[p.kind], p.value, p.anatomy or "", p.side or ""))
        for each in best.stems:
            free.remove(each)
        taken.append(best)
    return taken


def _within(stems: Sequence[str], free: Sequence[str]) -> bool:
    return all(free.count(s) >= stems.count(s) for s in stems)


def _wider(words: Sequence[str], phrases: Sequence[_Phrase]) -> dict[str, None]:
    """The only finding with names that hold all unknown words and more ("markings": "increased markings")."""
    known = {s for p in phrases for s in p.stems}
    wanted = {stem(word) for word in words if word not in SIDE_WORDS} - known
    wider = [p for s in wanted for p in _phrases().get(s, ()) if p.kind == "finding" and wanted <= set(p.stems)]
    names = dict.fromkeys(p.value for p in wider)
    return names if len(names) == 1 else {}


def _places(name: str, phrases: Iterable[_Phrase]) -> list[Place]:
    """The places said where the finding can be, less those that another is part of; as said before its home's sake."""
    said = [Place(anatomy=p.anatomy, side=p.side) for p in phrases if p.anatomy is not None]  # type: ignore[arg-type]
    fits = [(place, fitted) for place in said if (fitted := fit_place(name, place)) is not None]
    fitting = [fitted for place, fitted in fits if place == fitted] or [fitted for _, fitted in fits]
    return [
        place
        for place in fitting
        if not any(other != place and is_part_of(other, Place(anatomy=place.anatomy)) for other in fitting)
    ]


def _on_side(place: Place, side: Side | None) -> Place:
    """The place on a side; a side of the thorax is a hemithorax."""
    if place.anatomy == "thorax" and side in ("left", "right"):
        return Place(anatomy="hemithorax", side=side)
    return with_side(place, side)


_ORDER = {"finding": 0, "anatomy": 1, "severity": 2, "change": 3}


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[_Phrase, ...]]:
    """Every phrase by each of its stems."""
    rows: dict[str, dict[_Phrase, None]] = {}
    for phrase in _known():
        for each in phrase.stems:
            rows.setdefault(each, {})[phrase] = None
    return {each: tuple(phrases) for each, phrases in rows.items()}


def _known() -> Iterable[_Phrase]:
    for node in ANATOMIES.values():
        for name, side in spellings(node):
            yield _Phrase(_stems(name), "anatomy", node.id, node.id, node.only if side == "bilateral" else side)
    for each in FINDINGS.values():
        for name in (each.id.replace("_", " "), each.name, *each.synonyms):
            yield _Phrase(_stems(name), "finding", each.id)
        for sign in each.signs:
            for anatomy in sign.anatomies:
                names = dict.fromkeys(name for name, _ in spellings(ANATOMIES[anatomy]))
                yield from (
                    _Phrase(_stems(f"{word} {name}"), "finding", each.id, anatomy)
                    for word in sign.words
                    for name in names
                )
    for severity, phrases in w.SEVERITY_WORDS.items():
        yield from (_Phrase(_stems(phrase), "severity", severity) for phrase in phrases)
    for change, phrases in w.CHANGE_WORDS.items():
        yield from (_Phrase(_stems(phrase), "change", change) for phrase in phrases)


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(phrase))
