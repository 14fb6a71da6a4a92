"""Slices against closed forms, scipy's tests and seeded simulation; what can't be sliced says so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from casekin.errors import InputError
from casekin.evaluation.slices import MIXED, UNKNOWN, SliceCell, label_queries, read_field, slice_values
from casekin.evaluation.statistics import PatientTotals, adjust_holm, bootstrap_means
from casekin.types import CaseRow


def cells_of(values: object, patients: object, labels: object, **given: int) -> dict[str, SliceCell]:
    cells = slice_values(
        np.asarray(values, dtype=float),
        np.asarray(patients),
        list(labels),  # type: ignore[call-overload]
        generator=np.random.default_rng(given.get("seed", 0)),
        resamples=given.get("resamples", 2_000),
    )
    return {cell.label: cell for cell in cells}


def two_groups(size: int, gap: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """One query a patient; the second half lies `gap` higher."""
    random = np.random.default_rng(seed)
    values = random.normal(0.5, 0.2, 2 * size) + np.repeat([0.0, gap], size)
    return values, np.arange(2 * size), ["M"] * size + ["F"] * size


def test_a_cell_has_the_interval_of_its_own_queries() -> None:
    values, patients, labels = two_groups(40, 0.2)
    first = cells_of(values, patients, labels)["F"]
    (alone,) = bootstrap_means(
        PatientTotals.by_query(values[40:], patients[40:]), generator=np.random.default_rng(0), resamples=2_000
    )
    assert first.interval == alone
    assert (first.n, first.patients, first.small) == (40, 40, False)


def test_the_gap_of_two_large_groups_is_welchs() -> None:
    values, patients, labels = two_groups(400, 0.1)
    cell = cells_of(values, patients, labels, resamples=8_000)["F"]
    welch = stats.ttest_ind(values[400:], values[:400], equal_var=False)
    interval = welch.confidence_interval()
    assert cell.gap is not None and cell.gap.lo is not None and cell.gap.hi is not None
    assert cell.gap.mean == pytest.approx(values[400:].mean() - values[:400].mean())
    assert cell.gap.lo == pytest.approx(interval.low, abs=0.004)
    assert cell.gap.hi == pytest.approx(interval.high, abs=0.004)
    assert cell.p_value is not None and cell.p_value < 1e-6


def test_p_of_two_cells_is_near_welchs_and_asked_once() -> None:
    values, patients, labels = two_groups(60, 0.06, seed=3)
    welch = stats.ttest_ind(values[60:], values[:60], equal_var=False).pvalue
    cells = cells_of(values, patients, labels)
    assert cells["F"].p_value == cells["M"].p_value == pytest.approx(welch, rel=0.1)


def test_p_of_three_cells_is_corrected_by_holm() -> None:
    """Welch's statistic, with the degrees of freedom of the smaller side alone."""
    values, patients, _ = two_groups(60, 0.15, seed=3)
    labels = np.repeat(["a", "b", "c"], 40)
    raw = []
    for name in ("a", "b", "c"):
        welch = stats.ttest_ind(values[labels == name], values[labels != name], equal_var=False)
        raw.append(float(2 * stats.t.sf(abs(welch.statistic), 39)))
    cells = cells_of(values, patients, labels)
    assert [cells[name].p_value for name in ("a", "b", "c")] == pytest.approx(adjust_holm(raw), rel=0.15)


def test_the_error_of_a_gap_is_that_of_leaving_out_each_patient_by_hand() -> None:
    """p by loops: patients of unequal size, some with queries on both sides."""
    random = np.random.default_rng(6)
    owners = np.repeat(np.arange(30), random.integers(1, 5, 30))
    values, inside = random.random(len(owners)), random.random(len(owners)) < 0.5
    gaps = []
    for left_out in range(30):
        kept = owners != left_out
        gaps.append(values[kept & inside].mean() - values[kept & ~inside].mean())
    error = math.sqrt(29 / 30 * sum((gap - sum(gaps) / 30) ** 2 for gap in gaps))
    fewest = min(len(set(owners[inside].tolist())), len(set(owners[~inside].tolist())))
    expected = 2 * stats.t.sf(abs(values[inside].mean() - values[~inside].mean()) / error, fewest - 1)
    cells = cells_of(values, owners, np.where(inside, "in", "out"), resamples=50)
    assert cells["in"].p_value == pytest.approx(float(expected))


def test_gaps_of_two_cells_are_one_anothers_mirror() -> None:
    cells = cells_of(*two_groups(30, 0.3))
    assert cells["F"].gap is not None and cells["M"].gap is not None
    assert cells["F"].gap.mean == pytest.approx(-float(cells["M"].gap.mean or 0))


def test_a_patient_in_both_cells_makes_the_gap_surer_not_less_sure() -> None:
    """Each patient has one query in either cell, and a level of their own: their difference is what counts."""
    random = np.random.default_rng(4)
    levels = random.normal(0.5, 0.3, 50)
    values = np.concatenate([levels, levels + 0.02 + random.normal(0, 0.02, 50)])
    labels = ["old"] * 50 + ["new"] * 50
    paired = cells_of(values, np.tile(np.arange(50), 2), labels)["new"]
    apart = cells_of(values, np.arange(100), labels)["new"]
    assert paired.p_value is not None and paired.p_value < 1e-3
    assert apart.p_value is not None and apart.p_value > 0.5
    expected = stats.ttest_rel(values[50:], values[:50]).confidence_interval()
    assert paired.gap is not None
    assert (paired.gap.lo, paired.gap.hi) == pytest.approx((expected.low, expected.high), abs=0.002)


