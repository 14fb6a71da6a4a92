"""Trains every preset on the same data with as many images shown, and encodes an archive that none was trained on.

    python benchmarks/train_presets.py --archive train --test test --out runs --presets clip,evidence --seeds 0,1,2

Each run is `runs/PRESET-SEED`, with `vectors/` of the test archive as `preset_measures.py` reads them. Started again it
goes on where it was. Of the test archive nothing but manifest and images is read, and nothing is tuned on it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from casekin.anatomy import LOCATIONS, anatomy, is_lateral, spellings
from casekin.imaging import ManifestProblem, read_manifest
from casekin.journeys.train import TrainOptions, train_model
from casekin.models import load_encoder
from casekin.reports import read_report
from casekin.training.augment import AugmentSettings
from casekin.training.cases import TrainingCase
from casekin.training.feature_maps import MapCache, build_map_cache
from casekin.training.presets import preset_names, read_preset
from casekin.training.trained import TrainedPreset, load_trained
from casekin.training.views import build_view_cache


def read_test(archive: Path) -> list[TrainingCase]:
    """The first frontal radiograph of each case, with what the report reader finds in its report."""
    found: dict[str, TrainingCase] = {}
    for row in read_manifest(archive / "manifest.jsonl"):
        if isinstance(row, ManifestProblem) or row.case_id in found or is_lateral(row.view) or row.modality == "CT":
            continue
        read = read_report(row.report or "")
        found[row.case_id] = TrainingCase(
            case_id=row.case_id,
            patient=row.patient_group or row.patient_id,
            split="validation",
            image=archive / row.image,
            regions=row.regions,
            report=row.report or "",
            facts=read.facts,
            normal_anatomies=read.normal_anatomies,
        )
    return list(found.values())


def read_maps(cases: Sequence[TrainingCase], cache: Path) -> MapCache:
    """Maps of the images as they are, kept in the cache."""
    encoder = load_encoder("default")
    views = build_view_cache(cases, cache, encoder, progress=lambda done, of: told(f"views {done} of {of}", done % 50))
    still = AugmentSettings(turn=0.0, zoom=0.0, stretch=0.0, shift=0.0, light=0.0, noise=0.0)
    return build_map_cache(views, [1] * len(cases), [False] * len(cases), cache, encoder, still, seed=0)


def write_vectors(trained: TrainedPreset, cases: Sequence[TrainingCase], maps: MapCache, folder: Path) -> None:
    """Vectors of all cases by `trained`, and of regions that are pointed at in other ways."""
    rows = np.arange(len(cases), dtype=np.int64)
    own = trained.encode_images(maps, rows)
    phrased = trained.encode_images(maps, rows, names=[_phrase(n) for n in range(len(LOCATIONS))])
    ways = {"box": trained.encode_images(maps, rows, boxes=True).located, "names": own.named, "phrase": phrased.named}
    arrays = {"region": own.regions(trained.preset), "global": own.images, "text": trained.encode_reports(cases)}
    arrays |= {name: found for name, found in ways.items() if found is not None}
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array.astype(np.float16))
    record = trained.record
    budget = {name: record[name] for name in ("samples", "seconds", "cpu_seconds", "best_epoch", "stopped_by")}
    card = {
        "case_ids": [case.case_id for case in cases],
        "places": [str(place) for place in LOCATIONS],
        "preset": folder.parent.name.rpartition("-")[0],
        "seed": trained.seed,
        "budget": budget,
        "encoder": trained.encoder,
    }
    (folder / "cases.json").write_text(json.dumps(card) + "\n", encoding="utf-8")


def _phrase(location: int) -> str:
    """Another way to say where a location is."""
    place = LOCATIONS[location]
    known = [name for name, side in spellings(anatomy(place.anatomy)) if side is None]
    other = min(known[1:] or known, key=lambda name: (-len(name), name))
    return f"in the {place.side or ''} {other}".replace("  ", " ")


def told(line: str, skip: int = 0) -> None:
    if not skip:
        print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--vectors", default="vectors", help="folder in each run for the test archive's vectors")
    parser.add_argument("--presets", default=",".join(preset_names()))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--epochs", type=int, default=read_preset("clip").count("epochs"))
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--patients", type=int)
    parser.add_argument("--precision", default="bf16", choices=["no", "bf16"])
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    cache = args.cache or args.out / "cache"
    options = TrainOptions(epochs=args.epochs, minutes=args.minutes, patients=args.patients, precision=args.precision)
    for seed in map(int, args.seeds.split(",")):
        for name in args.presets.split(","):
            run_preset(args, replace(options, preset=name, seed=seed), cache)


def run_preset(args: argparse.Namespace, options: TrainOptions, cache: Path) -> None:
    """Train one preset, where that isn't done, and write its vectors of the test archive."""
    out: Path = args.out / f"{options.preset}-{options.seed}"

    def step(done: int, of: int, line: str) -> None:
        told(f"{out.name}: {done} of {of}, {line}", done % 45)

    record = train_model(args.archive, out=out, cache=cache, options=options, told=step).record
    best = record["epochs"][record["best_epoch"] - 1]
    told(f"{out.name}: {json.dumps(best)}, {record['cpu_seconds']} CPU s")
    if not (out / args.vectors / "cases.json").is_file():
        cases = read_test(args.test)
        write_vectors(load_trained(out), cases, read_maps(cases, cache), out / args.vectors)


if __name__ == "__main__":
    main()
