"""Hounsfield units, masks and geometry of a simulated CT."""

from functools import lru_cache

import numpy as np
import pytest

from casekin.types import Fact
from casekin.world.body import sample_body
from casekin.world.ct import render_ct


@lru_cache(maxsize=1)
def make_series():
    body = sample_body(np.random.default_rng(4), sex="M", age=45.0)
    facts = (
        Fact(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present", severity="moderate"),
        Fact(finding="nodule", anatomy="upper_lobe", side="right", polarity="present", severity="severe", size_mm=24.0),
    )
    return render_ct(body, facts, spacing_mm=(6.0, 2.5, 2.5), rng=np.random.default_rng(1))


def test_tissues_have_the_hounsfield_units_of_the_literature():
    series = make_series()
    hu = series.hu.astype(float)
    lung = hu[series.masks["right_lung"] & ~series.masks["nodule@right_upper_lobe"]]
    assert -950 < np.median(lung) < -650
    assert 20 < np.median(hu[series.masks["cardiac_silhouette"]]) < 70
    assert np.median(hu[:, :4, :4]) == pytest.approx(-1000, abs=30)
    assert (hu > 200).mean() > 0.002  # bone
    assert 0 < np.median(hu[series.masks["pleural_effusion@left_pleural_space"]]) < 60


def test_lobes_share_the_lung_among_them():
    masks = make_series().masks
    right = masks["right_upper_lobe"] | masks["right_middle_lobe"] | masks["right_lower_lobe"]
    assert np.array_equal(right, masks["right_lung"])
    assert not (masks["right_upper_lobe"] & masks["right_lower_lobe"]).any()
    assert not (masks["right_lung"] & masks["left_lung"]).any()


def test_the_left_lung_has_greater_lps_x_and_slices_rise_to_the_head():
    series = make_series()
    left = np.argwhere(series.masks["left_lung"]).mean(axis=0)
    right = np.argwhere(series.masks["right_lung"]).mean(axis=0)
    assert left[2] > right[2]
    upper = np.argwhere(series.masks["right_upper_lobe"]).mean(axis=0)
    assert upper[0] > np.argwhere(series.masks["right_lower_lobe"]).mean(axis=0)[0]
    assert np.allclose(series.direction, np.eye(3))


def test_a_nodule_of_a_stated_size_has_that_size():
    series = make_series()
    voxels = np.argwhere(series.masks["nodule@right_upper_lobe"])
    extent = (np.ptp(voxels, axis=0) + 1) * np.array(series.spacing_mm)
    assert 16 < extent[1:].max() < 34
    assert (series.masks["nodule@right_upper_lobe"] & series.masks["right_lung"]).any()
