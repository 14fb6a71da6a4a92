"""Numbers in words: as many digits as the interval warrants, and a reason where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.evaluation.cards.numbers import (
    count,
    count_words,
    difference,
    figure,
    figure_with_interval,
    fixed,
    interval,
    percent,
    place_words,
    probability,
)


def score(mean: float | None, lo: float | None = None, hi: float | None = None, patients: int = 20) -> dict[str, Any]:
    return {"mean": mean, "lo": lo, "hi": hi, "n": 40, "patients": patients}


def told(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("mean", "lo", "hi", "expected"),
    [
        (0.52341, 0.51, 0.54, "0.523 (0.510 to 0.540)"),
        (0.52341, 0.41, 0.64, "0.52 (0.41 to 0.64)"),
        (3.4567, 2.4, 4.6, "3.5 (2.4 to 4.6)"),
        (38.67, 20.1, 55.9, "39 (20 to 56)"),
        (0.5, 0.5, 0.5, "0.500 (0.500 to 0.500)"),
        (-0.0123, -0.0321, 0.0076, "−0.012 (−0.032 to 0.008)"),
        (-0.0001, -0.03, 0.03, "0.000 (−0.030 to 0.030)"),
    ],
)
def test_a_figure_has_two_digits_of_its_interval_and_three_decimals_at_most(
    mean: float, lo: float, hi: float, expected: str
) -> None:
    assert told(figure_with_interval(score(mean, lo, hi))) == expected


@given(st.floats(0, 1), st.floats(0.001, 0.5))
def test_what_is_printed_lies_within_a_tenth_of_the_interval_of_what_was_measured(mean: float, half: float) -> None:
    printed = float(figure(score(mean, mean - half, mean + half)).replace("−", "-"))
    assert abs(printed - mean) <= max(0.1 * 2 * half, 0.0005) + 1e-12


def test_a_missing_interval_says_why() -> None:
    assert interval(score(0.5, patients=1)) == "n/a (one patient)"
    assert interval(score(None, patients=0)) == "n/a (no query)"
    assert interval(score(0.5, patients=9)) == "n/a"
    assert figure_with_interval(score(0.5, patients=1)) == "0.500, interval n/a (one patient)"
    assert figure_with_interval(score(None, patients=0)) == "n/a"


def test_a_difference_carries_its_sign() -> None:
    assert told(difference(score(0.1, 0.05, 0.15))) == "+0.10 (0.05 to 0.15)"
    assert told(difference(score(-0.1, -0.15, -0.05))) == "−0.10 (−0.15 to −0.05)"
    assert difference(score(0.0, 0.0, 0.0)).startswith("0.000")
    assert difference(score(None)) == "n/a"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "n/a"),
        (float("nan"), "n/a"),
        (0.1234, "0.123"),
        (-0.00001, "0.000"),
        (-12.345, "−12.3"),
        (1234.5, "1,234.5"),
    ],
)
def test_a_fixed_number_never_prints_minus_nothing(value: float | None, expected: str) -> None:
    assert fixed(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(None, "n/a"), (0.0, "0 %"), (1.0, "100 %"), (0.104, "10 %"), (0.0567, "5.7 %"), (0.00123, "0.12 %")],
)
def test_a_share_has_two_digits(share: float | None, expected: str) -> None:
    assert percent(share) == expected


@pytest.mark.parametrize(
    ("p", "expected"), [(None, "n/a"), (0.0001, "< 0.001"), (0.0123, "0.012"), (0.5, "0.50"), (1.0, "1.00")]
)
def test_a_probability_is_never_nothing(p: float | None, expected: str) -> None:
    assert told(probability(p)) == expected


def test_counts_and_names_are_words() -> None:
    assert (count(1234), count(812.5), count(812.0)) == ("1,234", "812.5", "812")
    assert count_words({"same_patient": 3, "unjudged": 0}) == [("same patient", "3")]
    assert (place_words("left_lower_lobe"), place_words("*")) == ("left lower lobe", "whole case")
    assert (place_words("svc"), place_words("text_to_image")) == ("superior vena cava", "text to image")
