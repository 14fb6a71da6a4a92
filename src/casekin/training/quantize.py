"""An ONNX network in 8-bit integers: weights by channel, activations by the range that given inputs show."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from casekin.errors import InputError


def quantize_network(
    source: Path,
    out: Path,
    inputs: Iterable[Mapping[str, NDArray[np.float32]]],
    *,
    kinds: Sequence[str] = (),
    exact: Sequence[str] = (),
) -> None:
    """Write the network `source` with 8-bit weights and activations.

    `inputs` are what the network is shown by input's name, to read activations' ranges from; some dozens will do.
    `kinds` of operators become integers (all that can where none is named) but for the nodes named `exact`. Inputs and
    outputs stay float32. InputError where there is no input.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    shown = _Inputs(inputs)
    if not shown.any:
        raise InputError("inputs: expected some to read the activations' ranges from, got none")
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        _fold(source, folded)
        quantize_static(
            str(folded),
            str(out),
            shown,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=list(kinds) or None,
            nodes_to_exclude=list(exact),
        )


class _Inputs:
    """Inputs one by one, as the quantizer asks for them."""

    def __init__(self, inputs: Iterable[Mapping[str, NDArray[np.float32]]]) -> None:
        self._rest = iter(inputs)
        self._next = next(self._rest, None)
        self.any = self._next is not None

    def get_next(self) -> dict[str, Any] | None:
        given, self._next = self._next, next(self._rest, None)
        return None if given is None else dict(given)


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
