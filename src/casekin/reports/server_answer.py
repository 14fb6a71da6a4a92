"""What a server's model answered → facts, as far as the ontologies and the report's own words confirm it.

The answer is hostile input: a model invents, and a report may hold text that tells it to. Its form is checked first
(a mistake there can be named and mended); then every statement has to quote the report, and to name a known finding.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from casekin.anatomy import ANATOMIES, parse_place, sided
from casekin.errors import FindingError, InputError, PlaceError
from casekin.findings import FINDINGS, parse_finding
from casekin.reports.findings import Unplaced
from casekin.reports.homes import fit_place, with_side
from casekin.reports.normality import Normal
from casekin.reports.reader import ReadReport, assemble
from casekin.reports.sections import SILENT_SECTIONS, Sentence
from casekin.types import CHANGES, POLARITIES, SEVERITIES, SIDES, Fact, Place, Polarity, Side

_CHOICES: dict[str, tuple[str | None, ...]] = {
    "side": (*SIDES, None),
    "polarity": POLARITIES,
    "severity": (*SEVERITIES, None),
    "change": (*CHANGES, None),
}
_FACT_FIELDS = ("finding", "anatomy", "side", "polarity", "severity", "size_mm", "change", "sentence")
_NORMAL_FIELDS = ("anatomy", "side", "sentence")
_MAX_STATEMENTS = 300
"""Statements of one report; ten times what a long one holds."""
_MAX_SIZE_MM = 1000.0
_MAX_QUOTE = 600
"""Characters; the longest sentence. A quote of the whole report would be evidence of nothing."""
_MIN_LETTERS = 3
_NAMED_MISTAKES = 8


class AnswerError(InputError):
    """A server gave no answer that can be used. `reason` is a word for counting, `mend` what the model may do better.

    Neither holds anything of the report or of the answer.
    """

    def __init__(self, reason: str, mend: str | None = None) -> None:
        super().__init__(f"reader server: expected a readable answer, got none: {reason}")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a quote stands: the report's own sentences around it, exact, and its `[start, end)`."""

    sentence: str
    span: tuple[int, int]


def answer_schema() -> dict[str, Any]:
    """The JSON schema of an answer, for servers that hold their model to one. Every field is required, as some ask."""
    kinds: dict[str, Any] = {name: {"enum": list(values)} for name, values in _CHOICES.items()}
    kinds |= {"finding": {"type": "string"}, "sentence": {"type": "string"}}
    kinds |= {"anatomy": {"type": ["string", "null"]}, "size_mm": {"type": ["number", "null"]}}
    lists = {"facts": _FACT_FIELDS, "normal": _NORMAL_FIELDS}
    return _object_schema(
        {
            name: {"type": "array", "items": _object_schema({f: kinds[f] for f in names})}
            for name, names in lists.items()
        }
    )


