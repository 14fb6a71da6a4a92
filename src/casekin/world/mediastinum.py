"""Heart, great vessels and mediastinal fat as smoothly joined ellipsoids and tubes: a distance function."""

from __future__ import annotations

import numpy as np

from casekin.world.arrays import Array
from casekin.world.shape import ThoraxShape

_JOIN_MM = 9.0  # radius over which neighbouring structures flow into each other, like pericardial fat


def ellipsoid_distance(p: tuple[Array, Array, Array], centre: Array, radii: Array, tilt: float = 0.0) -> Array:
    """Signed distance (first order) to an ellipsoid turned by `tilt` radians in the frontal plane (x, z)."""
    x, y, z = p[0] - np.float32(centre[0]), p[1] - np.float32(centre[1]), p[2] - np.float32(centre[2])
    if tilt:
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        x, z = x * cos + z * sin, z * cos - x * sin
    a, b, c = (np.float32(1 / r) for r in radii)
    x, y, z = x * a, y * b, z * c
    x2, y2, z2 = x * x, y * y, z * z
    near = np.sqrt(x2 + y2 + z2) + np.float32(1e-4)
    slope = np.sqrt(x2 * (a * a) + y2 * (b * b) + z2 * (c * c)) + np.float32(1e-6)
    distance: Array = near * (near - 1) / slope
    return distance


def capsule_distance(p: tuple[Array, Array, Array], start: Array, end: Array, radius: float) -> Array:
    """Signed distance to a straight tube with round ends."""
    d = np.asarray(end, np.float32) - np.asarray(start, np.float32)
    x, y, z = (p[i] - np.float32(start[i]) for i in range(3))
    t = np.clip((x * d[0] + y * d[1] + z * d[2]) * np.float32(1 / float(d @ d)), 0, 1)
    x, y, z = x - t * d[0], y - t * d[1], z - t * d[2]
    distance: Array = np.sqrt(x * x + y * y + z * z) - np.float32(radius)
    return distance


def _join(a: Array, b: Array, k: float = _JOIN_MM) -> Array:
    h = np.maximum(np.float32(k) - np.abs(a - b), 0)
    joined: Array = np.minimum(a, b) - h * h * np.float32(0.25 / k)
    return joined


def _heart_parts(shape: ThoraxShape) -> list[tuple[Array, Array, float]]:
    """Ellipsoids (centre, radii, tilt) of the chambers; the heart sits on the diaphragm and widens about x = 5."""
    w, axis = shape.heart_width, shape.body.heart_axis
    # The base of the heart rides on the lower of the two domes.
    floor = 0.5 * (shape.dome_right + shape.dome_left) + 2
    drop = floor + 112
    s = shape.heart_shift
    long = 55 * w * (0.94 + 0.12 * axis)
    tilt = -(0.85 - 0.5 * axis)
    parts = [
        ((-17 * w + s, -8, -66 + 0.7 * drop), (26 * w, 34 * w, 42 * w), 0.0),
        ((14 * w + s, -42, -86 + drop), (50 * w, 32 * w, 33 * w), 0.18),
        ((45 * w + s, -24, -84 + drop), (long, 36 * w, 34 * w), tilt),
        ((8 * w + s, 14, -46 + 0.5 * drop), (33 * w, 24 * w, 27 * w), 0.0),
        ((33 * w + s, -16, -40 + 0.5 * drop), (15 * w, 17, 19), 0.0),
    ]
    return [(np.array(c), np.array(r), t) for c, r, t in parts]


def heart_distance(p: tuple[Array, Array, Array], shape: ThoraxShape) -> Array:
    """Signed distance to the heart within its sac."""
    # Below its middle the heart rests on the diaphragm: its outline hardly narrows.
    low = np.float32(-92 + 0.5 * (shape.dome_right + shape.dome_left) + 118)
    p = (p[0], p[1], np.where(p[2] < low, low + (p[2] - low) * np.float32(0.5), p[2]))
    first, *others = (ellipsoid_distance(p, *part) for part in _heart_parts(shape))
    result = first
    for distance in others:
        result = _join(result, distance, 14.0)
    return result


