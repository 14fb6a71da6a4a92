"""The words of a claim: the sentence that is most like what similar cases say of it, and says nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casekin.reports import SILENT_SECTIONS, split_sections, split_sentences
from casekin.retrieval.compose.draft import Claim
from casekin.retrieval.compose.neighbors import Neighbors
from casekin.retrieval.compose.prose import is_plain
from casekin.retrieval.compose.read_back import says_just
from casekin.retrieval.compose.strip import strip_sentence, without_severity, words_of
from casekin.retrieval.compose.support import Stated

_MOST_SENTENCES = 40
"""Sentences that are compared; the most similar cases' first."""
_CLAUSES = re.compile(r"[;.]\s+|,\s+(?=(?:and\s+)?(?:no|there)\b)")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|shows?|demonstrates?|appears?|seen|noted|present|there)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a claim is said: in FINDINGS, and in few words in IMPRESSION."""

    text: str
    brief: str


class Phrasebook:
    """The sentences of a question's neighbors, by what they claim."""

    def __init__(self, neighbors: Neighbors) -> None:
        self._cases = neighbors.cases
        self._told: dict[int, tuple[str, ...]] = {}

    def sentence(self, row: int, claim: Claim) -> str | None:
        """The exact sentence in which a neighbor makes a claim; None where no one sentence does."""
        fact = self._cases[row].claims.get(claim)
        if fact is not None:
            return fact.sentence
        if row not in self._told:
            self._told[row] = _told(self._cases[row].case.report or "")
        return next((text for text in self._told[row] if any(says_just(part, claim) for part in _parts(text))), None)

    def word(self, stated: Stated) -> Wording | None:
        """The medoid of the sentences of those who state a claim; None where no sentence says it alone.

        Sentences are alike as far as they share words; the ones of more similar cases count more.
        """
        texts: dict[str, float] = {}
        for row, weight in list(zip(stated.rows, stated.weights, strict=True))[:_MOST_SENTENCES]:
            text = _plain(self.sentence(row, stated.claim), stated.claim)
            if text is not None:
                texts[text] = texts.get(text, 0.0) + weight
        if not texts:
            return None
        short = {text: value for text, value in texts.items() if not _VERB.search(text)}
        return Wording(text=_medoid(texts), brief=_medoid(short or texts))


def _plain(sentence: str | None, claim: Claim) -> str | None:
    """The sentence, or its first clause that will do, in plain form and read back as the claim."""
    parts = () if sentence is None else _parts(sentence)
    texts = (text for plain in parts for text in (plain, without_severity(plain)))
    return next((text for text in texts if is_plain(text, claim) and says_just(text, claim)), None)


def _told(report: str) -> tuple[str, ...]:
    """The sentences of a report that give facts; which of them calls a place normal isn't kept in the index."""
    sections = (section for section in split_sections(report) if section.kind not in SILENT_SECTIONS)
    return tuple(sentence.text for section in sections for sentence in split_sentences(report, section))


@lru_cache(maxsize=1 << 15)
def _parts(sentence: str) -> tuple[str, ...]:
    """A sentence and its clauses in plain form, as far as they have one."""
    return tuple(filter(None, map(strip_sentence, dict.fromkeys((sentence, *_CLAUSES.split(sentence))))))


def _medoid(texts: Mapping[str, float]) -> str:
    """The text nearest to all, by shared words; of equals the shorter, then the first by its letters."""
    bags: Sequence[tuple[str, frozenset[str], float]] = [
        (text, frozenset(words_of(text)), weight) for text, weight in sorted(texts.items())
    ]

    def nearness(bag: frozenset[str]) -> float:
        return sum(weight * len(bag & other) / len(bag | other) for _, other, weight in bags)

    return min(bags, key=lambda each: (-round(nearness(each[1]), 9), len(each[0]), each[0]))[0]
