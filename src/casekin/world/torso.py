"""The body's outside: trunk, shoulders, neck, arms, breasts and chin as one soft-tissue distance function."""

from __future__ import annotations

import numpy as np

from casekin.world.arrays import Array
from casekin.world.mediastinum import capsule_distance, ellipsoid_distance
from casekin.world.shape import ThoraxShape
from casekin.world.skeleton import Pose

_SHOULDER_Z = np.array([40, 62, 80, 95, 108, 122, 138, 155, 240], float)
_SHOULDER_HALF = np.array([150, 210, 230, 222, 192, 156, 116, 82, 64], float)
_SHOULDER_DEPTH = np.array([86, 98, 98, 88, 74, 64, 59, 58, 60], float)


def body_occupancy(shape: ThoraxShape, pose: Pose, x: Array, y: Array, z: Array) -> Array:
    """Share of body tissue in [0, 1] at body-mm coordinates that broadcast to a grid; the chest cavity is body."""
    body = shape.body
    sx, sy, sz = body.scale
    wall = body.wall_mm
    zr = z / sz
    half, depth, centre = shape.cage(np.minimum(zr, 100))
    half = np.maximum(half * np.interp(zr, [95, 130], [1, 0.6]), 40) * sx + 5 + wall
    belly = np.interp(zr, [-260, -160, -60], [14 + wall * 0.6, 8 + wall * 0.3, 0])
    depth = depth * sy + 20 + 0.42 * wall + 0.5 * belly
    centre = centre * sy + 3 - 0.5 * belly
    # Back muscles beside the spine's furrow; pectoral muscles beside the breastbone.
    out = np.abs(x)
    back = 12 * np.exp(-(((out - 46) / 26) ** 2)) - 5 * np.exp(-((x / 17) ** 2))
    chest = body.muscle * 9 * np.exp(-(((out - 68) / 36) ** 2)) * np.exp(-(((zr - 25) / 48) ** 2)) - 5 * np.exp(
        -((x / 18) ** 2)
    )
    skin = y - centre - back * np.clip(y / 60, 0, 1) + chest * np.clip(-y / 60, 0, 1)
    a, b = np.abs(x / half), np.abs(skin / depth)
    t = a * a + b * b
    trunk = ((np.sqrt(np.sqrt(t * t - 1.5 * a * a * b * b))) - 1) * np.minimum(half, depth) * 0.9
    up = 0.6 * pose.shrug_mm
    wide = np.interp(zr - up, _SHOULDER_Z, _SHOULDER_HALF) * (0.92 * sx + 0.002 * wall) + 0.35 * wall - 4
    wide = wide * (0.8 if pose.raised else 1.0)
    thick = np.interp(zr - up, _SHOULDER_Z, _SHOULDER_DEPTH) * body.muscle**0.4 + 0.2 * wall
    lean = np.interp(zr, [60, 110, 160], [8, 10, -6])
    shoulder = (np.sqrt((x / wide) ** 2 + ((y - lean) / thick) ** 2) - 1) * np.minimum(wide, thick) * 0.9
    shoulder = -_join(-shoulder, (zr - 52 - up) + 0 * x, 30.0)
    result = _join(trunk, shoulder, 22.0)
    for sign in (-1.0, 1.0):
        if not pose.raised:
            result = _join(result, _arm((x, y, z), shape, pose, sign), 10.0)
        if body.breast > 0:
            result = _join(result, _breast((x, y, z), shape, sign), 28.0)
    head = ellipsoid_distance((x, y, z), np.array([0, -22, 252 * sz]), np.array([74, 98, 92]))
    result = _join(result, head, 12.0)
    occupied: Array = np.clip(0.5 - result / 8.0, 0, 1)
    return occupied.astype(np.float32)


def _join(a: Array, b: Array, k: float) -> Array:
    h = np.maximum(np.float32(k) - np.abs(a - b), 0)
    joined: Array = np.minimum(a, b) - h * h * np.float32(0.25 / k)
    return joined


def _arm(p: tuple[Array, Array, Array], shape: ThoraxShape, pose: Pose, sign: float) -> Array:
    sx, _, sz = shape.body.scale
    radius = 55 * shape.body.muscle**0.5 + 0.35 * shape.body.wall_mm
    reach = 188 * sx + 0.5 * shape.body.wall_mm
    shoulder = np.array([sign * (reach - 4), 12, (52 + 0.6 * pose.shrug_mm) * sz])
    elbow = np.array([sign * (reach + 30 + 66 * pose.abduct), 8, -300 * sz])
    return capsule_distance(p, shoulder, elbow, radius)


def _breast(p: tuple[Array, Array, Array], shape: ThoraxShape, sign: float) -> Array:
    sx, sy, sz = shape.body.scale
    size = shape.body.breast**0.5
    sag = 20 * shape.body.breast + 0.25 * max(shape.body.age - 35, 0)
    flat = 0.75 if shape.supine else 1.0
    centre = np.array([sign * (80 + 60 * (1 - flat)) * sx, -98 * sy - 0.3 * shape.body.wall_mm, (-84 - sag) * sz])
    return ellipsoid_distance(p, centre, np.array([64 * size / flat, 42 * size * flat, 66 * size]), 0.35 * sign)
