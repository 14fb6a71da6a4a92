"""Quantize the frozen network: python tools/quantize_net.py --archive DIR --net efficientnet_lite0.onnx --out FILE

Static quantization, signed 8-bit weights a channel, unsigned 8-bit activations, ranges by the least and largest value
over the archive's first radiographs. Everything behind the network is trained on the quantized maps.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from casekin.models.features import letterbox, network_input
from casekin.training.quantize import quantize_network
from simulated_samples import read_samples

IMAGES = 48


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--net", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    samples = itertools.islice(read_samples(args.archive), IMAGES)
    quantize_network(args.net, args.out, (network_input(letterbox(sample.view)[0]) for sample in samples))


if __name__ == "__main__":
    main()
