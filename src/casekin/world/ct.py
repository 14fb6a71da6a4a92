"""A CT series of a simulated patient: the same scene as the radiograph, voxel by voxel in Hounsfield units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

from casekin.types import Fact
from casekin.world.arrays import Array, Mask
from casekin.world.blobs import Blob
from casekin.world.body import Body
from casekin.world.clouds import Cloud, fill_volume
from casekin.world.fields import cavity_density
from casekin.world.mediastinum import capsule_distance, heart_distance, vessel_tubes
from casekin.world.project import Scene, build_scene
from casekin.world.shape import ThoraxShape
from casekin.world.sites import SITES, Acquisition
from casekin.world.thorax import CavityPoints, lobe_mask, sample_cavity
from casekin.world.torso import body_occupancy

_SOFT_HU, _FAT_HU, _BONE_HU, _METAL_HU = 45.0, -95.0, 1250.0, 3000.0
_NOISE_HU = 14.0
_CHANGED = 0.04  # change of density (relative to water) from which a voxel belongs to a finding
_LOBES = (
    ("right", "upper_lobe"),
    ("right", "middle_lobe"),
    ("right", "lower_lobe"),
    ("left", "upper_lobe"),
    ("left", "lingula"),
    ("left", "lower_lobe"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CtSeries:
    """Axial series, slices from feet to head. `hu` is int16 (slice, row, column), air −1024.

    `spacing_mm` is (slice, row, column); `origin_lps` the LPS position of the first voxel's centre; `direction` the
    3×3 matrix whose columns are the LPS directions of the column, row and slice axes. `masks` as the radiograph's,
    boolean volumes, and the lobes.
    """

    hu: Array
    spacing_mm: tuple[float, float, float]
    origin_lps: tuple[float, float, float]
    direction: Array = field(default_factory=lambda: np.eye(3))
    masks: Mapping[str, Mask]


def render_ct(
    body: Body,
    facts: Sequence[Fact],
    *,
    spacing_mm: tuple[float, float, float] = (3.0, 1.5, 1.5),
    rng: np.random.Generator,
) -> CtSeries:
    """Scan the patient supine, arms up, at full breath; `rng` drives only the noise."""
    exposure = Acquisition(site=SITES[0], supine=True, inspiration=0.95, abduct=0.6, raised=True)
    scene = build_scene(body, facts, exposure)
    axes = _axes(body, spacing_mm)
    z, y, x = axes
    shape = (z.size, y.size, x.size)
    slices = [_scan_slice(scene, exposure, height, (y, x)) for height in z]
    hu = np.stack([values for values, _ in slices])
    masks = {key: np.stack([part[key] for _, part in slices]) for key in slices[0][1]}
    hu, masks = _with_blobs(scene.blobs, axes, hu, masks)
    hu = _with_clouds(scene, axes, spacing_mm, hu)
    masks |= _cloud_masks(scene, axes, spacing_mm, shape)
    hu += _grain(shape, rng)
    return CtSeries(
        hu=np.clip(np.rint(hu), -1024, 3071).astype(np.int16),
        spacing_mm=spacing_mm,
        origin_lps=(float(x[0]), float(y[0]), float(z[0])),
        masks=masks,
    )


def _axes(body: Body, spacing_mm: tuple[float, float, float]) -> tuple[Array, Array, Array]:
    sx, sy, sz = body.scale
    half_x = 150 * sx + body.wall_mm + 22
    half_y = 110 * sy + 0.5 * body.wall_mm + 24
    z = np.arange(-195 * sz, 128 * sz, spacing_mm[0])
    y = np.arange(-half_y, half_y, spacing_mm[1])
    x = np.arange(-half_x, half_x, spacing_mm[2])
    return z, y, x


def _scan_slice(
    scene: Scene, exposure: Acquisition, height: float, plane: tuple[Array, Array]
) -> tuple[Array, dict[str, Mask]]:
    """Hounsfield units and masks `(row, column)` of the slice at a height, bones and vessels left out."""
    y, x = plane
    grid_x, grid_y = x[None, None, :], y[None, :, None]
    grid_z = np.full((1, 1, 1), height)
    inside = body_occupancy(scene.shape, exposure.pose, grid_x, grid_y, grid_z)[0]
    cavity = sample_cavity(scene.shape, grid_x, grid_y, grid_z)
    density, marks = cavity_density(cavity, scene.shape, scene.facts)
    wall = np.where(_muscle(scene.shape, grid_x, grid_y, grid_z)[0], _SOFT_HU, _FAT_HU)
    hu = (-1000 + inside * (wall + 1000)).astype(np.float32)
    dense = np.where(_mediastinal_fat(cavity, scene.shape), _FAT_HU, _SOFT_HU - 8 + 16 * (cavity.heart > 0.5))
    values = np.where(density > 0.97, dense, -1000 + 1010 * density)
    hu.reshape(-1)[cavity.index] = values
    named: dict[str, Array] = {"right_lung": cavity.lung * (cavity.x < 0), "left_lung": cavity.lung * (cavity.x >= 0)}
    named["cardiac_silhouette"] = cavity.heart
    for side, lobe in _LOBES:
        named[f"{side}_{lobe}"] = cavity.lung * lobe_mask(cavity, scene.shape, lobe, side)
    planes = {key: cavity.spread(value)[0] > 0.5 for key, value in named.items()}
    planes |= {key: cavity.spread(mark)[0] > _CHANGED for key, mark in marks.items()}
    return hu, planes


def _mediastinal_fat(cavity: CavityPoints, shape: ThoraxShape) -> Mask:
    """True between the lungs where there is neither heart nor vessel nor vertebra."""
    fat = (cavity.mediastinum > 0.5) & (cavity.heart < 0.5) & (np.abs(cavity.x) < 80)
    p = (cavity.x[fat], cavity.y[fat], cavity.z[fat])
    free = np.hypot(p[0] - shape.spine_x(p[2]), 0.8 * (p[1] - shape.spine_y(p[2]) - 6)) > 18
    free &= np.hypot(p[0] - 6, p[1] - 30) > 8  # the oesophagus
    free &= ~((np.abs(p[0]) < 44) & (p[1] > shape.spine_y(p[2]) + 4))  # muscles beside the spine
    free &= heart_distance(p, shape) > 2
    for _, start, end, radius in vessel_tubes(shape):
        free &= capsule_distance(p, start, end, radius) > 0
    fat[fat] = free
    return fat


def _muscle(shape: ThoraxShape, x: Array, y: Array, z: Array) -> Mask:
    """True in the muscle layer over the ribs; subcutaneous fat lies outside it."""
    sx, sy, sz = shape.body.scale
    half, depth, centre = shape.cage(np.minimum(z / sz, 100))
    xr, yr, zr = np.abs(x / sx), y / sy, z / sz
    reach = np.sqrt((xr / (half + 15)) ** 2 + ((yr - centre - 3) / (depth + 13)) ** 2)
    beside_spine = ((xr - 34) / 32) ** 2 + ((yr - shape.spine_y(zr) - 38) / 19) ** 2
    breastward = ((xr - 80) / 62) ** 2 + ((yr - centre + depth + 15) / 15) ** 2 + np.maximum(-zr - 5, 0) / 30
    shoulder = ((xr - 130) / 58) ** 2 + ((yr - 42) / 58) ** 2 + np.maximum(-zr - 30, 0) / 30
    layers = [reach, beside_spine, breastward, shoulder]
    return np.asarray(np.minimum.reduce(np.broadcast_arrays(*layers)) < 1)


def _with_blobs(
    blobs: Sequence[Blob], axes: tuple[Array, Array, Array], before: Array, known: Mapping[str, Mask]
) -> tuple[Array, dict[str, Mask]]:
    """The volume and masks with the compact bodies set in."""
    hu, masks = before.copy(), {key: mask.copy() for key, mask in known.items()}
    for blob in blobs:
        windows = []
        for axis, centre, radius in zip(axes, blob.centre[::-1], blob.radii[::-1], strict=True):
            windows.append(slice(*np.searchsorted(axis, [centre - radius - 2, centre + radius + 2])))
        z, y, x = (axis[w] for axis, w in zip(axes, windows, strict=True))
        if 0 in (z.size, y.size, x.size):
            continue
        offsets = [(v - c) / r for v, c, r in zip((x, y, z), blob.centre, blob.radii, strict=True)]
        reach = np.sqrt(
            offsets[2][:, None, None] ** 2 + offsets[1][None, :, None] ** 2 + offsets[0][None, None, :] ** 2
        )
        share = np.clip(0.5 - (reach - 1) * float(blob.radii.min()) / 1.5, 0, 1)
        share = share * ((z > blob.low) & (z < blob.high))[:, None, None]
        box = (windows[0], windows[1], windows[2])
        if blob.material == "bone":
            hu[box] += (600 - hu[box]) * share
        elif blob.density < 0:
            hu[box] += (-980 - hu[box]) * share * min(-blob.density * 1.1, 1.0)
        else:
            hu[box] = np.maximum(hu[box], -1000 + (1040 * share))
        if blob.fact:
            volume = masks.setdefault(blob.fact, np.zeros(hu.shape, bool))
            volume[box] |= share > 0.5
    return hu, masks


def _with_clouds(
    scene: Scene, axes: tuple[Array, Array, Array], spacing_mm: tuple[float, float, float], before: Array
) -> Array:
    """The volume with bones, vessels, airways and devices set in."""
    hu = before.copy()
    origin = np.array([a[0] for a in axes])[::-1]
    shape = (hu.shape[0], hu.shape[1], hu.shape[2])
    step = np.array(spacing_mm)
    gain = {"soft": 1000.0, "bone": _BONE_HU, "metal": _METAL_HU}
    for material in ("soft", "bone", "metal"):
        clouds = [c for c in scene.clouds if c.material == material]
        share = np.zeros(shape, np.float32)
        for cloud in clouds:
            share += fill_volume(cloud, origin, step, shape)
        added = gain[material] * ndimage.gaussian_filter(share, (0.0, 0.45, 0.45))
        if material == "soft":  # vessels replace lung, they do not add to what is dense already
            added = np.minimum(added, np.maximum(60 - hu, 0))
        hu += added
    clipped: Array = np.clip(hu, -1000, 3000)
    return clipped


def _cloud_masks(
    scene: Scene,
    axes: tuple[Array, Array, Array],
    spacing_mm: tuple[float, float, float],
    shape: tuple[int, int, int],
) -> dict[str, Mask]:
    """Where the thin structures that belong to findings run: devices and fractures."""
    origin = np.array([a[0] for a in axes])[::-1]
    masks = {}
    for key, clouds in scene.marked.items():
        points = np.concatenate([c.points for c in clouds]) if clouds else np.zeros((0, 3))
        cloud = Cloud(material="bone", points=points, mass=np.ones(len(points)))
        near = fill_volume(cloud, origin, np.array(spacing_mm), shape) > 0
        masks[key] = np.asarray(ndimage.binary_dilation(near, iterations=1) if near.any() else near)
    return masks


def _grain(shape: tuple[int, int, int], rng: np.random.Generator) -> Array:
    """Noise of a soft reconstruction kernel: correlated in the slice."""
    noise = ndimage.gaussian_filter(rng.standard_normal(shape, dtype=np.float32), (0, 0.8, 0.8))
    grain: Array = noise * np.float32(_NOISE_HU / float(noise.std()))
    return grain
