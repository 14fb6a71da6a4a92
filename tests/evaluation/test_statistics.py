"""Intervals, paired tests and corrections against closed forms, naive loops, scipy and seeded simulation."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from casekin.evaluation import Judgements, Run, judge_run, statistics
from casekin.evaluation.statistics import (
    Interval,
    PatientTotals,
    adjust_holm,
    bootstrap_means,
    bootstrap_statistic,
    compare_paired,
    draw_weights,
    minimum_detectable_effects,
    permutation_p_values,
    query_patients,
)

Floats = NDArray[np.float64]


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def clustered(patients: int, seed: int) -> tuple[Floats, NDArray[np.intp]]:
    """Values whose patients have a level of their own, 1 to 6 queries each."""
    random = generator(seed)
    owners = np.repeat(np.arange(patients), random.integers(1, 7, patients))
    return random.normal(0.5, 0.3, patients)[owners] + random.normal(0, 0.1, len(owners)), owners


def one(totals: PatientTotals, *, seed: int = 0, resamples: int = 2_000) -> Interval:
    (interval,) = bootstrap_means(totals, generator=generator(seed), resamples=resamples)
    return interval


def width(interval: Interval) -> float:
    assert interval.lo is not None and interval.hi is not None
    return interval.hi - interval.lo


# Totals and means


@pytest.mark.parametrize("macro", [False, True])
def test_means_are_those_of_a_loop_over_patients(macro: bool) -> None:
    random = generator(1)
    owners = random.choice(list("abcdefg"), 60)
    values = np.where(random.random((60, 3)) < 0.2, math.nan, random.random((60, 3)))
    totals = (PatientTotals.by_patient if macro else PatientTotals.by_query)(values, owners)
    for column in range(3):
        lists = [[v for v, o in zip(values[:, column], owners, strict=True) if o == p and v == v] for p in "abcdefg"]
        flat = [[sum(part) / len(part)] for part in lists if part] if macro else lists
        every = [value for part in flat for value in part]
        assert totals.means[column] == pytest.approx(sum(every) / len(every), abs=1e-12)
        assert totals.queries[column] == sum(map(len, lists))


def test_a_patient_with_many_queries_weighs_more_by_query_and_the_same_by_patient() -> None:
    values, owners = [1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"]
    assert PatientTotals.by_query(values, owners).means == pytest.approx([0.75])
    assert PatientTotals.by_patient(values, owners).means == pytest.approx([0.5])


def test_the_standard_error_of_one_query_a_patient_is_that_of_a_sample_mean() -> None:
    values = generator(2).normal(size=40)
    totals = PatientTotals.by_query(values, np.arange(40))
    assert totals.standard_errors == pytest.approx([stats.sem(values)])


def test_the_standard_error_of_unequal_patients_is_that_of_leaving_out_each_by_hand() -> None:
    values, owners = clustered(11, seed=19)
    holes = np.where(owners == 4, math.nan, values)
    known = [patient for patient in range(11) if patient != 4]
    means = [holes[(owners != patient) & (owners != 4)].mean() for patient in known]
    expected = math.sqrt(9 / 10 * sum((mean - sum(means) / 10) ** 2 for mean in means))
    assert PatientTotals.by_query(holes, owners).standard_errors == pytest.approx([expected])


def test_patients_of_another_length_than_the_values_are_an_error() -> None:
    with pytest.raises(ValueError, match="one for each of 3 queries"):
        PatientTotals.by_query([1.0, 2.0, 3.0], ["a", "b"])


def test_a_query_of_unknown_patient_stands_for_itself() -> None:
    rows = [(query, "d", 1.0) for query in ("a@lung", "b@lung", "b@heart", "c@lung", "d@lung")]
    judgements = Judgements.build(
        [(query, "e", 1.0) for query, _, _ in rows],
        documents=list("abcde"),
        patients={"a": "p", "d": "p", "e": "q"},
    )
    run = judge_run(Run.build("r", rows), judgements)
    known = dict(zip(run.query_ids, query_patients(run).tolist(), strict=True))
    assert known["a@lung"] == known["d@lung"]
    assert known["b@lung"] == known["b@heart"]
    assert len(set(known.values())) == 3


# Bootstrap


@pytest.mark.parametrize("patients", [8, 30, 400])
def test_the_interval_of_a_normal_mean_is_as_wide_as_students(patients: int) -> None:
    values = generator(3).normal(10, 2, patients)
    expected = 2 * stats.t.ppf(0.975, patients - 1) * stats.sem(values)
    interval = one(PatientTotals.by_query(values, np.arange(patients)), resamples=20_000)
    assert width(interval) == pytest.approx(expected, rel=0.06)
    assert interval.mean == pytest.approx(values.mean())
    assert (interval.n, interval.patients) == (patients, patients)


def test_intervals_are_those_of_a_loop_that_copies_the_queries_of_drawn_patients() -> None:
    values, owners = clustered(12, seed=4)
    weights = np.vstack(list(draw_weights(12, 200, generator(5))))
    means = []
    for row in weights:
        drawn = [v for patient in range(12) for v in list(values[owners == patient]) * int(row[patient])]
        means.append(sum(drawn) / len(drawn))
    level = stats.norm.cdf(-math.sqrt(12 / 11) * stats.t.ppf(0.975, 11))
    interval = one(PatientTotals.by_query(values, owners), seed=5, resamples=200)
    assert (interval.lo, interval.hi) == pytest.approx(tuple(np.quantile(means, (level, 1 - level))), abs=1e-12)


def test_patients_are_drawn_with_replacement_and_alike() -> None:
    weights = np.vstack(list(draw_weights(20, 20_000, generator(6))))
    assert (weights.sum(axis=1) == 20).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(20), abs=0.04)
    assert np.cov(weights.T) == pytest.approx(np.eye(20) - 1 / 20, abs=0.06)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values, owners = clustered(9, seed=7)
    totals = PatientTotals.by_query(values, owners)
    whole = compare_paired(totals, generator=generator(8), resamples=101, permutations=103)
    monkeypatch.setattr(statistics, "_BLOCK_NUMBERS", 60)
    (cut,) = compare_paired(totals, generator=generator(8), resamples=101, permutations=103)
    assert cut.difference.lo == pytest.approx(whole[0].difference.lo, abs=1e-12)
    assert cut.p_value == whole[0].p_value


def test_copies_of_every_query_make_nothing_surer() -> None:
    values, owners = clustered(15, seed=9)
    once = one(PatientTotals.by_query(values, owners))
    thrice = one(PatientTotals.by_query(np.repeat(values, 3), np.repeat(owners, 3)))
    assert (thrice.lo, thrice.hi) == pytest.approx((once.lo, once.hi), abs=1e-12)
    assert thrice.n == 3 * once.n and thrice.patients == once.patients


@given(shift=st.floats(-5, 5), scale=st.floats(0.1, 10))
@settings(max_examples=25, deadline=None)
def test_intervals_move_and_stretch_with_the_values(shift: float, scale: float) -> None:
    values, owners = clustered(10, seed=10)
    plain = one(PatientTotals.by_query(values, owners), resamples=100)
    moved = one(PatientTotals.by_query(values * scale + shift, owners), resamples=100)
    assert plain.lo is not None and plain.hi is not None
    assert (moved.lo, moved.hi) == pytest.approx((plain.lo * scale + shift, plain.hi * scale + shift), abs=1e-9)


def test_one_patient_alone_has_a_mean_and_no_interval() -> None:
    (compared,) = compare_paired(PatientTotals.by_query([0.25, 0.75], ["a", "a"]), generator=generator())
    assert compared.difference == Interval(mean=0.5, lo=None, hi=None, n=2, patients=1)
    assert compared.minimum_detectable_effect is None
    assert compared.p_value == 1.0


def test_a_column_without_values_is_nothing_but_its_zero_counts() -> None:
    (compared,) = compare_paired(PatientTotals.by_query([math.nan] * 3, list("abc")), generator=generator())
    assert compared.difference == Interval(mean=None, lo=None, hi=None, n=0, patients=0)
    assert compared.p_value is None and compared.minimum_detectable_effect is None


def test_no_queries_at_all_are_a_column_without_values() -> None:
    assert one(PatientTotals.by_query(np.empty((0, 1)), [])).mean is None


def test_equal_values_have_an_interval_of_no_width() -> None:
    interval = one(PatientTotals.by_query([0.3] * 12, list("aabbccddeeff")))
    assert (interval.mean, interval.lo, interval.hi) == pytest.approx((0.3, 0.3, 0.3))


def test_a_column_reads_the_same_alone_and_beside_others() -> None:
    values, owners = clustered(14, seed=11)
    both = np.stack([values, np.where(owners == 3, math.nan, values), values**2], axis=1)
    together = bootstrap_means(PatientTotals.by_query(both, owners), generator=generator(1), resamples=300)
    assert together[0].lo == pytest.approx(one(PatientTotals.by_query(values, owners), seed=1, resamples=300).lo)
    assert together[1].patients == 13


def test_an_interval_keeps_its_patients_where_a_measure_lacks_some() -> None:
    """Patients without a value are no part of the resamples: the interval is that of the others alone."""
    values, owners = clustered(14, seed=12)
    holes = np.where(owners >= 6, math.nan, values)
    kept = one(PatientTotals.by_query(values[owners < 6], owners[owners < 6]))
    assert one(PatientTotals.by_query(holes, owners)) == kept


def test_any_statistic_is_resampled_as_means_are() -> None:
    values, owners = clustered(12, seed=13)
    means = one(PatientTotals.by_query(values, owners), seed=2, resamples=300)
    any_way = bootstrap_statistic(lambda rows: values[rows].mean(), owners, generator=generator(2), resamples=300)
    assert (any_way.mean, any_way.lo, any_way.hi) == pytest.approx((means.mean, means.lo, means.hi), abs=1e-12)
    assert (any_way.n, any_way.patients) == (means.n, means.patients)


def test_a_statistic_that_is_undefined_for_some_resamples_uses_the_others() -> None:
    values = np.array([math.nan, 1.0, 1.0, 1.0])
    interval = bootstrap_statistic(
        lambda rows: float(np.nanmean(values[rows])) if not np.isnan(values[rows]).all() else math.nan,
        list("abcd"),
        generator=generator(),
        resamples=500,
    )
    assert (interval.lo, interval.hi) == (1.0, 1.0)


def test_a_statistic_of_one_patient_has_no_interval() -> None:
    interval = bootstrap_statistic(lambda rows: 1.0, ["a", "a"], generator=generator())
    assert (interval.mean, interval.lo, interval.hi) == (1.0, None, None)


def test_ninety_five_of_a_hundred_intervals_by_patient_hold_the_truth_and_intervals_by_query_do_not() -> None:
    """600 experiments with 15 patients of one to six queries; their means side by side as columns."""
    random = generator(14)
    owners = np.repeat(np.arange(15), random.integers(1, 7, 15))
    values = random.normal(0, 1, (15, 600))[owners] + random.normal(0, 0.3, (len(owners), 600))
    held = {}
    for name, units in {"patients": owners, "queries": np.arange(len(owners))}.items():
        intervals = bootstrap_means(PatientTotals.by_query(values, units), generator=random, resamples=600)
        held[name] = np.mean([i.lo <= 0 <= i.hi for i in intervals if i.lo is not None and i.hi is not None])
    assert held["patients"] == pytest.approx(0.945, abs=0.025)
    assert held["queries"] < 0.8


# Paired permutation


def naive_p(differences: Sequence[float]) -> float:
    signs = itertools.product((-1, 1), repeat=len(differences))
    observed = abs(sum(differences))
    sums = [abs(sum(s * d for s, d in zip(row, differences, strict=True))) for row in signs]
    return sum(value >= observed - 1e-12 for value in sums) / len(sums)


@pytest.mark.parametrize("seed", range(5))
def test_few_patients_are_counted_exactly(seed: int) -> None:
    values, owners = clustered(8, seed)
    values = np.round(values - 0.5, 1)
    sums = [float(values[owners == patient].sum()) for patient in range(8)]
    p_values, exact = permutation_p_values(PatientTotals.by_query(values, owners), generator=generator())
    assert exact.all()
    assert p_values == pytest.approx([naive_p(sums)])


def test_differences_of_one_sign_have_the_least_p_there_is() -> None:
    totals = PatientTotals.by_query([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], list("abcdef"))
    p_values, _ = permutation_p_values(totals, generator=generator())
    assert p_values == pytest.approx([2 / 2**6])


def test_runs_that_are_equal_have_a_p_of_one_and_nothing_to_detect() -> None:
    (compared,) = compare_paired(PatientTotals.by_query(np.zeros(40), np.arange(40)), generator=generator())
    assert compared.p_value == 1.0 and compared.exact
    assert compared.minimum_detectable_effect == 0.0


def test_patients_who_tie_change_no_p() -> None:
    values = [0.3, -0.1, 0.2, 0.4]
    p_values, exact = permutation_p_values(
        PatientTotals.by_query([*values, *np.zeros(30)], np.arange(34)), generator=generator()
    )
    assert exact.all()
    assert p_values == pytest.approx([naive_p(values)])


def test_random_signs_agree_with_scipy_and_with_the_exact_count(monkeypatch: pytest.MonkeyPatch) -> None:
    values = generator(15).normal(0.3, 1, 12)
    totals = PatientTotals.by_query(values, np.arange(12))
    exact, _ = permutation_p_values(totals, generator=generator())
    tool = stats.permutation_test(
        (values, np.zeros(12)), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=np.inf
    )
    assert exact == pytest.approx([tool.pvalue])
    monkeypatch.setattr(statistics, "EXACT_PATIENTS", 0)
    drawn, is_exact = permutation_p_values(totals, generator=generator(), permutations=20_000)
    assert not is_exact.any()
    assert drawn == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("patients", [9, 25])
def test_p_is_uniform_when_the_runs_are_alike(patients: int) -> None:
    random = generator(16)
    owners = np.repeat(np.arange(patients), random.integers(1, 5, patients))
    values = random.standard_t(3, (patients, 2_000))[owners] + random.normal(0, 0.3, (len(owners), 2_000))
    p_values, _ = permutation_p_values(PatientTotals.by_query(values, owners), generator=random, permutations=999)
    for level in (0.05, 0.2, 0.5):
        assert (p_values <= level).mean() == pytest.approx(level, abs=4 * math.sqrt(level / 2_000))


def test_p_is_never_zero() -> None:
    totals = PatientTotals.by_query(np.ones(200), np.arange(200))
    p_values, _ = permutation_p_values(totals, generator=generator(), permutations=99)
    assert p_values == pytest.approx([0.01])


# Minimum detectable effect and Holm


def test_the_minimum_detectable_effect_is_found_in_four_of_five_experiments() -> None:
    for patients in (6, 12, 40, 300):
        values = generator(17).normal(0, 2, patients)
        (effect,) = minimum_detectable_effects(PatientTotals.by_query(values, np.arange(patients)))
        power = stats.nct.sf(stats.t.ppf(0.975, patients - 1), patients - 1, effect / stats.sem(values))
        assert power == pytest.approx(0.8, abs=0.025)


def test_an_experiment_with_that_effect_is_significant_as_often_as_promised() -> None:
    random = generator(18)
    sizes = random.integers(1, 5, 30)
    owners = np.repeat(np.arange(30), sizes)
    spread = math.sqrt(float((sizes**2).sum())) / sizes.sum()
    effect = (stats.t.ppf(0.975, 29) + stats.t.ppf(0.8, 29)) * spread
    values = effect + random.normal(0, 1, (30, 1_000))[owners]
    totals = PatientTotals.by_query(values, owners)
    p_values, _ = permutation_p_values(totals, generator=random, permutations=999)
    assert (p_values <= 0.05).mean() == pytest.approx(0.8, abs=0.05)
    assert np.median(minimum_detectable_effects(totals)) == pytest.approx(effect, rel=0.1)


def test_holm_gives_the_adjusted_values_of_a_worked_example() -> None:
    """The values R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") prints."""
    assert adjust_holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_holm_leaves_out_what_has_no_p() -> None:
    assert adjust_holm([None, 0.02, None]) == (None, 0.02, None)
    assert adjust_holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.floats(0.001, 0.5))
def test_holm_rejects_what_its_definition_by_steps_rejects(p_values: list[float], level: float) -> None:
    adjusted = adjust_holm(p_values)
    rejected = set()
    for step, number in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        if p_values[number] * (len(p_values) - step) > level:
            break
        rejected.add(number)
    assert {number for number, p in enumerate(adjusted) if p is not None and p <= level} == rejected
