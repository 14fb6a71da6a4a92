"""8-bit networks: the same form, nearly the same numbers, integers inside."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from casekin.errors import InputError
from casekin.models.features import network_input
from casekin.training.quantize import quantize_network


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with the shipped one's input, a padding and a bounded activation, as it has them."""
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 8, 3, stride=8), nn.ReLU6(), nn.Conv2d(8, 40, 1)
    ).eval()
    path = tmp_path_factory.mktemp("network") / "float32.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the older exporter
        torch.onnx.export(
            layers, (torch.zeros(1, 3, 384, 384),), str(path), input_names=["image"], output_names=["stride8"],
            dynamic_axes={"image": {0: "n"}, "stride8": {0: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
    return path


def made_inputs(count: int) -> list[dict[str, NDArray[np.float32]]]:
    views = np.random.default_rng(0).random((count, 384, 384), dtype=np.float32)
    return [network_input(view) for view in views]


def test_an_8_bit_network_gives_nearly_the_maps_of_the_exact_one(network: Path, tmp_path: Path) -> None:
    *shown, unseen = made_inputs(3)
    quantize_network(network, tmp_path / "int8.onnx", shown)
    exact, rounded = (
        ort.InferenceSession(str(path)).run(["stride8"], unseen)[0] for path in (network, tmp_path / "int8.onnx")
    )
    assert rounded.dtype == np.float32 and rounded.shape == exact.shape
    assert not np.array_equal(exact, rounded)
    assert np.abs(exact - rounded).max() < 0.03 * np.ptp(exact)  # some of 255 steps


def test_its_weights_are_integers(network: Path, tmp_path: Path) -> None:
    quantize_network(network, tmp_path / "int8.onnx", made_inputs(2))
    stored = {
        tensor.data_type for tensor in onnx.load(tmp_path / "int8.onnx").graph.initializer if len(tensor.dims) > 1
    }
    assert stored == {onnx.TensorProto.INT8}


def test_the_same_inputs_give_the_same_bytes(network: Path, tmp_path: Path) -> None:
    for name in ("first.onnx", "second.onnx"):
        quantize_network(network, tmp_path / name, made_inputs(2))
    assert (tmp_path / "first.onnx").read_bytes() == (tmp_path / "second.onnx").read_bytes()


def test_ranges_need_inputs(network: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="got none"):
        quantize_network(network, tmp_path / "int8.onnx", made_inputs(0))
