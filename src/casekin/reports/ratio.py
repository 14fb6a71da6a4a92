"""The cardiothoracic ratio: "CTR 0.45", "cardiothoracic ratio of less than 50 %"; above a half the heart is large."""

from __future__ import annotations

from casekin.reports.entities import Entity, Parsed
from casekin.types import Polarity

_HALF = 50.0  # per cent; Danzer's limit on an upright posteroanterior radiograph
_REACH = 8  # tokens between the name and the number
_BELOW = frozenset(("<", "under", "below", "less", "smaller", "within", "≤", "not"))
_ABOVE = frozenset((">", "over", "above", "greater", "more", "larger", "exceeds", "exceeding", "≥", "beyond"))
_STOPS = frozenset((",", ";", "and", "with", "cm", "mm"))


def heart_ratio(parsed: Parsed) -> tuple[Polarity, int, int] | None:
    """Whether a stated ratio says that the heart is enlarged, with the first and last token; None without one."""
    for entity in parsed.entities:
        if entity.meaning("anatomy") and _names_ratio(parsed, entity):
            number = _number(parsed, entity.last + 1)
            if number is not None:
                return _judged(parsed, entity.last + 1, number), entity.first, number
    return None


def _names_ratio(parsed: Parsed, entity: Entity) -> bool:
    last = parsed.tokens[entity.last].word
    return last in ("ratio", "index", "ctr", "quotient")


def _number(parsed: Parsed, at: int) -> int | None:
    """The token of the ratio's number: 0.3 to 0.9, or 30 to 90 per cent."""
    for i in range(at, min(at + _REACH, len(parsed.tokens))):
        word = parsed.tokens[i].word
        if word in _STOPS:
            return None
        if word[0].isdecimal() or word == "half":
            return i if word == "half" or 30 <= _per_cent(word) <= 90 else None
    return None


def _per_cent(word: str) -> float:
    value = float(word)
    return 100 * value if value < 1 else value


def _judged(parsed: Parsed, first: int, number: int) -> Polarity:
    words = {parsed.tokens[i].word for i in range(first, number)}
    if words & _BELOW:
        return "absent"
    if words & _ABOVE:
        return "present"
    word = parsed.tokens[number].word
    return "present" if word != "half" and _per_cent(word) > _HALF else "absent"
