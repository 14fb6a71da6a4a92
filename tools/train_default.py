"""Train the shipped decoder on simulated archives: python tools/train_default.py --archive DIR ... --out DIR

Two steps, both resumable: views (each radiograph of train and validation under several frames and lights, with the
frozen network's maps of each), then the decoder, judged on validation and written in 8-bit integers. Nothing of any
test split is read.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.evaluation.truth import read_truth
from casekin.models.features import CELLS, GRID, INPUT_SIZE, FeatureNet
from casekin.models.head import Head, fit_head, save_head
from casekin.models.presence import Presence, save_presence
from casekin.models.weights import FOLDER, checked_file, file_entry, load_card
from casekin.relevance.cases import stands_at
from casekin.training.dense import DenseTraining, export_decoder
from casekin.training.dense_views import DenseViews, build_dense_views
from casekin.training.loop import LoopSettings, fit
from casekin.training.presence_fit import fit_presence
from casekin.training.quantize import quantize_network
from casekin.types import Fact
from default_samples import findings_of, list_cases, read_dense_samples

SHARPNESS = 2.0
"""Of pooling in training; what each finding is read with is chosen among those below."""
SHARPNESSES = (0.25, 0.5, 1.0, 2.0, 4.0)
LOOK = 64
"""Numbers that say how a region looks."""
RANGES = 64
"""Radiographs from which the ranges of 8-bit activations are read."""
INTEGERS = ("Conv", "Relu", "Add", "Concat", "Resize")
FIRST = "/stem/stem.0/Conv"
"""Stays in 32 bits: with one channel in, integers are slower."""
FILES = {"decoder": "decoder_lite0.onnx", "presence": "presence_lite0.npz", "head": "head_lite0.npz"}
SEEN, HELD = ("train", "validation"), ("test",)
"""Splits of the training archives: shown in several views; and shown as they are, to calibrate. None is a test here."""


def build_views(
    archive: Path, findings: Sequence[str], cache: Path, *, splits: Sequence[str], views: int, seed: int
) -> DenseViews:
    entry = load_card()["files"]["net"]
    started = time.monotonic()
    cases = list_cases(archive, splits)
    name = f"{archive.name}.{'-'.join(splits)}"
    return build_dense_views(
        read_dense_samples(archive, findings, cases),
        len(cases),
        findings,
        cache / name,
        FeatureNet(checked_file(FOLDER, entry["name"], entry["sha256"])),
        views=views,
        seed=seed,
        stamp=f"{name} {entry['sha256']}",
        progress=lambda done, of: told(f"{name}: {done} of {of}, {time.monotonic() - started:.0f} s", done % 50),
    )


def train_decoder(
    archives: Sequence[Path], caches: Sequence[DenseViews], findings: Sequence[str], out: Path, args: argparse.Namespace
) -> DenseTraining:
    """The decoder with the weights of the epoch that is best on validation; goes on from `out/states`."""
    cases = [list_cases(archive, SEEN) for archive in archives]
    training = DenseTraining(
        findings=findings,
        caches=caches,
        patients=[list(one.values()) for one in cases],
        settings={"width": args.width, "batch_size": 16, "sharpness": SHARPNESS},
        seed=args.seed,
    )
    settings = LoopSettings(
        epochs=args.epochs,
        learning_rate=3e-3,
        weight_decay=0.03,
        average=0.99,
        patience=args.epochs,
        clip=5.0,
        precision=args.precision,
        seed=args.seed,
        minutes=args.minutes,
    )
    stamp = f"{[one.name for one in archives]} {args.views} {args.width} {args.epochs} {args.seed}"
    fit(training, settings, out / "states", stamp=stamp, told=lambda done, of, line: told(line, done % 50))
    return training


def calibrate(
    training: DenseTraining,
    seen: Sequence[DenseViews],
    archives: Sequence[Path],
    findings: Sequence[str],
    args: argparse.Namespace,
) -> Presence:
    """Presence curves from radiographs that the decoder wasn't fitted on: validation, and what was held for this."""
    evidence: dict[float, list[NDArray[np.float32]]] = {one: [] for one in SHARPNESSES}
    stands = []
    for archive, cache in zip(archives, seen, strict=True):
        held = build_views(archive, findings, args.cache, splits=HELD, views=1, seed=args.seed)
        truth = read_truth(archive / "truth.jsonl")
        names = list(list_cases(archive, SEEN)), list(list_cases(archive, HELD))
        for one, rows, cases in ((cache, ~cache.train, names[0]), (held, np.ones(len(names[1]), dtype=bool), names[1])):
            for sharpness, found in training.evidence(one, rows, SHARPNESSES).items():
                evidence[sharpness].append(found)
            kept = [name for name, keep in zip(cases, rows, strict=True) if keep]
            stands.append(np.stack([standing(truth[name].facts, findings) for name in kept]))
    return fit_presence({one: np.concatenate(found) for one, found in evidence.items()}, np.concatenate(stands))


