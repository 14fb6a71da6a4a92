"""The X-ray beam's geometry: a point source, a flat detector, and where a point of the body lands on it.

The detector stays upright in the body frame (z up the picture) and turns about z only; a tilted tube is a source moved
up or down. So a ray point's x, y depend on depth and column, its z on depth and row, which keeps volumes cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from casekin.world.arrays import Array

View = Literal["PA", "AP", "LATERAL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam:
    """Point source over a flat detector. `centre` is the body point at the middle of the picture; lengths in mm.

    `detector_mm` is the distance from the body's origin to the detector along the beam; `turn_deg` turns the patient
    about z, positive towards the patient's left.
    """

    view: View
    sid_mm: float
    detector_mm: float
    turn_deg: float
    source_lift_mm: float
    centre: tuple[float, float]
    spacing_mm: float
    height: int
    width: int

    def axes(self) -> tuple[Array, Array]:
        """Unit vectors (x, y) of the beam's direction and of the picture's column direction."""
        along, across = {
            "PA": ((0.0, -1.0), (1.0, 0.0)),
            "AP": ((0.0, 1.0), (1.0, 0.0)),
            "LATERAL": ((1.0, 0.0), (0.0, 1.0)),
        }[self.view]
        angle = np.deg2rad(self.turn_deg)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return turn @ np.array(along), turn @ np.array(across)

    @property
    def source_mm(self) -> float:
        """Distance from the source to the body's origin along the beam."""
        return self.sid_mm - self.detector_mm

    def project(self, points: Array) -> tuple[Array, Array, Array]:
        """Columns, rows (pixel centres at integers) and magnification of body points `(N, 3)`."""
        along, across = (v.astype(points.dtype) for v in self.axes())
        x, y, z = points[:, 0], points[:, 1], points[:, 2]
        magnify = self.sid_mm / (self.source_mm + x * along[0] + y * along[1])
        lateral = (x * across[0] + y * across[1]) * magnify
        source_z = self.centre[1] + self.source_lift_mm
        height = source_z + (z - source_z) * magnify
        column = (lateral - self.centre[0]) / self.spacing_mm + (self.width - 1) / 2
        row = (self.centre[1] - height) / self.spacing_mm + (self.height - 1) / 2
        return column, row, magnify

    def coarse(self, factor: float) -> Beam:
        """The same picture on pixels about `factor` times as large."""
        width, height = round(self.width / factor), round(self.height / factor)
        return replace(self, spacing_mm=self.spacing_mm * self.width / width, height=height, width=width)

    def planes(self, depths: Array) -> tuple[Array, Array, Array, Array]:
        """Ray points at planes `depths` (mm from the origin along the beam, shape K).

        Returns x `(K, 1, W)`, y `(K, 1, W)`, z `(K, H, 1)` and the ray length per mm of depth `(H, W)`.
        """
        along, across = self.axes()
        fraction = ((self.source_mm + depths) / self.sid_mm)[:, None, None]
        u = ((np.arange(self.width) - (self.width - 1) / 2) * self.spacing_mm + self.centre[0])[None, None, :]
        v = (self.centre[1] - (np.arange(self.height) - (self.height - 1) / 2) * self.spacing_mm)[None, :, None]
        source_z = self.centre[1] + self.source_lift_mm
        x = depths[:, None, None] * along[0] + fraction * u * across[0]
        y = depths[:, None, None] * along[1] + fraction * u * across[1]
        z = source_z + fraction * (v - source_z)
        stretch = np.sqrt(1 + ((u[0] ** 2) + (v[0] - source_z) ** 2) / self.sid_mm**2)
        return x.astype(np.float32), y.astype(np.float32), z.astype(np.float32), stretch.astype(np.float32)

    def rays(self, rows: slice, columns: slice) -> tuple[Array, Array]:
        """Source `(3,)` and unit ray directions `(h, w, 3)` of a window of pixels."""
        along, across = self.axes()
        u = (np.arange(self.width)[columns] - (self.width - 1) / 2) * self.spacing_mm + self.centre[0]
        v = self.centre[1] - (np.arange(self.height)[rows] - (self.height - 1) / 2) * self.spacing_mm
        lift = self.centre[1] + self.source_lift_mm
        source = np.array([-along[0] * self.source_mm, -along[1] * self.source_mm, lift])
        direction = np.empty((v.size, u.size, 3))
        direction[..., 0] = along[0] * self.sid_mm + across[0] * u[None, :]
        direction[..., 1] = along[1] * self.sid_mm + across[1] * u[None, :]
        direction[..., 2] = v[:, None] - lift
        return source, direction / np.linalg.norm(direction, axis=-1, keepdims=True)
