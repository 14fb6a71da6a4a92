"""Beer-Lambert projection of a patient at one exam: path lengths of every tissue, and what each finding covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from casekin.types import Fact
from casekin.world.arrays import Array
from casekin.world.beam import Beam
from casekin.world.blobs import Blob, chord, gas_blobs, lesion_blobs
from casekin.world.body import Body
from casekin.world.clouds import Cloud, Material, splat
from casekin.world.devices import bedside_clouds, device_clouds
from casekin.world.fields import cavity_density
from casekin.world.shape import ThoraxShape, make_shape
from casekin.world.sites import Acquisition, make_beam
from casekin.world.skeleton import Pose, girdle_clouds, rib_clouds, spine_cloud
from casekin.world.texture import texture_clouds
from casekin.world.thorax import CavityPoints, sample_cavity
from casekin.world.torso import body_occupancy
from casekin.world.vessels import airway_clouds, vessel_clouds

# Linear attenuation in 1/mm at the mean energy of a chest exposure (about 60 keV): water, cortical bone beyond the
# water it displaces, metal.
ATTENUATION: Mapping[Material, float] = {"soft": 0.0206, "bone": 0.037, "metal": 0.55}
_CAVITY_STEP_MM = 5.4
_CAVITY_PIXEL = 3.1  # radiograph pixels per cavity sample
_BODY_PIXEL = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that is in one patient at one exam, in body mm. `marked` are the clouds that belong to facts."""

    body: Body
    facts: tuple[Fact, ...]
    shape: ThoraxShape
    pose: Pose
    clouds: tuple[Cloud, ...]
    blobs: tuple[Blob, ...]
    marked: Mapping[str, tuple[Cloud, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Path lengths in mm `(H, W)`: `soft` (water-equivalent), `bone`, `metal`; `covers` per fact what it changed.

    `lung_right`, `lung_left`, `heart`, `middle` (all between the lungs) and `abdomen` are geometric path lengths.
    """

    soft: Array
    bone: Array
    metal: Array
    lung_right: Array
    lung_left: Array
    heart: Array
    middle: Array
    abdomen: Array
    covers: Mapping[str, Array]

    @property
    def attenuation(self) -> Array:
        """The Beer-Lambert exponent `(H, W)`."""
        total: Array = (
            np.maximum(self.soft, 0) * ATTENUATION["soft"]
            + self.bone * ATTENUATION["bone"]
            + self.metal * ATTENUATION["metal"]
        )
        return total


def build_scene(body: Body, facts: Sequence[Fact], acquisition: Acquisition) -> Scene:
    """Place organs, bones and the present findings for one exposure; absent and uncertain facts draw nothing."""
    present = tuple(f for f in facts if f.polarity == "present")
    shape = make_shape(body, present, inspiration=acquisition.inspiration, supine=acquisition.supine)
    ribs, broken = rib_clouds(body, present)
    marked = {key: tuple(clouds) for key, clouds in device_clouds(shape, present).items()}
    for fact in present:
        if fact.finding == "rib_fracture":
            spots = [
                s for side in ("right", "left") if fact.side in (side, "bilateral", None) for s in broken.get(side, [])
            ]
            points = np.concatenate(spots) if spots else np.zeros((0, 3))
            marked[f"{fact.finding}@{fact.place}"] = (
                Cloud(material="bone", points=points, mass=np.full(len(points), 1e-3), radius_mm=7.0),
            )
    clouds = [*spine_cloud(body), *ribs, *girdle_clouds(body, acquisition.pose)]
    clouds += [*vessel_clouds(shape, present), *airway_clouds(shape), *texture_clouds(shape, present)]
    if acquisition.portable:
        clouds += bedside_clouds(shape, np.random.default_rng([acquisition.seed, 31]))
    for key, own in marked.items():
        if not key.startswith("rib_fracture"):
            clouds += own
    return Scene(
        body=body,
        facts=present,
        shape=shape,
        pose=acquisition.pose,
        clouds=tuple(clouds),
        blobs=(*gas_blobs(shape), *lesion_blobs(shape, present)),
        marked=marked,
    )


def project_scene(scene: Scene, acquisition: Acquisition) -> Layers:
    """Path lengths of the scene on the exposure's detector."""
    beam = make_beam(scene.body, acquisition)
    size = (beam.height, beam.width)
    thin = splat(scene.clouds, beam)
    soft, cavity, covers = _volume(scene, acquisition, beam)
    soft += thin["soft"]
    for blob in scene.blobs:
        window = chord(blob, beam)
        if window is None:
            continue
        rows, columns, path = window
        (soft if blob.material == "soft" else thin["bone"])[rows, columns] += blob.density * path
        if blob.fact:
            covers.setdefault(blob.fact, np.zeros(size, np.float32))[rows, columns] += path
    for key, clouds in scene.marked.items():
        own = splat(clouds, beam)
        layer = own["soft"] + own["bone"] + own["metal"]
        covers[key] = layer / max(float(layer.max()), 1e-9)
    return Layers(soft=soft, bone=thin["bone"], metal=thin["metal"], covers=covers, **cavity)


def enlarge(image: Array, size: tuple[int, int], order: int = 3) -> Array:
    """Resample to `size`, edges of pixels aligned; order 1 (bilinear) or 3 (cubic spline)."""
    if order == 1:  # Pillow's is several times faster than a spline of that order
        plane = Image.fromarray(np.ascontiguousarray(image, dtype=np.float32))
        return np.asarray(plane.resize((size[1], size[0]), Image.Resampling.BILINEAR), dtype=np.float32).copy()
    zoomed: Array = ndimage.zoom(
        image, (size[0] / image.shape[0], size[1] / image.shape[1]), order=order, mode="nearest", grid_mode=True
    )
    return zoomed


def _volume(scene: Scene, acquisition: Acquisition, beam: Beam) -> tuple[Array, dict[str, Array], dict[str, Array]]:
    size = (beam.height, beam.width)
    coarse = beam.coarse(_BODY_PIXEL)
    reach = beam.detector_mm
    depths = np.arange(-reach + 4, reach, 8.0)
    x, y, z, stretch = coarse.planes(depths)
    outline = body_occupancy(scene.shape, acquisition.pose, x, y, z).sum(axis=0) * 8.0 * stretch
    soft = np.maximum(enlarge(outline, size), 0) * np.float32(0.985)
    along, _ = beam.axes()
    width, depth, _ = scene.body.scale
    deep = abs(along[0]) * 146 * width + abs(along[1]) * 104 * depth
    middle = beam.coarse(_CAVITY_PIXEL)
    depths = np.arange(-deep, deep + _CAVITY_STEP_MM, _CAVITY_STEP_MM)
    x, y, z, stretch = middle.planes(depths)
    cavity = sample_cavity(scene.shape, x, y, z)
    density, marks = cavity_density(cavity, scene.shape, scene.facts)
    step = stretch * np.float32(_CAVITY_STEP_MM)

    def paths(values: Array, order: int = 1) -> Array:
        return enlarge(cavity.along_first_axis(values) * step, size, order)

    soft += paths(density - 1, 3)
    covers = {key: paths(values) for key, values in marks.items()}
    return soft, _organs(cavity, paths), covers


def _organs(cavity: CavityPoints, paths: Callable[[Array], Array]) -> dict[str, Array]:
    right = cavity.x < 0
    return {
        "lung_right": paths(cavity.lung * right),
        "lung_left": paths(cavity.lung * ~right),
        "heart": paths(cavity.heart),
        "middle": paths(cavity.mediastinum),
        "abdomen": paths(cavity.abdomen),
    }
