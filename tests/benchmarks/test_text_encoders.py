"""How the benchmark of text encoders scores: what knows the meanings is perfect, random numbers are at chance."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from casekin.training.text import compare_meanings, read_statement

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))  # benchmarks import one another, as scripts of one folder do
        return importlib.import_module("text_encoders")


@pytest.fixture(scope="module")
def figures(benchmark: ModuleType) -> dict[str, Any]:
    asked = benchmark.sentences_of(3, 40, "test", 150)
    meanings = {each.statement.sentence: each.statement.meaning for each in asked}
    noise = np.random.default_rng(1)

    def known(text: str) -> Any:
        read = read_statement(text)
        return meanings.get(text) or (read.meaning if read else ())

    def knowing(queries: Sequence[str], documents: Sequence[str]) -> Any:
        return compare_meanings([known(text) for text in queries], [known(text) for text in documents])

    def random(queries: Sequence[str], documents: Sequence[str]) -> Any:
        return noise.random((len(queries), len(documents)))

    measured: dict[str, Any] = benchmark.measured(asked, {"knowing": knowing, "random": random}, 3)
    return measured


def test_who_knows_what_sentences_mean_scores_one(figures: dict[str, Any]) -> None:
    assert figures["knowing"]["nDCG@10"]["mean"] == pytest.approx(1.0)
    assert figures["knowing"]["polarity_separated"]["mean"] > 0.95


def test_random_numbers_score_what_chance_says(figures: dict[str, Any]) -> None:
    expected, scored = figures["chance"]["nDCG@10"]["mean"], figures["random"]["nDCG@10"]["mean"]
    assert scored == pytest.approx(expected, abs=0.05)
    assert figures["random"]["polarity_separated"]["mean"] == pytest.approx(0.5, abs=0.25)


def test_bm25_and_tfidf_find_the_same_words_first(benchmark: ModuleType) -> None:
    texts = ["small left effusion", "right pneumothorax", "the effusion is small"]
    for way in (benchmark.by_tfidf(texts), benchmark.by_bm25(texts)):
        scores = way(["small effusion"], texts)[0]
        assert scores[1] == 0 and min(scores[0], scores[2]) > 0
