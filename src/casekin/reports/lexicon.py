"""One trie over all phrases that the reader knows, and a distance-1 index for typing errors in long words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from casekin.anatomy import ANATOMIES, SIDE_WORDS, spellings
from casekin.findings import FINDINGS
from casekin.reports import words as w

_MIN_FUZZY = 7
_MIN_SWAP = 5  # letters; swapped neighbours and a letter left out are errors in shorter words, too ("claer", "nomal")
_MIN_PLURAL = 2
# Two-letter abbreviations that mean other things in running text; `parse_place` and `parse_finding` still know them.
_TOO_SHORT = frozenset({"lv", "ij", "dish", "arm", "hand", "foot", "head", "leg", "t1", "t2"})
_DIGITS_APART = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")  # as tokens are: "t12" is two words


@dataclass(frozen=True, slots=True)
class Meaning:
    """A phrase's kind ('finding', 'anatomy', 'side', 'negation_before' …) and value (an id or side)."""

    kind: str
    value: str = ""
    side: str | None = None


@dataclass(slots=True)
class Node:
    """A trie node: the next words, and the meanings of the phrase that ends here."""

    next: dict[str, Node] = field(default_factory=dict)
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The trie's root and its vocabulary; `deletions` maps long words less one letter to the words."""

    root: Node
    vocabulary: frozenset[str]
    deletions: dict[str, tuple[str, ...]]

    def correct(self, word: str) -> str:
        """The known word one edit away (insertion, deletion, substitution, swap), or the word itself."""
        if len(word) < _MIN_SWAP or word in self.vocabulary or len(word) > 30:
            return word
        candidates = {c for form in (word, *_without_one(word)) for c in self.deletions.get(form, ())}
        close = sorted(c for c in candidates if c[0] == word[0] and _one_edit(word, c))
        if len(word) < _MIN_FUZZY:
            close = [c for c in close if sorted(c) == sorted(word) or (len(c) > len(word) and len(c) > _MIN_SWAP)]
        return close[0] if close else word


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The reader's lexicon, built once from the ontologies and the closed word classes (about 50 ms)."""
    root = Node()
    for phrase, meaning in _phrases():
        _add(root, phrase, meaning)
    vocabulary = frozenset(_words_of(root)) | w.COPULAS | w.DESCRIPTORS | w.PREPOSITIONS | w.NEVER_CORRECTED
    deletions: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        if len(word) >= _MIN_SWAP:
            for form in dict.fromkeys((word, *_without_one(word))):
                deletions.setdefault(form, []).append(word)
    return Lexicon(root=root, vocabulary=vocabulary, deletions={k: tuple(v) for k, v in deletions.items()})


def _phrases() -> Iterable[tuple[str, Meaning]]:
    yield from _cue_phrases()
    for node in ANATOMIES.values():
        for phrase, side in spellings(node):
            if phrase not in _TOO_SHORT:
                yield phrase, Meaning("anatomy", node.id, None if phrase.endswith("nodes") else side)
            first, _, rest = phrase.partition(" ")
            if first in w.ZONE_PREFIXES and rest and node.paired:  # "lower left lobe"
                yield f"{first} left {rest}", Meaning("anatomy", node.id, "left")
                yield f"{first} right {rest}", Meaning("anatomy", node.id, "right")
    yield from _side_phrases()
    for each in FINDINGS.values():
        if each.kind == "normal":
            continue
        for phrase in (each.id.replace("_", " "), each.name, *each.synonyms):
            if phrase not in _TOO_SHORT:
                yield phrase, Meaning("finding", each.id)
                noun = phrase.removeprefix("calcified ")
                if noun != phrase:  # "granuloma, calcified"
                    yield from (
                        (f"{noun}{s}{comma} calcified", Meaning("finding", each.id))
                        for s in ("", "s")
                        for comma in ("", " ,")
                    )
                if len(phrase) > _MIN_PLURAL and phrase[-1] not in "sdyg":
                    yield phrase + "s", Meaning("finding", each.id)
        for sign in each.signs:
            for word in sign.words:
                for anatomy in sign.anatomies:
                    yield word, Meaning("sign", each.id, anatomy)


def _side_phrases() -> Iterable[tuple[str, Meaning]]:
    """Words for sides, and abbreviations of places that need one ("left LL", "R UZ")."""
    for word, side in SIDE_WORDS.items():
        if word != "midline":
            yield word, Meaning("side", side)
        if side in ("left", "right"):
            yield from ((f"{word} {short}", Meaning("anatomy", name, side)) for short, name in w.SIDED_PLACES.items())
    for side, phrases in w.SIDE_PHRASES.items():
        yield from ((phrase, Meaning("side", side)) for phrase in phrases)
    yield from ((word, Meaning("anatomy", name)) for word, name in w.PLACES.items())


def _cue_phrases() -> Iterable[tuple[str, Meaning]]:
    for severity, phrases in w.SEVERITY_WORDS.items():
        yield from ((phrase, Meaning("severity", severity)) for phrase in phrases)
    for change, phrases in w.CHANGE_WORDS.items():
        yield from ((phrase, Meaning("change", change)) for phrase in phrases)
    for kind, cues in w.CUES.items():
        yield from ((phrase, Meaning(kind)) for phrase in cues)


def _add(root: Node, phrase: str, meaning: Meaning) -> None:
    node = root
    for word in _DIGITS_APART.sub(" ", phrase.replace("-", " ").replace("/", " / ")).split():
        node = node.next.setdefault(word, Node())
    if meaning not in node.meanings:
        node.meanings = (*node.meanings, meaning)


def _words_of(node: Node) -> Iterable[str]:
    for word, child in node.next.items():
        yield word
        yield from _words_of(child)


def _without_one(word: str) -> tuple[str, ...]:
    return tuple(word[:i] + word[i + 1 :] for i in range(len(word)))


def _one_edit(a: str, b: str) -> bool:
    """Whether a and b differ by one insertion, deletion, substitution or swap of neighbours."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i in range(len(a)) if a[i] != b[i]), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])
