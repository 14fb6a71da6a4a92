"""Sentences → tokens and entities: every known phrase with its span, longest match first, and measured sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from casekin.reports import words as w
from casekin.reports.ellipsis import shared_head
from casekin.reports.lexicon import Meaning, lexicon
from casekin.reports.sections import Sentence

_TOKEN = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+(?:\.\d+)?|_+|\([-–−+]\)|\[[-–−+]\]|[-–−+]ve\b|--+|[^\w\s]")
_UNITS = {"mm": 1.0, "millimeter": 1.0, "millimeters": 1.0, "cm": 10.0, "centimeter": 10.0, "centimeters": 10.0,
          "millimetre": 1.0, "centimetre": 10.0, "cms": 10.0, "mms": 1.0}  # fmt: skip
REACH = 40  # tokens; no cue, preposition or modifier reaches farther, which keeps run-on text linear
_LABEL_SIGNS = frozenset(("=", "→", "⇒"))
_DENYING = frozenset(("-", "–", "−", "--", "0", "✗", "✘", "×", "¬"))
_SKIPPED = frozenset(("also", "again", "still", "therefore", "however", "since", "now"))
_SIDE_LETTERS = {"l": "left", "lt": "left", "r": "right", "rt": "right"}
_TIMES = frozenset(("x", "by", "×"))
_DISTANCE_WORDS = frozenset(
    (
        "above",
        "below",
        "from",
        "off",
        "over",
        "short",
        "away",
        "cranial",
        "proximal",
        "distal",
        "superior",
        "cephalad",
        "beyond",
        "into",
        "past",
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, corrected where it was one typing error away, with its `[start, end)` in the report."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A known phrase over tokens `[first, last]` (inclusive); several meanings where a phrase has them."""

    meanings: tuple[Meaning, ...]
    first: int
    last: int

    def meaning(self, kind: str) -> Meaning | None:
        """The first meaning of a kind, or None."""
        for meaning in self.meanings:  # a loop: this is the reader's hottest call
            if meaning.kind == kind:
                return meaning
        return None


