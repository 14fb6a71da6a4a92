"""Findings of the pleural space and under the diaphragm: fluid, air, thickening, free air."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.shape import ThoraxShape, fact_rng, severity_level
from casekin.world.thorax import CavityPoints


def fluid_share(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    """Share of pleural fluid: a meniscus that climbs the chest wall upright, a layer on the back supine."""
    level = severity_level(fact)
    climb = np.exp(np.minimum(points.wall, 0) / 13)
    if shape.supine:
        back = 62 + 18 * (1 - level) - 62 * level * np.clip((70 - points.z) / 150, 0.15, 1.1)
        inside = points.y - back + 26 * climb
        base = _surface(shape, 0.5 * level) + 30 * climb - points.z
        inside = np.maximum(inside, base)
    else:
        inside = _surface(shape, level) + (26 + 34 * level) * climb - points.z
    share: Array = np.clip(0.5 + inside / 3, 0, 1) * points.lung * points.side(fact.side)
    return share


def _surface(shape: ThoraxShape, level: float) -> float:
    """Height of the fluid in the middle of the chest: from the recess (minimal) to above the hilum (severe)."""
    return float(np.interp(level, [0, 0.25, 0.45, 0.72, 1.0], [-185, -166, -142, -98, -22])) + 0.45 * (
        shape.dome_right + 118
    )


def _effusion(points: CavityPoints, shape: ThoraxShape, fact: Fact, density: Array) -> Array:
    share = fluid_share(points, shape, fact)
    filled: Array = density + (1.0 - density) * share
    return filled


def air_gap_mm(points_z: Array, points_y: Array, shape: ThoraxShape, level: float) -> Array:
    """Width of the air rim between chest wall and collapsed lung at a height and depth."""
    if shape.supine:
        rise = np.clip((40 - points_y) / 70, 0.15, 1.2) * np.clip((20 - points_z) / 90, 0.3, 1.2)
    else:
        rise = np.clip((points_z + 130) / 190, 0.12, 1.15)
    gap: Array = (5 + 52 * level**1.6) * rise
    return gap


def _pneumothorax(points: CavityPoints, shape: ThoraxShape, fact: Fact, density: Array) -> Array:
    level = severity_level(fact)
    gap = air_gap_mm(points.z, points.y, shape, level)
    apical = 114 - 34 * ((np.abs(points.x) - 45) / 42) ** 2 - 26 * ((points.y - 14) / 52) ** 2 - points.z
    depth = np.minimum(-points.wall, np.maximum(apical * 0.7, 0) + 2) - gap
    own = points.side(fact.side) * points.lung
    outside = np.clip(0.5 - depth / 2.4, 0, 1) * own
    line = np.exp(-((depth - 0.8) ** 2) / 2.2) * own * (density < 0.8)
    collapsed = density * (1 + 0.35 * level * own)
    result: Array = np.clip(collapsed * (1 - outside) + 0.75 * line, 0.001, 1.05)
    return result


def _thickening(points: CavityPoints, shape: ThoraxShape, fact: Fact, density: Array) -> Array:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    thick = 2.5 + 9 * level
    low = float(rng.uniform(-120, -40))
    span = np.clip(1 - np.abs(points.z - low) / (45 + 70 * level), 0, 1) ** 0.5
    cap = np.clip((points.z - 72) / 26, 0, 1) * (rng.random() < 0.5)
    width = thick * np.maximum(span * np.clip((np.abs(points.x) - 40) / 50, 0.2, 1), cap)
    share = np.clip(0.5 + (width + points.wall - 1.0) / 2.4, 0, 1) * points.lung * points.side(fact.side)
    result: Array = density + (1.0 - density) * share
    return result


def _free_air(points: CavityPoints, shape: ThoraxShape, fact: Fact, density: Array) -> Array:
    level = severity_level(fact)
    depth = -points.dome - 3.0
    r2 = ((np.abs(points.x) - 62) / 62) ** 2 + ((points.y + 22) / 72) ** 2
    reach = np.where(points.x < 0, 1.0, 0.45 if level > 0.5 else 0.0)
    thick = (5 + 26 * level) * np.clip(1 - r2, 0, 1) * reach
    if shape.supine:
        thick = thick * np.clip((-points.y + 10) / 40, 0, 1)
    share = np.clip(0.5 + np.minimum(depth, thick - depth) / 2.4, 0, 1) * points.abdomen * (thick > 0.5)
    result: Array = density * (1 - share)
    return result


PLEURAL: dict[str, Callable[[CavityPoints, ThoraxShape, Fact, Array], Array]] = {
    "pleural_effusion": _effusion,
    "pneumothorax": _pneumothorax,
    "pleural_thickening": _thickening,
    "pneumoperitoneum": _free_air,
}
