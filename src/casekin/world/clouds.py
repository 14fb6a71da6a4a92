"""Thin structures as clouds of mass points: tubes, shells, plates, and their sum onto a picture or into a volume.

A cloud's points carry volumes (mm³ of their material); summed over a pixel and divided by its area in the body they
are path lengths (mm), so a shell's edge turns bright where the beam runs along it, without any ray tracing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import ndimage

from casekin.world.arrays import Array
from casekin.world.beam import Beam

Material = Literal["soft", "bone", "metal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Points `(N, 3)` in body mm with `mass` `(N,)` in mm³ (negative takes away), blurred by `radius_mm`."""

    material: Material
    points: Array
    mass: Array
    radius_mm: float = 0.5


def frame(path: Array) -> tuple[Array, Array, Array, Array]:
    """Tangent, level normal, upright normal `(N, 3)` and step length `(N,)` of a polyline."""
    tangent = np.gradient(path, axis=0)
    step = np.linalg.norm(tangent, axis=1)
    tangent = tangent / np.maximum(step, 1e-6)[:, None]
    up = np.where(np.abs(tangent[:, 2:3]) > 0.85, np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, 1.0]]))
    first = np.cross(tangent, up)
    first /= np.maximum(np.linalg.norm(first, axis=1), 1e-6)[:, None]
    return tangent, first, np.cross(first, tangent), step


def smooth_path(knots: Array, step_mm: float) -> Array:
    """A curve through `knots` (n, 3), resampled about every `step_mm`, corners rounded."""
    knots = np.asarray(knots, dtype=float)
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1))])
    count = max(int(lengths[-1] / step_mm), 3)
    at = np.linspace(0, lengths[-1], count + 1)
    if len(knots) < 4:
        fit = np.stack([np.interp(at, lengths, knots[:, i]) for i in range(3)], axis=1)
        sigma = 0.12 * count if len(knots) == 3 else 0
        return np.asarray(ndimage.gaussian_filter1d(fit, sigma, axis=0, mode="nearest")) if sigma else fit
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(lengths, knots, axis=0)(at))


def tube_shell(
    path: Array, *, radii: tuple[Array | float, Array | float], shell_mm: float, spacing_mm: float = 0.7
) -> tuple[Array, Array]:
    """Points and masses of a tube's wall: elliptic section with `radii` (level, upright), wall `shell_mm` thick."""
    _, first, second, step = frame(path)
    level, upright = (np.broadcast_to(np.asarray(r, dtype=float), (len(path),)) for r in radii)
    ring = max(int(np.pi * float(level.max() + upright.max()) / spacing_mm), 8)
    angle = 2 * np.pi * (np.arange(ring)[None, :] + 0.5 * (np.arange(len(path)) % 2)[:, None]) / ring
    cos, sin = np.cos(angle), np.sin(angle)
    points = (
        path[:, None, :]
        + (level[:, None] * cos)[..., None] * first[:, None, :]
        + (upright[:, None] * sin)[..., None] * second[:, None, :]
    )
    arc = np.sqrt((level[:, None] * sin) ** 2 + (upright[:, None] * cos) ** 2) * (2 * np.pi / ring)
    return points.reshape(-1, 3), (arc * step[:, None] * shell_mm).reshape(-1)


def tube_fill(
    path: Array, *, radii: tuple[Array | float, Array | float], spacing_mm: float = 0.9
) -> tuple[Array, Array]:
    """Points and masses filling a tube of elliptic section."""
    _, first, second, step = frame(path)
    level, upright = (np.broadcast_to(np.asarray(r, dtype=float), (len(path),)) for r in radii)
    count = max(int(np.pi * float(level.max() * upright.max()) / spacing_mm**2), 5)
    radius = np.sqrt((np.arange(count) + 0.5) / count)
    angle = (np.arange(count) * 2.399963)[None, :] + np.arange(len(path))[:, None] * 0.7
    points = (
        path[:, None, :]
        + (level[:, None] * radius * np.cos(angle))[..., None] * first[:, None, :]
        + (upright[:, None] * radius * np.sin(angle))[..., None] * second[:, None, :]
    )
    mass = np.pi * level * upright * step / count
    return points.reshape(-1, 3), np.repeat(mass, count)


def ball_fill(centre: Array, radii: Array, *, spacing_mm: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Points and masses filling an ellipsoid."""
    volume = 4 / 3 * np.pi * float(np.prod(radii))
    count = max(int(volume / spacing_mm**3), 40)
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    points = centre + direction * rng.random((count, 1)) ** (1 / 3) * radii
    return points, np.full(count, volume / count)


def splat(clouds: Iterable[Cloud], beam: Beam) -> dict[Material, Array]:
    """Path lengths in mm `(H, W)` of each material, summed over the clouds."""
    layers: dict[Material, Array] = {
        "soft": np.zeros((beam.height, beam.width), np.float32),
        "bone": np.zeros((beam.height, beam.width), np.float32),
        "metal": np.zeros((beam.height, beam.width), np.float32),
    }
    groups: dict[tuple[Material, float], list[Cloud]] = {}
    for cloud in clouds:
        # Radii on a ladder of √2 share one blur.
        rung = float(2 ** (round(2 * np.log2(cloud.radius_mm)) / 2))
        groups.setdefault((cloud.material, rung), []).append(cloud)
    for (material, radius), members in groups.items():
        points = np.concatenate([c.points for c in members]).astype(np.float32)
        mass = np.concatenate([c.mass for c in members]).astype(np.float32)
        layer = _splat_points(points, mass, beam)
        sigma = radius * 1.1 / beam.spacing_mm
        layers[material] += ndimage.gaussian_filter(layer, sigma, truncate=3.0) if sigma > 0.15 else layer
    return layers


def _splat_points(points: Array, mass: Array, beam: Beam) -> Array:
    column, row, magnify = beam.project(points)
    weight = mass * (magnify / beam.spacing_mm) ** 2
    inside = (column > 0) & (column < beam.width - 1) & (row > 0) & (row < beam.height - 1)
    column, row, weight = column[inside], row[inside], weight[inside]
    left, top = column.astype(np.int32), row.astype(np.int32)
    fx, fy = column - left, row - top
    index = top * beam.width + left
    size = beam.height * beam.width
    total = np.bincount(index, weight * (1 - fx) * (1 - fy), minlength=size)
    total += np.bincount(index + 1, weight * fx * (1 - fy), minlength=size)
    total += np.bincount(index + beam.width, weight * (1 - fx) * fy, minlength=size)
    total += np.bincount(index + beam.width + 1, weight * fx * fy, minlength=size)
    return total.reshape(beam.height, beam.width).astype(np.float32)


def fill_volume(cloud: Cloud, origin: Array, spacing_mm: Array, shape: tuple[int, int, int]) -> Array:
    """Fraction of each voxel `(slice, row, column)` that the cloud's material takes; nearest voxel."""
    index = np.rint((cloud.points[:, ::-1] - origin[::-1]) / spacing_mm).astype(np.int64)
    inside = np.all((index >= 0) & (index < np.array(shape)), axis=1)
    flat = np.ravel_multi_index(tuple(index[inside].T), shape)
    total = np.bincount(flat, cloud.mass[inside], minlength=int(np.prod(shape)))
    return (total / float(np.prod(spacing_mm))).reshape(shape).astype(np.float32)
