"""The words of the sheet: shipped names of places and findings, the question, sentences with their findings marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekin.anatomy import anatomy
from casekin.errors import FindingError, PlaceError
from casekin.findings import finding as known_finding

MAP_WORDS = (
    "How surely a part of one region and its best partner in the other show the same finding; the line is at one half. "
    "The scale is the same in every picture."
)
SEEN_WORDS = "As the model reads the pictures: chance in query | this case"
_LONGEST_QUOTE = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a quoted sentence; `strong` where it names the finding."""

    text: str
    strong: bool = False


def place_words(record: Mapping[str, Any]) -> str:
    """`left lower lobe`, in the shipped names, of a record with anatomy and side."""
    name, side = str(record["anatomy"]), record.get("side")
    try:
        words = anatomy(name).name
    except PlaceError:  # an index of another version may know places that this one doesn't
        words = name.replace("_", " ")
    return f"{side} {words}" if side in ("left", "right", "bilateral") else words


def finding_words(finding_id: str) -> str:
    try:
        return known_finding(finding_id).name
    except FindingError:  # an index of another version may know findings that this one doesn't
        return finding_id.replace("_", " ")


def emphasised(sentence: str, finding_ids: Sequence[str]) -> tuple[Piece, ...]:
    """The sentence in pieces, the longest wordings of the findings strong."""
    text = sentence if len(sentence) <= _LONGEST_QUOTE else sentence[: _LONGEST_QUOTE - 1].rstrip() + "…"
    spans = sorted(span for name in finding_ids if (span := _wording(text, name)) is not None)
    pieces, position = [], 0
    for start, end in spans:
        if start < position:
            continue
        pieces += [Piece(text=text[position:start]), Piece(text=text[start:end], strong=True)]
        position = end
    return tuple(piece for piece in [*pieces, Piece(text=text[position:])] if piece.text)


def question_words(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and words of everything that was asked."""
    for label, key in (("Text", "text"), ("Phrase", "phrase")):
        if query.get(key):
            yield label, str(query[key])
    asked = [str(place).replace("_", " ") for place in query.get("at") or ()]
    regions = query.get("resolved_regions") or ()
    found = list(dict.fromkeys(place_words(region) for region in regions))
    if asked:
        yield "Place", ", ".join(asked)
    if found and found != asked:
        yield ("Looked at" if asked else "Place"), ", ".join(found)
    if query.get("box"):
        yield "Box", " ".join(f"{value:g}" for value in query["box"])
    if query.get("mask"):
        yield "Region", "a drawn mask"
    if query.get("image"):
        yield "Image", str(query["image"])
    if query.get("where"):
        yield "Only cases", str(query["where"])


def case_words(case: Mapping[str, Any]) -> str:
    parts = [str(case[key]) for key in ("modality", "view", "sex") if case.get(key)]
    if case.get("age") is not None:
        parts.append(f"{float(case['age']):.0f} years")
    if case.get("day_offset") is not None:
        parts.append(f"day {int(case['day_offset'])}")
    return " · ".join(parts)


def _wording(sentence: str, finding_id: str) -> tuple[int, int] | None:
    """Where the sentence names the finding: its longest synonym, else the longest word of its name."""
    words = [finding_id.replace("_", " ")]
    try:
        known = known_finding(finding_id)
        words += [known.name, *known.synonyms, *(word for sign in known.signs for word in sign.words)]
    except FindingError:
        pass
    singles = [word for word in words[0].split() if len(word) > 4]
    for candidates in (words, singles):
        for wording in sorted(set(candidates), key=lambda text: (-len(text), text)):
            found = re.search(rf"\b{re.escape(wording)}(?:e?s)?\b", sentence, flags=re.IGNORECASE)
            if found:
                return found.span()
    return None
