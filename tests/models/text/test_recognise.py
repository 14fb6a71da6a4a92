"""The nearest finding of words that no rule reads, by an encoder that counts words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from casekin.models.text.protocol import EncodedText, vectors_alone
from casekin.models.text.recognise import NearestFinding

WIDTH = 4096


class CountingEncoder:
    """Counts words; counts how many texts it was given, too."""

    version = "counts-1"
    card: Any = SimpleNamespace(text_dim=WIDTH)

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, sentences: Sequence[str]) -> EncodedText:
        self.texts += len(sentences)
        vectors = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        for row, text in zip(vectors, sentences, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % WIDTH] += 1
        return vectors_alone(vectors)


def test_the_nearest_name_tells_the_finding_and_a_denying_word_its_polarity() -> None:
    nearest = NearestFinding(CountingEncoder(), least=0.5)
    assert nearest("pneumothorax!") == [("pneumothorax", "present")]
    assert nearest("no pneumothorax!") == [("pneumothorax", "absent")]


@pytest.mark.parametrize(("least", "found"), [(0.6, 1), (0.8, 0)])
def test_nothing_is_read_where_nothing_is_near_enough(least: float, found: int) -> None:
    assert len(NearestFinding(CountingEncoder(), least=least)("pneumothorax perhaps")) == found  # a cosine of 0.71


def test_names_are_encoded_once() -> None:
    encoder = CountingEncoder()
    nearest = NearestFinding(encoder, least=0.5)
    nearest("pneumothorax")
    before = encoder.texts
    nearest("effusion")
    assert encoder.texts == before + 1
