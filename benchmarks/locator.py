"""Promise: lungs and heart are found in real radiographs, although the locator was trained on simulated ones alone.

    python benchmarks/locator.py [--data FOLDER]     # writes benchmarks/results/locator.json

Dice and box IoU against the radiologists' lung masks, Dice against the lung outlines of another source, and box IoU
against the lung boxes, all per image and without near-duplicates, beside the mean shape that looks at no image.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.models import load_encoder
from casekin.models.features import INPUT_SIZE
from casekin.models.geometry import Geometry
from casekin.models.locator import HEART, LEFT_LUNG, RIGHT_LUNG, Located, mask_box, mean_shape
from casekin.settings import read_settings
from casekin.types import Box, Place
from floors import Row, patient_interval, read_gray, read_mask, read_rows

LUNGS = {"right_lung": RIGHT_LUNG, "left_lung": LEFT_LUNG}


def box_iou(a: Box, b: Box) -> float:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    both = max(wide, 0.0) * max(high, 0.0)
    return both / (a.area + b.area - both)


def dice(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def on_image(soft: NDArray[np.float32], geometry: Geometry) -> NDArray[np.bool_]:
    """A soft map over the letterbox `(n, n)` as a mask on the image: bilinear between cell centres, cut at one half."""
    n = soft.shape[0]
    padded = np.pad(soft, 1, mode="edge")

    def taps(size: int, offset: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        position = ((np.arange(size) + 0.5) * geometry.scale + offset) / INPUT_SIZE * n + 0.5
        low = np.clip(np.floor(position).astype(np.int64), 0, n)
        return low, position - low

    rows, down = taps(geometry.height, geometry.offset_y)
    columns, across = taps(geometry.width, geometry.offset_x)
    upper = padded[rows][:, columns] * (1 - across) + padded[rows][:, columns + 1] * across
    lower = padded[rows + 1][:, columns] * (1 - across) + padded[rows + 1][:, columns + 1] * across
    return (upper * (1 - down[:, None]) + lower * down[:, None]) > 0.5


def measure(
    row: Row, folder: Path, image: NDArray[np.float32], located: Located, geometry: Geometry
) -> dict[str, float]:
    """Every figure that this row's annotations allow."""
    figures: dict[str, float] = {}
    soft = {"right_lung": located.right_lung, "left_lung": located.left_lung}
    found = {name: on_image(one, geometry) for name, one in soft.items()}
    truth = {name: read_mask(folder / m["path"]) for name, m in row["masks"].items() if name in (*LUNGS, "lungs_v7")}
    for name, place in LUNGS.items():
        if name in truth and truth[name].any():
            figures[f"Dice {name}, radiologists"] = dice(found[name], truth[name])
            figures[f"mask box IoU {name}, radiologists"] = box_iou(located.boxes[place], mask_box(truth[name]))
    if set(LUNGS) <= set(truth):
        both = truth["right_lung"] | truth["left_lung"]
        figures["Dice lungs, radiologists"] = dice(found["right_lung"] | found["left_lung"], both)
    if "lungs_v7" in truth and truth["lungs_v7"].shape == image.shape:
        figures["Dice lungs, v7 outlines"] = dice(found["right_lung"] | found["left_lung"], truth["lungs_v7"])
    if "cardiomediastinum" in row["masks"]:
        # The radiologists' region is the whole mediastinal shadow: the heart's own part is its lower half or more.
        shadow = mask_box(read_mask(folder / row["masks"]["cardiomediastinum"]["path"]))
        figures["x IoU heart in cardiomediastinum"] = _overlap_1d(located.boxes[HEART], shadow)
    for entry in row["boxes"]:
        if entry["label"] in LUNGS and entry.get("kind") == "anatomy":
            place: Place = LUNGS[entry["label"]]
            x0, y0, x1, y1 = entry["xyxy"]
            figures[f"box IoU {entry['label']}"] = box_iou(located.boxes[place], Box(x0=x0, y0=y0, x1=x1, y1=y1))
    return figures


def _overlap_1d(a: Box, b: Box) -> float:
    both = max(0.0, min(a.x1, b.x1) - max(a.x0, b.x0))
    return both / (max(a.x1, b.x1) - min(a.x0, b.x0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "locator.json")
    parser.add_argument("--model", default="default")
    args = parser.parse_args()
    if args.data is None:
        raise SystemExit("real radiographs are needed: give --data or set CASEKIN_REAL_DATA")
    encoder = load_encoder(args.model)
    figures: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in sorted(read_rows(args.data), key=lambda row: row["case_id"]):
        if row["duplicate_of"] or not (row["boxes"] or row["masks"]):
            continue
        image = read_gray(args.data / "cxr" / row["image"])
        features = encoder.features(image)
        for method, located in (("located", encoder.locate(features)), ("mean shape", mean_shape(features.geometry))):
            for name, value in measure(row, args.data / "cxr", image, located, features.geometry).items():
                figures[f"{name}: {method}"].append((value, row["patient_group"]))
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
