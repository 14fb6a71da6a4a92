"""Findings spread through the lung: how much water-like density they add at each point of the chest cavity.

Every field is a pure function of the points, the shape and the fact's own generator, so radiograph and CT of one exam
agree and a finding keeps its place over a patient's exams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy import ndimage

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.pleura import PLEURAL
from casekin.world.shape import ThoraxShape, fact_rng, severity_level
from casekin.world.thorax import CavityPoints, lobe_mask
from casekin.world.vessels import breathe

_LOBE_CENTRES = {
    "upper_lobe": ((72, 4, 46), (16, 22, 20)),
    "middle_lobe": ((58, -44, -70), (12, 12, 12)),
    "lingula": ((70, -44, -72), (10, 12, 12)),
    "lower_lobe": ((76, 50, -66), (17, 14, 24)),
    "lung": ((74, 10, -30), (20, 30, 50)),
}


@lru_cache(maxsize=4)
def _noise_cube(kind: int) -> Array:
    cube = np.random.default_rng(kind).standard_normal((128, 128, 128), dtype=np.float32)
    cube = ndimage.gaussian_filter(cube, 4.0, mode="wrap", truncate=3.0)
    even: Array = (cube / cube.std()).astype(np.float32)
    return even


def noise(points: CavityPoints, grain_mm: float, seed: int) -> Array:
    """Smooth unit-variance noise with features about `grain_mm` across."""
    step = np.float32(8.0 / grain_mm)
    shift = np.random.default_rng(seed).integers(0, 128, 3)
    index = [
        (np.floor(v * step).astype(np.int32) + s) & 127
        for v, s in zip((points.x, points.y, points.z), shift, strict=True)
    ]
    values: Array = _noise_cube(1)[index[0], index[1], index[2]]
    return values


def lesion_centre(shape: ThoraxShape, fact: Fact, rng: np.random.Generator, side: str | None = None) -> Array:
    """A point of the fact's lobe in this exam's reference mm; the same in every exam but for the breath."""
    middle, spread = _LOBE_CENTRES.get(fact.anatomy, _LOBE_CENTRES["lung"])
    point = np.array(middle) + np.array(spread) * np.clip(rng.normal(0, 0.6, 3), -1, 1)
    actual = side or (fact.side if fact.side in ("left", "right") else "right")
    point[0] *= -1 if actual == "right" else 1
    return np.asarray(breathe(point[None, :], shape)[0])


def _distance(points: CavityPoints, centre: Array) -> Array:
    dx, dy, dz = (v - np.float32(c) for v, c in zip((points.x, points.y, points.z), centre, strict=True))
    away: Array = np.sqrt(dx * dx + dy * dy + dz * dz)
    return away


def _consolidation(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    lobe = lobe_mask(points, shape, fact.anatomy, fact.side)
    radius = 18 + 82 * level**1.4
    total = np.zeros(points.x.shape, np.float32)
    for side in _sides(fact):
        away = _distance(points, lesion_centre(shape, fact, rng, side))
        ragged = (
            away - radius - (0.22 * radius) * noise(points, 26, shape.body.seed) - 5 * noise(points, 9, shape.body.seed)
        )
        total = np.maximum(total, np.clip(0.5 - ragged / (10 + 0.35 * radius), 0, 1))
    if fact.anatomy == "lingula":  # no fissure bounds the lingula above
        total = total * np.clip(0.5 - (points.z + 62) / 36, 0, 1)
    grain = np.clip(0.85 + 0.2 * noise(points, 8, shape.body.seed + 1), 0.3, 1.1)
    result: Array = total * lobe * grain * np.float32(0.34 + 0.38 * level)
    return result


def _ground_glass(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    lobe = lobe_mask(points, shape, fact.anatomy, fact.side)
    total = np.zeros(points.x.shape, np.float32)
    for side in _sides(fact):
        for _ in range(3):
            centre = lesion_centre(shape, fact, rng, side) * np.array([1.12, 1.0, 1.0])
            radius = rng.uniform(24, 36) * (0.75 + 0.95 * level)
            total = np.maximum(total, np.clip(1.15 - _distance(points, centre) / radius, 0, 1))
    patches = np.clip(0.55 + 0.6 * noise(points, 18, shape.body.seed + 2) + 0.25 * noise(points, 6, 5), 0, 1.6)
    result: Array = np.sqrt(total) * patches * lobe * np.float32(0.16 + 0.42 * level)
    return result


def _edema(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    level = severity_level(fact)
    dx, dz = (np.abs(points.x) - 46) / 52, (points.z + 32) / 62
    hilar = np.exp(-(dx * dx) - dz * dz)
    base = np.clip((-30 - points.z) / 90, 0, 1)
    edge = np.clip(-points.wall / 18, 0.25, 1)
    patchy = np.clip(0.8 + 0.35 * noise(points, 16, shape.body.seed + 3) + 0.2 * noise(points, 6, 7), 0.2, 2)
    amount = (0.08 + 0.5 * hilar + 0.24 * base) * edge * patchy * (0.25 + 0.75 * level) * level
    result: Array = (amount * points.side(fact.side)).astype(np.float32)
    return result


def _fibrosis(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    level = severity_level(fact)
    base = 1 / (1 + np.exp((points.z + 75 - 45 * level) / 18))
    rim = np.exp(np.minimum(points.wall, 0) / (14 + 16 * level))
    net = np.exp(-((noise(points, 11, shape.body.seed + 4) / 0.28) ** 2)) + 0.7 * np.exp(
        -((noise(points, 6, 9) / 0.3) ** 2)
    )
    where = points.side(fact.side)
    result: Array = (base * (0.25 + rim) * (0.06 + 0.34 * net) * (0.3 + 0.7 * level) * where).astype(np.float32)
    return result


def _emphysema(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    level = severity_level(fact)
    lobe = lobe_mask(points, shape, fact.anatomy, fact.side)
    holes = np.clip(0.55 + 0.5 * noise(points, 30, shape.body.seed + 5), 0, 1)
    strength = (0.05 if fact.anatomy == "lung" else 0.15) * (0.3 + 0.7 * level)
    high = np.clip(0.7 + points.z / 160, 0.3, 1.2)
    result: Array = (-strength * holes * high * lobe).astype(np.float32)
    return result


def _atelectasis(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    lobe = lobe_mask(points, shape, fact.anatomy, fact.side)
    total = np.zeros(points.x.shape, np.float32)
    for side in _sides(fact):
        centre = lesion_centre(shape, fact, rng, side)
        for k in range(1 + int(level > 0.3)):
            total = np.maximum(total, _plate(points, centre - np.array([0, 0, 14.0 * k]), rng, level))
    if level > 0.5:
        total = np.maximum(total, _collapse(points, shape, fact) * (0.55 + 0.45 * level))
    result: Array = total * lobe * np.float32(0.72)
    return result


def _plate(points: CavityPoints, centre: Array, rng: np.random.Generator, level: float) -> Array:
    """A band of collapsed lung, a few millimetres thick, a little tilted."""
    slope, pitch = rng.uniform(-0.35, 0.35), rng.uniform(-0.2, 0.2)
    thick, reach = 2.6 + 3.2 * level, rng.uniform(26, 36) + 22 * level
    dx, dy = points.x - centre[0], points.y - centre[1]
    height = np.abs(points.z - centre[2] - slope * dx - pitch * dy - 0.004 * dx * dx)
    band: Array = np.clip(1.3 - height / thick, 0, 1) * np.clip(3 - 3 * np.sqrt(dx * dx + 0.6 * dy * dy) / reach, 0, 1)
    return band.astype(np.float32)


def _collapse(points: CavityPoints, shape: ThoraxShape, fact: Fact) -> Array:
    """A lobe folded up where it folds: lower ones behind the heart, upper ones upwards, the middle one to the heart."""
    level = severity_level(fact)
    out = np.abs(points.x)
    if fact.anatomy == "lower_lobe":
        edge = 34 + (-18 - points.z) * (0.62 - 0.25 * level)
        depth = points.y + 8 - 0.35 * (points.z + 40)
        inside = np.minimum((edge - out) / 7, depth / 9)
    elif fact.anatomy == "upper_lobe" and fact.side == "right":
        inside = (points.z - (shape.minor + 16 + 0.42 * (out - 45))) / 6
    elif fact.anatomy == "upper_lobe":
        inside = (-points.y - 18 + 0.25 * points.z) / 14
    else:
        inside = (26 - 12 * level - np.abs(points.z + 62 + 0.35 * (out - 45))) / 7
    return np.clip(0.5 + inside, 0, 1).astype(np.float32)


def _sides(fact: Fact) -> tuple[str, ...]:
    return (fact.side,) if fact.side in ("left", "right") else ("right", "left")


_FIELDS: dict[str, Callable[[CavityPoints, ThoraxShape, Fact], Array]] = {
    "consolidation": _consolidation,
    "ground_glass_opacity": _ground_glass,
    "pulmonary_edema": _edema,
    "fibrosis": _fibrosis,
    "emphysema": _emphysema,
    "atelectasis": _atelectasis,
}


def cavity_density(points: CavityPoints, shape: ThoraxShape, facts: Sequence[Fact]) -> tuple[Array, dict[str, Array]]:
    """Density relative to water of every cavity point, and per fact how much it changed it (`(N,)`, absolute)."""
    rho = np.where(points.x < 0, np.float32(shape.rho_right), np.float32(shape.rho_left))
    rear = points.y / 90 if shape.supine else 0.5 * points.y / 90 - 0.4 * points.z / 120
    rho = rho * (1 + 0.13 * rear) * (1 + 0.10 * noise(points, 14, shape.body.seed + 8))
    marks: dict[str, Array] = {}
    for fact in facts:
        if fact.finding in _FIELDS:
            change = _FIELDS[fact.finding](points, shape, fact) * points.lung
            marks[f"{fact.finding}@{fact.place}"] = np.abs(change)
            rho = rho + change
    rho = np.clip(rho, 0.03, 1.02)
    density = points.lung * rho + (1 - points.lung) * np.float32(1.02)
    for fact in facts:
        if fact.finding in PLEURAL:
            changed = PLEURAL[fact.finding](points, shape, fact, density)
            gained = np.float32(-1 if fact.finding in ("pneumothorax", "pneumoperitoneum") else 1)
            marks[f"{fact.finding}@{fact.place}"] = np.maximum(gained * (changed - density), 0)
            density = changed
    return density.astype(np.float32), marks
