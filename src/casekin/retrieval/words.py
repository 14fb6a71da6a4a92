"""Words of questions: what is left out, the stem that the forms of a word share, and the forms that reports use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from casekin.anatomy import ANATOMIES, spellings
from casekin.reports.lexicon import lexicon

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    (
        "a", "an", "and", "any", "are", "as", "at", "by", "for", "from", "in", "is", "it", "no", "not", "of", "on",
        "or", "that", "the", "there", "this", "to", "was", "with", "without",
    )
)  # fmt: skip
# Longest first; a word loses one of them where four letters stay.
_ENDINGS = (
    "ifications", "ification", "ational", "ectases", "ectasis", "ectatic", "ectasia", "inosis", "ations", "ation",
    "ative", "ified", "osity", "ening", "ific", "ated", "atic", "otic", "osis", "osed", "oses", "ened", "ing", "ity",
    "ous", "ies", "ed", "es", "ae", "al", "ar", "a", "s", "y", "e",
)  # fmt: skip
_LEAST_STEM = 4
_ITSELF = 0.3
"""Share of a word's weight for its own form: who asks for "cardiac" may mean the silhouette, not the heart."""
# What codes of reports say in one word, and reports in several.
_ALIKE = {"multiple": ("multilevel", "multifocal", "several", "numerous", "scattered", "innumerable")}


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def search_words(text: str) -> tuple[str, ...]:
    """The words to search for, each once, in the order of the text."""
    return tuple(dict.fromkeys(word for word in words_of(text) if word not in _STOP_WORDS))


def weighted_forms(words: Iterable[str]) -> tuple[tuple[tuple[str, ...], float], ...]:
    """What to look for in sentences: each word in all its forms, and itself again for a share of the weight."""
    rows: list[tuple[tuple[str, ...], float]] = []
    for word in words:
        rows += [(forms(word), 1.0 - _ITSELF), ((word,), _ITSELF)]
    return tuple(rows)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """What the forms of a word share: the anatomy that it names (aortic, aorta), else its letters less an ending."""
    known = _anatomies().get(word)
    if known is not None:
        return known
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word.removesuffix("s") if len(word) > 3 else word


@lru_cache(maxsize=16384)
def forms(word: str) -> tuple[str, ...]:
    """The word, every word of the reader's lexicon with the same stem, and words used alike; sorted."""
    return tuple(sorted({word, *_vocabulary().get(stem(word), ()), *_ALIKE.get(word, ())}))


@lru_cache(maxsize=1)
def _anatomies() -> dict[str, str]:
    """Single words that name an anatomy, adjectives and plurals alike, by the anatomy: aortic → @aorta."""
    table: dict[str, str] = {}
    for node in ANATOMIES.values():
        for phrase, side in spellings(node):
            if " " not in phrase and side in (None, "bilateral", node.only):
                table.setdefault(phrase, f"@{node.id}")
    return table


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = {}
    for word in sorted(lexicon().vocabulary | _anatomies().keys()):
        rows.setdefault(stem(word), []).append(word)
    return {key: tuple(words) for key, words in rows.items()}
