"""Whom a header names: the words and numbers that must stand nowhere else, neither in a header nor in a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from casekin.anatomy import ANATOMIES, spellings
from casekin.findings import FINDINGS

OLDEST = 90
"""Years at which ages end, as US law's safe harbour asks: 45 CFR 164.514(b)(2)(i)(C)."""
MARK = "___"
"""What stands in a text for a word that was hidden."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})?(?:mm|cm|kv|kvp|mas|s|ms|x|d|t|hz|mg|ml)?")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "patient", "named", "name", "pt", "baby"])
_DEGREES = frozenset(
    {
        "md", "phd", "prof", "mr", "mrs", "ms", "dr", "jr", "sr", "iii", "anonymous", "anonymized", "unknown",
        "none", "test", "patient"
    }
)  # fmt: skip
_LEAST_LETTERS = 3
_LEAST_DIGITS = 4
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`names`: words of the names in a header; `numbers`: identifiers; `dates`: births, `YYYYMMDD`. Lower case."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()

    @classmethod
    def union(cls, identities: Iterable[Identity]) -> Identity:
        """All that any of them tells."""
        told = list(identities)
        return cls(
            names=frozenset().union(*(one.names for one in told)),
            numbers=frozenset().union(*(one.numbers for one in told)),
            dates=frozenset().union(*(one.dates for one in told)),
        )

    def is_told_by(self, text: str) -> bool:
        """Whether a header's value holds any of it; a name that is a word of technique (`Long`) doesn't count."""
        words = {word.lower() for word in _WORD.findall(text)}
        plain = text.lower()
        told = (words & self.names) - safe_words()
        return bool(told) or any(number in plain for number in self.numbers | self.dates)


def identity_of(*, names: Iterable[str] = (), identifiers: Iterable[str] = (), births: Iterable[str] = ()) -> Identity:
    """The identity told by values of names (`Doe^Jane`), of identifiers, and of birth dates (`YYYYMMDD`)."""
    words = {word.lower() for name in names for word in _WORD.findall(name)}
    numbers = {number.strip().lower() for number in identifiers}
    return Identity(
        names=frozenset(word for word in words - _DEGREES if len(word) >= _LEAST_LETTERS and not word.isdigit()),
        numbers=frozenset(number for number in numbers if len(number) >= _LEAST_DIGITS),
        dates=frozenset(birth for birth in births if re.fullmatch(r"\d{8}", birth)),
    )


def hide_identity(text: str, identity: Identity) -> tuple[str, int]:
    """A report with names, identifiers and birth dates replaced by `MARK`, and how many were.

    A name that is also a word of reports (`Small`, `Long`, `Hart`) is hidden only beside another name or a title, so
    that no finding is lost to a patient's name.
    """
    spans = sorted({*_name_spans(text, identity.names), *_literal_spans(text, identity)})
    parts, end, hidden = [], 0, 0
    for start, stop in spans:
        if start < end:
            continue
        parts += [text[end:start], MARK]
        end = stop
        hidden += 1
    return "".join([*parts, text[end:]]), hidden


def is_safe_text(text: str) -> bool:
    """Whether every word of a description is one of technique or body part, a single letter, or a short number."""
    return all(
        word in safe_words() or (len(word) == 1) or _NUMBER.fullmatch(word)
        for word in re.findall(r"[^\W_]+(?:\.\d+)?", text.lower())
    )


@cache
def safe_words() -> frozenset[str]:
    """The words that descriptions may hold, in lower case."""
    text = (files(__package__) / "safe_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _name_spans(text: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    words = [(found.group().lower(), found.span()) for found in _WORD.finditer(text)]
    named = [word in names for word, _ in words]
    for number, (word, span) in enumerate(words):
        if not named[number]:
            continue
        beside = [at for at in (number - 1, number + 1) if 0 <= at < len(words)]
        titled = number > 0 and words[number - 1][0] in _TITLES
        if word not in _ambiguous() or titled or any(named[at] for at in beside):
            yield span


def _literal_spans(text: str, identity: Identity) -> Iterator[tuple[int, int]]:
    for number in identity.numbers:
        for found in re.finditer(rf"(?<!\w){re.escape(number)}(?!\w)", text, re.IGNORECASE):
            yield found.span()
    for birth in identity.dates:
        for form in _date_forms(birth):
            for found in re.finditer(rf"(?<!\d){form}(?!\d)", text, re.IGNORECASE):
                yield found.span()


def _date_forms(date: str) -> Iterator[str]:
    """Regular expressions of the ways in which reports write a date."""
    year, month, day = date[:4], date[4:6], date[6:]
    yield date
    months, days, years = f"0?{int(month)}", f"0?{int(day)}", f"(?:{year}|{year[2:]})"
    for first, second in ((months, days), (days, months)):
        yield rf"{first}[/.-]{second}[/.-]{years}"
    yield rf"{year}[/.-]{months}[/.-]{days}"
    if 1 <= int(month) <= 12:
        name = _MONTHS[int(month) - 1]
        called = rf"{name[:3]}(?:{name[3:]})?\.?"
        yield rf"{days}(?:st|nd|rd|th)?\s+{called},?\s+{year}"
        yield rf"{called}\s+{days}(?:st|nd|rd|th)?,?\s+{year}"


@cache
def _ambiguous() -> frozenset[str]:
    """Words that reports use without meaning a person: of findings, places, technique, and of degrees and courses."""
    names = [name for node in ANATOMIES.values() for name, _ in spellings(node)]
    names += [name for node in FINDINGS.values() for name in (node.id.replace("_", " "), node.name, *node.synonyms)]
    told = (files(__package__) / "report_words.txt").read_text(encoding="utf-8")
    words = (line for line in told.splitlines() if not line.startswith("#"))
    return safe_words() | {word.lower() for text in (*names, *words) for word in _WORD.findall(text)}
