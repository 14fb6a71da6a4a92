"""A network of pictures for volumes: every slice through a window is a view, and the slices' maps are pooled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from casekin.errors import ImageError
from casekin.imaging.intensity import scale_between
from casekin.models.features import letterbox
from casekin.training.backbones.backbone import Backbone

LUNG_WINDOW = (-1350.0, 150.0)
SOFT_TISSUE_WINDOW = (-160.0, 240.0)
"""Hounsfield units shown black and white: centre -600, width 1500, and centre 40, width 400, as on any CT console."""


class SliceBackbone(Backbone):
    """Views of S slices of each of B volumes `(B, S, 384, 384)` in, one volume's maps out, by way of `network`.

    Over slices maps are pooled by `log(mean(exp(s x))) / s`, s being the `sharpness`: between the mean (s to 0) and the
    largest slice (s to infinity), so that what a single slice shows isn't averaged away. A slice of zeros everywhere is
    padding and doesn't count.
    """

    def __init__(self, network: Backbone, *, sharpness: float = 0.5) -> None:
        super().__init__()
        self.network, self.sharpness = network, sharpness

    def forward(self, views: Tensor) -> dict[str, Tensor]:
        volumes, slices = views.shape[:2]
        shown = views.amax(dim=(2, 3)) > 0
        maps = self.network(views.flatten(0, 1)[:, None])
        return {
            name: pool_slices(level.unflatten(0, (volumes, slices)), shown, sharpness=self.sharpness)
            for name, level in maps.items()
        }

    def pretrained(self) -> Iterable[nn.Parameter]:
        return self.network.pretrained()


def pool_slices(maps: Tensor, shown: Tensor, *, sharpness: float) -> Tensor:
    """Maps `(B, S, C, h, w)` of the slices that are `shown` `(B, S)` bool as one volume's `(B, C, h, w)`.

    A volume of which nothing is shown has maps of 0.
    """
    counts = shown.sum(dim=1)[:, None, None, None]
    hidden = torch.where(shown, 0.0, -torch.inf)[:, :, None, None, None]
    hidden = torch.where(counts[:, None] > 0, hidden, 0.0)
    pooled = (sharpness * maps.float() + hidden).logsumexp(dim=1) - torch.log(counts.clamp(min=1).float())
    return torch.where(counts > 0, pooled / sharpness, 0.0)


def slice_views(volume: NDArray[np.floating], window: tuple[float, float]) -> NDArray[np.float32]:
    """Axial slices of Hounsfield units `(slice, row, column)` as views `(slice, 384, 384)` through a window.

    Each is letterboxed and stretched by itself, as any view is. Rows must run from front to back and columns from the
    patient's right to left, as `imaging` stacks axial series. ImageError for another number of axes.
    """
    if volume.ndim != 3 or not len(volume):
        raise ImageError(f"volume has shape {volume.shape}, expected (slice, row, column)")
    return np.stack([letterbox(scale_between(plane, *window))[0] for plane in volume])
