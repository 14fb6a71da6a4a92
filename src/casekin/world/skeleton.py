"""The bones of the chest as clouds: spine, ribs, sternum, clavicles, scapulae, humeri."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.body import Body
from casekin.world.clouds import Cloud, smooth_path, tube_fill, tube_shell
from casekin.world.shape import ThoraxShape, fact_rng, make_shape, severity_level

# Heights of the middle of each vertebra, C5 to L2, and of the anterior end of each rib below its vertebra.
_VERTEBRAE = np.array([164, 147, 130, 113, 95, 76, 55, 33, 10, -13, -37, -61, -86, -112, -139, -167, -196, -227], float)
_FIRST_THORACIC = 4
_RIB_DROP = np.array([36, 56, 74, 88, 99, 108, 114, 116, 104, 84, 44, 26], float)
_RIB_END_DEG = np.array([150, 152, 150, 147, 143, 139, 134, 126, 118, 106, 72, 50], float)
_RIB_HEIGHT = np.array([6.5, 6.0, 6.0, 6.3, 6.6, 6.8, 6.8, 6.6, 6.3, 6.0, 5.2, 4.6], float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where the shoulders are: `abduct` 0 (arms at the side) to 1 (hands on hips, shoulders rolled forward).

    `raised` arms are over the head, out of the picture, as for lateral views and CT.
    """

    abduct: float
    shrug_mm: float
    raised: bool = False


def rib_path(shape: ThoraxShape, number: int, side: str, count: int = 420) -> Array:
    """Centre line of rib `number` (1..12) in reference mm, from the spine to the costochondral junction."""
    i = number - 1
    sign = -1.0 if side == "right" else 1.0
    z0 = _VERTEBRAE[_FIRST_THORACIC + i] + 7
    end = np.deg2rad(_RIB_END_DEG[i])
    u = np.linspace(0, 1, count)
    angle = 0.2 + (end - 0.2) * u
    drop = _RIB_DROP[i] * shape.body.rib_slope
    rise = 7.0 * np.exp(-(((u - 0.12) / 0.1) ** 2)) if number < 11 else 0.0
    z = z0 - drop * (0.12 * u + 0.88 * u**2.6) + rise
    half, depth, centre = shape.cage(z)
    squeeze = (np.abs(np.sin(angle)) ** 2.2 + np.abs(np.cos(angle)) ** 2.2) ** (-1 / 2.2)
    x = (half + 4.5) * np.sin(angle) * squeeze
    y = centre - (depth + 4.5) * -np.cos(angle) * squeeze
    joint = np.array([19.0, float(shape.spine_y(z0)) + 12])
    blend = np.clip(u / 0.17, 0, 1) ** 0.8
    x = joint[0] * (1 - blend) + x * blend
    y = joint[1] * (1 - blend) + y * blend
    return np.stack([sign * x + shape.spine_x(z) * np.exp(-3 * u), y, z], axis=1)


_GAP = 5  # steps of a rib's path lost in a fracture
_Fracture = tuple[tuple[str, int], tuple[float, float, float]]


def _fractures(body: Body, facts: Sequence[Fact]) -> dict[tuple[str, int], tuple[float, float, float]]:
    """(side, rib) → (place along the rib 0..1, step in mm, sense) of every broken rib."""
    broken = {}
    for fact in facts:
        if fact.finding != "rib_fracture":
            continue
        rng, level = fact_rng(body, fact), severity_level(fact)
        first = int(rng.integers(4, 7))
        at = float(rng.uniform(0.25, 0.42))
        sides = ("right", "left") if fact.side not in ("right", "left") else (fact.side,)
        for side in sides:
            for k in range(1 + int(level > 0.4) + 2 * int(level > 0.7)):
                shift = (4.0 + 9 * level) * (1 if rng.random() < 0.7 else -1)
                broken[side, first + k] = (at + float(rng.normal(0, 0.02)), shift, float(rng.uniform(0.4, 1)))
    return broken


def rib_clouds(body: Body, facts: Sequence[Fact]) -> tuple[list[Cloud], dict[str, list[Array]]]:
    """All ribs; also the points around each fracture by side, for its mask (body mm)."""
    return _ribs(body, tuple(sorted(_fractures(body, facts).items())))


