"""The lung's vessels and airways: trees grown from the hila to points spread through each lung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from casekin.types import Fact
from casekin.world.arrays import Array, Mask
from casekin.world.body import Body
from casekin.world.clouds import Cloud, smooth_path, tube_fill, tube_shell
from casekin.world.mediastinum import heart_distance, mediastinum_distance
from casekin.world.pleura import air_gap_mm
from casekin.world.shape import ThoraxShape, make_shape, severity_level
from casekin.world.thorax import sample_cavity

_TWIGS = 3  # fine side branches per end point
_BALANCE = 0.45  # weight of the way back to the hilum against wire length (Cuntz et al. 2010, balancing factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Segments from `start` to `end` (n, 3) in reference mm of a full breath, with `radius` (n,) in mm."""

    start: Array
    end: Array
    radius: Array
    side: str


@lru_cache(maxsize=16)
def lung_trees(body: Body) -> tuple[Tree, ...]:
    """Arteries and veins of both lungs of a healthy full breath; cached per patient."""
    rng = np.random.default_rng([body.seed, 11])
    shape = make_shape(body, (), inspiration=1.0, supine=False)
    sx, sy, sz = body.scale
    grid = rng.uniform([-142, -95, -190], [142, 95, 116], size=(16000, 3)).astype(np.float32)
    cavity = sample_cavity(shape, grid[:, 0] * sx, grid[:, 1] * sy, grid[:, 2] * sz)
    inside = cavity.lung > 0.9
    points = np.stack([cavity.x, cavity.y, cavity.z], axis=1)[inside]
    trees = []
    for side, sign in (("right", -1.0), ("left", 1.0)):
        own = points[np.sign(points[:, 0]) == sign]
        # Lower zones are better perfused and there is more lung: keep more end points below.
        keep = rng.random(len(own)) < np.clip(0.72 - own[:, 2] / 420, 0.3, 1)
        own = own[keep]
        roots = _roots(sign)
        for k, (root, count) in enumerate(roots):
            trees.append(_grow(own[k :: len(roots)][:count].astype(float), root, side, rng))
    return tuple(trees)


def _roots(sign: float) -> list[tuple[Array, int]]:
    """Trunks of the arteries (curving down) and the veins (towards the left atrium) of one side."""
    if sign < 0:
        artery = [[-30, 5, -22], [-40, 9, -25], [-46, 14, -36], [-49, 18, -52], [-50, 21, -68]]
        vein = [[-20, 10, -50], [-32, 8, -52], [-42, 8, -55]]
    else:
        artery = [[38, 10, -10], [44, 20, -14], [46, 26, -28], [47, 28, -44], [48, 29, -60]]
        vein = [[24, 12, -46], [36, 8, -48], [44, 6, -50]]
    return [(np.array(artery, float), 900), (np.array(vein, float), 650)]


def _grow(targets: Array, trunk: Array, side: str, rng: np.random.Generator) -> Tree:
    """Greedy balanced tree: each step joins the target with the least distance + 0.45 × way back to the root."""
    n, t = len(targets), len(trunk)
    nodes = np.concatenate([trunk, targets])
    parent = np.concatenate([np.arange(-1, t - 1), np.zeros(n, int)])
    way = np.zeros(n + t)
    way[1:t] = np.cumsum(np.linalg.norm(np.diff(trunk, axis=0), axis=1)) * 0.4
    gaps = np.linalg.norm(targets[:, None] - trunk[None], axis=2) + _BALANCE * way[None, :t]
    best, parent[t:] = gaps.min(axis=1), gaps.argmin(axis=1)
    open_ = np.ones(n, bool)
    order = list(range(t))
    for _ in range(n):
        i = int(np.where(open_, best, np.inf).argmin())
        open_[i] = False
        j = t + i
        way[j] = way[parent[j]] + np.linalg.norm(nodes[j] - nodes[parent[j]])
        order.append(j)
        cost = np.sqrt(((targets - targets[i]) ** 2).sum(axis=1)) + _BALANCE * way[j]
        better = open_ & (cost < best)
        best[better] = cost[better]
        parent[t:][better] = j
    flow = np.ones(n + t)
    for j in reversed(order[1:]):
        flow[parent[j]] += flow[j]
    radius = 0.5 * flow ** (1 / 2.55)
    children = np.array(order[1:])
    starts, ends, sizes = nodes[parent[children]], nodes[children], radius[children]
    twigs = rng.integers(t, n + t, _TWIGS * n)
    reach = rng.normal(size=(len(twigs), 3)) * 7.0
    outward = nodes[twigs] - nodes[0]
    reach += 6.0 * outward / np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1)
    return Tree(
        start=np.concatenate([starts, nodes[twigs]]),
        end=np.concatenate([ends, nodes[twigs] + reach]),
        radius=np.concatenate([sizes, rng.uniform(0.24, 0.38, len(twigs))]),
        side=side,
    )


def breathe(points: Array, shape: ThoraxShape) -> Array:
    """Move full-breath reference points to the exam's: below the carina they follow the diaphragm and the heart."""
    moved = points.copy()
    dome = np.where(points[:, 0] < 0, shape.dome_right, shape.dome_left)
    healthy = np.where(points[:, 0] < 0, shape.body.dome_right_mm, shape.body.dome_right_mm - shape.body.dome_gap_mm)
    low = points[:, 2] < 0
    moved[low, 2] *= (dome / healthy)[low]
    near = np.exp(-((np.abs(points[:, 0]) / 70) ** 2))
    moved[:, 0] += near * (0.6 * shape.heart_shift)
    return moved


