"""Near-duplicates: shares of wording that agree with plain sets, groups around the first of their wording."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.reports.duplicates import SKETCH_BYTES, THRESHOLD, find_duplicates, similarity, sketch

WORDS = st.lists(
    st.sampled_from(["there", "is", "no", "left", "right", "effusion", "small", "lung", "base", "heart"]), max_size=60
)


def naive_share(a: str, b: str) -> float:
    """Jaccard of the sets of three words in a row (all words, where there are fewer)."""
    rows = []
    for text in (a, b):
        words = text.split()
        rows.append({tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2)) if words})
    return len(rows[0] & rows[1]) / max(len(rows[0] | rows[1]), 1)


def read_sketch(text: str) -> np.ndarray:
    return np.frombuffer(sketch(text), dtype="<u4")


@settings(max_examples=200, deadline=None)
@given(a=WORDS, b=WORDS)
def test_the_share_of_two_reports_is_the_one_of_plain_sets(a: list[str], b: list[str]) -> None:
    one, other = " ".join(a), " ".join(b)
    assert similarity(read_sketch(one), read_sketch(other)) == pytest.approx(naive_share(one, other))


def test_longer_reports_are_estimated_within_a_tenth() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        words = [f"w{number}" for number in rng.integers(500, size=600)]
        other = list(words)
        other[100 : 100 + int(rng.integers(1, 200))] = ["x"]
        share = naive_share(" ".join(words), " ".join(other))
        assert similarity(read_sketch(" ".join(words)), read_sketch(" ".join(other))) == pytest.approx(share, abs=0.1)


def test_case_punctuation_and_layout_do_not_count() -> None:
    assert sketch("No effusion.\nHeart: normal!") == sketch("no EFFUSION heart normal")
    assert len(sketch("")) == len(sketch("word " * 5000)) == SKETCH_BYTES


def test_groups_are_those_of_comparing_every_pair() -> None:
    rng = np.random.default_rng(3)
    texts: list[str] = []
    for number in range(150):
        if number % 3 or not texts:
            texts.append(" ".join(f"w{value}" for value in rng.integers(300, size=40)))
        else:
            words = texts[int(rng.integers(len(texts)))].split()
            words[int(rng.integers(len(words)))] = "changed"
            texts.append(" ".join(words))
    sketches = b"".join(map(sketch, texts))
    expected: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        near = [(naive_share(texts[leader], text), -leader) for leader in expected]
        share, leader = max(near, default=(0.0, 0))
        if share >= THRESHOLD:
            expected[-leader].append(number)
        else:
            expected[number] = []
    found = {group.leader: list(group.members) for group in find_duplicates(sketches)}
    assert found == {leader: members for leader, members in expected.items() if members}
    for group in find_duplicates(sketches):
        for member, share in zip(group.members, group.similarities, strict=True):
            assert share == pytest.approx(naive_share(texts[group.leader], texts[member]), abs=1e-4)


def test_empty_reports_are_nobodys_duplicates() -> None:
    sketches = sketch("") * 3 + sketch("clear lungs") * 2
    (group,) = find_duplicates(sketches)
    assert (group.leader, group.members, group.similarities) == (3, (4,), (1.0,))


def test_a_wording_of_thousands_of_reports_is_one_group_in_linear_time() -> None:
    sketches = sketch("The heart is normal in size. The lungs are clear.") * 5000
    (group,) = find_duplicates(sketches)
    assert len(group.members) == 4999
