"""Batches hold no patient twice, come up as often as they should, and are the same wherever they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from casekin.errors import InputError
from casekin.training import (
    Progress,
    abnormal_weights,
    balanced_batches,
    batches_from,
    patient_batches,
    rank_share,
    weighted_batches,
)

PATIENTS = [f"p{number // 3 if number < 30 else number}" for number in range(120)]
PLACES = [{"lung"} | ({"spine"} if n % 10 == 0 else set()) | ({"heart"} if n % 3 == 0 else set()) for n in range(120)]
DRAWN: dict[str, Callable[[int, int], np.ndarray]] = {
    "plain": lambda seed, epoch: patient_batches(PATIENTS, batch_size=8, seed=seed, epoch=epoch),
    "weighted": lambda seed, epoch: weighted_batches(
        PATIENTS, np.arange(120) % 5, batch_size=8, seed=seed, epoch=epoch
    ),
    "balanced": lambda seed, epoch: balanced_batches(PATIENTS, PLACES, batch_size=8, seed=seed, epoch=epoch)[0],
}


def is_uniform(counts: np.ndarray, expected: np.ndarray) -> bool:
    """Whether counts are within the 99.9 % quantile of chi-square of what is expected."""
    statistic = ((counts - expected) ** 2 / expected).sum()
    return bool(statistic < chi2.ppf(0.999, len(counts) - 1))


@pytest.mark.parametrize("name", DRAWN)
def test_no_batch_holds_a_patient_twice(name: str) -> None:
    for batch in DRAWN[name](1, 0):
        assert len({PATIENTS[sample] for sample in batch}) == 8


@pytest.mark.parametrize("name", DRAWN)
def test_seed_and_epoch_say_all(name: str) -> None:
    assert np.array_equal(DRAWN[name](1, 2), DRAWN[name](1, 2))
    assert not np.array_equal(DRAWN[name](1, 2), DRAWN[name](1, 3))
    assert not np.array_equal(DRAWN[name](1, 2), DRAWN[name](2, 2))


def most_batches(counts: list[int], batch_size: int) -> int:
    """Closed form: T batches fit when no patient gives more than T samples and these fill them."""
    return max(t for t in range(sum(counts) + 1) if sum(min(count, t) for count in counts) >= t * batch_size)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=3, max_size=12), st.integers(1, 3), st.integers(0, 99))
def test_an_epoch_shows_a_sample_once_and_leaves_as_few_over_as_patients_allow(
    counts: list[int], batch_size: int, seed: int
) -> None:
    patients = [f"p{owner}" for owner, count in enumerate(counts) for _ in range(count)]
    batches = patient_batches(patients, batch_size=batch_size, seed=seed, epoch=0)
    assert len(np.unique(batches)) == batches.size
    assert all(len({patients[sample] for sample in batch}) == batch_size for batch in batches)
    assert len(batches) == most_batches(counts, batch_size)


def test_every_sample_is_as_likely_in_every_step() -> None:
    patients = [f"p{n}" for n in range(12)]
    first = Counter(int(patient_batches(patients, batch_size=3, seed=s, epoch=0)[0, 0]) for s in range(1200))
    assert is_uniform(np.array([first[n] for n in range(12)]), np.full(12, 100))


def test_single_draws_follow_the_weights() -> None:
    weights = np.array([1.0, 2.0, 0.0, 3.0, 4.0])
    patients = ["a", "b", "c", "a", "d"]
    drawn = np.concatenate(
        [weighted_batches(patients, weights, batch_size=1, seed=s, epoch=0)[:, 0] for s in range(800)]
    )
    counts = np.bincount(drawn, minlength=5)
    assert counts[2] == 0
    assert is_uniform(counts[weights > 0], len(drawn) * weights[weights > 0] / weights.sum())


def test_abnormal_samples_are_the_asked_share() -> None:
    abnormal = np.arange(2000) % 10 == 0
    weights = abnormal_weights(abnormal, share=0.7)
    assert weights[abnormal].sum() == pytest.approx(0.7) and weights.sum() == pytest.approx(1)
    patients = [f"p{n}" for n in range(2000)]
    batches = weighted_batches(patients, weights, batch_size=10, seed=1, epoch=0)
    hits = abnormal[batches].sum()
    assert is_uniform(np.array([hits, 2000 - hits]), np.array([1400, 600]))
    assert np.unique(abnormal_weights(np.ones(4, dtype=bool), share=0.7)).tolist() == [0.25]


def test_anatomies_come_up_equally_often_and_every_sample_has_the_one_it_is_asked_at() -> None:
    batches, asked = balanced_batches(PATIENTS, PLACES, batch_size=6, seed=3, epoch=0)
    assert batches.shape == asked.shape == (20, 6)
    assert all(place in PLACES[sample] for sample, place in zip(batches.ravel(), asked.ravel(), strict=True))
    assert set(Counter(asked.ravel().tolist()).values()) == {40}


def test_a_place_that_too_few_patients_have_makes_room_for_others() -> None:
    places = [{"lung"}, {"lung"}, {"spine"}, set(), {"lung"}]
    batches, asked = balanced_batches(list("abcde"), places, batch_size=4, seed=1, epoch=0)
    assert sorted(batches[0].tolist()) == [0, 1, 2, 4]
    assert Counter(asked[0].tolist()) == {"lung": 3, "spine": 1}


@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_the_shares_of_all_processes_are_disjoint_and_make_the_batch(ranks: int) -> None:
    batches = DRAWN["plain"](5, 0)
    shares = [rank_share(batches, rank=rank, ranks=ranks) for rank in range(ranks)]
    for step, batch in enumerate(batches):
        assert sorted(np.concatenate([share[step] for share in shares])) == sorted(batch)


def test_what_can_not_be_shared_or_filled_is_said() -> None:
    with pytest.raises(InputError, match="multiple of the 3 processes"):
        rank_share(DRAWN["plain"](1, 0), rank=0, ranks=3)
    for draw in (
        lambda: patient_batches(["a", "a", "b"], batch_size=3, seed=1, epoch=0),
        lambda: weighted_batches(["a", "b", "c"], [1, 1, 0], batch_size=3, seed=1, epoch=0),
        lambda: balanced_batches(["a", "b", "c"], [{"lung"}, {"lung"}, set()], batch_size=3, seed=1, epoch=0),
    ):
        with pytest.raises(InputError, match="expected 1 to 2, the number of patients"):
            draw()
    with pytest.raises(InputError, match="one a sample"):
        weighted_batches(["a", "b"], [1, float("nan")], batch_size=1, seed=1, epoch=0)


@pytest.mark.parametrize("stop", [0, 3, 14, 15, 16, 31])
def test_training_goes_on_with_the_batches_it_would_have_seen(stop: int) -> None:
    whole = list(islice(batches_from(Progress(), lambda epoch: DRAWN["plain"](1, epoch)), 40))
    saved = whole[stop - 1][1] if stop else Progress()
    resumed = list(islice(batches_from(saved, lambda epoch: DRAWN["plain"](1, epoch)), 40 - stop))
    assert [progress for _, progress in resumed] == [progress for _, progress in whole[stop:]]
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(resumed, whole[stop:], strict=True))
