"""Tubes, lines and devices along their anatomical courses, and the wires that lie on bedside patients."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.clouds import Cloud, smooth_path, tube_fill, tube_shell
from casekin.world.shape import ThoraxShape, fact_rng
from casekin.world.vessels import airway_paths


def device_clouds(shape: ThoraxShape, facts: Sequence[Fact]) -> dict[str, list[Cloud]]:
    """Clouds of every device among the facts, by `finding@place`."""
    makers: dict[str, Callable[[ThoraxShape, Fact], list[Cloud]]] = {
        "endotracheal_tube": _endotracheal_tube,
        "nasogastric_tube": _nasogastric_tube,
        "central_venous_catheter": _venous_catheter,
        "pacemaker": _pacemaker,
        "chest_tube": _chest_tube,
    }
    return {f"{f.finding}@{f.place}": makers[f.finding](shape, f) for f in facts if f.finding in makers}


def _line(shape: ThoraxShape, knots: Array, *, radius: float, wall: float, stripe: float) -> list[Cloud]:
    """A plastic tube: wall as dense soft tissue, a radiopaque stripe along it."""
    path = smooth_path(np.asarray(knots, float) * np.array(shape.body.scale), 0.6)
    points, mass = tube_shell(path, radii=(radius, radius), shell_mm=wall, spacing_mm=0.5)
    clouds = [Cloud(material="bone", points=points, mass=mass * 0.45, radius_mm=0.3)]
    if stripe > 0:
        inner, weight = tube_fill(path + np.array([0.7 * radius, 0, 0]), radii=(0.6, 0.6), spacing_mm=0.45)
        clouds.append(Cloud(material="metal", points=inner, mass=weight * stripe, radius_mm=0.35))
    return clouds


def _endotracheal_tube(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng = fact_rng(shape.body, fact)
    trachea = airway_paths(shape)["trachea"]
    tip = rng.uniform(22, 62)
    path = trachea[trachea[:, 2] > tip][::12] + np.array([rng.uniform(-2, 2), 0, 0])
    end = trachea[trachea[:, 2] > tip][-1]
    mouth = np.array([[rng.uniform(-10, 10), -60, 250]])
    return _line(shape, np.concatenate([mouth, path, end[None]]), radius=4.6, wall=1.1, stripe=0.9)


def _nasogastric_tube(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng = fact_rng(shape.body, fact)
    s = 0.45 * shape.heart_shift
    floor = 0.5 * (shape.dome_right + shape.dome_left)
    down = [
        [rng.uniform(-8, 8), -20, 240],
        [2, 22, 150],
        [4, 27, 90],
        [3 + s, 30, 35],
        [4 + s, 34, -20],
        [7 + s, 34, -75],
        [14, 26, floor - 4],
        [30, 6, floor - 24],
    ]
    if fact.anatomy == "esophagus":
        down = down[: 5 + int(rng.integers(0, 2))]
    else:
        down += [
            [52 + rng.uniform(-6, 8), -12, floor - 46],
            [50 + rng.uniform(-12, 6), -24, floor - 70],
            [22 + rng.uniform(-8, 8), -34, floor - 88],
        ]
    return _line(shape, np.array(down), radius=2.4, wall=0.9, stripe=0.75)


def _venous_catheter(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng = fact_rng(shape.body, fact)
    u, s = shape.upper_width**0.5, 0.45 * shape.heart_shift
    tip = rng.uniform(2, 22) if fact.anatomy == "svc" else rng.uniform(-52, -38)
    if fact.anatomy not in ("svc", "right_atrium"):
        tip = -28.0
    trunk = [[-25 * u + s, -12, 40], [-26 * u + s, -9, min(tip + 12, 25)], [-25 * u + s, -8, tip]]
    entry = rng.random()
    if entry < 0.45:  # right internal jugular
        start = [[-34, -8, 168], [-32, -10, 125], [-28, -13, 80]]
    elif entry < 0.75:  # right subclavian or arm
        start = [[-185, 12, 40], [-135, -5, 66], [-85, -14, 80], [-45, -16, 78]]
    else:  # left subclavian, across the midline
        start = [[140, -6, 58], [85, -14, 78], [45, -20, 74], [5, -20, 58]]
    return _line(shape, np.array(start + trunk), radius=1.2, wall=0.9, stripe=0.85)


def _pacemaker(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng = fact_rng(shape.body, fact)
    sign = 1.0 if fact.side != "right" else -1.0
    scale = np.array(shape.body.scale)
    front = float(np.interp(40, [0, 60], [-72, -46])) - 26
    middle = np.array([sign * rng.uniform(82, 98), front, rng.uniform(32, 48)]) * scale
    n = 90
    a, b = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    can = (np.abs(a) ** 3.2 + np.abs(b) ** 3.2) < 1
    half = np.array([24.0, 21.0])
    points = np.stack([a[can] * half[0], np.zeros(can.sum()), b[can] * half[1]], axis=1) + middle
    inner = np.where((np.abs(a[can]) < 0.6) & (b[can] < 0.2), 1.5, 1.0)
    mass = np.full(len(points), 4 * half[0] * half[1] / n**2) * 1.6 * inner
    clouds = [Cloud(material="metal", points=points, mass=mass, radius_mm=0.4)]
    w, drop = shape.heart_width, 0.5 * (shape.dome_right + shape.dome_left) + 124
    tips = [[34 * w + shape.heart_shift, -50, -92 + drop], [-20, -30, -48 + 0.5 * drop]][: 1 + int(rng.random() < 0.7)]
    origin = middle / scale + np.array([-sign * 12, 0, 17])
    for k, tip in enumerate(tips):
        entry = [origin, [sign * (68 + 4 * k), -44, 82], [sign * 40, -18, 78]]
        cross = [[2, -20, 58]] if sign > 0 else []
        loop = (
            [[-27 - 2 * k, -11, 25], [-27, -9, -20], [-14, -20, -70 + drop]]
            if k == 0
            else [[-26, -10, 5], [-29, -12, -35]]
        )
        path = smooth_path(np.array([*entry, *cross, *loop, tip], float) * scale, 0.5)
        wire, weight = tube_fill(path, radii=(0.75, 0.75), spacing_mm=0.5)
        clouds.append(Cloud(material="metal", points=wire, mass=weight * 0.5, radius_mm=0.3))
        end, bulk = tube_fill(path[-18:], radii=(1.3, 1.3), spacing_mm=0.5)
        clouds.append(Cloud(material="metal", points=end, mass=bulk * 0.8, radius_mm=0.3))
    return clouds


def _chest_tube(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng = fact_rng(shape.body, fact)
    sign = -1.0 if fact.side == "right" else 1.0
    low = rng.uniform(-85, -50)
    half = float(shape.cage(np.array(low))[0])
    upward = rng.random() < 0.65
    tip = [sign * rng.uniform(45, 62), 10, rng.uniform(65, 88)] if upward else [sign * 60, 60, low - 40]
    middle = [sign * 100, 20, low + 60] if upward else [sign * 98, 45, low - 6]
    knots = [
        [sign * (half + 60), -20, low - 42],
        [sign * (half + 4), -4, low - 12],
        [sign * (half - 12), 4, low + 10],
        middle,
        tip,
    ]
    return _line(shape, np.array(knots), radius=4.4, wall=1.3, stripe=0.9)


def bedside_clouds(shape: ThoraxShape, rng: np.random.Generator) -> list[Cloud]:
    """Monitor leads, electrodes and tubing lying on the chest of a bedside patient; no finding."""
    scale = np.array(shape.body.scale)
    clouds = []
    for _ in range(int(rng.integers(2, 5))):
        x0, z0 = rng.uniform(-110, 110), rng.uniform(-90, 85)
        front = -110.0
        end = [rng.uniform(-190, 190), front, rng.choice([-190.0, 190.0])]
        bend = [0.5 * (x0 + end[0]) + rng.normal(0, 45), front, 0.5 * (z0 + end[2]) + rng.normal(0, 30)]
        path = smooth_path(np.array([[x0, front, z0], bend, end]) * scale, 0.6)
        wire, weight = tube_fill(path, radii=(0.7, 0.7), spacing_mm=0.5)
        clouds.append(Cloud(material="metal", points=wire, mass=weight * 0.22, radius_mm=0.35))
        at = np.array([x0, front, z0]) * scale
        snap = np.stack([at + np.array([0, -d, 0]) for d in np.linspace(0, 2.5, 6)])
        points, mass = tube_fill(snap, radii=(2.6, 2.2), spacing_mm=0.5)
        clouds.append(Cloud(material="metal", points=points, mass=mass * 0.25, radius_mm=0.4))
        pad = np.stack([at + np.array([0, 2 + d, 0]) for d in np.linspace(0, 1.5, 4)])
        points, mass = tube_fill(pad, radii=(15.0, 15.0), spacing_mm=1.0)
        clouds.append(Cloud(material="soft", points=points, mass=mass * 1.4, radius_mm=0.6))
    return clouds