def vessel_clouds(shape: ThoraxShape, facts: Sequence[Fact] = ()) -> list[Cloud]:
    """Vessels as soft tissue in place of lung, by caliber; none where air or fluid has pushed the lung away."""
    scale = np.array(shape.body.scale)
    clouds = []
    rng = np.random.default_rng([shape.body.seed, 12])
    for tree in lung_trees(shape.body):
        start, end = breathe(tree.start, shape) * scale, breathe(tree.end, shape) * scale
        length = np.linalg.norm(end - start, axis=1)
        height = 0.5 * (tree.start + tree.end)[:, 2]
        gain = shape.vessel_gain * (1 + shape.upper_flow * np.clip((height + 10) / 60, -0.15, 0.7))
        radius = tree.radius * gain
        count = np.maximum((length / 0.7).astype(int), 1)
        which = np.repeat(np.arange(len(count)), count)
        first = np.concatenate([[0], np.cumsum(count)[:-1]])
        t = (np.arange(len(which)) - first[which] + 0.5) / count[which]
        bend = rng.normal(size=(len(count), 3)) * (0.06 * length)[:, None]
        points = start[which] + (end - start)[which] * t[:, None] + bend[which] * (4 * t * (1 - t))[:, None]
        mass = (np.pi * radius**2 * length / count)[which] * np.interp(radius, [0.5, 3.0], [0.85, 0.55])[which]
        wide = radius[which]
        mass *= _outside_mediastinum(tree, shape)[which]
        keep = _in_lung(points / scale, shape, facts)
        points, mass, wide = points[keep], mass[keep], wide[keep]
        edges = [0, 0.62, 0.9, 1.3, 1.9, 2.8, 4.0, 20]
        for low, high in pairwise(edges):
            take = (wide >= low) & (wide < high)
            if take.any():
                typical = float(np.average(wide[take]))
                clouds.append(Cloud(material="soft", points=points[take], mass=mass[take], radius_mm=0.46 * typical))
    return clouds


def _outside_mediastinum(tree: Tree, shape: ThoraxShape) -> Array:
    """Share of each segment that replaces lung: within the mediastinum a vessel is no denser than its surroundings."""
    middle = breathe(0.5 * (tree.start + tree.end), shape).astype(np.float32)
    p = (middle[:, 0], middle[:, 1], middle[:, 2])
    distance = mediastinum_distance(p, shape, heart_distance(p, shape))
    return np.clip(0.5 + distance / 6, 0.03, 1)


def _in_lung(points: Array, shape: ThoraxShape, facts: Sequence[Fact]) -> Mask:
    """True where lung is left around the points (reference mm)."""
    keep = points[:, 2] > shape.dome_height(points[:, 0], points[:, 1]) - 1
    for fact in facts:
        if fact.finding == "pneumothorax":
            level = severity_level(fact)
            half, depth, centre = shape.cage(points[:, 2])
            reach = np.sqrt((points[:, 0] / half) ** 2 + ((points[:, 1] - centre) / depth) ** 2)
            inward = np.minimum((1 - reach) * np.minimum(half, depth), 112 - points[:, 2])
            own = np.sign(points[:, 0]) == (-1 if fact.side == "right" else 1)
            keep &= ~(own & (inward < air_gap_mm(points[:, 2], points[:, 1], shape, level)))
    return np.asarray(keep)


_TRACHEA = [[0, -4, 190], [-1, 2, 130], [-2, 8, 70], [-3, 13, 30], [1, 17, 0]]


def airway_paths(shape: ThoraxShape) -> dict[str, Array]:
    """Centre lines of trachea and main bronchi in reference mm."""
    s = 0.45 * shape.heart_shift
    trachea = np.array(_TRACHEA, float) + np.array([[0, 0, 0], [0, 0, 0], [0.3 * s, 0, 0], [0.7 * s, 0, 0], [s, 0, 0]])
    carina = trachea[-1]
    paths = {
        "trachea": trachea,
        "right": np.array([carina, [-16 + s, 20, -16], [-32 + s, 22, -32], [-42 + s, 24, -58]]),
        "right_upper": np.array([[-17 + s, 20, -17], [-36 + s, 24, -17], [-46, 26, -8]]),
        "left": np.array([carina, [20 + s, 20, -20], [40 + s, 24, -36], [46 + s, 30, -62]]),
    }
    return {k: smooth_path(p, 0.9) for k, p in paths.items()}


def airway_clouds(shape: ThoraxShape) -> list[Cloud]:
    """Air of the trachea and main bronchi (negative soft tissue) and their walls."""
    scale = np.array(shape.body.scale)
    width = 1.08 if shape.body.sex == "M" else 0.92
    radii = {"trachea": (8.6, 8.6), "right": (7.0, 4.6), "right_upper": (4.5, 3.0), "left": (6.2, 4.4)}
    air: list[tuple[Array, Array]] = []
    wall: list[tuple[Array, Array]] = []
    for name, path in airway_paths(shape).items():
        r = np.linspace(*radii[name], len(path)) * width
        points, mass = tube_fill(path * scale, radii=(r - 0.4, r - 0.4), spacing_mm=1.3)
        air.append((points, -0.97 * mass))
        wall.append(tube_shell(path * scale, radii=(r + 0.8, r + 0.8), shell_mm=0.8))
    return [
        Cloud(
            material="soft",
            points=np.concatenate([p for p, _ in part]),
            mass=np.concatenate([m for _, m in part]),
            radius_mm=blur,
        )
        for part, blur in ((air, 1.0), (wall, 0.7))
    ]
