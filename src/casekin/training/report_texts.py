"""Sentences of an archive's reports as word pieces: each report's own, their near opposites, and the places' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.training.cases import TrainingCase
from casekin.training.hard_negatives import make_hard_negatives
from casekin.training.mirror_text import swap_sides
from casekin.training.text.pieces import cut_texts, pad_pieces
from casekin.training.text.tokenizer import train_tokenizer
from casekin.types import Fact

_SILENT = "no report"
Told = tuple[tuple[int, tuple[Fact, ...]], ...]
"""A report's sentences: the number of each text, and what it states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTexts:
    """Texts of train by number, `pieces` their ids without padding.

    `reports` and `mirrored`: the sentences of each case and of its mirrored image, the latter None where that can't be
    told. `near`: numbers of texts that differ from a text in side or polarity. `names`: those of the 29 locations.
    `tokenizer` is its JSON, `vocabulary` the number of pieces it knows.
    """

    pieces: tuple[tuple[int, ...], ...]
    reports: tuple[Told, ...]
    mirrored: tuple[Told | None, ...]
    near: dict[int, tuple[int, ...]]
    names: tuple[int, ...]
    tokenizer: str
    vocabulary: int
    padding: int

    def padded(self, numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and mask `(n, t)` of texts, as long as the longest of them."""
        return pad_pieces([self.pieces[number] for number in numbers], self.padding)


def read_texts(
    cases: Sequence[TrainingCase],
    mirrored: Sequence[TrainingCase | None],
    *,
    vocabulary: int,
    max_tokens: int,
    with_near: bool,
) -> ReportTexts:
    """Collect what the reports of cases of train say, sentence by sentence, and learn a tokenizer on it.

    A sentence is one that states a fact; a report without any is a text of its own. `with_near`: also make near
    opposites of the sentences that state a finding, some milliseconds each.

    Raises:
        DependencyError: the `text` extra isn't installed.
    """
    numbers: dict[str, int] = {}
    told = [_sentences(case, numbers) for case in cases]
    told_mirrored = [None if case is None else _sentences(case, numbers) for case in mirrored]
    near = _near_texts(cases, numbers) if with_near else {}
    names = tuple(_number(name_place(n), numbers) for n in range(len(LOCATIONS)))
    tokenizer = train_tokenizer(numbers, vocabulary=vocabulary)
    pieces, size, padding = cut_texts(tokenizer, numbers, max_tokens=max_tokens)
    return ReportTexts(
        pieces=tuple(pieces),
        reports=tuple(told),
        mirrored=tuple(told_mirrored),
        near=near,
        names=names,
        tokenizer=tokenizer,
        vocabulary=size,
        padding=padding,
    )


def name_place(location: int) -> str:
    """The name of a location in words, by its number in `LOCATIONS`."""
    return str(LOCATIONS[location]).replace("_", " ")


def report_sentences(case: TrainingCase) -> dict[str, tuple[Fact, ...]]:
    """Sentences that state something, with their facts, in the order of the report."""
    told: dict[str, list[Fact]] = {}
    for fact in case.facts:
        if fact.sentence:
            told.setdefault(fact.sentence, []).append(fact)
    if not told:
        told[case.report.strip() or _SILENT] = []
    return {sentence: tuple(facts) for sentence, facts in told.items()}


def _sentences(case: TrainingCase, numbers: dict[str, int]) -> Told:
    return tuple((_number(sentence, numbers), facts) for sentence, facts in report_sentences(case).items())


def _number(text: str, numbers: dict[str, int]) -> int:
    return numbers.setdefault(text, len(numbers))


def _near_texts(cases: Sequence[TrainingCase], numbers: dict[str, int]) -> dict[int, tuple[int, ...]]:
    """Texts near to each sentence with a finding that say another side or polarity, words changed in place.

    The mirrored sentence's are the mirrored ones: what is read once needn't be read again.
    """
    near: dict[int, tuple[int, ...]] = {}
    for case in cases:
        for sentence, facts in report_sentences(case).items():
            number = numbers[sentence]
            if number in near or all(fact.polarity == "absent" for fact in facts):
                continue
            made = _opposites(sentence, facts)
            near[number] = tuple(_number(text, numbers) for text in made)
            swapped = numbers.get(swap_sides(sentence).text)
            if swapped is not None and swapped not in near:
                near[swapped] = tuple(_number(swap_sides(text).text, numbers) for text in made)
    return near


@lru_cache(maxsize=1 << 15)
def _opposites(sentence: str, facts: tuple[Fact, ...]) -> tuple[str, ...]:
    return tuple(one.sentence for one in make_hard_negatives(sentence, facts) if not one.retold)
