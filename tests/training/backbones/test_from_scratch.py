"""Backbones by name: their form, their size, gradients, and the positions of a transformer's tokens."""

from __future__ import annotations

import pytest
import torch

from casekin.errors import InputError
from casekin.models.features import LEVEL_CHANNELS, LEVELS
from casekin.training.backbones import backbone_names, load_backbone
from casekin.training.backbones.vit import ViT, sine_positions
from casekin.training.feature_maps import STRIDES

SCRATCH = ("convnet", "vit")


@pytest.mark.parametrize("name", backbone_names())
def test_every_backbone_gives_the_maps_that_decoders_take(name: str) -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        maps = load_backbone(name).eval()(torch.rand(1, 1, 384, 384))
    shapes = {level: (1, LEVEL_CHANNELS[level], *(384 // STRIDES[level],) * 2) for level in LEVELS}
    assert {level: tuple(value.shape) for level, value in maps.items()} == shapes
    assert list(maps) == list(LEVELS)


@pytest.mark.parametrize("name", SCRATCH)
def test_every_parameter_of_a_network_from_scratch_gets_a_gradient(name: str) -> None:
    torch.manual_seed(0)
    network = load_backbone(name)
    maps = network(torch.rand(2, 1, 384, 384))
    torch.stack([(maps[level] ** 3).mean() for level in LEVELS]).sum().backward()
    missing = [n for n, p in network.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    assert not missing
    assert not [*network.pretrained()]


@pytest.mark.parametrize("name", SCRATCH)
def test_networks_from_scratch_are_small(name: str) -> None:
    assert sum(parameter.numel() for parameter in load_backbone(name).parameters()) < 2_000_000


def test_first_weights_follow_from_the_generator() -> None:
    def first(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return next(load_backbone("convnet").parameters()).detach()

    assert torch.equal(first(1), first(1)) and not torch.equal(first(1), first(2))


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="lite0, "):
        load_backbone("resnet")


def test_positions_tell_every_cell_apart_and_their_likeness_depends_on_the_distance_alone() -> None:
    waves = sine_positions(24, 128).reshape(24, 24, 128)
    like = waves.flatten(0, 1) @ waves.flatten(0, 1).T
    assert torch.allclose(like.diagonal(), torch.tensor(64.0))  # sin² + cos² of 32 rates along each axis
    assert float((like - torch.diag(like.diagonal())).max()) < 64.0
    assert torch.allclose(waves[2, 3] @ waves[7, 5], waves[12, 20] @ waves[17, 22], atol=1e-3)


def test_a_width_that_heads_cannot_share_is_refused() -> None:
    with pytest.raises(InputError, match="multiple of 16"):
        ViT(width=100)
