"""Laws of the similarity of findings, and a naive second computation of it."""

from functools import cache
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekin.errors import FindingError
from casekin.findings import FINDINGS, ancestors, concept_similarity, finding_names, similarity_matrix

NAMES = st.sampled_from(finding_names())


@cache
def distance_up(name: str, above: str) -> float:
    """Fewest is-a steps, by recursion over parents."""
    if name == above:
        return 0
    return 1 + min((distance_up(parent, above) for parent in FINDINGS[name].parents), default=float("inf"))


@cache
def kinds(over: str) -> int:
    """How many concepts are a kind of `over`, itself not counted."""
    return sum(over in ancestors(name) for name in FINDINGS)


def naive(a: str, b: str) -> float:
    """The docstring of `concept_similarity`, word by word."""
    best = 0.0
    for over in FINDINGS:
        steps = distance_up(a, over) + distance_up(b, over)
        if steps == float("inf"):
            continue
        turn = 1 - log(1 + kinds(over)) / log(len(FINDINGS))
        turn *= 1.0 if FINDINGS[over].parents else 0.5
        best = max(best, 0.8**steps * (1.0 if over in (a, b) else turn))
    return best


@settings(deadline=None)  # the first example builds the matrix
@given(a=NAMES, b=NAMES)
def test_similarity_is_symmetric_within_0_and_1_and_1_for_the_same_finding_only(a: str, b: str) -> None:
    value = concept_similarity(a, b)
    assert 0 <= value <= 1
    assert value == concept_similarity(b, a)
    assert (value == 1) == (a == b)


@settings(deadline=None)  # the first example builds the matrix
@given(a=NAMES, b=NAMES)
def test_similarity_agrees_with_a_naive_computation(a: str, b: str) -> None:
    assert concept_similarity(a, b) == pytest.approx(naive(a, b), abs=1e-6)


@settings(deadline=None)  # the first example builds the matrix
@given(name=NAMES)
def test_a_nearer_ancestor_is_more_alike_than_a_farther_one(name: str) -> None:
    above = ancestors(name)
    values = [concept_similarity(name, each) for each in above]
    assert values == sorted(values, reverse=True)
    assert all(value > 0 for value in values)


def test_kinds_of_a_narrow_concept_are_more_alike_than_kinds_of_a_broad_one() -> None:
    narrow = concept_similarity("picc", "port")
    middle = concept_similarity("consolidation", "ground_glass_opacity")
    broad = concept_similarity("pleural_effusion", "pneumothorax")
    assert narrow > middle > broad > 0


def test_findings_that_share_nothing_have_similarity_0() -> None:
    assert concept_similarity("pneumothorax", "picc") == 0
    assert concept_similarity("no_finding", "consolidation") == 0


def test_the_matrix_is_read_only_and_in_the_order_of_the_names() -> None:
    names, matrix = similarity_matrix()
    assert names == finding_names()
    assert matrix.shape == (len(names), len(names))
    assert matrix.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        matrix[0, 0] = 0


def test_an_unknown_finding_has_no_similarity() -> None:
    with pytest.raises(FindingError):
        concept_similarity("consolidation", "left lower lobe")
