"""A chest of ellipsoids and tubes, drawn in Hounsfield units from closed forms: every organ's place is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.imaging.image import ImageHeader, MedicalImage

Mask = NDArray[np.bool_]
SPACING = (4.0, 3.0, 3.0)
ORIGIN = (-156.0, -111.0, 0.0)  # LPS of the first voxel


@dataclass(frozen=True, kw_only=True, eq=False)
class Phantom:
    """`image` as a scanner would store it, slices from feet to head; true `organs` in its array."""

    image: MedicalImage
    organs: dict[str, Mask]


def ct_image(pixels: NDArray[np.generic], *, direction: NDArray[np.float64] | None = None) -> MedicalImage:
    return MedicalImage(
        pixels=pixels.astype(np.float32),
        window=None,
        spacing_mm=SPACING,
        direction=np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], float) if direction is None else direction,
        origin=ORIGIN,
        header=ImageHeader(modality="CT"),
        content_hash="phantom",
        name="phantom",
    )


def draw_chest(*, dense_right_base: bool = False) -> Phantom:
    """The chest; with `dense_right_base` a ball of consolidation in the right lower lobe."""
    z, y, x = np.meshgrid(
        np.arange(0, 280, SPACING[0]), np.arange(-111, 112, SPACING[1]), np.arange(-156, 157, SPACING[2]), indexing="ij"
    )

    def ball(cx: float, cy: float, cz: float, rx: float, ry: float, rz: float) -> Mask:
        return np.asarray(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2 < 1)

    body = (x / 145) ** 2 + (y / 100) ** 2 < 1
    muscle = (x / 132) ** 2 + (y / 88) ** 2 < 1
    lungs = (ball(-68, 0, 130, 54, 74, 125) | ball(68, 0, 130, 54, 74, 125)) & (z > 30)
    liver, spleen = ball(-58, 0, 10, 70, 74, 75), ball(80, 20, 0, 40, 50, 66)
    dome = ball(-60, 0, 10, 80, 85, 78) | ball(66, 0, 0, 66, 80, 70)
    heart = ball(12, -28, 118, 46, 40, 44) & ~dome
    trachea = (np.hypot(x, y - 5) < 9) & (z > 186)
    bronchi = (np.abs(np.hypot(np.abs(x) - (186 - z) * 0.8 - 6, y - 5)) < 6.5) & (z <= 186) & (z > 150)
    vertebra = np.hypot(x, y - 38) < 18
    ring = (np.hypot(x, y - 62) < 15) & (np.hypot(x, y - 62) > 8)
    spinous = (np.abs(x) < 4) & (y > 74) & (y < 88)
    spine = vertebra | ring | spinous
    aorta = (np.hypot(x - 28, y - 34) < 12) & (z < 200)
    lungs &= ~(dome | heart | spine | (np.hypot(x - 28, y - 34) < 14) | (np.hypot(x, y - 5) < 18))
    hu = np.where(body, -100.0, -1000.0)
    hu[muscle] = 50.0
    hu[muscle & (np.abs(x) < 50) & (y > -70) & (y < 60)] = -100.0
    hu[((x / 118) ** 2 + (y / 74) ** 2 < 1) & (z < 90)] = -95.0
    for organ, value in ((lungs, -850.0), (spleen, 25.0), (liver, 60.0), (heart, 45.0), (aorta, 45.0)):
        hu[organ] = value
    hu[vertebra], hu[ring | spinous], hu[trachea | bronchi] = 220.0, 350.0, -1000.0
    if dense_right_base:
        hu[ball(-70, 30, 115, 22, 22, 22) & lungs] = 30.0
    hu += np.random.default_rng(0).normal(0, 10, hu.shape)
    organs = {"right_lung": lungs & (x < 0), "left_lung": lungs & (x > 0), "cardiac_silhouette": heart}
    organs |= {"trachea": trachea, "spine": spine, "aorta": aorta, "liver": liver}
    return Phantom(image=ct_image(hu), organs=organs)
