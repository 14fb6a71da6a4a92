"""The encoder that comes with casekin: small, as recorded, and no stranger to a denial."""

from __future__ import annotations

import pytest

from casekin.models.text import TextEncoder, load_text_encoder
from casekin.models.text.load import SHIPPED


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return load_text_encoder()


def test_it_is_small_and_its_licence_is_said(encoder: TextEncoder) -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 5_000_000
    assert encoder.card.licence == "Apache-2.0"
    assert encoder.card.name == "casekin-text-small"


@pytest.mark.parametrize(
    ("sentence", "paraphrase", "other"),
    [
        ("There is a left pleural effusion.", "Pleural fluid on the left.", "There is no left pleural effusion."),
        ("There is a left pleural effusion.", "Pleural fluid on the left.", "There is a right pleural effusion."),
        ("No pneumothorax.", "Pneumothorax is not seen.", "Pneumothorax."),
        ("The heart is enlarged.", "Cardiomegaly.", "The heart is not enlarged."),
    ],
)
def test_what_says_the_same_is_nearer_than_its_opposite(
    encoder: TextEncoder, sentence: str, paraphrase: str, other: str
) -> None:
    asked, same, opposite = encoder.encode([sentence, paraphrase, other]).vectors
    assert asked @ same > asked @ opposite
