"""A torch network as an ONNX file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn

_OPSET = 17


def write_onnx(
    network: nn.Module,
    path: Path,
    inputs: Mapping[str, Sequence[int]],
    *,
    outputs: Sequence[str],
    axis: str = "images",
) -> None:
    """Write a network in evaluation mode; `inputs` are shapes by name, without the leading axis of any length.

    The mode of the network itself counts: torch's exporter gives it back to all modules inside.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the older exporter, which needs no package beside onnx
        torch.onnx.export(
            network,
            tuple(torch.zeros(1, *shape) for shape in inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {0: axis} for name in (*inputs, *outputs)},
            opset_version=_OPSET,
            dynamo=False,
        )