@lru_cache(maxsize=2)
def _ribs(body: Body, fractures: tuple[_Fracture, ...]) -> tuple[list[Cloud], dict[str, list[Array]]]:
    shape = make_shape(body, (), inspiration=1.0, supine=False)
    scale = np.array(body.scale)
    density = body.bone_density
    broken = dict(fractures)
    shells: list[tuple[Array, Array]] = []
    marrow: list[tuple[Array, Array]] = []
    spots: dict[str, list[Array]] = {}
    for number in range(1, 13):
        for side in ("right", "left"):
            path = rib_path(shape, number, side) * scale
            height = _RIB_HEIGHT[number - 1] * (0.92 if body.sex == "F" else 1.02)
            u = np.linspace(0, 1, len(path))
            upright = height * (0.72 + 0.28 * np.sin(np.pi * np.clip(u * 1.15, 0, 1)) + 0.18 * u)
            cortex = np.interp(u, [0, 0.1, 0.5, 0.75, 1], [0.8, 1.3, 0.95, 0.75, 0.65]) * density
            pieces = [path]
            if (side, number) in broken:
                pieces, spot = _break(path, *broken[side, number])
                spots.setdefault(side, []).append(spot)
            start = 0
            for piece in pieces:
                part = slice(start, start + len(piece))
                start += len(piece)
                if len(piece) < _GAP:  # the gap
                    continue
                points, mass = tube_shell(piece, radii=(3.4, upright[part]), shell_mm=1.0, spacing_mm=0.85)
                shells.append((points, mass * np.repeat(cortex[part], len(mass) // len(piece))))
                points, mass = tube_fill(piece[::3], radii=(3.0, upright[part][::3] * 0.9), spacing_mm=1.8)
                marrow.append((points, mass * 0.11 * density))
    joined = [_cloud("bone", shells, 0.45), _cloud("bone", marrow, 0.9)]
    return joined, spots


def _break(path: Array, at: float, shift: float, sense: float) -> tuple[list[Array], Array]:
    cut = int(at * len(path))
    far = path[cut + _GAP :].copy()
    fade = np.exp(-np.arange(len(far)) / 130.0)[:, None]
    outward = path[cut] / np.linalg.norm(path[cut][:2])
    far += fade * shift * np.array([0.35 * sense * outward[0], 0.35 * sense * outward[1], -1.0])
    return [path[: cut + 1], path[cut + 1 : cut + _GAP], far], path[max(cut - 12, 0) : cut + 14]


def _cloud(kind: str, parts: list[tuple[Array, Array]], radius: float) -> Cloud:
    return Cloud(
        material="bone" if kind == "bone" else "soft",
        points=np.concatenate([p for p, _ in parts]).astype(np.float32),
        mass=np.concatenate([m for _, m in parts]).astype(np.float32),
        radius_mm=radius,
    )


@lru_cache(maxsize=2)
def spine_cloud(body: Body) -> list[Cloud]:
    """Vertebral bodies with end plates, pedicles, laminae, transverse and spinous processes."""
    shape = make_shape(body, (), inspiration=1.0, supine=False)
    shells: list[tuple[Array, Array]] = []
    inner: list[tuple[Array, Array]] = []
    density = body.bone_density
    for i, z in enumerate(_VERTEBRAE):
        x0, y0 = float(shape.spine_x(np.array(z))), float(shape.spine_y(np.array(z)))
        pitch = abs(_VERTEBRAE[min(i + 1, len(_VERTEBRAE) - 1)] - z) or 30
        if z > 100:
            y0 = float(shape.spine_y(np.array(100.0))) - 0.32 * (z - 100)
        wide, deep, tall = 12.5 + 0.42 * i, 10 + 0.4 * i, 0.76 * pitch
        h = np.linspace(-tall / 2, tall / 2, int(tall / 0.8))
        waist = 1 - 0.13 * (1 - (2 * h / tall) ** 2)
        column = np.stack([np.full_like(h, x0), np.full_like(h, y0), z + h], axis=1)
        shells.append(tube_shell(column, radii=(wide * waist, deep * waist), shell_mm=0.4 * density))
        points, mass = tube_fill(column[::2], radii=(wide * waist[::2], deep * waist[::2]), spacing_mm=1.7)
        inner.append((points, mass * 0.09 * density))
        for plate in (-tall / 2, tall / 2):
            disc = np.stack([np.full(3, x0), np.full(3, y0), z + plate + np.array([-0.5, 0, 0.5])], axis=1)
            points, mass = tube_fill(disc, radii=(wide, deep), spacing_mm=0.9)
            shells.append((points, mass * 0.4 * density))
        shells += _arch(np.array([x0, y0, z]), wide, deep, tall, density)
    scale = np.array(body.scale)
    shells = [(p * scale, m) for p, m in shells]
    inner = [(p * scale, m) for p, m in inner]
    return [_cloud("bone", shells, 0.55), _cloud("bone", inner, 1.0)]


def _arch(centre: Array, wide: float, deep: float, tall: float, density: float) -> list[tuple[Array, Array]]:
    parts = []
    for sign in (-1, 1):
        pedicle = centre + np.array([sign * wide * 0.66, deep * 0.8, tall * 0.16])
        back = pedicle + np.array([sign * 1.5, 14, 0])
        path = smooth_path(np.array([pedicle, back]), 0.8)
        parts.append(tube_shell(path, radii=(2.9, 4.4), shell_mm=0.6 * density))
        process = smooth_path(np.array([back, back + np.array([sign * 19, 9, 5])]), 0.8)
        parts.append(tube_shell(process, radii=(3.6, 4.2), shell_mm=0.4 * density))
        lamina = smooth_path(np.array([back, [centre[0], centre[1] + deep + 22, centre[2] - 6]]), 0.8)
        parts.append(tube_shell(lamina, radii=(2.5, 7.5), shell_mm=0.35 * density))
    tip = centre + np.array([0.0, deep + 44, -0.95 * tall])
    spinous = smooth_path(np.array([centre + np.array([0.0, deep + 20, -5]), tip]), 0.7)
    parts.append(tube_shell(spinous, radii=(2.6, 6.0), shell_mm=0.55 * density))
    return parts


@lru_cache(maxsize=2)
def girdle_clouds(body: Body, pose: Pose) -> list[Cloud]:
    """Sternum, clavicles, scapulae and humeri on both sides."""
    density = body.bone_density
    shells: list[tuple[Array, Array]] = []
    inner: list[tuple[Array, Array]] = []
    sternum = smooth_path(np.array([[0, -49, 62], [0, -66, 25], [0, -84, -20], [0, -100, -95]], float), 1.0)
    width = np.interp(np.linspace(0, 1, len(sternum)), [0, 0.12, 0.33, 0.36, 0.9, 1], [22, 26, 16, 17, 18, 10])
    shells.append(tube_shell(sternum, radii=(width, 5.5), shell_mm=0.55 * density, spacing_mm=0.9))
    for sign in (-1.0, 1.0):
        for path, level, upright, wall, fill in _arm_bones(body, pose, sign):
            shells.append(tube_shell(path, radii=(level, upright), shell_mm=wall * density))
            core = [0.85 * np.broadcast_to(np.asarray(r, float), (len(path),))[::3] for r in (level, upright)]
            points, mass = tube_fill(path[::3], radii=(core[0], core[1]), spacing_mm=1.9)
            inner.append((points, mass * fill * density))
        shells.append(_blade(sign, pose, density))
    scale = np.array(body.scale)
    return [
        _cloud("bone", [(p * scale, m) for p, m in shells], 0.5),
        _cloud("bone", [(p * scale, m) for p, m in inner], 0.9),
    ]


_Bone = tuple[Array, Array | float, Array | float, float, float]


def _arm_bones(body: Body, pose: Pose, sign: float) -> list[_Bone]:
    c, up, out = body.clavicle_mm, pose.shrug_mm, 10 * pose.abduct
    side = np.array([sign, 1.0, 1.0])
    bones: list[_Bone] = []
    clavicle = np.array(
        [
            [15, -57, c + 2],
            [42, -64, c + 9 + 0.3 * up],
            [85, -32, c + 19 + 0.7 * up],
            [126, 2, c + 26 + up],
            [170 + 0.3 * out, 16, c + 30 + up],
        ],
        float,
    )
    path = smooth_path(clavicle * side, 0.7)
    u = np.linspace(0, 1, len(path))
    thick = np.interp(u, [0, 0.1, 0.25, 0.6, 0.9, 1], [10.5, 9.2, 7.0, 6.2, 6.0, 5.5])
    bones.append((path, thick, thick * np.interp(u, [0, 0.6, 1], [1, 0.95, 0.75]), 1.75, 0.14))
    s = _blade_points(pose)
    borders = [
        ([s["inferior"], s["lateral"], s["glenoid"]], 3.2, 3.6, 0.95),
        ([s["inferior"], s["medial"], s["superior"]], 1.6, 1.8, 0.5),
        ([s["root"], s["ridge"], s["acromion"]], 3.5, 5.0, 0.5),
        ([s["neck"], s["coracoid"]], 5.0, 5.0, 0.7),
        ([s["superior"], s["neck"]], 1.6, 1.8, 0.5),
    ]
    for knots, level, upright, wall in borders:
        bones.append((smooth_path(np.array(knots) * side, 0.8), level, upright, wall, 0.1))
    glenoid = np.array([s["glenoid"] + np.array([0, 0, d]) for d in np.linspace(-15, 15, 42)])
    profile = np.sqrt(np.clip(1 - np.linspace(-1, 1, 42) ** 2, 0.05, 1))
    bones.append((glenoid * side, 9 * profile, 5 * profile, 0.9, 0.15))
    if pose.raised:
        return bones
    head = s["glenoid"] + np.array([26 + 2 * pose.abduct, -4, 3])
    h = np.linspace(-23, 23, 64)
    ball = np.sqrt(np.clip(23.0**2 - h**2, 9, None))
    bones.append(((head + np.stack([0 * h, 0 * h, h], axis=1)) * side, ball, ball, 0.8, 0.13))
    shaft = np.array(
        [head + np.array(v) for v in ((9, 2, -8), (16 + 22 * pose.abduct, 6, -90), (30 + 66 * pose.abduct, 8, -340))]
    )
    path = smooth_path(shaft * side, 1.0)
    neck = np.interp(np.linspace(0, 1, len(path)), [0, 0.12, 0.3, 1], [20, 15, 11.5, 11])
    bones.append((path, neck, neck, 1.8, 0.03))
    return bones


def _blade_points(pose: Pose) -> dict[str, Array]:
    """Corners of the left scapula in reference mm; rolled forward and outwards with `abduct`."""
    out, up = 24 * pose.abduct, pose.shrug_mm
    points = {
        "superior": (88 + out, 66, 78 + up),
        "medial": (78 + 1.2 * out, 84, 30 + up),
        "inferior": (104 + 1.5 * out, 92, -52 + up),
        "lateral": (138 + 1.0 * out, 70, 5 + up),
        "glenoid": (162 + 0.45 * out, 30, 58 + up),
        "neck": (148 + 0.5 * out, 40, 68 + up),
        "coracoid": (142 + 0.3 * out, 4, 70 + up),
        "root": (80 + 1.1 * out, 82, 52 + up),
        "ridge": (116 + 0.7 * out, 76, 70 + up),
        "acromion": (184 + 0.3 * out, 26, 86 + up),
    }
    return {k: np.array(v, float) for k, v in points.items()}


def _blade(sign: float, pose: Pose, density: float) -> tuple[Array, Array]:
    s = _blade_points(pose)
    n = 110
    u, v = np.meshgrid((np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n)
    top = s["superior"] * (1 - u)[..., None] + s["neck"] * u[..., None]
    bottom = s["inferior"] * (1 - 0.15 * u)[..., None] + s["lateral"] * 0.15 * u[..., None]
    points = (top * (1 - v)[..., None] + bottom * v[..., None]).reshape(-1, 3)
    points[:, 1] += (10 * np.sin(np.pi * u) * np.sin(np.pi * v)).ravel()
    area = 0.5 * 60 * 125
    return points * np.array([sign, 1, 1]), np.full(n * n, 1.1 * density * area / n**2) * (1 - 0.9 * v.ravel()) * 1.6
