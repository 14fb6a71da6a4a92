"""Sentences are as alike as what they state: absences like findings, sides and polarity apart."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.relevance import fact_similarity
from casekin.training.text import compare_meanings, near_statements, read_statement, read_statements
from casekin.types import Fact

SENTENCES = [
    "Small left pleural effusion.",
    "Small right pleural effusion.",
    "No left pleural effusion.",
    "No pneumothorax or consolidation.",
    "The lungs are clear.",
    "Possible right upper lobe pneumonia with a new left effusion.",
    "Stable cardiomegaly.",
]


def meaning(sentence: str) -> tuple[Fact, ...]:
    statement = read_statement(sentence)
    assert statement is not None, sentence
    return statement.meaning


def nearest_matches(first: tuple[Fact, ...], second: tuple[Fact, ...]) -> float:
    """The definition, fact by fact."""
    said = [max(fact_similarity(a, b) for b in second) for a in first]
    heard = [max(fact_similarity(a, b) for a in first) for b in second]
    return (sum(said) + sum(heard)) / (len(first) + len(second))


def test_meanings_are_compared_fact_by_fact() -> None:
    meanings = [meaning(sentence) for sentence in SENTENCES]
    expected = [[nearest_matches(a, b) for b in meanings[2:]] for a in meanings]
    np.testing.assert_allclose(compare_meanings(meanings, meanings[2:]), expected, atol=1e-6)


def test_comparing_is_symmetric_and_whole_only_for_the_same_facts() -> None:
    meanings = [meaning(sentence) for sentence in SENTENCES]
    table = compare_meanings(meanings, meanings)
    np.testing.assert_allclose(table, table.T)
    np.testing.assert_allclose(np.diag(table), 1.0)
    assert (table[~np.eye(len(table), dtype=bool)] < 1).all()


@pytest.mark.parametrize(
    ("sentence", "other", "most"),
    [
        ("Left pleural effusion.", "No left pleural effusion.", 0.0),
        ("Left pleural effusion.", "Right pleural effusion.", 0.2),
        ("No pneumothorax.", "Pneumothorax.", 0.0),
        ("The heart is of normal size.", "The heart is enlarged.", 0.0),
    ],
)
def test_the_opposite_and_the_other_side_are_not_alike(sentence: str, other: str, most: float) -> None:
    assert compare_meanings([meaning(sentence)], [meaning(other)])[0, 0] <= most


def test_two_different_absences_are_not_alike_as_two_cases_without_findings_are() -> None:
    assert compare_meanings([meaning("No pneumothorax.")], [meaning("No rib fracture.")])[0, 0] < 0.3


def test_a_sentence_that_states_nothing_is_left_out_and_each_text_comes_once() -> None:
    reports = ["FINDINGS: No pneumothorax. Comparison was made with the prior study.", "IMPRESSION: No pneumothorax."]
    assert [statement.sentence for statement in read_statements(reports)] == ["No pneumothorax."]


def test_near_sentences_share_nearly_all_words_and_say_something_else() -> None:
    near = dict(near_statements("Small left pleural effusion."))
    assert near["side"].sentence == "Small right pleural effusion."
    assert near["polarity"].sentence == "No left pleural effusion."
    for statement in near.values():
        assert compare_meanings([meaning("Small left pleural effusion.")], [statement.meaning])[0, 0] <= 0.2