def test_cells_of_a_few_patients_keep_their_counts_and_lose_their_figures() -> None:
    values, patients = np.linspace(0, 1, 40), np.repeat(np.arange(20), 2)
    cells = cells_of(values, patients, ["big"] * 20 + ["few"] * 20)
    assert (cells["few"].n, cells["few"].patients, cells["few"].small) == (20, 10, True)
    assert cells["few"].interval is None and cells["few"].gap is None and cells["few"].p_value is None
    assert cells["big"].small and cells["big"].patients == 10


def test_a_cell_whose_others_are_few_has_an_interval_and_no_gap() -> None:
    cells = cells_of(np.linspace(0, 1, 30), np.arange(30), ["many"] * 25 + ["few"] * 5)
    assert cells["many"].interval is not None
    assert cells["many"].gap is None and cells["many"].p_value is None


def test_queries_without_a_value_count_in_no_cell() -> None:
    values, patients, labels = two_groups(20, 0.0)
    values[:5] = math.nan
    cells = cells_of([*values, math.nan], [*patients, 99], [*labels, "gone"])
    assert cells["M"].n == 15
    assert "gone" not in cells


def test_equal_values_have_no_gap() -> None:
    cells = cells_of(np.full(40, 0.7), np.arange(40), ["a", "b"] * 20)
    assert cells["a"].gap is not None
    assert (cells["a"].gap.mean, cells["a"].gap.lo, cells["a"].gap.hi) == pytest.approx((0, 0, 0), abs=1e-12)
    assert cells["a"].p_value == 1.0


def test_without_gaps_a_table_of_cells_is_rarely_alarmed() -> None:
    """200 tables of four cells over patients with several queries: at least one adjusted p <= 0.05 in about 5 %."""
    random = np.random.default_rng(5)
    owners = np.repeat(np.arange(120), 3)
    alarms = 0
    for _ in range(200):
        values = random.beta(1, 2, 120)[owners] + random.normal(0, 0.1, 360)
        labels = random.choice(list("abcd"), 120)[owners]
        cells = slice_values(values, owners, labels.tolist(), generator=random, resamples=2)
        alarms += any(cell.p_value is not None and cell.p_value <= 0.05 for cell in cells)
    assert 2 <= alarms <= 20


def test_records_name_what_the_page_shows() -> None:
    cells = cells_of(np.linspace(0, 1, 30), np.arange(30), ["many"] * 25 + ["few"] * 5)
    assert cells["few"].as_record() == {
        "label": "few", "n": 5, "patients": 5, "small": True, "interval": None, "gap": None, "p_value": None,
        "chance": None,
    }  # fmt: skip
    interval = cells["many"].as_record()["interval"]
    assert sorted(interval) == ["hi", "lo", "mean", "n", "patients"]


def test_a_cell_stands_beside_what_a_random_ranking_would_give_it_and_a_small_one_beside_nothing() -> None:
    labels = ["many"] * 25 + ["few"] * 5
    values = np.r_[np.nan, np.linspace(0, 1, 29)]  # the first query counts nowhere
    expected = np.linspace(0.1, 0.4, 30)
    cells = {
        cell.label: cell
        for cell in slice_values(
            values, np.arange(30), labels, generator=np.random.default_rng(0), resamples=50, expected=expected
        )
    }
    assert cells["many"].chance == pytest.approx(expected[1:25].mean())
    assert cells["few"].chance is None


# Labels


def rows() -> list[CaseRow]:
    return [
        CaseRow(case_id="a", patient_id="p", image="a.png", sex="F", age=34, extra={"site": "north"}),
        CaseRow(case_id="a", patient_id="p", image="a2.png", sex="F", age=34, extra={"site": "south"}),
        CaseRow(case_id="b", patient_id="q", image="b.png", sex="M", age=80, extra={"site": "north"}),
        CaseRow(case_id="c", patient_id="r", image="c.png"),
    ]


def labels_of(field: str) -> tuple[str, ...]:
    return label_queries(["c@lung", "a@lung", "a@*", "b@heart", "x@lung"], read_field(rows(), field), field)


def test_queries_are_labelled_by_their_case_and_missing_values_are_a_cell_of_their_own() -> None:
    assert labels_of("sex") == (UNKNOWN, "F", "F", "M", UNKNOWN)
    assert labels_of("age") == (UNKNOWN, "20-39", "20-39", "80+", UNKNOWN)


def test_fields_beyond_the_contract_are_read_and_cases_that_disagree_with_themselves_are_mixed() -> None:
    assert labels_of("site") == (UNKNOWN, MIXED, MIXED, "north", UNKNOWN)


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-19"), (19.9, "0-19"), (20, "20-39"), (40, "40-59"), (79, "60-79"), (80, "80+"), (99, "80+")],
)
def test_ages_fall_into_bands(age: float, band: str) -> None:
    assert label_queries(["a@*"], [("a", age)], "age") == (band,)


def test_a_field_that_no_case_has_is_an_error() -> None:
    with pytest.raises(InputError, match="'scanner'"):
        labels_of("scanner")


def test_a_field_of_lists_is_an_error() -> None:
    with pytest.raises(InputError, match="got list"):
        label_queries(["a@*"], [("a", ["x"])], "findings")


def test_a_field_that_tells_every_case_apart_is_an_error() -> None:
    queries = [f"{number}@*" for number in range(60)]
    with pytest.raises(InputError, match="got 60"):
        label_queries(queries, [(str(number), number) for number in range(60)], "day_offset")


def test_free_text_never_becomes_a_label() -> None:
    text = "Small left pleural effusion. " * 5
    with pytest.raises(InputError) as error:
        label_queries(["a@*"], [("a", text)], "report")
    assert "effusion" not in str(error.value)
