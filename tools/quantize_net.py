"""Quantize the frozen network: python tools/quantize_net.py --archive DIR --net efficientnet_lite0.onnx --out FILE

Static quantization, signed 8-bit weights a channel, unsigned 8-bit activations, ranges by the least and largest value
over the archive's first radiographs. Everything behind the network is trained on the quantized maps.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from casekin.models.features import INPUT_SIZE, letterbox
from simulated_samples import read_samples

IMAGES = 48


class Reader(CalibrationDataReader):  # type: ignore[misc]
    """Network inputs of an archive's first radiographs."""

    def __init__(self, archive: Path) -> None:
        self._samples = itertools.islice(read_samples(archive), IMAGES)

    def get_next(self) -> dict[str, Any] | None:
        sample = next(self._samples, None)
        if sample is None:
            return None
        image, _ = letterbox(sample.view)
        return {"image": np.broadcast_to(image * 2.0 - 1.0, (1, 3, INPUT_SIZE, INPUT_SIZE)).astype(np.float32)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--net", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folded, clean = Path(folder) / "folded.onnx", Path(folder) / "clean.onnx"
        options = ort.SessionOptions()  # normalisation folded into convolutions, or it would stay in 32 bits
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(folded)
        ort.InferenceSession(str(args.net), options, providers=["CPUExecutionProvider"])
        model = onnx.load(folded)
        kept = [one for one in model.opset_import if one.domain in ("", "ai.onnx")]  # others are told, and not used
        del model.opset_import[:]
        model.opset_import.extend(kept)
        onnx.save(model, clean)
        quantize_static(
            clean,
            args.out,
            Reader(args.archive),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )


if __name__ == "__main__":
    main()
