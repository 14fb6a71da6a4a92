"""Which tissue is where: occupancies of chest cavity, lungs, heart and abdomen on any set of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casekin.world.arrays import Array, Mask
from casekin.world.mediastinum import heart_distance, mediastinum_distance
from casekin.world.shape import ThoraxShape

LOBES = ("upper_lobe", "middle_lobe", "lower_lobe", "lingula")
_EDGE_MM = 2.4  # width of a border's ramp: with depth steps below twice this, path lengths are exact to 0.1 mm


@dataclass(frozen=True, slots=True, kw_only=True)
class CavityPoints:
    """The points of a grid that lie inside the chest wall, flattened; all arrays `(N,)`, float32.

    `index` is the flat position in the grid of `shape`. x, y, z are reference mm. `wall` is the signed distance to the
    chest wall (negative inside). Occupancies `lung`, `heart`, `mediastinum`, `abdomen` are in [0, 1].
    """

    shape: tuple[int, ...]
    index: Array
    x: Array
    y: Array
    z: Array
    wall: Array
    dome: Array
    lung: Array
    heart: Array
    mediastinum: Array
    abdomen: Array

    def side(self, name: str | None) -> Mask:
        """True on the side's half of the chest; everywhere for bilateral and None."""
        if name not in ("left", "right"):
            return np.ones(self.x.shape, bool)
        return np.asarray(self.x < 0 if name == "right" else self.x >= 0)

    def spread(self, values: Array) -> Array:
        """Put `(N,)` values back on the whole grid, 0 elsewhere."""
        grid = np.zeros(int(np.prod(self.shape)), np.float32)
        grid[self.index] = values
        return grid.reshape(self.shape)

    def along_first_axis(self, values: Array) -> Array:
        """Sum `(N,)` values over the grid's first axis."""
        plane = int(np.prod(self.shape[1:]))
        total = np.bincount(self.index % plane, values, minlength=plane)
        return total.reshape(self.shape[1:]).astype(np.float32)


def _ramp(distance: Array, width: float = _EDGE_MM) -> Array:
    inside: Array = np.clip(0.5 - distance * np.float32(1 / width), 0, 1)
    return inside


def sample_cavity(shape: ThoraxShape, x: Array, y: Array, z: Array) -> CavityPoints:
    """Evaluate the thorax on body-mm coordinates that broadcast to a grid."""
    sx, sy, sz = shape.body.scale
    x, y, z = (np.asarray(v, np.float32) for v in (x / sx, y / sy, z / sz))
    half, depth, centre = (v.astype(np.float32) for v in shape.cage(z))
    a2 = (x / half) ** 2
    b2 = ((y - centre) / depth) ** 2
    total = a2 + b2
    reach = np.sqrt(np.sqrt(total * total - np.float32(0.7) * a2 * b2))
    wall = (reach - 1) * (0.8 * np.minimum(half, depth))
    wall = np.maximum(wall, z - 121)
    inside = np.flatnonzero(wall.ravel() < _EDGE_MM)
    grid = wall.shape
    flat = [np.broadcast_to(v, grid).reshape(-1)[inside] for v in (x, y, z)]
    return _fill(shape, grid, inside, flat, wall.reshape(-1)[inside])


def _fill(shape: ThoraxShape, grid: tuple[int, ...], index: Array, p: list[Array], wall: Array) -> CavityPoints:
    x, y, z = p
    dome = z - shape.dome_height(x, y).astype(np.float32)
    out = (np.abs(x) - 45) / 42
    apex = z - (114 - np.where(out > 0, 13, 30) * out**2 - 17 * ((y - 14) / 52) ** 2).astype(np.float32)
    outer = np.maximum(np.maximum(wall, -dome * np.float32(0.8)), apex * np.float32(0.7))
    heart, middle = _middle(shape, x, y, z)
    above = _ramp(-dome)
    cavity = _ramp(wall)
    between = _ramp(middle)
    return CavityPoints(
        shape=grid,
        index=index,
        x=x,
        y=y,
        z=z,
        wall=wall,
        dome=dome,
        lung=_ramp(np.maximum(outer, -middle)),
        heart=_ramp(heart) * above,
        mediastinum=between * above,
        abdomen=cavity * (1 - above),
    )


def _middle(shape: ThoraxShape, x: Array, y: Array, z: Array) -> tuple[Array, Array]:
    """Distances to the heart and to the whole mediastinum, evaluated only where they can be near."""
    heart = np.full(x.shape, 40, np.float32)
    beside = (np.abs(x) < 60 + 62 * shape.heart_width) & (z < 5)
    heart[beside] = heart_distance((x[beside], y[beside], z[beside]), shape)
    middle = heart.copy()
    central = np.abs(x) < 74 + shape.widening + abs(shape.heart_shift)
    q = (x[central], y[central], z[central])
    middle[central] = mediastinum_distance(q, shape, heart[central])
    return heart, middle


def lobe_mask(points: CavityPoints, shape: ThoraxShape, anatomy: str, side: str | None) -> Mask:
    """True in a lobe of a side (or in the whole lung for other anatomies); fissures as in `ThoraxShape`."""
    offset = np.where(points.x < 0, shape.major_right, shape.major_left).astype(np.float32)
    steep = np.where(points.x < 0, np.float32(1.0), np.float32(1.08))
    below_major = points.z < 16 + offset + steep * (points.y - 78) - 0.1 * np.abs(points.x)
    minor = np.where(points.x < 0, np.float32(shape.minor), np.float32(-48)) - 0.06 * (np.abs(points.x) - 70)
    own = points.side(side)
    match anatomy:
        case "lower_lobe":
            own = own & below_major
        case "middle_lobe" | "lingula":
            own = own & ~below_major & (points.z < minor)
        case "upper_lobe":
            own = own & ~below_major & ((points.z >= minor) | (points.x >= 0))
    return np.asarray(own, dtype=bool)
