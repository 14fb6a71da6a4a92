"""Zones, base and wall of a lung lie where their names say, in a box of a lung whose every height is known."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.models.ct.zones import find_base, find_wall, find_zones

LUNG = np.zeros((100, 40, 60), dtype=bool)
LUNG[:, 5:35, 8:28] = True


def heights(mask: np.ndarray) -> tuple[int, int]:
    used = np.flatnonzero(mask.any(axis=(1, 2)))
    return int(used[0]), int(used[-1]) + 1


def test_zones_share_out_the_lung_from_apex_to_base() -> None:
    zones = {place.anatomy: mask for place, mask in find_zones(LUNG, LUNG, side="right", cut_above=False)}
    angle = zones.pop("costophrenic_angle")
    assert np.array_equal(sum(mask.astype(int) for mask in zones.values()), LUNG.astype(int))
    assert {name: heights(mask) for name, mask in zones.items()} == {
        "apical_zone": (86, 100), "upper_lung_zone": (58, 86), "mid_lung_zone": (34, 58), "lower_lung_zone": (0, 34)
    }  # fmt: skip
    assert heights(angle) == (0, 20)
    assert np.flatnonzero(angle.any(axis=(0, 1))).tolist() == list(range(8, 16))  # to the side, the patient's right


def test_a_cut_lung_has_the_zones_that_its_height_leaves() -> None:
    zones = dict(find_zones(LUNG[:25], LUNG[:25], side="left", cut_above=True))  # 75 of some 220 mm
    assert {place.anatomy for place, mask in zones.items() if mask.any()} == {"lower_lung_zone", "costophrenic_angle"}


def test_nothing_comes_of_no_lung() -> None:
    nothing = np.zeros_like(LUNG)
    assert not list(find_zones(nothing, nothing, side="left", cut_above=False))
    assert not find_wall(nothing, nothing, nothing, side="left")[1].any()


def test_the_base_is_a_layer_around_the_lower_surface() -> None:
    lung = LUNG.copy()
    lung[:30] = False
    base = find_base(lung, np.ones_like(lung), side="right")[1]
    assert heights(base) == (27, 33)
    assert np.array_equal(base.any(axis=0), lung.any(axis=0))


@pytest.mark.parametrize("side", ["right", "left"])
def test_the_wall_lies_around_the_lungs_and_not_between_them(side: str) -> None:
    lungs = LUNG | LUNG[:, :, ::-1]
    half = np.zeros_like(lungs)
    half[:, :, slice(0, 30) if side == "right" else slice(30, 60)] = True
    wall = find_wall(lungs, np.ones_like(lungs), half, side="right" if side == "right" else "left")[1]
    assert not (wall & lungs).any()
    assert not wall[:, 10:30, 29:31].any()
    assert wall[:, :3].any()
    assert not (wall & ~half).any()
