"""Text search over the archive's reports: findings first, the words of the best sentence second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekin.findings import finding
from casekin.index import CaseIndex
from casekin.reports import read_phrase
from casekin.retrieval.keywords import read_keywords
from casekin.retrieval.match import Asked, score_cases
from casekin.retrieval.words import search_words, weighted_forms
from casekin.types import Fact, Place

_FACTS_SHARE = 0.7
"""Share of the text weight for findings, when the text states any; the rest (or all) goes to BM25."""
_BM25_HALF = 8.0
"""BM25 at which the text part reaches half its weight: about two rare words in one sentence."""
_MOST_WORDS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScores:
    """Weighted scores by findings and by sentences, of every case number `(cases,)`; 0 where the text says nothing."""

    facts: NDArray[np.float64]
    text: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion:
    """What a text asks for: findings (placed where the text or `--at` says) and its words."""

    asked: tuple[Asked, ...]
    words: tuple[str, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The findings asked for."""
        return tuple(asked.fact for asked in self.asked)


def read_question(text: str, *, places: Sequence[Place] = ()) -> TextQuestion:
    """Findings and words of a question in keywords or in prose.

    A finding that names no place of its own stands at each of `places`.
    """
    keywords = read_keywords(text)
    found = map(_as_asked, read_phrase(text).facts) if keywords is None else [keywords]
    asked = tuple(each for one in found for each in _placed(one, places))
    return TextQuestion(asked=asked, words=search_words(text)[:_MOST_WORDS])


def score_text(index: CaseIndex, question: TextQuestion, *, weight: float) -> TextScores:
    """Scores of every case; `weight` is the most that both parts can reach together."""
    facts_weight = weight * _FACTS_SHARE if question.asked else 0.0
    bm25 = index.match_sentences(weighted_forms(question.words))
    return TextScores(
        facts=facts_weight * score_cases(index, question.asked),
        text=(weight - facts_weight) * bm25 / (bm25 + _BM25_HALF),
    )


def _as_asked(fact: Fact) -> Asked:
    """A finding that the reader found: its home without a side is what a text need not say."""
    return Asked(fact=fact, anywhere=fact.side is None and fact.anatomy == finding(fact.finding).home.anatomy)


def _placed(asked: Asked, places: Sequence[Place]) -> Sequence[Asked]:
    if not (places and asked.anywhere):
        return [asked]
    facts = (replace(asked.fact, anatomy=place.anatomy, side=place.side) for place in places)
    return [Asked(fact=fact, anywhere=False) for fact in facts]
