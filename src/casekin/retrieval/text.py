"""Text search over the archive's reports: findings first, sentences (BM25) second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casekin.findings import finding, finding_names, is_a, siblings
from casekin.index import CaseIndex
from casekin.relevance import match_facts
from casekin.reports import read_phrase
from casekin.types import Fact, Place

_FACTS_SHARE = 0.7
"""Share of the text weight for findings, when the text states any; the rest (or all) goes to BM25."""
_BM25_HALF = 8.0
"""BM25 at which the text part reaches half its weight: about two rare words in one sentence."""
_SENTENCES = 2000
_STOP_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "that",
        "the",
        "there",
        "this",
        "to",
        "was",
        "with",
        "without",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScore:
    """A case's weighted score by findings and by sentences."""

    facts: float
    text: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion:
    """What a text asks for: findings (placed where the text or `--at` says) and its words."""

    facts: tuple[Fact, ...]
    words: tuple[str, ...]


def read_question(text: str, *, places: Sequence[Place] = ()) -> TextQuestion:
    """Findings and words of a question. A finding that names no place of its own stands at each of `places`."""
    read = read_phrase(text)
    facts = tuple(fact for found in read.facts for fact in _placed(found, places))
    words = tuple(dict.fromkeys(w for w in re.findall(r"[\w]+", text.lower()) if w not in _STOP_WORDS))
    return TextQuestion(facts=facts, words=words[:64])


def score_text(index: CaseIndex, question: TextQuestion, *, weight: float) -> dict[int, TextScore]:
    """Scores by case number of every case that the text touches; `weight` is the most that both parts can reach."""
    facts_weight = weight * _FACTS_SHARE if question.facts else 0.0
    by_facts = _score_facts(index, question.facts) if question.facts else {}
    by_words = index.match_sentences(question.words, limit=_SENTENCES)
    return {
        case_no: TextScore(
            facts=facts_weight * by_facts.get(case_no, 0.0),
            text=(weight - facts_weight) * _saturated(by_words.get(case_no, 0.0)),
        )
        for case_no in sorted(by_facts.keys() | by_words.keys())
    }


def _placed(fact: Fact, places: Sequence[Place]) -> Sequence[Fact]:
    """A finding at its default home without a side was not placed by the text: it stands at each place asked for."""
    unplaced = fact.side is None and fact.anatomy == finding(fact.finding).home.anatomy
    if not (places and unplaced):
        return [fact]
    return [replace(fact, anatomy=place.anatomy, side=place.side) for place in places]


def _score_facts(index: CaseIndex, facts: Sequence[Fact]) -> dict[int, float]:
    wanted = [fact.finding for fact in facts]
    related = [
        name for name in finding_names() if any(is_a(name, w) or is_a(w, name) or name in siblings(w) for w in wanted)
    ]
    return {no: match_facts(facts, stated).score for no, stated in index.facts_of_findings(related).items()}


def _saturated(bm25: float) -> float:
    return bm25 / (bm25 + _BM25_HALF)
