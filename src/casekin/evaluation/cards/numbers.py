"""Numbers as people read them: no more digits than their interval warrants, and a word where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from casekin.anatomy import anatomy, parse_place
from casekin.errors import PlaceError

Score = Mapping[str, Any]
"""`mean`, `lo`, `hi`, `n`, `patients` of the record: a measure's score or a difference."""

UNKNOWN = "n/a"
_MOST_DECIMALS = 3
_MINUS = "−"
_JOIN = "\N{NO-BREAK SPACE}"
_LEAST_P = 0.001


def figure(score: Score) -> str:
    """The mean, to the second digit of its interval's width and three decimals at most."""
    return fixed(score["mean"], _decimals(score))


def interval(score: Score) -> str:
    """`0.49 to 0.55`, which no line breaks; where there is none, why."""
    if score["lo"] is None or score["hi"] is None:
        reasons = {0: " (no query)", 1: " (one patient)"}
        return UNKNOWN + reasons.get(score["patients"], "")
    return f"{fixed(score['lo'], _decimals(score))}{_JOIN}to{_JOIN}{fixed(score['hi'], _decimals(score))}"


def figure_with_interval(score: Score) -> str:
    """`0.52 (0.49 to 0.55)`."""
    if score["mean"] is None:
        return figure(score)
    told = interval(score)
    return f"{figure(score)}, interval {told}" if told.startswith(UNKNOWN) else f"{figure(score)} ({told})"


def difference(score: Score) -> str:
    """`+0.12 (0.09 to 0.15)`."""
    told = figure_with_interval(score)
    return f"+{told}" if (score["mean"] or 0) > 0 else told


def fixed(value: float | None, decimals: int = _MOST_DECIMALS) -> str:
    """A number with so many decimals; those from 10 on have one at most."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,.{min(decimals, 1) if abs(value) >= 10 else decimals}f}"
    return text.replace("-", _MINUS) if float(text.replace(",", "")) else text.lstrip("-")


def percent(share: float | None) -> str:
    """A share in hundredths, two digits of it."""
    if share is None:
        return UNKNOWN
    decimals = 0 if share in (0, 1) or share >= 0.1 else 1 if share >= 0.01 else 2
    return f"{100 * share:.{decimals}f} %"


def probability(p: float | None) -> str:
    """A p value: never 0."""
    if p is None:
        return UNKNOWN
    return f"<{_JOIN}{_LEAST_P}" if p < _LEAST_P else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def count(value: float) -> str:
    """A count or a median of counts, thousands apart."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def count_words(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Reasons and how often, those that never happened left out; `same_patient` as `same patient`."""
    return [(name.replace("_", " "), count(told)) for name, told in counts.items() if told]


def place_words(place: str) -> str:
    """`left_lower_lobe` as `left lower lobe`, `svc` as `superior vena cava`, `*` as `whole case`; others stay."""
    if place in ("*", ""):
        return "whole case"
    try:
        known = parse_place(place)
    except PlaceError:  # labels of others name places of their own
        return place.replace("_", " ")
    name = anatomy(known.anatomy).name
    return f"{known.side} {name}" if known.side in ("left", "right", "bilateral") else name


def _decimals(score: Score) -> int:
    lo, hi = score["lo"], score["hi"]
    if lo is None or hi is None or hi <= lo:
        return _MOST_DECIMALS
    return min(_MOST_DECIMALS, max(0, 1 + math.ceil(-math.log10(hi - lo))))
