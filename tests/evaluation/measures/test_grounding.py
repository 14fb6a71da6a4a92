"""Pointing at a finding: values worked by hand, both protocols' choices, the mean over every order of the pixels."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation.measures.grounding import (
    GROUNDING_MEASURES,
    GROUNDING_PROTOCOLS,
    ContrastToNoise,
    Dice,
    GroundingProtocol,
    MeanIoU,
    Pointing,
    macro_mean,
    prepare_map,
)
from casekin.types import Box
from made_runs import laws

BIOVIL, KAF = GROUNDING_PROTOCOLS["biovil"], GROUNDING_PROTOCOLS["kaf"]
HEAT = np.array([[0.6, 0.3], [0.2, -0.4]])
MASK = np.array([[True, True], [False, False]])


def test_values_of_four_pixels_by_hand() -> None:
    inside, outside = np.array([0.6, 0.3]), np.array([0.2, -0.4])
    noise = sqrt(((inside - 0.45) ** 2).mean() + ((outside + 0.1) ** 2).mean())
    assert ContrastToNoise(protocol=BIOVIL).value(HEAT, MASK) == pytest.approx(0.55 / noise)
    # above 0.1: three pixels, two of them right; above 0.2: two of two; 0.3, 0.4, 0.5: one of two
    assert MeanIoU(protocol=BIOVIL).value(HEAT, MASK) == pytest.approx((2 / 3 + 1 + 3 * 0.5) / 5)
    assert Dice(protocol=BIOVIL).value(HEAT, MASK) == pytest.approx((4 / 5 + 1 + 3 * 2 / 3) / 5)
    assert Pointing(protocol=BIOVIL).value(HEAT, MASK) == 1.0
    assert Pointing(protocol=BIOVIL).value(HEAT, ~MASK) == 0.0
    assert ContrastToNoise(protocol=BIOVIL).value(HEAT, ~MASK) < 0  # signed


def test_an_empty_prediction_is_left_out_by_one_protocol_and_counts_nothing_in_the_other() -> None:
    heat = np.array([[0.35, 0.0], [0.0, 0.0]])
    assert MeanIoU(protocol=BIOVIL).value(heat, MASK) == pytest.approx(0.5)
    assert MeanIoU(protocol=KAF).value(heat, MASK) == pytest.approx(3 * 0.5 / 5)
    assert np.isnan(MeanIoU(protocol=BIOVIL).value(np.zeros((2, 2)), MASK))
    assert MeanIoU(protocol=KAF).value(np.zeros((2, 2)), MASK) == 0.0


def test_any_of_the_tied_greatest_pixels_may_hit() -> None:
    assert Pointing(protocol=KAF).value(np.ones((2, 2)), MASK) == 1.0
    assert Pointing(protocol=KAF).expected_by_chance(np.ones((2, 2)), MASK) == 1.0


@pytest.mark.parametrize("protocol", [BIOVIL, KAF], ids=["biovil", "kaf"])
@pytest.mark.parametrize("kind", GROUNDING_MEASURES.values(), ids=GROUNDING_MEASURES)
def test_chance_is_the_mean_over_every_order_of_the_pixels(kind: type, protocol: GroundingProtocol) -> None:
    pixels = [-0.45, -0.15, 0.15, 0.45, 0.45, -0.45]  # symmetric, with ties
    mask = np.array([[True, True, False], [False, False, False]])
    measure = kind(protocol=protocol)
    values = [measure.value(np.array(order).reshape(2, 3), mask) for order in permutations(pixels)]
    expected = measure.expected_by_chance(np.array(pixels).reshape(2, 3), mask)
    assert np.nanmean(values) == pytest.approx(expected, abs=1e-12)


def test_pixels_that_were_never_seen_are_left_out() -> None:
    heat = np.array([[0.6, 0.3, np.nan], [0.2, -0.4, np.nan]])
    mask = np.array([[True, True, True], [False, False, False]])
    for kind in GROUNDING_MEASURES.values():
        measure = kind(protocol=BIOVIL)
        assert measure.value(heat, mask) == measure.value(HEAT, MASK)
        assert np.isnan(measure.value(heat, np.isnan(heat)))


def test_a_mask_of_another_shape_is_an_error() -> None:
    with pytest.raises(InputError, match=r"expected the map's shape \(2, 2\), got \(3, 3\)"):
        Pointing(protocol=KAF).value(HEAT, np.ones((3, 3), dtype=bool))


def test_maps_of_the_protocols_differ_in_upsampling_and_range() -> None:
    grid = np.arange(4.0).reshape(2, 2) / 10
    unsmoothed = [replace(protocol, smoothing=0.0) for protocol in (BIOVIL, KAF)]
    biovil, kaf = (prepare_map(grid, shape=(8, 8), protocol=protocol) for protocol in unsmoothed)
    np.testing.assert_allclose(biovil, np.kron(grid, np.ones((4, 4))))
    assert (kaf.min(), kaf.max()) == (-1.0, 1.0)
    assert len(np.unique(kaf)) > 4
    assert np.all(np.diff(kaf, axis=1) >= -1e-12)


def test_what_the_grid_does_not_cover_is_unknown() -> None:
    heat = prepare_map(np.eye(3), shape=(10, 12), protocol=BIOVIL, seen=Box(x0=3, y0=2, x1=9, y1=8))
    assert np.isnan(heat).sum() == 120 - 36
    assert not np.isnan(heat[2:8, 3:9]).any()


def test_a_flat_map_predicts_nothing_when_rescaled() -> None:
    assert (prepare_map(np.full((3, 3), 0.7), shape=(6, 6), protocol=KAF) == -1).all()


@pytest.mark.parametrize("grid", [np.ones(3), np.empty((0, 2)), np.array([[np.nan]])])
def test_a_grid_that_is_no_finite_matrix_is_an_error(grid: np.ndarray) -> None:
    with pytest.raises(InputError, match="expected a finite matrix"):
        prepare_map(grid, shape=(4, 4), protocol=KAF)


def test_a_seen_part_outside_the_image_is_an_error() -> None:
    with pytest.raises(InputError, match="expected a box inside the image"):
        prepare_map(np.eye(2), shape=(4, 4), protocol=KAF, seen=Box(x0=9, y0=0, x1=12, y1=4))


@laws
@given(st.lists(st.floats(-1, 1), min_size=9, max_size=9), st.floats(0.1, 5), st.floats(-2, 2))
def test_contrast_does_not_depend_on_the_maps_scale(pixels: list[float], scale: float, shift: float) -> None:
    heat, mask = np.array(pixels).reshape(3, 3), np.eye(3, dtype=bool)
    one = ContrastToNoise(protocol=KAF).value(heat, mask)
    if heat.std() > 1e-3 and not np.isnan(one) and abs(one) < 1e3:
        other = ContrastToNoise(protocol=KAF).value(scale * heat + shift, mask)
        assert other == pytest.approx(one, rel=1e-6, abs=1e-9)


def test_the_macro_mean_weighs_findings_and_not_pairs() -> None:
    values = np.array([1.0, 1.0, 1.0, 0.0, np.nan])
    assert macro_mean(values, ["a", "a", "a", "b", "c"]) == 0.5
    assert np.isnan(macro_mean(np.array([np.nan]), ["a"]))


@pytest.mark.parametrize("protocol", [BIOVIL, KAF], ids=["biovil", "kaf"])
def test_measures_name_their_protocol(protocol: GroundingProtocol) -> None:
    assert Dice(protocol=protocol).name == f"Dice(protocol='{protocol.name}')"
    assert protocol.source
    assert protocol.unknown
