"""A radiograph of a simulated patient: pixels as a hospital stores them, with its masks and boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from casekin.types import Box, Fact, Place
from casekin.world.arrays import Array, Mask
from casekin.world.body import Body
from casekin.world.detector import burn_markers, collimate, expose, process, store
from casekin.world.landmarks import fact_masks, location_boxes, lung_masks
from casekin.world.project import build_scene, project_scene
from casekin.world.sites import SITES, Acquisition, Site, make_beam, sample_acquisition

__all__ = ["SITES", "Acquisition", "Radiograph", "Site", "render_radiograph", "sample_acquisition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiograph:
    """One picture. `pixels` are uint16 `(H, W)` with `bits` significant bits, bones bright (MONOCHROME2 sense).

    `spacing_mm` is (row, column) at the detector. `boxes` holds those of the 29 locations that are in the picture;
    `masks` the lungs, the heart, and every present fact as `finding@place`; empty boxes for lateral views.
    """

    pixels: Array
    bits: int
    spacing_mm: tuple[float, float]
    boxes: Mapping[Place, Box]
    masks: Mapping[str, Mask]


def render_radiograph(
    body: Body, facts: Sequence[Fact], *, acquisition: Acquisition, rng: np.random.Generator
) -> Radiograph:
    """Render the present facts in the body; `rng` drives only noise and markers, geometry comes from body and facts."""
    beam = make_beam(body, acquisition)
    scene = build_scene(body, facts, acquisition)
    layers = project_scene(scene, acquisition)
    signal = expose(layers.attenuation, acquisition, beam.spacing_mm, rng)
    shown = process(signal, acquisition, beam.spacing_mm)
    shown = burn_markers(collimate(shown, acquisition), acquisition, rng)
    masks = lung_masks(layers)
    masks |= fact_masks(layers, masks, scene.facts)
    boxes = {} if acquisition.view == "LATERAL" else location_boxes(scene, masks, beam)
    return Radiograph(
        pixels=store(shown, acquisition.site.bits),
        bits=acquisition.site.bits,
        spacing_mm=(beam.spacing_mm, beam.spacing_mm),
        boxes=boxes,
        masks=masks,
    )
