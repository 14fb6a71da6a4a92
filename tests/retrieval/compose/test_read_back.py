"""A sentence has to say just what is claimed, as the report reader reads it."""

from __future__ import annotations

import pytest

from casekin.retrieval.compose.draft import Claim
from casekin.retrieval.compose.read_back import says_just

EFFUSION = Claim(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")


def test_a_sentence_that_says_the_claim_alone_passes() -> None:
    assert says_just("There is a left pleural effusion.", EFFUSION)


@pytest.mark.parametrize(
    "text",
    [
        "There is a right pleural effusion.",
        "There is no left pleural effusion.",
        "There may be a left pleural effusion.",
        "There is a left pleural effusion and consolidation in the left lower lobe.",
        "There is a left pneumothorax.",
        "There are bilateral pleural effusions.",
        "There is a left pleural effusion of 20 mm.",
        "There is a new left pleural effusion.",
        "There is a left pleural effusion. The heart is enlarged.",
        "There is a left pleural effusion. No pneumothorax.",
        "There is a large left pleural effusion.",
        "The patient feels well.",
    ],
)
def test_another_side_polarity_finding_size_change_or_a_second_statement_fails(text: str) -> None:
    assert not says_just(text, EFFUSION)


def test_no_severity_passes_since_similar_cases_dont_know_it() -> None:
    assert not says_just("There is a small left pleural effusion.", EFFUSION)
    assert not says_just("There is extensive left pleural effusion.", EFFUSION)


def test_a_normal_place_is_read_back_as_normal_and_nothing_else() -> None:
    lungs = Claim(finding="no_finding", anatomy="lung", side="bilateral", polarity="present")
    assert says_just("The lungs are clear.", lungs)
    assert not says_just("The lungs and pleural spaces are clear.", lungs)
    assert not says_just("The lungs are clear. No effusion.", lungs)
