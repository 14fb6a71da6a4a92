"""Radiograph-like pictures of other body parts, for queries that are no chest at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from casekin.errors import InputError
from casekin.world.arrays import Array
from casekin.world.beam import Beam
from casekin.world.clouds import Cloud, smooth_path, splat, tube_fill, tube_shell
from casekin.world.detector import burn_markers, expose, process, store
from casekin.world.project import ATTENUATION
from casekin.world.sites import SITES, Acquisition

OTHER_PARTS = ("hand", "knee", "abdomen", "skull", "foot")


def render_other_body_part(rng: np.random.Generator, kind: str, *, size: int = 512) -> Array:
    """A picture `(size, size)` uint8 of a hand, knee, abdomen, skull or foot, bones bright.

    Raises InputError for any other kind.
    """
    makers: dict[str, Callable[[np.random.Generator], tuple[list[Cloud], float]]] = {
        "hand": _hand,
        "knee": _knee,
        "abdomen": _abdomen,
        "skull": _skull,
        "foot": _foot,
    }
    if kind not in makers:
        raise InputError(f"kind: expected one of {', '.join(OTHER_PARTS)}, got {kind!r}")
    clouds, field_mm = makers[kind](rng)
    turn = float(rng.uniform(-12, 12))
    beam = Beam(
        view="AP",
        sid_mm=1100.0,
        detector_mm=60.0,
        turn_deg=turn,
        source_lift_mm=0.0,
        centre=(0.0, 0.0),
        spacing_mm=field_mm / size,
        height=size,
        width=size,
    )
    layers = splat(clouds, beam)
    attenuation = np.maximum(layers["soft"], 0) * ATTENUATION["soft"] + layers["bone"] * ATTENUATION["bone"]
    site = SITES[int(rng.integers(0, len(SITES)))]
    exposure = Acquisition(site=site, view="AP")
    shown = process(expose(attenuation, exposure, beam.spacing_mm, rng), exposure, beam.spacing_mm)
    return (store(burn_markers(shown, exposure, rng), 8)).astype(np.uint8)


def _bone(knots: list[list[float]], widths: list[float], wall: float) -> list[Cloud]:
    """A bone through `knots` with `widths` (radii along it) and a cortex `wall` mm thick."""
    path = smooth_path(np.array(knots, float), 0.6)
    radius = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(widths)), widths)
    points, mass = tube_shell(path, radii=(radius, radius), shell_mm=wall, spacing_mm=0.5)
    core, inner = tube_fill(path, radii=(0.9 * radius, 0.9 * radius), spacing_mm=0.9)
    return [
        Cloud(material="bone", points=points, mass=mass, radius_mm=0.3),
        Cloud(material="bone", points=core, mass=0.16 * inner, radius_mm=0.6),
    ]


def _flesh(knots: list[list[float]], across: list[float], depth: list[float]) -> list[Cloud]:
    """Soft tissue along `knots`, `across` and `depth` its radii along the way."""
    path = smooth_path(np.array(knots, float), 2.0)
    at = np.linspace(0, 1, len(path))
    wide, deep = (np.interp(at, np.linspace(0, 1, len(v)), v) for v in (across, depth))
    points, mass = tube_fill(path, radii=(wide, deep), spacing_mm=max(0.09 * float(wide.max()), 1.2))
    blur = max(0.08 * float(wide.max()), 2.0)
    return [Cloud(material="soft", points=points, mass=mass, radius_mm=blur)]


def _digits(rng: np.random.Generator, lengths: list[list[float]], spread: float, radius: float) -> list[Cloud]:
    """Rays of small bones side by side, `lengths` of each ray's bones in mm, `spread` radians apart."""
    clouds: list[Cloud] = []
    for i, phalanges in enumerate(lengths):
        angle = spread * (i - 2) + float(rng.normal(0, 0.03))
        at = np.array([(i - 2) * 17.0 * spread / 0.16, 0.0, -34.0 + 3.0 * (2 - abs(i - 2))])
        start, direction = at, np.array([np.sin(angle), 0, np.cos(angle)])
        for k, length in enumerate(phalanges):
            step = direction * length
            r = radius * (1 - 0.14 * k)
            clouds += _bone([at.tolist(), (at + 0.94 * step).tolist()], [1.35 * r, r, 0.85 * r, 1.2 * r], 1.1)
            at = at + step * 1.04
        tip = (at + 4 * direction).tolist()
        palm = (start + 0.92 * phalanges[0] * direction).tolist()
        clouds += _flesh([palm, tip], [2.1 * radius, 2.0 * radius, 1.3 * radius], [1.9 * radius, 1.8 * radius, radius])
    return clouds


