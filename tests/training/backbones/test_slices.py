"""Volumes by their slices: pooling against a naive second implementation, and what comes in."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from casekin.errors import ImageError
from casekin.models.features import LEVELS
from casekin.training.backbones import SliceBackbone, slice_views
from casekin.training.backbones.backbone import Backbone
from casekin.training.backbones.slices import LUNG_WINDOW, SOFT_TISSUE_WINDOW, pool_slices


class MeanBrightness(Backbone):
    """Each level is the view's mean, so that pooled maps can be told by hand."""

    def forward(self, views: Tensor) -> dict[str, Tensor]:
        return {name: views.mean(dim=(1, 2, 3))[:, None, None, None].expand(-1, 2, 3, 3) for name in LEVELS}


def test_pooling_is_the_logarithm_of_the_mean_of_exponentials_over_shown_slices() -> None:
    maps = 3 * torch.randn(2, 4, 3, 2, 2, generator=torch.Generator().manual_seed(0))
    shown = torch.tensor([[True, True, True, True], [True, False, True, False]])
    got = pool_slices(maps, shown, sharpness=0.7).numpy()
    for volume in range(2):
        kept = maps[volume][shown[volume]].double().numpy()
        assert np.allclose(got[volume], np.log(np.exp(0.7 * kept).mean(axis=0)) / 0.7, atol=1e-5)


def test_pooling_goes_from_the_mean_to_the_largest_slice() -> None:
    maps = torch.randn(1, 5, 2, 3, 3, generator=torch.Generator().manual_seed(1))
    shown = torch.ones(1, 5, dtype=torch.bool)
    assert torch.allclose(pool_slices(maps, shown, sharpness=1e-3), maps.mean(dim=1), atol=1e-2)
    assert torch.allclose(pool_slices(maps, shown, sharpness=1e3), maps.amax(dim=1), atol=1e-2)


def test_padding_changes_nothing_and_its_gradient_is_finite() -> None:
    views = torch.rand(1, 3, 384, 384, generator=torch.Generator().manual_seed(2), requires_grad=True)
    padded = torch.cat([views, torch.zeros(1, 2, 384, 384)], dim=1)
    network = SliceBackbone(MeanBrightness())
    plain, with_padding = network(views), network(padded)
    assert all(torch.allclose(plain[name], with_padding[name]) for name in LEVELS)
    empty = network(torch.cat([padded, torch.zeros(1, 5, 384, 384)]))["stride8"]
    assert bool((empty[1] == 0).all())
    empty.sum().backward()
    assert views.grad is not None and bool(torch.isfinite(views.grad).all()) and bool(views.grad.abs().sum() > 0)


def test_slices_are_seen_through_the_window() -> None:
    volume = np.full((2, 40, 50), -1000.0, dtype=np.float32)
    volume[0, 10:30, 10:30] = -300.0  # a ground glass opacity: in the lung window alone
    lung, soft = (slice_views(volume, window) for window in (LUNG_WINDOW, SOFT_TISSUE_WINDOW))
    assert lung.shape == soft.shape == (2, 384, 384)
    assert lung[0].max() == 1.0 and soft.max() == 0.0


@pytest.mark.parametrize("shape", [(4, 5), (0, 4, 5)])
def test_what_is_no_volume_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError, match="expected \\(slice, row, column\\)"):
        slice_views(np.zeros(shape, dtype=np.float32), LUNG_WINDOW)