def _object_schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def parse_answer(content: str) -> dict[str, Any]:
    """The JSON object of an answer, its form checked; a fence, thoughts or prose around it don't matter.

    AnswerError names the mistakes.
    """
    body = content.rpartition("</think>")[2]
    try:
        answer = json.loads(body[body.find("{") : body.rfind("}") + 1], parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise AnswerError("no JSON", "it was no complete JSON object") from None
    mistakes = list(_mistakes(answer))
    if mistakes:
        raise AnswerError("wrong form", "; ".join(mistakes[:_NAMED_MISTAKES]))
    assert isinstance(answer, dict)
    return answer


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _mistakes(answer: object) -> Iterator[str]:
    """What is wrong with an answer's form, in our own words."""
    if not isinstance(answer, dict):
        yield "expected an object with `facts` and `normal`"
        return
    for name, check in (("facts", _fact_mistakes), ("normal", _normal_mistakes)):
        rows = answer.get(name, [] if name == "normal" else None)
        if not isinstance(rows, list) or len(rows) > _MAX_STATEMENTS:
            yield f"`{name}`: expected a list of at most {_MAX_STATEMENTS} objects"
            continue
        for number, row in enumerate(rows):
            mistakes = check(row) if isinstance(row, dict) else ("expected an object",)
            yield from (f"{name}[{number}]: {mistake}" for mistake in mistakes)


def _fact_mistakes(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("finding", "sentence"):
        if not isinstance(row.get(name), str):
            yield f"`{name}`: expected a string"
    if not isinstance(row.get("anatomy"), str | None):
        yield "`anatomy`: expected a string or null"
    for name, values in _CHOICES.items():
        yield from _choice_mistakes(row, name, values)
    size = row.get("size_mm")
    number = isinstance(size, int | float) and not isinstance(size, bool)
    if size is not None and not (number and 0 < size <= _MAX_SIZE_MM):
        yield f"`size_mm`: expected a number above 0 and up to {_MAX_SIZE_MM:.0f}, or null"


def _normal_mistakes(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("anatomy", "sentence"):
        if not isinstance(row.get(name), str):
            yield f"`{name}`: expected a string"
    yield from _choice_mistakes(row, "side", _CHOICES["side"])


def _choice_mistakes(row: Mapping[str, Any], name: str, values: Sequence[str | None]) -> Iterator[str]:
    value = row.get(name)
    if not (isinstance(value, str | None) and value in values):
        yield f"`{name}`: expected one of {', '.join(json.dumps(value) for value in values)}"


def build_report(answer: Mapping[str, Any], text: str, sentences: Sequence[Sentence]) -> ReadReport:
    """What of a checked answer the report and the ontologies confirm; the rest is dropped.

    A finding whose place is unknown, contradicts itself, can't hold it or can't be assumed is listed as unplaced.
    """
    quotes = Quotes(text, sentences)
    stated: list[tuple[Fact, bool]] = []
    unplaced: list[Unplaced] = []
    for row in answer["facts"]:
        quote, name = quotes.find(row["sentence"]), _known_finding(row["finding"])
        if quote is None or name is None:
            continue
        fact = _place_fact(row, name, quote)
        if isinstance(fact, Unplaced):
            unplaced.append(fact)
        else:
            stated.append((fact, row.get("anatomy") is not None))
    normal = [said for row in answer.get("normal", ()) if (said := _find_normal(row, quotes)) is not None]
    return assemble(
        sorted(stated, key=lambda each: each[0].span or (0, 0)),
        sorted(normal, key=lambda said: said.span),
        list(sentences),
        sorted(unplaced, key=lambda each: each.span),
        reader="server",
    )


def _known_finding(name: str) -> str | None:
    """The id of a finding or device; None for unknown names, and for "no finding", which is no fact."""
    try:
        found = parse_finding(name)
    except FindingError:
        return None
    return None if FINDINGS[found].kind == "normal" else found


def _place_fact(row: Mapping[str, Any], name: str, quote: Quote) -> Fact | Unplaced:
    """The fact at its place; resolved findings are absent, whatever the model made of them."""
    polarity: Polarity = "absent" if row.get("change") == "resolved" else row["polarity"]
    place: Place | None
    if row.get("anatomy") is None:
        assumed = polarity == "absent" or not FINDINGS[name].home_unsure
        place = with_side(FINDINGS[name].home, row.get("side")) if assumed else None
    else:
        said = _known_place(row["anatomy"], row.get("side"))
        place = None if said is None else fit_place(name, said)
    if place is None:
        return Unplaced(finding=name, polarity=polarity, sentence=quote.sentence, span=quote.span)
    size = row.get("size_mm")
    return Fact(
        finding=name,
        anatomy=place.anatomy,
        side=place.side,
        polarity=polarity,
        severity=row.get("severity"),
        size_mm=None if size is None else float(size),
        change=row.get("change"),
        sentence=quote.sentence,
        span=quote.span,
    )


def _known_place(anatomy: str, side: Side | None) -> Place | None:
    """The place; None for unknown names and where name and side contradict each other."""
    try:
        place = parse_place(anatomy)
        if side is None or not ANATOMIES[place.anatomy].paired:
            return place
        return sided(place.anatomy, side) if place.side in (None, "bilateral", side) else None
    except PlaceError:
        return None


def _find_normal(row: Mapping[str, Any], quotes: Quotes) -> Normal | None:
    quote, place = quotes.find(row["sentence"]), _known_place(row["anatomy"], row.get("side"))
    if quote is None or place is None:
        return None
    return Normal(place=place, sentence=quote.sentence, span=quote.span, size=False)


class Quotes:
    """The sentences of a report that speak of this examination, for finding quotes in them."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self._text = text
        self._sentences = sorted(sentences, key=lambda each: each.start)
        self._ends = [each.end for each in self._sentences]

    def find(self, quote: str) -> Quote | None:
        """The first place where a quote's words stand outside silent sections, white space aside; None without one."""
        words = quote.split()
        if len(quote) > _MAX_QUOTE or sum(char.isalpha() for char in quote) < _MIN_LETTERS:
            return None
        before, after = (r"\b" if word.isalnum() else "" for word in (words[0][0], words[-1][-1]))
        for match in re.finditer(before + r"\s+".join(map(re.escape, words)) + after, self._text):
            around = self._around(*match.span())
            if around and not any(sentence.section in SILENT_SECTIONS for sentence in around):
                start, end = min(match.start(), around[0].start), max(match.end(), around[-1].end)
                return Quote(sentence=self._text[start:end], span=match.span())
        return None

    def _around(self, start: int, end: int) -> list[Sentence]:
        first = last = bisect_right(self._ends, start)
        while last < len(self._sentences) and self._sentences[last].start < end:
            last += 1
        return self._sentences[first:last]