@dataclass(frozen=True, slots=True)
class Size:
    """A measured length: the largest diameter in millimetres, over tokens `[first, last]`."""

    mm: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence with its tokens, entities in order (they don't overlap), sizes, and the entity covering each token."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    entities: tuple[Entity, ...]
    sizes: tuple[Size, ...]
    covering: tuple[int, ...]  # per token: index into entities, or -1

    def entity_at(self, token: int) -> Entity | None:
        """The entity that covers a token, or None."""
        if 0 <= token < len(self.covering) and self.covering[token] >= 0:
            return self.entities[self.covering[token]]
        return None


def find_entities(sentence: Sentence) -> Parsed:
    """Tokens, known phrases and sizes of one sentence. Hyphens between letters separate words."""
    tokens = _tokens(sentence)
    words = [token.word for token in tokens]
    entities: list[Entity] = []
    at = 0
    while at < len(words):
        found = _longest(words, at)
        if found is None:
            at += 1
            continue
        if found.meaning("ignored") is None:
            entities.append(_lend_last_word(words, found))
            _complete_before(words, entities)
        at = entities[-1].last + 1 if entities and entities[-1].first == found.first else found.last + 1
    covering = [-1] * len(tokens)
    for number, entity in enumerate(entities):
        covering[entity.first : entity.last + 1] = [number] * (entity.last - entity.first + 1)
    return Parsed(sentence, tokens, tuple(entities), _sizes(words), tuple(covering))


def _lend_last_word(words: list[str], found: Entity) -> Entity:
    """An anatomy gives its last word to a finding that begins with it: "ascending aortic aneurysm"."""
    if found.first == found.last or not found.meaning("anatomy") or found.meaning("finding"):
        return found
    longer = _longest(words, found.last)
    if longer is None or longer.last == found.last or not longer.meaning("finding"):
        return found
    return Entity(found.meanings, found.first, found.last - 1)


def _complete_before(words: list[str], entities: list[Entity]) -> None:
    """Give words before the last entity its head where they share it ("mediastinal, hilar or axillary nodes")."""
    last = entities[-1]
    completed: list[Entity] = [last]
    if not last.meaning("finding") and not last.meaning("anatomy"):
        return
    while shared := shared_head(words, completed[0].first, last.last, _meanings):
        first, end, meanings = shared
        before = [entity for entity in entities if entity.last < first]
        replaced = [entity for entity in entities[len(before) :] if entity.first < completed[0].first]
        if any(entity.meaning("finding") for entity in replaced):
            return
        between = [entity for entity in replaced if entity.first > end]
        completed = [Entity(meanings, first, end), *between, *completed]
        entities[:] = [*before, *completed]


def _meanings(phrase: Sequence[str]) -> tuple[Meaning, ...]:
    """What a whole phrase means; empty where it is none."""
    node = lexicon().root
    for word in phrase:
        child = node.next.get(word)
        if child is None:
            return ()
        node = child
    return node.meanings


def _tokens(sentence: Sentence) -> tuple[Token, ...]:
    tokens = []
    text = sentence.text
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match.group()
        if word == "-" and start > 0 and end < len(text) and not (text[start - 1].isspace() and text[end].isspace()):
            continue
        tokens.append(Token(_known(word.lower()), sentence.start + start, sentence.start + end))
        if word == ")" and len(tokens) > 2 and tokens[-2].word in _SIDE_LETTERS and tokens[-3].word == "(":
            tokens[-3:] = [tokens[-2]]  # "(R) lower lobe"
    if len(tokens) > 1 and tokens[0].word in _DENYING:
        tokens[0] = Token("negsign", tokens[0].start, tokens[0].end)  # a dash that is no bullet: "- PTX", "0 PTX"
    if len(tokens) > 1 and tokens[-1].word in _DENYING:
        tokens[-1] = Token("negsign", tokens[-1].start, tokens[-1].end)  # "PTX -"
    return tuple(tokens)


@lru_cache(maxsize=20000)
def _known(word: str) -> str:
    """The word as the lexicon spells it: signs of presence and absence, abbreviations, typing errors."""
    if word in _LABEL_SIGNS:
        return ":"
    if len(word) == 3 and (word[0] in "([" or word.endswith("ve")):
        return "possign" if "+" in word else "negsign"
    if len(word) > 1 and not word.strip("-"):
        return "--"
    word = word.removesuffix("'s")
    return w.ABBREVIATIONS.get(word) or lexicon().correct(word)


def _longest(words: list[str], at: int) -> Entity | None:
    """The longest known phrase from `at`; "also" inside it doesn't count, and "R atrium" is the right atrium."""
    best = _match(words, at, words[at])
    side = _SIDE_LETTERS.get(words[at])
    if side is not None:
        spelled = _match(words, at, side)
        if spelled is not None and spelled.last > at and (best is None or spelled.last > best.last):
            return spelled
    return best


def _match(words: list[str], at: int, first: str) -> Entity | None:
    node = lexicon().root.next.get(first)
    best = Entity(node.meanings, at, at) if node is not None and node.meanings else None
    at_word = at + 1
    while node is not None and at_word < len(words):
        child = node.next.get(words[at_word])
        if child is None and words[at_word] in _SKIPPED:
            at_word += 1
            continue
        node = child
        if node is not None and node.meanings:
            best = Entity(node.meanings, at, at_word)
        at_word += 1
    return best


def _sizes(words: list[str]) -> tuple[Size, ...]:
    """Lengths with a unit; '1.2 x 0.8 cm' is 12 mm. Distances ('3 cm above the carina') are no sizes."""
    sizes = []
    for at, word in enumerate(words):
        if word not in _UNITS or at == 0 or not words[at - 1][0].isdecimal():
            continue
        first = at - 1
        values = [float(words[first])]
        while first >= 2 and len(values) < 3:
            step = next((n for n in (2, 3) if _is_factor(words, first, n)), 0)
            if not step:
                break
            first -= step
            values.append(float(words[first]))
        if not _DISTANCE_WORDS.intersection(words[at + 1 : at + 3]):
            sizes.append(Size(round(max(values) * _UNITS[word], 3), first, at))
    return tuple(sizes)


def _is_factor(words: list[str], first: int, back: int) -> bool:
    """Whether `number x` (back 2) or `number unit x` (back 3) stands before position `first`."""
    if first < back or words[first - 1] not in _TIMES or not words[first - back][0].isdecimal():
        return False
    return back == 2 or words[first - 2] in _UNITS


def is_blank(word: str) -> bool:
    """Whether a word is a de-identification blank ("XXXX", "___"), which often stands where a hedge was."""
    return len(word) >= 3 and word.strip("x_") == ""
