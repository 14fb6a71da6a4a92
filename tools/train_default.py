"""Train the shipped decoder on simulated archives: python tools/train_default.py --archive DIR ... --out DIR

Two steps, both resumable: views (each radiograph of train and validation under several frames and lights, with the
frozen network's maps of each), then the decoder, judged on validation. Nothing of any test split is read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from casekin.models.features import FeatureNet
from casekin.models.weights import FOLDER, checked_file, load_card
from casekin.training.dense_views import DenseViews, build_dense_views
from default_samples import count_dense_samples, findings_of, read_dense_samples


def build_views(archive: Path, findings: Sequence[str], cache: Path, *, views: int, seed: int) -> DenseViews:
    entry = load_card()["files"]["net"]
    started = time.monotonic()
    return build_dense_views(
        read_dense_samples(archive, findings),
        count_dense_samples(archive),
        findings,
        cache / archive.name,
        FeatureNet(checked_file(FOLDER, entry["name"], entry["sha256"])),
        views=views,
        seed=seed,
        stamp=f"{archive.name} {entry['sha256']}",
        progress=lambda done, of: told(f"{archive.name}: {done} of {of}, {time.monotonic() - started:.0f} s", done % 50),
    )


def told(line: str, skip: int = 0) -> None:
    if not skip:
        print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, action="append", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--findings", default="", help="comma-separated; default: all that the archives show")
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only-views", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    findings = tuple(args.findings.split(",")) if args.findings else findings_of(args.archive)
    for archive in args.archive:
        build_views(archive, findings, args.cache, views=args.views, seed=args.seed)


if __name__ == "__main__":
    main()
