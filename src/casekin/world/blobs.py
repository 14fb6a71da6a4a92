"""Compact bodies as ellipsoids with exact ray chords: nodules, masses, hila, hernia, stomach and bowel gas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.beam import Beam
from casekin.world.clouds import Material
from casekin.world.fields import lesion_centre
from casekin.world.shape import ThoraxShape, fact_rng, severity_level


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """An axis-aligned ellipsoid in body mm that adds `density` (relative to water, or to bone) to what is there.

    Only the part between the heights `low` and `high` counts: an air-fluid level. `fact` names its finding.
    """

    centre: Array
    radii: Array
    density: float
    material: Material = "soft"
    fact: str | None = None
    low: float = -1e9
    high: float = 1e9


def chord(blob: Blob, beam: Beam) -> tuple[slice, slice, Array] | None:
    """Rows, columns and path lengths in mm of the window the blob covers; None when it misses the picture."""
    column, row, magnify = beam.project(blob.centre[None, :])
    reach = float(blob.radii.max() * magnify[0] / beam.spacing_mm) + 3
    r0, r1 = max(int(row[0] - reach), 0), min(int(row[0] + reach) + 1, beam.height)
    c0, c1 = max(int(column[0] - reach), 0), min(int(column[0] + reach) + 1, beam.width)
    if r0 >= r1 or c0 >= c1:
        return None
    rows, columns = slice(r0, r1), slice(c0, c1)
    source, direction = beam.rays(rows, columns)
    start = (source - blob.centre) / blob.radii
    step = direction / blob.radii
    a = (step * step).sum(-1)
    b = step @ start
    root = b * b - a * (start @ start - 1)
    half = np.sqrt(np.maximum(root, 0)) / a
    near, far = -b / a - half, -b / a + half
    if blob.low > -1e8 or blob.high < 1e8:
        rise = np.where(np.abs(direction[..., 2]) < 1e-12, 1e-12, direction[..., 2])
        t0, t1 = (blob.low - source[2]) / rise, (blob.high - source[2]) / rise
        near = np.maximum(near, np.minimum(t0, t1))
        far = np.minimum(far, np.maximum(t0, t1))
    return rows, columns, np.maximum(far - near, 0).astype(np.float32)


def lesion_blobs(shape: ThoraxShape, facts: Sequence[Fact]) -> list[Blob]:
    """Blobs of all nodular findings, enlarged hila and hernias."""
    makers = {
        "nodule": _nodule,
        "mass": _nodule,
        "calcified_granuloma": _granuloma,
        "hilar_enlargement": _hilum,
        "hiatal_hernia": _hernia,
    }
    return [blob for fact in facts if fact.finding in makers for blob in makers[fact.finding](shape, fact)]


def _key(fact: Fact) -> str:
    return f"{fact.finding}@{fact.place}"


def _nodule(shape: ThoraxShape, fact: Fact) -> list[Blob]:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    scale = np.array(shape.body.scale)
    usual = 6 + 22 * level if fact.finding == "nodule" else 30 + 42 * level
    size = fact.size_mm or usual
    centre = lesion_centre(shape, fact, rng)
    if abs(centre[0]) < 52:
        centre[0] = np.sign(centre[0]) * 62
    blobs = []
    lumps = 2 if size < 14 else 5
    for k in range(lumps):
        offset = rng.normal(size=3)
        offset *= 0.30 * size / np.linalg.norm(offset) * (k > 0)
        radii = 0.5 * size * rng.uniform(0.72, 0.95, 3) * (1.0 if k == 0 else 0.7)
        blobs.append(
            Blob(centre=centre * scale + offset, radii=radii, density=0.72 / (1 + 0.42 * (lumps - 1)), fact=_key(fact))
        )
    blobs[0] = Blob(centre=blobs[0].centre, radii=blobs[0].radii, density=0.5, fact=_key(fact))
    return blobs


def _granuloma(shape: ThoraxShape, fact: Fact) -> list[Blob]:
    rng, level = fact_rng(shape.body, fact), severity_level(fact)
    scale = np.array(shape.body.scale)
    size = fact.size_mm or 4 + 7 * level
    centre = lesion_centre(shape, fact, rng)
    count = 1 + int(level > 0.6)
    blobs = []
    for k in range(count):
        at = centre * scale + rng.normal(size=3) * 9 * (k > 0)
        radii = 0.5 * size * rng.uniform(0.8, 1.05, 3)
        blobs.append(Blob(centre=at, radii=radii, density=0.95, material="bone", fact=_key(fact)))
    return blobs


def _hilum(shape: ThoraxShape, fact: Fact) -> list[Blob]:
    level = severity_level(fact)
    rng = fact_rng(shape.body, fact)
    scale = np.array(shape.body.scale)
    blobs = []
    for side in (fact.side,) if fact.side in ("left", "right") else ("right", "left"):
        sign = -1 if side == "right" else 1
        centre = np.array([sign * 44, 14, -28 if side == "right" else -16], float)
        for _ in range(3):
            at = centre + rng.normal(size=3) * np.array([4, 6, 9])
            radii = (9 + 14 * level) * rng.uniform(0.8, 1.15, 3) * np.array([0.9, 1, 1.15])
            blobs.append(Blob(centre=at * scale, radii=radii, density=0.36, fact=_key(fact)))
    return blobs


def _hernia(shape: ThoraxShape, fact: Fact) -> list[Blob]:
    level, rng = severity_level(fact), fact_rng(shape.body, fact)
    scale = np.array(shape.body.scale)
    size = 18 + 28 * level
    floor = 0.5 * (shape.dome_right + shape.dome_left)
    centre = np.array([rng.uniform(2, 16), 34, floor - 4 + 0.75 * size]) * scale
    radii = np.array([1.1, 0.8, 0.95]) * size
    level_z = -1e9 if shape.supine else float(centre[2] + rng.uniform(-0.2, 0.25) * size)
    inner = radii * (0.82 if not shape.supine else 0.5)
    return [
        Blob(centre=centre, radii=radii, density=0.45, fact=_key(fact)),
        Blob(centre=centre, radii=inner, density=-0.95, low=level_z, fact=_key(fact)),
    ]


def gas_blobs(shape: ThoraxShape) -> list[Blob]:
    """Stomach bubble under the left dome and gas in the colon; drawn per patient."""
    body = shape.body
    rng = np.random.default_rng([body.seed, 21])
    scale = np.array(body.scale)
    blobs = []
    if body.stomach_gas > 0.2:
        size = 11 + 15 * body.stomach_gas
        top = shape.dome_left - 4
        centre = np.array([rng.uniform(42, 66), -18, top - 0.72 * size - 3])
        radii = np.array([1.25, 1.0, 0.72]) * size
        low = -1e9 if shape.supine else float((centre[2] - rng.uniform(0, 0.4) * size) * scale[2])
        for _ in range(3):
            at = (centre + rng.normal(size=3) * np.array([0.45, 0.2, 0.12]) * size) * scale
            part = radii * rng.uniform(0.55, 0.95, 3) * (0.7 if shape.supine else 1)
            blobs.append(Blob(centre=at, radii=part, density=-0.45, low=low))
    for _ in range(int(2 + 9 * body.bowel_gas)):
        x = rng.uniform(-110, 125)
        floor = min(shape.dome_right - 75 if x < 30 else shape.dome_left - 38, -150)
        at = np.array([x, rng.uniform(-60, -10), floor - rng.uniform(0, 60)])
        blobs.append(Blob(centre=at * scale, radii=rng.uniform(6, 17, 3), density=-0.5))
    return blobs
