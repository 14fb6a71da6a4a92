"""Backbones of images: what 8-bit integers cost and save, what a step costs by stage, and what is learnt in minutes.

Promise: none of them is shipped unless it beats the frozen EfficientNet-Lite0 here at the same CPU time.

- integers: images a second of the shipped network in float32 and in 8 bits (one thread, CPU time, fastest of many
  runs, both in turn), the cosine of their cells, and how many of a region's ten nearest stay the same.
- stages: CPU seconds an image takes forward and backward, by the first stage that learns, and from scratch.
- learning: evidence from mined reports, every backbone for the same CPU time on the same films, validation's nDCG@10;
  `kept`: over maps that were computed once, two views a film, the time for which isn't counted.

    python benchmarks/backbones.py integers --archive archive
    python benchmarks/backbones.py stages
    python benchmarks/backbones.py learning --archive archive --minutes 2
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from casekin.evaluation import read_judgements
from casekin.journeys.train import make_scorer
from casekin.models import load_encoder
from casekin.models.features import LEVELS, network_input, open_session
from casekin.models.weights import FOLDER
from casekin.training.augment import AugmentSettings
from casekin.training.backbones import backbone_names, load_backbone
from casekin.training.backbones.end_to_end import EndToEndTraining, TunedTraining
from casekin.training.backbones.lite0 import STAGES, WEIGHTS, Lite0
from casekin.training.cases import TrainingCase, read_archive
from casekin.training.dual import DualNetwork
from casekin.training.dual_training import DualTraining
from casekin.training.evidence_targets import build_report_targets, choose_findings
from casekin.training.feature_maps import build_map_cache, mirrored_cases
from casekin.training.loop import LoopSettings, fit
from casekin.training.presets import Preset, read_preset
from casekin.training.quantize import quantize_network
from casekin.training.views import ViewCache, build_view_cache

RESULTS = Path(__file__).parent / "results" / "backbones.json"
CALIBRATION, MEASURED = 24, 48  # views that set ranges, views that are compared
REPEATS = 20
NEAREST = 10
LEAST_PATIENTS = 8  # that have a finding, among a hundred
KEPT_VIEWS = 2  # of an image of train, as the tiny preset has
_BATCH = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["integers", "stages", "learning"])
    parser.add_argument("--archive", type=Path, help="a simulated archive, mined")
    parser.add_argument("--cache", type=Path, help="folder of decoded views, kept between runs")
    parser.add_argument("--patients", type=int, default=100, help="of train and of validation at most so many")
    parser.add_argument("--minutes", type=float, default=2.0, help="CPU minutes of each backbone")
    parser.add_argument("--backbone", action="append", help="only these")
    parser.add_argument("--precision", choices=["no", "bf16"], default="bf16")
    args = parser.parse_args()
    torch.set_num_threads(1)
    parts: Mapping[str, Callable[[argparse.Namespace], Any]] = {
        "integers": measure_integers,
        "stages": measure_stages,
        "learning": measure_learning,
    }
    found = parts[args.part](args)
    keep(args.part, found)
    print(json.dumps(found, indent=1))


def keep(part: str, found: Mapping[str, Any]) -> None:
    """Write the figures of one part beside those of the others."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**kept, part: found}, indent=1) + "\n", encoding="utf-8")


def measure_integers(args: argparse.Namespace) -> dict[str, Any]:
    views = np.asarray(open_views(args)[1].views[: CALIBRATION + MEASURED], dtype=np.float32) / 255.0
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "int8.onnx"
        quantize_network(FOLDER / WEIGHTS, small, map(network_input, views[:CALIBRATION]))
        sessions = {"float32": open_session(FOLDER / WEIGHTS), "int8": open_session(small)}
        megabytes = {"float32": (FOLDER / WEIGHTS).stat().st_size / 1e6, "int8": small.stat().st_size / 1e6}
    images = [network_input(view) for view in views[CALIBRATION:]]
    seconds = {name: [] for name in sessions}
    for repeat in range(REPEATS):
        for name, session in sessions.items():
            start = time.process_time()
            session.run(None, images[repeat % len(images)])
            seconds[name].append(time.process_time() - start)
    maps = {name: [s.run(list(LEVELS), image) for image in images] for name, s in sessions.items()}
    stacked = {
        name: {level: np.concatenate([one[number] for one in of]) for number, level in enumerate(LEVELS)}
        for name, of in maps.items()
    }
    exact, rounded = stacked["float32"], stacked["int8"]
    return {
        "megabytes": {name: round(size, 2) for name, size in megabytes.items()},
        "images_per_second": {name: round(1 / min(taken), 1) for name, taken in seconds.items()},
        "cell_cosine": {level: compare_cells(exact[level], rounded[level]) for level in LEVELS},
        "nearest_kept": {level: round(share_kept(exact[level], rounded[level]), 3) for level in LEVELS},
        "views": len(images),
    }


