"""Words of sides in report text, swapped: what the report of the mirrored image would say, or None.

Swapped are left and right in any case and form ("Left-sided", "rt", "(L)", "R>L", "leftward"), abbreviations with a
side (LLL and RLL, RIJ, 4R), the sides that a curve is convex to, and the lingula with the right middle lobe. Kept are
names that hold a side and mean no place on it (the right atrium, the left anterior descending artery) and words that
only look like sides ("left in place", "right angle", "R/O", L4, 2 L/min).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from casekin.anatomy import ANATOMIES, mirror, spellings
from casekin.reports import read_report
from casekin.types import Fact, Place

_OTHER = {
    "left": "right",
    "right": "left",
    "lt": "rt",
    "rt": "lt",
    "l": "r",
    "r": "l",
    "levo": "dextro",
    "dextro": "levo",
}
_OTHER |= {"lingula": "right middle lobe", "right middle lobe": "lingula"}
_CHAMBERS = (
    r"(?:atri|ventric|heart\b(?! border| margin)|coronar|circumflex|anterior descending|main coronary|bundle)\w*"
)
_KEPT = (
    rf"(?:left|right|lt|rt|l|r)[ \-.]{{1,2}}{_CHAMBERS}",
    r"(?:left|right)[ -]to[ -](?:left|right)[ -]shunt\w*",
    r"(?:was|were|been|being|is|are|be|has|had|have) left(?= (?:in|at|behind|untouched|alone|open|without)\b)",
    r"left (?:in (?:place|situ|position)|behind|untouched|alone|open|over)\b",
    r"right (?:now|away|after|next|at|above|below|behind|clinical|angle to|angles)\b|right[- ]angled|all right",
    r"r ?/ ?o\b|b ?/ ?l\b|l[ -]spine|l ?/ ?s\b|[lr][ -]?\d|l ?/ ?min",
    r"\d+(?:\.\d+)? ?l(?= ?/| (?:of|oxygen|o2|nc|nasal|via|drained)\b)",
)
_SWAPPED = (
    r"(?P<lobe>right middle lobe|lingula)\b",
    r"(?P<word>left|right)(?=(?:wards?|sided|most)?\b)",
    r"(?P<curve>levo|dextro)(?=scolio|convex|curv|rotosc)",
    r"(?P<short>lt|rt)\b",
    r"(?P<letter>[lr])(?![\w'’]|\.?[a-z]\.)",
)
# No swap says the same: names without a counterpart, and hearts that are mirrored already.
_NO_COUNTERPART = re.compile(
    r"(?<!right )\bmiddle lobes?\b|\blingular\b|\brml\b|\bleft middle lobe\b|\b(?:dextro|levo)(?:card|pos|rot|ver)"
    r"|\bsitus (?:inversus|ambiguus)|\bminor fissure|\bhorizontal fissure|\bazygos (?:lobe|fissure)",
    re.IGNORECASE,
)
_MORE_ABBREVIATIONS = (
    "ij",
    "ijv",
    "sc",
    "scv",
    "cpa",
    "cp",
    "uq",
    "lq",
    "hd",
    "mb",
    "msb",
    "ao",
    "po",
    "ld",
    "ue",
    "lung",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwappedText:
    """A text with its sides swapped. `edits` are `[start, end)` in the old text and the new words there, in order."""

    text: str
    edits: tuple[tuple[int, int, str], ...]

    def moved(self, offset: int) -> int:
        """Where an offset of the old text is in the new one; within an edit, as far from its start, at most its end."""
        shift = 0
        for start, end, new in self.edits:
            if offset < end:
                return start + shift + min(offset - start, len(new)) if offset > start else offset + shift
            shift += len(new) - (end - start)
        return offset + shift


def swap_sides(text: str) -> SwappedText:
    """The text with every word of a side swapped; nothing is checked."""
    edits = tuple(_edits(text))
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return SwappedText(text="".join([*parts, text[at:]]), edits=edits)


@lru_cache(maxsize=1 << 15)  # reading costs milliseconds, and several trainings of one process read the same reports
def mirror_text(text: str) -> SwappedText | None:
    """What the report of the mirrored image says, or None where no words say it truthfully.

    None when a place has no counterpart ("RML", "minor fissure"), when swapping twice gives another text, and when the
    report reader doesn't find in the mirrored text exactly the mirrored facts and normal places of the text.
    """
    if _NO_COUNTERPART.search(text):
        return None
    swapped = swap_sides(text)
    if swap_sides(swapped.text).text != text or not _says_mirrored(text, swapped.text):
        return None
    return swapped


def mirror_place(place: Place) -> Place | None:
    """The place at the mirrored position; None where only a mirrored image has one (the azygos lobe)."""
    mirrored = mirror(place)
    only = ANATOMIES[mirrored.anatomy].only
    return mirrored if only is None or mirrored.side in (None, only) else None


def _says_mirrored(text: str, mirrored: str) -> bool:
    ours, theirs = read_report(text), read_report(mirrored)
    wanted = [(mirror_place(fact.place), _rest(fact)) for fact in ours.facts]
    found = [(fact.place, _rest(fact)) for fact in theirs.facts]
    normal = [mirror_place(place) for place in ours.normal_anatomies]
    return _counted(wanted) == _counted(found) and _counted(normal) == _counted(theirs.normal_anatomies)


def _rest(fact: Fact) -> tuple[object, ...]:
    """All of a fact but where it stands."""
    return fact.finding, fact.polarity, fact.severity, fact.size_mm, fact.change


def _counted(things: Iterable[object]) -> list[str]:
    """The things in an order that doesn't depend on theirs."""
    return sorted(map(repr, things))


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _pattern().finditer(text):
        kind = match.lastgroup
        if kind == "kept" or kind is None:
            continue
        word = match.group(kind)
        if kind == "station":
            new = _in_case_of(_OTHER[word[-1].lower()], word[-1])
            yield match.end(kind) - 1, match.end(kind), new
        elif kind == "abbreviation":
            yield match.start(kind), match.start(kind) + 1, _in_case_of(_OTHER[word[0].lower()], word[0])
        else:
            yield match.start(kind), match.end(kind), _in_case_of(_OTHER[word.lower()], word)


