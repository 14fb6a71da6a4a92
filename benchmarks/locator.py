"""Promise: lungs are found in real radiographs of patients no part was trained on, and a mirrored film is noticed.

    python benchmarks/locator.py [--data FOLDER] [--archive DIR] [--films 300]   # writes results/locator.json

Per image, without near-duplicates and without the patients that the model's card names as trained on: Dice and box IoU
against the radiologists' masks, Dice against the lung outlines of another source, box IoU against the lung boxes,
beside the mean shape that looks at no image. Then the same films mirrored, turned and inverted: how often each fault is
named, and how often without cause. With a simulated archive also the box IoU of all 29 locations against its truth.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.imaging import frontal_view, read_image
from casekin.models import ImageEncoder, load_card, load_encoder
from casekin.models.film import film_faults
from casekin.models.geometry import Geometry
from casekin.models.location_masks import location_mask
from casekin.models.locator import HEART, LEFT_LUNG, RIGHT_LUNG, Located, mask_box, mean_shape
from casekin.settings import read_settings
from casekin.types import Box, Place
from floors import Row, patient_interval, read_gray, read_mask, read_rows

LUNGS = {"right_lung": RIGHT_LUNG, "left_lung": LEFT_LUNG}
MEDIASTINUM = Place(anatomy="mediastinum")
Figures = dict[str, list[tuple[float, str]]]


def box_iou(a: Box, b: Box) -> float:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    both = max(wide, 0.0) * max(high, 0.0)
    return both / (a.area + b.area - both)


def dice(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def held_out_rows(folder: Path, card: Mapping[str, Any]) -> list[Row]:
    """Rows by case id: no near-duplicates, no patient of whom the card says that a film was trained on."""
    rows = read_rows(folder)
    seen = [pattern for entry in card.get("trained_on", []) for pattern in entry.get("case_ids", [])]
    trained = {row["patient_group"] for row in rows if any(fnmatchcase(row["case_id"], name) for name in seen)}
    kept = [row for row in rows if not row["duplicate_of"] and row["patient_group"] not in trained]
    return sorted(kept, key=lambda row: row["case_id"])


def measure(row: Row, folder: Path, located: Located, geometry: Geometry) -> dict[str, float]:
    """Every figure of place that this row's annotations allow."""
    figures: dict[str, float] = {}
    found = {name: location_mask(located, place, geometry) for name, place in LUNGS.items()}
    both = found["right_lung"] | found["left_lung"]
    names = (*LUNGS, "lungs_v7", "cardiomediastinum")
    truth = {name: read_mask(folder / row["masks"][name]["path"]) for name in names if name in row["masks"]}
    truth = {name: mask for name, mask in truth.items() if mask.any() and mask.shape == both.shape}
    for name, place in LUNGS.items():
        if name in truth:
            figures[f"Dice {name}, radiologists"] = dice(found[name], truth[name])
            figures[f"mask box IoU {name}, radiologists"] = box_iou(located.boxes[place], mask_box(truth[name]))
    if set(LUNGS) <= set(truth):
        figures["Dice lungs, radiologists"] = dice(both, truth["right_lung"] | truth["left_lung"])
    if "lungs_v7" in truth:
        figures["Dice lungs, v7 outlines"] = dice(both, truth["lungs_v7"])
    if "cardiomediastinum" in truth:
        # Their region is the shadow from the aortic arch down, drawn to the heart's borders.
        shadow = truth["cardiomediastinum"]
        figures["Dice mediastinum in cardiomediastinum"] = dice(location_mask(located, MEDIASTINUM, geometry), shadow)
        figures["x IoU heart in cardiomediastinum"] = _overlap_1d(located.boxes[HEART], mask_box(shadow))
    for entry in row["boxes"]:
        if entry["label"] in LUNGS and entry.get("kind") == "anatomy":
            x0, y0, x1, y1 = entry["xyxy"]
            given = Box(x0=x0, y0=y0, x1=x1, y1=y1)
            figures[f"box IoU {entry['label']}"] = box_iou(located.boxes[LUNGS[entry["label"]]], given)
    return figures


def _overlap_1d(a: Box, b: Box) -> float:
    both = max(0.0, min(a.x1, b.x1) - max(a.x0, b.x0))
    return both / (max(a.x1, b.x1) - min(a.x0, b.x0))


