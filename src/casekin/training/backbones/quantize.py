"""An ONNX network in 8-bit integers: weights by channel, activations by the range that given views show."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from casekin.errors import InputError


def quantize_network(source: Path, out: Path, views: NDArray[np.floating]) -> None:
    """Write `source`, a network as `FeatureNet` runs it, with 8-bit weights and activations.

    `views` `(N, 384, 384)` in [0, 1], letterboxed, are what activations' ranges are read from; some dozens will do.
    Inputs and outputs stay float32. InputError where there is no view.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    if not len(views):
        raise InputError("views: expected some to read the activations' ranges from, got none")
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        _fold(source, folded)
        quantize_static(
            str(folded),
            str(out),
            _Views(views),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )


class _Views:
    """Views one by one, as the quantizer asks for them."""

    def __init__(self, views: NDArray[np.floating]) -> None:
        self._rest: Iterator[NDArray[np.floating]] = iter(views)

    def get_next(self) -> dict[str, Any] | None:
        view = next(self._rest, None)
        if view is None:
            return None
        return {"image": np.repeat(view[None, None].astype(np.float32) * 2.0 - 1.0, 3, axis=1)}


def _fold(source: Path, out: Path) -> None:
    """Write the network with its constants computed and paddings inside convolutions, which the quantizer needs."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(out)
    options.log_severity_level = 3
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
    model = onnx.load(out)
    standard = [entry for entry in model.opset_import if entry.domain == ""]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    onnx.save(model, out)
