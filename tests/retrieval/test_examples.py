"""Liked and disliked cases move a question by Rocchio's rule, region by region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.retrieval.examples import move_vectors, read_examples
from made_cases import made_case, made_image

EAST, NORTH = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)


def test_a_question_moves_towards_the_liked_and_away_from_the_disliked() -> None:
    moved = move_vectors({"global": EAST}, liked=[{"global": NORTH}, {"global": EAST}], disliked=[{"global": NORTH}])
    by_hand = np.array([1 + 0.75 / 2, 0.75 / 2 - 0.15])
    np.testing.assert_allclose(moved["global"], by_hand / np.linalg.norm(by_hand), atol=1e-6)


def test_without_a_question_the_liked_alone_speak_and_unseen_regions_stay_out() -> None:
    moved = move_vectors({}, liked=[{"spine": NORTH}, {"global": EAST}], disliked=[{"heart": EAST}])
    assert set(moved) == {"global", "spine"}
    np.testing.assert_allclose(moved["spine"], NORTH, atol=1e-6)


def test_a_question_that_is_cancelled_out_has_no_vector_there() -> None:
    assert move_vectors({"global": EAST * 0.15}, liked=[], disliked=[{"global": EAST}]) == {}


def test_examples_are_the_vectors_of_every_image_of_stored_cases(tmp_path: Path) -> None:
    images = [made_image({"global": np.asarray(v, dtype=np.float16)}, content=str(v)) for v in (EAST, NORTH)]
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=images), made_case("b")])
        assert [v["global"].tolist() for v in read_examples(index, ["a", "b"], option="like")] == [[1, 0], [0, 1]]
        with pytest.raises(InputError, match="like: expected the id of a stored case, got 'c'"):
            read_examples(index, ["a", "c"], option="like")
