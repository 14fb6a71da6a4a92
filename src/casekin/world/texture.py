"""Fine lines that findings draw in the lung: Kerley lines, reticulation and honeycombs, bullae, air bronchograms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.clouds import Cloud, smooth_path, tube_fill
from casekin.world.fields import lesion_centre
from casekin.world.shape import ThoraxShape, fact_rng, severity_level
from casekin.world.vessels import breathe


def texture_clouds(shape: ThoraxShape, facts: Sequence[Fact]) -> list[Cloud]:
    """Clouds of all fine textures of the present findings."""
    clouds: list[Cloud] = []
    for fact in facts:
        if fact.finding == "pulmonary_edema":
            clouds += _kerley_lines(shape, fact)
        elif fact.finding == "fibrosis":
            clouds += _honeycomb(shape, fact)
        elif fact.finding == "emphysema":
            clouds += _bullae(shape, fact)
    return clouds


def _wall_point(
    shape: ThoraxShape, rng: np.random.Generator, sign: float, low: float, high: float
) -> tuple[Array, float]:
    """A point of the chest wall's inner face at the side, full-breath reference mm, and its angle round the chest."""
    z = rng.uniform(low, high)
    half, depth, centre = (float(v) for v in shape.cage(np.array(z)))
    angle = rng.uniform(0.45, 2.4)
    return np.array([sign * half * np.sin(angle), centre + depth * np.cos(angle), z]), angle


def _kerley_lines(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    scale = np.array(shape.body.scale)
    parts = []
    for k in range(int(70 * level)):
        start, _ = _wall_point(shape, rng, 1.0 if k % 2 else -1.0, -110, -20)
        inward = start * np.array([0.9, 0.9, 1.0]) + np.array([0, 0, rng.normal(0, 3)])
        pair = breathe(np.array([start * [0.985, 0.985, 1], inward]), shape) * scale
        parts.append(tube_fill(smooth_path(pair, 0.8), radii=(0.8, 0.8), spacing_mm=0.7))
    return _gather(parts, 0.6, 0.35)


def _honeycomb(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    scale = np.array(shape.body.scale)
    turn = np.linspace(0, 2 * np.pi, 26)
    parts = []
    signs = {"right": [-1.0], "left": [1.0]}.get(str(fact.side), [-1.0, 1.0])
    for k in range(int(420 * level**1.3 * len(signs))):
        wall, _ = _wall_point(shape, rng, signs[k % len(signs)], -165, -40 + 60 * level)
        depth = rng.exponential(0.1)
        centre = breathe((wall * np.array([0.97 - depth, 0.97 - depth, 1.0]))[None, :], shape)[0] * scale
        radius = rng.uniform(1.6, 4.2)
        a, b = rng.normal(size=(2, 3))
        a /= np.linalg.norm(a)
        b -= a * (a @ b)
        b /= np.linalg.norm(b)
        ring = centre + radius * (np.cos(turn)[:, None] * a + np.sin(turn)[:, None] * b)
        parts.append(tube_fill(ring, radii=(0.55, 0.55), spacing_mm=0.6))
    return _gather(parts, 0.75, 0.35)


def _bullae(shape: ThoraxShape, fact: Fact) -> list[Cloud]:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    scale = np.array(shape.body.scale)
    turn = np.linspace(0, 2 * np.pi, 90)
    parts = []
    signs = {"right": [-1.0], "left": [1.0]}.get(str(fact.side), [-1.0, 1.0])
    for sign in signs:
        for _ in range(int(1 + 5 * level)):
            centre = np.array([sign * rng.uniform(50, 95), rng.uniform(-40, 40), rng.uniform(35, 88)]) * scale
            radius = rng.uniform(9, 16) * (0.7 + 0.6 * level)
            arc = turn[: int(rng.uniform(35, 80))] + rng.uniform(0, 6)
            ring = centre + radius * np.stack([np.cos(arc), 0.2 * np.sin(3 * arc), np.sin(arc)], axis=1)
            parts.append(tube_fill(ring, radii=(0.45, 1.2), spacing_mm=0.6))
    return _gather(parts, 0.8, 0.35)


def _gather(parts: list[tuple[Array, Array]], density: float, radius_mm: float) -> list[Cloud]:
    if not parts:
        return []
    points, mass = np.concatenate([p for p, _ in parts]), np.concatenate([m for _, m in parts])
    return [Cloud(material="soft", points=points, mass=mass * density, radius_mm=radius_mm)]


def consolidation_spheres(shape: ThoraxShape, facts: Sequence[Fact]) -> list[tuple[Array, float, Fact]]:
    """Centre (reference mm), radius and fact of the consolidated balls of lung, for silhouetting vessels."""
    spheres = []
    for fact in facts:
        if fact.finding == "consolidation":
            sides = (fact.side,) if fact.side in ("left", "right") else ("right", "left")
            rng = fact_rng(shape.body, fact)
            for side in sides:
                spheres.append((lesion_centre(shape, fact, rng, side), 18 + 82 * severity_level(fact) ** 1.4, fact))
    return spheres
