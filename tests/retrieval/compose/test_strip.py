"""What is taken out of another patient's sentence, and which sentences can't be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.retrieval.compose.strip import NUMBER, PRIOR, strip_sentence, without_severity


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("1. Small left effusion, unchanged from the prior.", "Small left effusion."),
        ("There is a 34 mm nodule in the left lower lobe.", "There is a nodule in the left lower lobe."),
        ("A nodule in the left lower lobe, measuring 3.4 x 2 cm.", "A nodule in the left lower lobe."),
        ("Again there is a stable left effusion", "There is a left effusion."),
        ("PLEURA: No effusion.", "No effusion."),
        ("no   pneumothorax", "No pneumothorax."),
    ],
)
def test_priors_sizes_labels_and_bullets_are_taken_out(sentence: str, plain: str) -> None:
    assert strip_sentence(sentence) == plain


@pytest.mark.parametrize(
    "sentence",
    [
        "Comparison with 2019 shows an effusion.",
        "The effusion has increased since the last examination and remains large.",
        "Two nodules in the left lower lobe.",
        "Discussed with Dr. Smith.",
        "Effusion in this 63 year old man.",
        "She developed respiratory distress and was intubated.",
        "nl heart size",
        "NO PNEUMOTHORAX IS SEEN ON THIS FILM",
        "Effusion // no pneumothorax",
        "Is there an effusion?",
        "Associated left lower lobe atelectasis.",
        "The effusion was seen on ___.",
        "effusion " * 30,
        "",
    ],
)
def test_a_sentence_with_something_personal_past_or_unfit_is_refused(sentence: str) -> None:
    assert strip_sentence(sentence) is None


@given(st.text(max_size=300))
def test_no_text_comes_out_with_a_number_or_a_prior_or_twice_as_long(text: str) -> None:
    plain = strip_sentence(text)
    assert plain is None or (not NUMBER.search(plain) and not PRIOR.search(plain) and len(plain) <= 170)


def test_severity_is_taken_out_and_the_article_mended() -> None:
    assert without_severity("A moderate effusion.") == "An effusion."
    assert without_severity("There is an extensive consolidation.") == "There is a consolidation."