def standing(facts: Sequence[Fact], findings: Sequence[str]) -> NDArray[np.bool_]:
    """Which findings stand at which locations `(29, F)`, by the rule that relevance is graded by."""
    there = np.zeros((len(LOCATIONS), len(findings)), dtype=np.bool_)
    for fact in facts:
        if fact.polarity != "absent" and fact.finding in findings:
            there[[stands_at(fact, place) for place in LOCATIONS], findings.index(fact.finding)] = True
    return there


def shown_cells(caches: Sequence[DenseViews]) -> Iterator[tuple[NDArray[np.float32], Any, Any]]:
    """Cells, locations' weights and content of each radiograph of train as it is."""
    for cache in caches:
        for row in np.flatnonzero(cache.train).tolist():
            cells = cache.levels[CELLS][row, 0].astype(np.float32).transpose(1, 2, 0)
            content = cache.images[row, 0].reshape(GRID, INPUT_SIZE // GRID, GRID, -1).max(axis=(1, 3)) > 0
            yield np.ascontiguousarray(cells), cache.weights[row, 0] / np.float32(255), content.astype(np.float32)


def shown_inputs(cache: DenseViews) -> Iterator[dict[str, NDArray[np.float32]]]:
    """What the decoder is shown of some radiographs of train, each in another of its views."""
    rows = np.flatnonzero(cache.train)
    for number, row in enumerate(rows[:: max(len(rows) // RANGES, 1)][:RANGES].tolist()):
        view = number % cache.images.shape[1]
        levels = {name: level[row, view][None].astype(np.float32) for name, level in cache.levels.items()}
        yield {"image": cache.images[row, view][None, None].astype(np.float32) / 255, **levels}


def write_model(training: DenseTraining, cache: DenseViews, presence: Presence, head: Head, out: Path) -> None:
    """Decoder, curves and head as the files that a model card names."""
    exact = out / "decoder_float.onnx"
    export_decoder(training.network, exact)
    quantize_network(exact, out / "decoder_lite0.onnx", shown_inputs(cache), kinds=INTEGERS, exact=(FIRST,))
    save_presence(presence, out / "presence_lite0.npz")
    save_head(head, out / "head_lite0.npz")
    entries = {role: file_entry(out / name) for role, name in FILES.items()}
    card = {"findings": list(training.findings), "files": entries}
    (out / "decoder_lite0.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


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
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--precision", default="bf16", choices=("no", "bf16"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    findings = tuple(args.findings.split(",")) if args.findings else findings_of(args.archive)
    caches = [
        build_views(archive, findings, args.cache, splits=SEEN, views=args.views, seed=args.seed)
        for archive in args.archive
    ]
    training = train_decoder(args.archive, caches, findings, args.out, args)
    training.network.eval()
    with torch.no_grad():
        presence = calibrate(training, caches, args.archive, findings, args)
    write_model(training, caches[0], presence, fit_head(shown_cells(caches), dim=LOOK), args.out)


if __name__ == "__main__":
    main()
