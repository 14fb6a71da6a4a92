"""Sentences as columns: BM25 against its formula written out, and what counts as a word."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.index import CaseIndex
from casekin.index.search import sentences as sentences_of_index
from made_cases import made_case

WORDS = ("mass", "left", "lung", "clear", "base")
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
archives = st.lists(st.lists(sentences, max_size=4), min_size=1, max_size=6)
questions = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from((0.5, 1.0))), max_size=3, unique_by=lambda w: w[0]
)


def naive_bm25(archive: list[list[str]], question: list[tuple[str, float]]) -> list[float]:
    """Best sentence of each case: BM25 with k1 1.2 and b 0.75, a word counted once, length in characters."""
    everything = [sentence for case in archive for sentence in case]
    mean = sum(map(len, everything)) / max(len(everything), 1)

    def score(sentence: str) -> float:
        total = 0.0
        for word, weight in question:
            bearers = sum(word in other.split() for other in everything)
            if word in sentence.split():
                rarity = math.log(1 + (len(everything) - bearers + 0.5) / (bearers + 0.5))
                total += weight * rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(sentence) / mean))
        return total

    return [max(map(score, case), default=0.0) for case in archive]


@settings(deadline=None, max_examples=30)
@given(archives, questions)
def test_a_case_scores_its_best_sentence_by_bm25(archive: list[list[str]], question: list[tuple[str, float]]) -> None:
    with tempfile.TemporaryDirectory() as folder, CaseIndex(Path(folder) / "index", create=True) as index:
        index.put([made_case(f"c{number}", sentences=tuple(case)) for number, case in enumerate(archive)])
        scores = index.match_sentences([((word,), weight) for word, weight in question])
    assert scores[1:].tolist() == pytest.approx(naive_bm25(archive, question))


def test_the_forms_of_a_word_count_as_one_word(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", sentences=("aorta.",)), made_case("b", sentences=("Aortic aorta.",)), made_case("c")])
        both = index.match_sentences([(("aorta", "aortic"), 1.0)])
        alone = index.match_sentences([(("aortic",), 1.0)])
    assert both[1] > both[2] > both[3] == 0.0  # the shorter sentence first, no second count
    assert np.flatnonzero(alone).tolist() == [2]


def test_what_another_handle_writes_is_found(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as reader, CaseIndex(tmp_path) as writer:
        assert not reader.match_sentences([(("mass",), 1.0)]).any()
        writer.put([made_case("a", sentences=("A mass.",))])
        assert np.flatnonzero(reader.match_sentences([(("mass",), 1.0)])).tolist() == [1]
        writer.put([], remove=["a"])
        assert not reader.match_sentences([(("mass",), 1.0)]).any()


def test_words_dropped_from_memory_are_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences_of_index, "_MOST_KEPT", 2)
    words = [((word,), 1.0) for word in WORDS]
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case(f"c{number}", sentences=(" ".join(WORDS),)) for number in range(3)])
        first, again = index.match_sentences(words), index.match_sentences(words)
    assert first.tolist() == again.tolist() and np.all(first[1:] > 0)


@pytest.mark.parametrize("word", ['"', "a b", "NEAR(", "*", "sentence:mass", "'; DROP TABLE cases"])
def test_words_are_never_read_as_the_query_language(tmp_path: Path, word: str) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", sentences=("A mass.",))])
        assert index.match_sentences([((word,), 1.0)]).shape == (2,)
        assert index.info()["cases"] == 1
