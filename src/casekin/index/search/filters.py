"""The `--where` language: parse once, then compare columns; the answer is exact however few cases pass.

Grammar (`and` binds tighter than `or`; case doesn't matter):

    expression := term ("or" term)*          term := factor ("and" factor)*
    factor     := ["not"] ( "(" expression ")" | condition | FIELD OP VALUE )
    condition  := FINDING ["at" PLACE] ["present" | "absent" | "uncertain"]      (default: present)

`FIELD` is one of `FIELDS`, `OP` one of = != < <= > >=, `VALUE` a word, a number or a quoted string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import overlaps, parse_place
from casekin.errors import FilterError, FindingError, PlaceError
from casekin.findings import finding_names, is_a, parse_finding
from casekin.index.search.derived import Derived
from casekin.types import POLARITIES, Fact, Place, Polarity

FIELDS = ("modality", "body_part", "view", "sex", "age", "day_offset", "source")
_OPERATORS = ("<=", ">=", "!=", "=", "<", ">")
_TOKEN = re.compile(r"\s*(<=|>=|!=|[=<>()]|'[^']*'|\"[^\"]*\"|[^\s()<>=!'\"]+)")
_MAX_LENGTH = 2000
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingIs:
    """A case states this finding, or a kind of it, at a place that overlaps `place` (anywhere when None)."""

    finding: str
    place: Place | None
    polarity: Polarity


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldIs:
    """A metadata field compares to a value; a case without the field never matches."""

    field: str
    operator: str
    value: str | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """`and`, `or` over several parts, or `not` over one."""

    operator: Literal["and", "or", "not"]
    parts: tuple[Expression, ...]


Expression = FindingIs | FieldIs | Combined


def parse_where(text: str) -> Expression:
    """Parse a `--where` expression. Raises `FilterError` with the position and what was expected."""
    if len(text) > _MAX_LENGTH:
        raise FilterError(f"where: expected at most {_MAX_LENGTH} characters, got {len(text)}; shorten it")
    parser = _Parser(_tokens(text))
    expression = parser.expression(0)
    if parser.peek() is not None:
        raise FilterError(f"where: expected 'and', 'or' or the end, got {parser.peek()!r}; check the brackets")
    return expression


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterError(f"where: can't read position {position + 1}; quote values with spaces")
        tokens.append(match.group(1))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self, ahead: int = 0) -> str | None:
        position = self._at + ahead
        return self._tokens[position].lower() if position < len(self._tokens) else None

    def take(self, expected: str) -> str:
        if self._at >= len(self._tokens):
            raise FilterError(f"where: expected {expected}, got the end; complete the expression")
        self._at += 1
        return self._tokens[self._at - 1]

    def expression(self, depth: int) -> Expression:
        return self._chain("or", depth)

    def _chain(self, operator: Literal["and", "or"], depth: int) -> Expression:
        if depth > _MAX_DEPTH:
            raise FilterError(f"where: expected at most {_MAX_DEPTH} nested brackets; simplify it")
        parts = [self._chain("and", depth) if operator == "or" else self._factor(depth)]
        while self.peek() == operator:
            self.take(operator)
            parts.append(self._chain("and", depth) if operator == "or" else self._factor(depth))
        return parts[0] if len(parts) == 1 else Combined(operator=operator, parts=tuple(parts))

    def _factor(self, depth: int) -> Expression:
        if self.peek() == "not":
            self.take("not")
            if depth > _MAX_DEPTH:
                raise FilterError(f"where: expected at most {_MAX_DEPTH} nested parts; simplify it")
            return Combined(operator="not", parts=(self._factor(depth + 1),))
        if self.peek() == "(":
            self.take("(")
            inner = self.expression(depth + 1)
            if self.take("')'") != ")":
                raise FilterError("where: expected ')'; close the bracket")
            return inner
        return self._field() if self.peek(1) in _OPERATORS else self._finding()

    def _field(self) -> FieldIs:
        name = self.take("a field").lower()
        if name not in FIELDS:
            raise FilterError(f"where: expected a field of {', '.join(FIELDS)}, got {name!r}")
        operator = self.take("an operator")
        token = self.take("a value")
        if token in (*_OPERATORS, "(", ")"):
            raise FilterError(f"where: expected a value after {name} {operator}, got {token!r}; quote it")
        raw = token.strip("'\"")
        if name not in ("age", "day_offset"):
            return FieldIs(field=name, operator=operator, value=raw)
        try:
            number = float(raw)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise FilterError(f"where: expected a number for {name}, got {raw!r}")
        return FieldIs(field=name, operator=operator, value=number)

    def _finding(self) -> FindingIs:
        words = self._words(stop=("at",))
        place = None
        try:
            finding = parse_finding(words)
            if self.peek() == "at":
                self.take("at")
                place = parse_place(self._words(stop=()))
        except (FindingError, PlaceError) as error:
            raise FilterError(f"where: {error}") from error
        polarity: Polarity = "present"
        if self.peek() in POLARITIES:
            polarity = self.take("a polarity").lower()  # type: ignore[assignment]
        return FindingIs(finding=finding, place=place, polarity=polarity)

    def _words(self, *, stop: tuple[str, ...]) -> str:
        words = [self.take("a finding or a field")]
        while (word := self.peek()) is not None and word not in (*stop, *POLARITIES, "and", "or", "(", ")"):
            words.append(self.take("a word"))
        return " ".join(words).strip("'\"")


def select_cases(expression: Expression, derived: Derived) -> NDArray[np.bool_]:
    """Mask over case numbers of the cases that match."""
    catalog = derived.catalog()
    if isinstance(expression, FieldIs):
        return derived.column(expression.field).matches(expression.operator, expression.value)
    if isinstance(expression, FindingIs):
        return _select_stating(expression, derived)
    masks = [select_cases(part, derived) for part in expression.parts]
    if expression.operator == "not":
        return catalog.is_case & ~masks[0]
    return np.asarray((np.logical_and if expression.operator == "and" else np.logical_or).reduce(masks))


def _select_stating(expression: FindingIs, derived: Derived) -> NDArray[np.bool_]:
    """The cases of which a report states this finding or a kind of it."""
    mask = np.zeros(derived.catalog().size, dtype=bool)
    for name in finding_names():
        if is_a(name, expression.finding):
            stated = derived.statements(name)
            holds = np.array([_is_stated(expression, fact) for fact in stated.kinds], dtype=bool)
            if holds.any():
                mask[stated.case_numbers[holds[stated.codes]]] = True
    return mask


def _is_stated(expression: FindingIs, fact: Fact) -> bool:
    if fact.polarity != expression.polarity:
        return False
    return expression.place is None or overlaps(fact.place, expression.place)