def compare_cells(exact: NDArray[np.float32], rounded: NDArray[np.float32]) -> dict[str, float]:
    """Cosine of cells' vectors `(N, channels, n, n)`: its mean and its fifth percentile."""
    product = (exact * rounded).sum(axis=1)
    cosine = product / (np.linalg.norm(exact, axis=1) * np.linalg.norm(rounded, axis=1))
    return {"mean": round(float(cosine.mean()), 4), "p5": round(float(np.percentile(cosine, 5)), 4)}


def share_kept(exact: NDArray[np.float32], rounded: NDArray[np.float32]) -> float:
    """How many of the ten nearest of each image's quarter stay so, quarters being compared by their mean cell."""
    lists = [nearest_quarters(maps) for maps in (exact, rounded)]
    pairs = zip(lists[0].reshape(-1, NEAREST), lists[1].reshape(-1, NEAREST), strict=True)
    return float(np.mean([len({*a.tolist()} & {*b.tolist()}) / NEAREST for a, b in pairs]))


def nearest_quarters(maps: NDArray[np.float32]) -> NDArray[np.int64]:
    half = maps.shape[2] // 2
    found = []
    for rows in (slice(None, half), slice(half, None)):
        for columns in (slice(None, half), slice(half, None)):
            vectors = maps[:, :, rows, columns].mean(axis=(2, 3))
            vectors = vectors - vectors.mean(axis=0)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            scores = vectors @ vectors.T
            np.fill_diagonal(scores, -np.inf)
            found.append(np.argsort(-scores, axis=1)[:, :NEAREST])
    return np.concatenate(found)


