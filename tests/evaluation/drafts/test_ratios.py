"""Intervals and tests of ratios against closed forms and a naive second implementation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from casekin.evaluation.drafts.ratios import Ratios
from casekin.evaluation.statistics import PatientTotals, bootstrap_means

NAMES = ("F1(present)", "F1(absent)")


def ratios(rows: list[tuple[float, float, float, float]]) -> Ratios:
    """Of a patient each: sum and count of both figures."""
    parts = {f"c{i}": {NAMES[0]: (a, b), NAMES[1]: (c, d)} for i, (a, b, c, d) in enumerate(rows)}
    return Ratios.of(parts, {case: f"p{case}" for case in parts}, NAMES)


def made(seed: int, patients: int = 40) -> Ratios:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 9, (patients, 2))
    hits = rng.binomial(counts, 0.6)
    return ratios([(h[0], c[0], h[1], c[1]) for h, c in zip(hits.tolist(), counts.tolist(), strict=True)])


def test_a_figure_is_one_sum_by_the_other_and_polarities_count_alike() -> None:
    found = ratios([(1, 2, 3, 3), (0, 2, 1, 5)]).intervals(seed=0, resamples=50)

    assert found["F1(present)"].mean == 1 / 4
    assert found["F1(absent)"].mean == 4 / 8
    assert found["F1(polarity)"].mean == (1 / 4 + 4 / 8) / 2


def test_intervals_are_those_of_ratios_over_patients() -> None:
    table = made(0)
    found = table.intervals(seed=3, resamples=400)
    totals = PatientTotals(sums=table.sums, counts=table.counts, queries=table.cases)
    expected = bootstrap_means(totals, generator=np.random.default_rng(3), resamples=400)

    for name, interval in zip(NAMES, expected, strict=True):
        assert (found[name].lo, found[name].hi) == pytest.approx((interval.lo, interval.hi))


def test_a_figure_without_a_count_is_unknown() -> None:
    found = ratios([(0, 0, 1, 2), (0, 0, 2, 2)]).intervals(seed=0, resamples=50)

    assert (found["F1(present)"].mean, found["F1(present)"].lo, found["F1(present)"].n) == (None, None, 0)
    assert found["F1(polarity)"].mean is None


def test_one_patient_has_no_interval() -> None:
    found = ratios([(1, 2, 1, 2)]).intervals(seed=0, resamples=50)["F1(present)"]

    assert (found.mean, found.lo, found.patients) == (0.5, None, 1)


def test_systems_that_are_alike_differ_by_nothing() -> None:
    table = made(1)
    gap, p = table.minus(table, seed=0, resamples=100)["F1(polarity)"]

    assert (gap.mean, gap.lo, gap.hi, p) == (0, 0, 0, 1)


def test_p_is_the_share_of_exchanges_that_part_two_systems_as_far() -> None:
    ours, theirs = made(2, patients=8), made(3, patients=8)
    observed = abs(
        ours.sums[:, 0].sum() / ours.counts[:, 0].sum() - theirs.sums[:, 0].sum() / theirs.counts[:, 0].sum()
    )
    reached = 0
    for signs in product((False, True), repeat=8):
        keep = np.array(signs)
        one = (
            np.where(keep, ours.sums[:, 0], theirs.sums[:, 0]).sum()
            / np.where(keep, ours.counts[:, 0], theirs.counts[:, 0]).sum()
        )
        other = (
            np.where(keep, theirs.sums[:, 0], ours.sums[:, 0]).sum()
            / np.where(keep, theirs.counts[:, 0], ours.counts[:, 0]).sum()
        )
        reached += abs(one - other) >= observed - 1e-12
    _, p = ours.minus(theirs, seed=0, resamples=50)["F1(present)"]

    assert p == pytest.approx(reached / 2**8, abs=0.02)


def test_a_clear_difference_has_a_small_p_and_an_interval_above_zero() -> None:
    good = ratios([(9, 10, 9, 10)] * 30)
    bad = ratios([(3, 10, 3, 10)] * 30)
    gap, p = good.minus(bad, seed=0, resamples=100)["F1(present)"]

    assert gap.mean == pytest.approx(0.6)
    assert gap.lo is not None and gap.lo > 0
    assert p is not None and p < 0.001


def test_distance_is_how_many_times_as_far_from_the_floor() -> None:
    subject, peer, floor = (ratios([(hits, 10, hits, 10)] * 5) for hits in (8, 5, 2))
    found = subject.distance(peer, floor, seed=0, resamples=50)["F1(polarity)"]

    assert (found.mean, found.lo, found.hi) == pytest.approx((2, 2, 2))


def test_distance_is_unknown_where_the_peer_is_no_better_than_the_floor() -> None:
    subject, peer = ratios([(8, 10, 8, 10)] * 5), ratios([(2, 10, 2, 10)] * 5)

    assert subject.distance(peer, peer, seed=0, resamples=50)["F1(present)"].mean is None