def _hand(rng: np.random.Generator) -> tuple[list[Cloud], float]:
    clouds: list[Cloud] = []
    clouds += _digits(
        rng, [[44, 32, 26], [66, 42, 25, 18], [64, 46, 30, 19], [58, 42, 28, 18], [54, 34, 20, 16]], 0.16, 4.6
    )
    for x in np.linspace(-24, 24, 4):
        for z in (-46.0, -60.0):
            at = [float(x + rng.normal(0, 2)), 0.0, float(z + rng.normal(0, 2))]
            clouds += _bone([at, [at[0] + 2, 0, at[2] - 11]], [5, 8, 7, 5], 0.8)
    for x in (-14.0, 16.0):
        clouds += _bone([[x, 0, -72], [0.9 * x, 0, -170]], [13, 9, 7.5, 7.5], 2.0)
    clouds += _flesh([[0, 0, 32], [0, 0, -30], [0, 0, -75], [0, 0, -170]], [44, 42, 31, 34], [14, 17, 20, 24])
    return clouds, float(rng.uniform(270, 310))


def _foot(rng: np.random.Generator) -> tuple[list[Cloud], float]:
    clouds: list[Cloud] = []
    clouds += _digits(
        rng, [[62, 30, 24], [70, 26, 14, 10], [68, 24, 13, 10], [66, 22, 11, 9], [64, 20, 9, 8]], 0.10, 5.6
    )
    for x in np.linspace(-18, 22, 3):
        clouds += _bone([[float(x), 0, -44], [float(x) * 0.9, 0, -66]], [8, 10, 9], 0.9)
    clouds += _bone([[6, 0, -70], [2, 0, -140]], [16, 19, 20, 15], 1.0)
    clouds += _flesh([[-4, 0, 40], [0, 0, -60], [2, 0, -150]], [38, 34, 32], [12, 24, 36])
    return clouds, float(rng.uniform(270, 310))


def _knee(rng: np.random.Generator) -> tuple[list[Cloud], float]:
    clouds: list[Cloud] = []
    tilt = float(rng.normal(0, 6))
    clouds += _bone([[tilt, 0, 190], [0.3 * tilt, 0, 60], [0, 0, 4]], [15, 15, 16, 21, 35, 39], 3.2)
    clouds += _bone([[-20, 2, 26], [-20, 2, 3]], [14, 18, 12], 1.2)
    clouds += _bone([[20, 2, 26], [20, 2, 3]], [14, 18, 12], 1.2)
    clouds += _bone([[0, 0, -3], [0, 0, -50], [-0.6 * tilt, 0, -190]], [38, 34, 21, 16, 14, 14], 3.0)
    clouds += _bone([[37, 14, -22], [34, 14, -70], [32, 12, -190]], [9, 7, 5, 5, 5], 1.8)
    clouds += _bone([[2, -30, 40], [2, -30, 2]], [6, 18, 20, 8], 0.9)
    clouds += _flesh([[tilt, 0, 200], [0, 0, 0], [0, 0, -200]], [80, 66, 56, 60, 58], [80, 62, 52, 56, 54])
    return clouds, float(rng.uniform(260, 340))