def vessel_tubes(shape: ThoraxShape) -> list[tuple[str, Array, Array, float]]:
    """The great vessels as (name, start, end, radius) in reference mm."""
    a, u = shape.body.aorta, shape.upper_width
    s, g = 0.45 * shape.heart_shift, shape.vessel_gain
    knob = np.array([22 + 7 * a + s, 24 + 4 * a, 22 + 6 * a])
    tubes = [
        ("ascending", (-2 + s, -26, -45), (-12 - 7 * a + s, -24, 8), 15 + 2 * a),
        ("arch", (-10 - 4 * a + s, -22, 14 + 4 * a), (4 + s, 0, 28 + 6 * a), 13 + 1.5 * a),
        ("arch", (4 + s, 0, 28 + 6 * a), tuple(knob), 12.5 + 2 * a),
        ("descending", tuple(knob), (24 + 9 * a + s, 40, -45), 12 + 2 * a),
        ("descending", (24 + 9 * a + s, 40, -45), (12 + 9 * a, 40, -160), 11.5 + 2 * a),
        ("pulmonary_trunk", (14 + s, -40, -42), (25 + s, -18, -15), 14 * g**0.5),
        ("pulmonary_artery", (27 + s, -16, -13), (41 + s, 14, -20), 10 * g**0.5),
        ("pulmonary_artery", (24 + s, -14, -18), (-34 + s, 4, -24), 11 * g**0.5),
        ("svc", (-23 * u**0.5 + s, -12, 58), (-25 * u**0.5 + s, -8, -35), 9.5 * u**0.5),
        ("brachiocephalic", (-23 * u**0.5 + s, -12, 58), (-27 * u, -14, 92), 8.5),
        ("brachiocephalic", (-20 + s, -16, 54), (28, -24, 84), 7.0),
        ("subclavian", (20 * u + s, 10, 30), (27 * u, 8, 96), 7.5 + a),
        ("vena_cava", (-20 + s, 6, -70), (-20, 8, -150), 12.0),
    ]
    return [(n, np.array(p, float), np.array(q, float), float(r)) for n, p, q, r in tubes]


def mediastinum_distance(p: tuple[Array, Array, Array], shape: ThoraxShape, heart: Array) -> Array:
    """Signed distance to everything between the lungs: heart, vessels, fat, oesophagus, spine."""
    x, y, z = p
    result = heart
    for _, start, end, radius in vessel_tubes(shape):
        result = _join(result, capsule_distance(p, start, end, radius))
    s = 0.45 * shape.heart_shift
    # Fat and airways around the vessels: a slab from the thoracic inlet to the diaphragm, thin in front and behind.
    front = np.exp(-(((y + 4) / 39) ** 2)) * np.interp(z, [-75, -40, 20, 60], [0.3, 0.9, 0.85, 1.0])
    rear = 7.0 * np.exp(-(((y - 62) / 18) ** 2)) + 3.0 * np.exp(-(((y + 55) / 15) ** 2))
    high = 13.0 * np.clip((z - 5) / 55, 0, 1) * np.exp(-(((y - 28) / 36) ** 2))
    half = shape.upper_width * (4.0 + rear + 26.0 * front + high)
    half = half + 9 * np.clip((z - 62) / 40, 0, 1)
    half = half + shape.widening * np.exp(-(((z - 40) / 46) ** 2)) * np.exp(-(((y + 5) / 45) ** 2))
    result = _join(result, np.abs(x - np.float32(s) * (z < 40)) - half.astype(np.float32), 12.0)
    spine = np.sqrt((x - shape.spine_x(z)) ** 2 + (0.8 * (y - shape.spine_y(z) - 6)) ** 2) - 15.5
    result = _join(result, spine.astype(np.float32), 12.0)
    # Rib heads, transverse processes and their muscles fill the angle between vertebrae and ribs.
    angle = 1.4 * np.sqrt(((x - shape.spine_x(z)) / 1.75) ** 2 + (y - shape.spine_y(z) - 27) ** 2) - 28
    return _join(result, angle.astype(np.float32), 10.0)
