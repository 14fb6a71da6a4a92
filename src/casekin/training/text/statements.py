"""Sentences with what they state, and how alike two of them are: the targets of the text encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekin.findings import similarity_matrix
from casekin.relevance import fact_similarity
from casekin.reports import read_report
from casekin.training.hard_negatives import Kind, make_hard_negatives
from casekin.types import Fact, Place

_NORMAL = "no_finding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence and its meaning: facts without text and size, sorted, each once; a place called normal is one, too."""

    sentence: str
    meaning: tuple[Fact, ...]


def read_statement(sentence: str) -> Statement | None:
    """What the report reader finds in a sentence that stands alone; None where that is nothing."""
    read = read_report(sentence)
    return make_statement(sentence, read.facts, read.normal_anatomies)


def make_statement(sentence: str, facts: Iterable[Fact], normal: Iterable[Place] = ()) -> Statement | None:
    """A sentence with facts and normal places from anywhere; None where there are none."""
    calm = [Fact(finding=_NORMAL, anatomy=place.anatomy, side=place.side, polarity="present") for place in normal]
    bare = {replace(fact, sentence=None, span=None, size_mm=None) for fact in (*facts, *calm)}
    meaning = tuple(sorted(bare, key=lambda fact: str(fact.as_record())))
    return Statement(sentence=sentence, meaning=meaning) if meaning else None


def read_statements(reports: Iterable[str]) -> list[Statement]:
    """Every different sentence of the reports that states something, in order of text."""
    sentences = sorted({sentence.text for report in reports for sentence in read_report(report).sentences})
    read = (read_statement(sentence) for sentence in sentences)
    return [statement for statement in read if statement is not None]


def near_statements(sentence: str) -> Iterator[tuple[Kind, Statement]]:
    """The sentence with other sides, polarity or level, words changed in place, and which of these.

    Those that are told anew in a plain sentence are left out: their style alone gives them away.
    """
    read = read_statement(sentence)
    facts = () if read is None else tuple(fact for fact in read.meaning if fact.finding != _NORMAL)
    for negative in make_hard_negatives(sentence, facts):
        near = None if negative.retold else read_statement(negative.sentence)
        if near is not None:
            yield negative.kind, near


def compare_meanings(rows: Sequence[tuple[Fact, ...]], columns: Sequence[tuple[Fact, ...]]) -> NDArray[np.float64]:
    """How alike meanings are, `(rows, columns)` in [0, 1]: the share of all their facts that the other one says, too.

    Each fact counts with its `fact_similarity` to the nearest fact of the other. What is absent is compared like what
    is present, which `compare_cases` doesn't do: for it two cases without findings are alike. Symmetric; 1 where both
    state the same facts, 0 where one denies all that the other states.
    """
    facts = list(dict.fromkeys(fact for meaning in (*rows, *columns) for fact in meaning))
    number = {fact: n for n, fact in enumerate(facts)}
    table = _fact_table(facts)
    ours = np.array([number[fact] for meaning in rows for fact in meaning])
    theirs = np.array([number[fact] for meaning in columns for fact in meaning])
    our_counts, their_counts = np.array([len(m) for m in rows]), np.array([len(m) for m in columns])
    our_starts, their_starts = np.cumsum(our_counts) - our_counts, np.cumsum(their_counts) - their_counts
    pairs = table[np.ix_(ours, theirs)]
    said = np.add.reduceat(np.maximum.reduceat(pairs, their_starts, axis=1), our_starts, axis=0)
    heard = np.add.reduceat(np.maximum.reduceat(pairs, our_starts, axis=0), their_starts, axis=1)
    shared: NDArray[np.float64] = (said + heard) / (our_counts[:, None] + their_counts[None, :])
    return shared


def _fact_table(facts: Sequence[Fact]) -> NDArray[np.float64]:
    """`fact_similarity` of every two facts; only related concepts of one polarity are asked, the rest is 0."""
    names, similar = similarity_matrix()
    number = {name: n for n, name in enumerate(names)}
    at = np.array([number[fact.finding] for fact in facts])
    absent = np.array([fact.polarity == "absent" for fact in facts])
    related = (similar > 0)[np.ix_(at, at)] & (absent[:, None] == absent[None, :])
    table = np.zeros((len(facts), len(facts)))
    for row, column in np.argwhere(np.triu(related)).tolist():
        table[row, column] = table[column, row] = fact_similarity(facts[row], facts[column])
    return table