def _abdomen(rng: np.random.Generator) -> tuple[list[Cloud], float]:
    clouds: list[Cloud] = []
    trunk = smooth_path(np.array([[0, 0, 260], [0, 0, -260]], float), 6.0)
    points, mass = tube_fill(trunk, radii=(165.0, 100.0), spacing_mm=7.0)
    clouds.append(Cloud(material="soft", points=points, mass=mass, radius_mm=7.0))
    for k in range(7):
        z = 190.0 - 36 * k
        clouds += _bone([[0, 50, z + 13], [0, 50, z - 13]], [24, 21, 24], 1.0)
        clouds += _bone([[-42, 62, z], [42, 62, z]], [3, 5, 7, 5, 3], 0.8)
        clouds += _bone([[0, 70, z + 4], [0, 92, z - 16]], [4, 7], 1.0)
    for sign in (-1.0, 1.0):
        turn = np.linspace(0.2, 2.7, 9)
        wing = [[sign * (42 + 88 * np.sin(t)), 25.0, -75 - 105 * np.cos(t) * -0.6 - 60 * (t / 2.7)] for t in turn]
        clouds += _bone(wing, [7, 6, 5, 7, 9], 1.4)
        clouds += _bone([[sign * 128, 30, -172], [sign * 128, 30, -215]], [16, 24, 18], 1.2)
        for k in range(3):
            clouds += _bone(
                [[sign * 22, 60, 200 - 32 * k], [sign * 100, 70, 190 - 40 * k], [sign * 135, 0, 150 - 44 * k]],
                [4, 5.5, 5],
                1.0,
            )
    for _ in range(int(rng.integers(12, 24))):
        edge = rng.random() < 0.6
        x = float(rng.choice([-1, 1]) * rng.uniform(85, 135)) if edge else float(rng.uniform(-90, 90))
        at = np.array([x, -30.0, float(rng.uniform(-150, 170))])
        path = smooth_path(np.array([at, at + rng.normal(0, 16, 3)]), 1.5)
        points, mass = tube_fill(path, radii=(float(rng.uniform(9, 20)),) * 2, spacing_mm=2.0)
        clouds.append(Cloud(material="soft", points=points, mass=-0.9 * mass, radius_mm=2.2))
    return clouds, float(rng.uniform(370, 430))


def _skull(rng: np.random.Generator) -> tuple[list[Cloud], float]:
    clouds: list[Cloud] = []
    h = np.linspace(-88, 92, 260)
    ball = np.sqrt(np.clip(1 - ((h - 2) / 95) ** 2, 0.03, 1))
    path = np.stack([0 * h, 0 * h, h + 25], axis=1)
    for shell, mm in ((1.0, 2.0), (0.94, 1.6)):
        points, mass = tube_shell(path, radii=(76 * ball * shell, 92 * ball * shell), shell_mm=mm, spacing_mm=0.8)
        clouds.append(Cloud(material="bone", points=points, mass=mass, radius_mm=0.8))
    points, mass = tube_fill(path[::5], radii=(80 * ball[::5], 96 * ball[::5]), spacing_mm=3.5)
    clouds.append(Cloud(material="soft", points=points, mass=mass, radius_mm=3.5))
    turn = np.linspace(0, 2 * np.pi, 90)
    for sign in (-1.0, 1.0):
        orbit = np.stack([sign * 33 + 20 * np.cos(turn), 0 * turn - 60, 12 + 17 * np.sin(turn)], axis=1)
        points, mass = tube_fill(orbit, radii=(2.2, 2.2), spacing_mm=0.7)
        clouds.append(Cloud(material="bone", points=points, mass=mass, radius_mm=0.5))
        clouds += _bone(
            [[sign * 58, 0, -20], [sign * 52, -20, -72], [sign * 14, -66, -92], [0, -70, -94]],
            [6, 8, 9, 9],
            1.8,
        )
        sinus = smooth_path(np.array([[sign * 27, -50, -8], [sign * 25, -50, -34]], float), 1.0)
        points, mass = tube_fill(sinus, radii=(13.0, 12.0), spacing_mm=1.4)
        clouds.append(Cloud(material="soft", points=points, mass=-0.95 * mass, radius_mm=1.6))
    for k in range(7):
        x = -30.0 + 10 * k
        clouds += _bone([[x, -72 + 0.02 * x * x, -50], [x, -72 + 0.02 * x * x, -72]], [3, 4, 3], 1.5)
    for k in range(4):
        z = -84.0 - 17 * k
        clouds += _bone([[0, 20, z + 6], [0, 20, z - 6]], [12, 10, 12], 0.9)
    clouds += _flesh([[0, -20, -20], [0, -24, -90], [0, 10, -150], [0, 10, -190]], [64, 52, 50, 56], [66, 58, 54, 56])
    clouds = [
        Cloud(material=c.material, points=c.points + np.array([0, 0, 18.0]), mass=c.mass, radius_mm=c.radius_mm)
        for c in clouds
    ]
    return clouds, float(rng.uniform(240, 290))
