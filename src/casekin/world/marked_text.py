"""Text that knows where its findings are: phrases carry invisible marks until the report is finished.

A writer's template says `small left [pleural effusion]`; `mark` puts private-use characters around the bracketed
phrase, so capitals, articles, typing errors and joining may change the text freely; `Assembly.finish` takes the marks
out and gives each marked phrase's exact position in the finished report and the sentence it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

_OPEN, _CLOSE, _ARTICLE = "\ue000", "\ue001", "\ue002"
_FIRST_KEY = 0xE100
_MARKS = re.compile(r"[\ue000-\uefff]")
_PHRASE = re.compile(r"\ue000([\ue100-\uefff]*)([^\ue001]*)\ue001")
_ARTICLE_BEFORE = re.compile(r"\ue002\s+([\ue000-\uefff]*)(\w)")
_LONG_WORD = re.compile(r"[A-Za-z]{6,}")

ARTICLE = _ARTICLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One marked phrase in a finished text: the keys it stands for, its span, and its sentence."""

    keys: tuple[int, ...]
    span: tuple[int, int]
    sentence: str


def mark(template: str, keys: Sequence[int]) -> str:
    """The template with its `[phrase]` marked for the keys (statements' numbers, 0 to 3000)."""
    opened = _OPEN + "".join(chr(_FIRST_KEY + key) for key in keys)
    return template.replace("[", opened).replace("]", _CLOSE)


def unmarked(text: str) -> str:
    return _MARKS.sub("", text)


def as_sentence(text: str, *, full_stop: bool) -> str:
    """Articles chosen, blanks tidied, the first letter a capital, a full stop at the end or none."""
    text = _ARTICLE_BEFORE.sub(lambda m: f"{'an' if m[2] in 'aeiouAEIOU8' else 'a'} {m[1]}{m[2]}", text)
    text = re.sub(r"\s+([,.;:)])", r"\1", re.sub(r"\s+", " ", text.replace(_ARTICLE, " "))).strip()
    text = re.sub(r" \(\)", "", text)  # what a field left empty
    text = re.sub(r",+(?=[,.;:]|$)|, ?(?=[\ue000-\uefff]*,)", "", text)
    text = re.sub(r"^((?:[\ue000-\uefff]|\W)*)(\w)", lambda m: m[1] + m[2].upper(), text, count=1)
    text = text.rstrip(".")
    return f"{text}." if full_stop and not text.endswith("?") else text


def with_typing_errors(text: str, *, rate: float, rng: np.random.Generator) -> str:
    """Swaps, drops or doubles an inner letter in a share `rate` of the words of six or more letters."""

    def mistype(found: re.Match[str]) -> str:
        word = found[0]
        if rng.random() >= rate:
            return word
        at, kind = int(rng.integers(1, len(word) - 2)), int(rng.integers(3))
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]

    return _LONG_WORD.sub(mistype, text)


def wrapped(text: str, *, width: int) -> str:
    """The text with spaces turned into line ends so that lines are at most `width` long; its length stays."""
    lines = []
    for line in text.split("\n"):
        start = 0
        while len(line) - start > width:
            cut = line.rfind(" ", start + 1, start + width + 1)
            if cut < 0:
                break
            line = f"{line[:cut]}\n{line[cut + 1 :]}"
            start = cut + 1
        lines.append(line)
    return "\n".join(lines)


@dataclass(slots=True)
class Assembly:
    """A report being put together from plain pieces (headings, numbers, white space) and marked sentences."""

    _pieces: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self._pieces.append((text, False))

    def add_sentence(self, marked: str) -> None:
        self._pieces.append((marked, True))

    @property
    def is_empty(self) -> bool:
        return not self._pieces

    def finish(self, *, width: int | None) -> tuple[str, list[Mention]]:
        """The plain text, wrapped to `width` if one is given, and all mentions in the order of the text."""
        text = "".join(unmarked(piece) for piece, _ in self._pieces)
        if width is not None:
            text = wrapped(text, width=width)
        mentions: list[Mention] = []
        at = 0
        for piece, is_sentence in self._pieces:
            length = len(unmarked(piece))
            if is_sentence:
                mentions += [
                    Mention(keys=keys, span=(at + start, at + end), sentence=text[at : at + length])
                    for keys, start, end in _phrases(piece)
                ]
            at += length
        return text, mentions


def _phrases(marked: str) -> list[tuple[tuple[int, ...], int, int]]:
    found = []
    for match in _PHRASE.finditer(marked):
        start = len(unmarked(marked[: match.start()]))
        keys = tuple(ord(character) - _FIRST_KEY for character in match[1])
        found.append((keys, start, start + len(unmarked(match[2]))))
    return found