def _in_case_of(word: str, model: str) -> str:
    """The word in capitals, with a capital, or small, as the model is."""
    if model.isupper():
        return word.upper() if len(model) > 1 or len(word) == 1 else word.capitalize()
    return word[0].upper() + word[1:] if model[0].isupper() else word


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Everything kept and swapped as one alternation, kept names first; abbreviations come from the ontology."""
    kept = "|".join([*_KEPT, *map(re.escape, _sided_names())])
    starts, ends = _abbreviations()
    abbreviations = rf"(?P<abbreviation>[lr](?:{'|'.join(map(re.escape, starts))}))\b"
    stations = rf"(?P<station>(?:{'|'.join(map(re.escape, ends))})[lr])\b"
    whole = "|".join([f"(?P<kept>{kept})", abbreviations, stations, *_SWAPPED])
    return re.compile(rf"(?<![\w’'])(?:{whole})", re.IGNORECASE)


def _sided_names() -> list[str]:
    """Names that hold a side of anatomies that have none and no counterpart: the right atrium."""
    names = {
        name
        for node in ANATOMIES.values()
        if not node.paired and node.counterpart is None
        for name, _ in spellings(node)
        if name.split()[0] in ("left", "right")
    }
    return sorted(names, key=lambda name: (-len(name), name))


def _abbreviations() -> tuple[list[str], list[str]]:
    """What follows a side's letter ("ll" of "rll"), and what stands before it ("4" of "4r")."""
    starts, ends = set(_MORE_ABBREVIATIONS), set()
    for node in ANATOMIES.values():
        words = {side: set(names) for side, names in node.sided_synonyms.items()}
        for name in words.get("left", ()):
            if name[0] == "l" and f"r{name[1:]}" in words.get("right", ()):
                starts.add(name[1:])
            if name[-1] == "l" and f"{name[:-1]}r" in words.get("right", ()) and name[:-1].isdigit():
                ends.add(name[:-1])
    order = sorted(starts, key=lambda name: (-len(name), name))
    return order, sorted(ends, key=lambda name: (-len(name), name))