def measure_stages(args: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {"batch": _BATCH, "precision": args.precision}
    for stage in range(STAGES, -1, -1):
        found[f"lite0 from stage {stage}"] = seconds_per_image(Lite0(learns_from=stage), args.precision)
    for name in ("convnet", "vit"):
        found[name] = seconds_per_image(load_backbone(name), args.precision)
    return found


def seconds_per_image(backbone: Any, precision: str) -> float:
    """CPU seconds forward and backward, a small decoder included; the fastest of three."""
    network = DualNetwork(findings=8, look=0, width=40, stem=backbone).to(memory_format=torch.channels_last).train()
    views = torch.rand(_BATCH, 1, 384, 384, generator=torch.Generator().manual_seed(0))
    taken = []
    for _ in range(3):
        start = time.process_time()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
            evidence, _ = network.decode({"views": views})
            loss = evidence.square().mean()
        loss.backward()
        taken.append(time.process_time() - start)
    return round(min(taken) / _BATCH, 4)


def open_views(args: argparse.Namespace) -> tuple[Any, ViewCache]:
    """The archive's cases of train and validation, and their views."""
    data = read_archive(args.archive / "manifest.jsonl", args.archive / "mined" / "facts.jsonl", patients=args.patients)
    return data, build_view_cache((*data.train, *data.validation), open_cache(args), load_encoder())


def open_cache(args: argparse.Namespace) -> Path:
    return args.cache or args.archive.with_name(f"{args.archive.name}.views")


def measure_learning(args: argparse.Namespace) -> dict[str, Any]:
    """Each backbone for the same CPU time; figures are kept as they come, so that an interrupted run leaves some."""
    data, views = open_views(args)
    preset = read_preset("evidence", size="small")
    preset = replace(preset, numbers={**preset.numbers, "least_patients": float(LEAST_PATIENTS)})
    found: dict[str, Any] = {"cpu_minutes": args.minutes, "precision": args.precision, "backbones": {}}
    found |= {"images": {"train": len(data.train), "validation": len(data.validation)}}
    for name in args.backbone or [*backbone_names(), "lite0 kept", "lite0_tuned kept"]:
        training = prepare(args, data, views, preset, name=name)
        cost = seconds_of(training, args.precision)
        shown = len(data.train) + (len(data.train) + len(data.validation)) / 3  # the latter two are only looked at
        epochs = max(1, round(args.minutes * 60 / (cost * shown)))
        settings = LoopSettings(
            epochs=epochs,
            patience=epochs,
            learning_rate=preset.numbers["learning_rate"],
            weight_decay=preset.numbers["weight_decay"],
            average=preset.numbers["average"],
            precision=args.precision,
            minutes=args.minutes,
        )
        with tempfile.TemporaryDirectory() as folder:
            fitted = fit(training, settings, Path(folder), stamp=name, now=time.process_time)
        figures = [round(epoch[training.metric], 4) for epoch in fitted.history]
        found["backbones"][name] = {
            "nDCG@10": max(figures), "epochs": figures, "planned": epochs, "seconds_per_image": round(cost, 4),
            "cpu_seconds": round(fitted.seconds, 1),
        }  # fmt: skip
        found["findings"] = list(training.findings)
        keep("learning", found)
        print(name, found["backbones"][name], flush=True)
    return found


def seconds_of(training: DualTraining, precision: str) -> float:
    """CPU seconds of an image in a step of the training, drawing included: the faster of two, gradients dropped."""
    rows, taken = training.draw_epoch(0)[0][:_BATCH], []
    for _ in range(2):
        start = time.process_time()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
            terms = training.loss(training.batch(rows, torch.Generator().manual_seed(0)))
        torch.stack([*terms.values()]).sum().backward()
        taken.append(time.process_time() - start)
    training.network.zero_grad()
    return min(taken) / _BATCH


def prepare(args: argparse.Namespace, data: Any, views: ViewCache, preset: Preset, *, name: str) -> DualTraining:
    """The training of a backbone from views, or over maps that were kept where its name ends so."""
    cases: tuple[TrainingCase, ...] = (*data.train, *data.validation)
    rows = np.flatnonzero(views.readable)
    train, validation = rows[rows < len(data.train)], rows[rows >= len(data.train)]
    findings = choose_findings([cases[row] for row in train.tolist()], least=preset.count("least_patients"))
    mirrored = [*mirrored_cases(data.train), *[None] * len(data.validation)]
    may_mirror = [one is not None for one in mirrored]

    def targets(case: TrainingCase) -> Any:
        numbers = preset.numbers
        return build_report_targets(case.facts, findings, elsewhere=numbers["elsewhere"], silent=numbers["silent"])

    options = {
        "cases": data.train,
        "mirrored": mirrored[: len(data.train)],
        "texts": None,
        "findings": findings,
        "targets": [targets(case) for case in data.train],
        "mirrored_targets": [None if case is None else targets(case) for case in mirrored],
        "patients": [case.patient for case in data.train],
        "train": train,
        "validation": validation,
        "score": make_scorer(
            read_judgements(args.archive / "mined" / "qrels" / "validation.qrels"),
            [cases[row].case_id for row in validation.tolist()],
        ),
        "preset": preset,
        "seed": 0,
    }
    backbone, _, kept = name.partition(" ")
    if not kept:
        return EndToEndTraining(views=views, may_mirror=may_mirror, backbone=backbone, **options)
    counts = [KEPT_VIEWS] * len(data.train) + [1] * len(data.validation)
    augment = AugmentSettings(**preset.augment)
    maps = build_map_cache(views, counts, may_mirror, open_cache(args), load_encoder(), augment, seed=0)
    if backbone == "lite0":
        return DualTraining(maps=maps, **options)
    return TunedTraining(backbone=backbone, level="stride16", maps=maps, **options)


if __name__ == "__main__":
    main()