def places_of(rows: list[Row], folder: Path, encoder: ImageEncoder) -> Figures:
    """Figures of place over all rows that have boxes or masks, with each value's patient."""
    figures: Figures = defaultdict(list)
    for row in rows:
        if row["boxes"] or row["masks"]:
            features = encoder.features(read_gray(folder / row["image"]))
            both = (("located", encoder.locate(features)), ("mean shape", mean_shape(features.geometry)))
            for method, located in both:
                for name, value in measure(row, folder, located, features.geometry).items():
                    figures[f"{name}: {method}"].append((value, row["patient_group"]))
    return figures


def shown_wrongly(view: NDArray[np.float32], turns: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The view as it is and with one fault each."""
    yield "as stored", view
    yield "mirrored", view[:, ::-1]
    yield f"turned_{90 * turns}", np.rot90(view, turns)
    yield "inverted", 1.0 - view


def faults_of(rows: list[Row], folder: Path, encoder: ImageEncoder) -> Figures:
    """How often each fault is named at the warning level, and at even odds; of sound films how often any is."""
    figures: Figures = defaultdict(list)
    for number, row in enumerate(rows):
        patient = row["patient_group"]
        for fault, view in shown_wrongly(read_gray(folder / row["image"]), number % 3 + 1):
            film = encoder.locate(encoder.features(np.ascontiguousarray(view))).film
            if film is None:
                return {}
            warned = {one.fault for one in film_faults(film, orientation_stated=False)}
            kind = "turned" if fault.startswith("turned") else fault
            if fault == "as stored":
                figures["false alarms: any fault"].append((float(bool(warned)), patient))
                figures["false alarms: mirrored"].append((float("mirrored" in warned), patient))
                figures["mirrored at even odds: sound films"].append((float(film.mirrored < 0.5), patient))
            else:
                figures[f"named: {kind}"].append((float(fault in warned), patient))
            if fault == "mirrored":
                figures["mirrored at even odds: mirrored films"].append((float(film.mirrored >= 0.5), patient))
    return figures


def locations_of(archive: Path, films: int, encoder: ImageEncoder) -> Figures:
    """Box IoU of every location against the truth of a simulated archive."""
    with (archive / "truth.jsonl").open(encoding="utf-8") as file:
        truth = {row["case_id"]: row for row in map(json.loads, file)}
    figures: Figures = defaultdict(list)
    with (archive / "manifest.jsonl").open(encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["modality"] != "CT"]
    for row in islice(rows, films):
        features = encoder.features(frontal_view(read_image(archive / row["image"])))
        for method, located in (
            ("located", encoder.locate(features)),
            ("mean shape", mean_shape(features.geometry)),
        ):
            for entry in truth[row["case_id"]]["boxes"]:
                place = Place(anatomy=entry["anatomy"], side=entry["side"])
                if place in LOCATIONS:
                    x0, y0, x1, y1 = entry["box"]
                    value = box_iou(located.boxes[place], Box(x0=x0, y0=y0, x1=x1, y1=y1))
                    figures[f"simulated box IoU {place}: {method}"].append((value, row["patient_id"]))
                    figures[f"simulated box IoU, all: {method}"].append((value, row["patient_id"]))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--films", type=int, default=300, help="films to show wrongly, and of the archive")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "locator.json")
    parser.add_argument("--model", default="default")
    args = parser.parse_args()
    if args.data is None:
        raise SystemExit("real radiographs are needed: give --data or set CASEKIN_REAL_DATA")
    encoder, card = load_encoder(args.model), load_card(args.model)
    rows, folder = held_out_rows(args.data, card), args.data / "cxr"
    figures = places_of(rows, folder, encoder)
    figures |= faults_of(rows[:: max(1, len(rows) // args.films)][: args.films], folder, encoder)
    if args.archive is not None:
        figures |= locations_of(args.archive, args.films, encoder)
    measures = {
        name: {
            **patient_interval([v for v, _ in pairs], [p for _, p in pairs]),
            "p10": float(np.percentile([v for v, _ in pairs], 10)),
        }
        for name, pairs in sorted(figures.items())
    }
    report = {"benchmark": "locator", "model_version": encoder.version, "measures": measures}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, m in measures.items():
        print(f"{name:55s} {m['mean']:.3f} [{m['lo']:.3f}, {m['hi']:.3f}]  p10 {m['p10']:.3f}  n={m['n']}")


if __name__ == "__main__":
    main()
