"""Agreement figures equal published ones, closed forms and other tools; intervals are by patient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from casekin.evaluation.judging import measure_agreement
from casekin.evaluation.judging.agreement import agreement, chance_agreement, kappa, tau_b, weighted_kappa
from made_runs import laws

grade_lists = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)

# Two raters of the data set "anxiety" of the R package irr, which prints a squared kappa of 0.297.
ANXIETY = (
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
)
# Table, kappa as printed: Fleiss, Statistical Methods for Rates and Proportions, 2nd ed., p. 213 (0.68); the PROC FREQ
# example of SAS on two dermatologists (0.3449); two readers of 85 mammograms, course STAT 509 of Penn State (0.47).
PUBLISHED = [
    ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.6765),
    ([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], 0.3449),
    ([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], 0.4728),
]


def counted(pairs: list[tuple[int, int]], width: int = 4) -> np.ndarray:
    """The table of counts, cell by cell."""
    return np.array([[sum(pair == (i, j) for pair in pairs) for j in range(width)] for i in range(width)], dtype=float)


@pytest.mark.parametrize(("table", "expected"), PUBLISHED)
def test_kappa_equals_published_examples(table: list[list[int]], expected: float) -> None:
    assert kappa(np.array(table, dtype=float)) == pytest.approx(expected, abs=5e-5)


def test_quadratic_weights_equal_a_published_example() -> None:
    table = counted([(a - 1, b - 1) for a, b in zip(*ANXIETY, strict=True)], width=6)
    assert weighted_kappa(table) == pytest.approx(0.297, abs=5e-4)


@laws
@given(pairs=grade_lists)
def test_quadratic_kappa_is_the_concordance_of_the_grades_as_numbers(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs, dtype=float).T
    spread = a.var() + b.var() + (a.mean() - b.mean()) ** 2  # Krippendorff 1970, Lin 1989
    found = weighted_kappa(counted(pairs))
    if spread == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(2 * np.cov(a, b, bias=True)[0, 1] / spread, abs=1e-12)


@laws
@given(pairs=grade_lists)
def test_tau_b_is_scipys_and_shares_are_counted(pairs: list[tuple[int, int]]) -> None:
    table = counted(pairs)
    a, b = zip(*pairs, strict=True)
    assert tau_b(table) == pytest.approx(kendalltau(a, b).statistic, abs=1e-12, nan_ok=True)
    assert agreement(table) == pytest.approx(sum(x == y for x, y in pairs) / len(pairs))
    assert chance_agreement(table) == pytest.approx(sum(x == y for x in a for y in b) / len(pairs) ** 2)


@laws
@given(pairs=grade_lists, others=grade_lists)
def test_many_tables_at_once_give_what_each_gives_and_exchanging_the_two_changes_nothing(
    pairs: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    tables = np.stack([counted(pairs), counted(others)])
    for statistic in (agreement, kappa, weighted_kappa, tau_b):
        together = statistic(tables)
        assert together == pytest.approx([float(statistic(table)) for table in tables], nan_ok=True)
        assert statistic(tables.transpose(0, 2, 1)) == pytest.approx(together, nan_ok=True)


def test_who_always_agrees_has_one_and_who_grades_independently_has_nothing() -> None:
    independent = np.outer([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0])
    for statistic in (kappa, weighted_kappa, tau_b):
        assert statistic(np.diag([3.0, 1.0, 4.0, 1.0])) == pytest.approx(1)
        assert statistic(independent) == pytest.approx(0, abs=1e-12)
    assert agreement(independent) == pytest.approx(chance_agreement(independent))


def compared(
    first: list[int | None], second: list[int | None], patients: list[str], **options: int
) -> dict[str, object]:
    """The record of an agreement, drawn with seed 0."""
    return measure_agreement(first, second, patients, generator=np.random.default_rng(0), **options).as_record()


def test_an_interval_is_over_patients_and_repeating_their_pairs_does_not_narrow_it() -> None:
    random = np.random.default_rng(3)
    first, noise = random.integers(0, 4, 30), random.integers(-1, 2, 30)
    second = np.clip(first + noise, 0, 3)
    patients = [f"p{number:02d}" for number in range(30)]
    once = compared(first.tolist(), second.tolist(), patients)
    often = compared(first.tolist() * 5, second.tolist() * 5, patients * 5)
    for name in ("kappa", "weighted_kappa"):
        assert once[name] == pytest.approx({**often[name], "n": 30})  # type: ignore[dict-item]
        assert once[name]["lo"] < once[name]["mean"] < once[name]["hi"]  # type: ignore[index]
    assert (often["n"], often["kappa"]["patients"]) == (150, 30)  # type: ignore[index]


def test_the_interval_holds_the_truth_in_about_95_of_100_experiments() -> None:
    random = np.random.default_rng(1)
    joint = np.array([[20, 5, 2, 1], [5, 12, 5, 2], [2, 5, 12, 5], [1, 2, 5, 16]], dtype=float)
    truth, held = float(weighted_kappa(joint)), 0
    for _ in range(100):
        cells = random.choice(16, size=60, p=(joint / joint.sum()).ravel())
        told = measure_agreement(
            (cells // 4).tolist(), (cells % 4).tolist(), [str(i) for i in range(60)], generator=random, resamples=400
        ).statistics["weighted_kappa"]
        assert told.lo is not None and told.hi is not None
        held += told.lo <= truth <= told.hi
    assert 88 <= held <= 99


def test_pairs_without_a_grade_are_left_out_and_counted() -> None:
    told = compared([3, None, 0, 1], [3, 2, None, 0], ["a", "b", "c", "d"])
    assert (told["n"], told["left_out"]) == (2, 2)
    assert told["table"] == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_what_is_not_defined_is_none_and_one_patient_has_no_interval() -> None:
    constant = compared([2, 2], [2, 2], ["a", "b"])
    assert constant["kappa"]["mean"] is constant["tau_b"]["mean"] is constant["kappa"]["lo"] is None  # type: ignore[index]
    assert constant["agreement"]["mean"] == constant["agreement"]["chance"] == 1  # type: ignore[index]
    alone = compared([0, 1, 3], [0, 1, 2], ["a", "a", "a"])["kappa"]
    assert alone["mean"] == pytest.approx(4 / 7) and alone["lo"] is None  # type: ignore[index]
    assert compared([], [], [])["agreement"]["mean"] is None  # type: ignore[index]
