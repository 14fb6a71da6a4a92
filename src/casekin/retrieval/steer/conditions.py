"""Conditions on what reports state: "pleural effusion", "pneumothorax at the left lung", required or excluded."""

from __future__ import annotations

import re

from casekin.anatomy import parse_place
from casekin.errors import FilterError, FindingError, PlaceError
from casekin.findings import parse_finding
from casekin.index.search.filters import Combined, Expression, FindingIs, parse_where
from casekin.retrieval.query import SearchQuery

_AT = re.compile(r"\s+at\s+", flags=re.IGNORECASE)


def read_condition(text: str, *, option: str) -> FindingIs:
    """Read "FINDING [at PLACE]"; anywhere without a place. Raises `FilterError` with the nearest known words."""
    finding, *place = _AT.split(text.strip(), maxsplit=1)
    try:
        return FindingIs(
            finding=parse_finding(finding), place=parse_place(place[0]) if place else None, polarity="present"
        )
    except (FindingError, PlaceError) as error:
        raise FilterError(f"--{option}: expected FINDING [at PLACE]; {error}") from error


def read_filter(query: SearchQuery) -> Expression | None:
    """All that a case must pass: the filter, every finding required, none excluded. Raises `FilterError`."""
    parts = [] if query.where is None else [parse_where(query.where)]
    parts += [read_condition(text, option="with") for text in query.with_]
    parts += [part for text in query.without for part in _denied(read_condition(text, option="without"))]
    return None if not parts else parts[0] if len(parts) == 1 else Combined(operator="and", parts=tuple(parts))


def filter_text(query: SearchQuery) -> str | None:
    """The same in the language of `--where`."""
    parts = [] if query.where is None else [query.where]
    parts += [condition_text(read_condition(text, option="with")) for text in query.with_]
    for text in query.without:
        condition = condition_text(read_condition(text, option="without"))
        parts += [f"not {condition}", f"not {condition} uncertain"]
    return None if not parts else parts[0] if len(parts) == 1 else " and ".join(_bracketed(part) for part in parts)


def condition_text(condition: FindingIs) -> str:
    """The canonical form: `pleural_effusion at left_pleural_space`."""
    return condition.finding if condition.place is None else f"{condition.finding} at {condition.place}"


def _denied(condition: FindingIs) -> tuple[Expression, ...]:
    """A case is without a finding that its report states neither as present nor as uncertain."""
    uncertain = FindingIs(finding=condition.finding, place=condition.place, polarity="uncertain")
    return tuple(Combined(operator="not", parts=(part,)) for part in (condition, uncertain))


def _bracketed(part: str) -> str:
    return f"({part})" if re.search(r"\bor\b", part, flags=re.IGNORECASE) else part
