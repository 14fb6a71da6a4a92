"""EfficientNet-Lite0 in torch: the shipped file's numbers, and stages that learn or don't."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from torch import Tensor

from casekin.errors import InputError, ModelError
from casekin.models.features import LEVEL_CHANNELS, LEVELS
from casekin.models.weights import FOLDER
from casekin.training.backbones import Lite0
from casekin.training.backbones.lite0 import WEIGHTS


@pytest.fixture(scope="module")
def views() -> Tensor:
    """Two views of soft blobs at random: what a network sees is neither flat nor noise."""
    coarse = torch.rand(2, 1, 12, 12, generator=torch.Generator().manual_seed(4))
    return torch.nn.functional.interpolate(coarse, size=(384, 384), mode="bicubic").clamp(0, 1)


def test_maps_are_those_of_the_shipped_file_under_onnx_runtime(views: Tensor) -> None:
    session = ort.InferenceSession(str(FOLDER / WEIGHTS), providers=["CPUExecutionProvider"])
    image = (views.expand(-1, 3, -1, -1) * 2 - 1).contiguous().numpy()
    expected = dict(zip(LEVELS, session.run(list(LEVELS), {"image": image}), strict=True))
    with torch.no_grad():
        maps = Lite0().eval()(views)
    for name in LEVELS:
        assert maps[name].shape == (2, LEVEL_CHANNELS[name], *expected[name].shape[2:])
        assert np.abs(maps[name].numpy() - expected[name]).max() < 1e-3


def test_only_stages_from_the_chosen_one_on_learn(views: Tensor) -> None:
    network = Lite0(learns_from=6)
    maps = network(views[:1])
    assert not maps["stride8"].requires_grad and not maps["stride16"].requires_grad
    maps["stride32"].square().mean().backward()
    for number, stage in enumerate(network.stages):
        got = [p.grad is not None and bool(p.grad.abs().sum() > 0) for p in stage.parameters()]
        assert all(got) if number >= 6 else not any(got)


def test_later_stages_over_kept_maps_give_what_the_whole_network_gives(views: Tensor) -> None:
    network = Lite0(learns_from=6).eval()
    with torch.no_grad():
        maps = network(views)
        later = network.after("stride16")(*(maps[name] for name in LEVELS))
    assert all(torch.equal(later[name], maps[name]) for name in LEVELS)


def test_what_later_stages_learn_is_learnt_by_their_network(views: Tensor) -> None:
    network = Lite0(learns_from=6).eval()
    with torch.no_grad():
        maps = network(views[:1])
        later = network.after("stride16")
        for parameter in later.parameters():
            parameter.mul_(1.01)
        tuned = later(*(maps[name] for name in LEVELS))
        assert torch.equal(network(views[:1])["stride32"], tuned["stride32"])
        assert not torch.equal(maps["stride32"], tuned["stride32"])


@pytest.mark.parametrize("level", ["stride8", "stride32", "stem"])
def test_stages_that_no_kept_map_leads_to_are_refused(level: str) -> None:
    with pytest.raises(InputError, match=r"expected stride8 or stride16|expected 4 or later"):
        Lite0(learns_from=3).after(level)


def test_a_stage_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="stage from 0 to 8"):
        Lite0(learns_from=9)


@pytest.mark.parametrize("name", ["locator_lite0.onnx", "casekin_lite0.json", "missing.onnx"])
def test_a_file_of_another_network_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match=name):
        Lite0(weights=FOLDER / Path(name))
