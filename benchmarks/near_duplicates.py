"""Promise: the global vector finds the near-duplicate of a radiograph (crop, other export) as HOG does or better; pairs
of one exposure are found among all radiographs without being named.

    python benchmarks/near_duplicates.py [--data FOLDER]     # writes benchmarks/results/near_duplicates.json

Query: every row marked `duplicate_of` whose original is in the data. Gallery: all unmarked rows. Right: the row named,
or another of its `dup_group`.
R@1 and R@5 with 95 % intervals by patient group, the paired difference to HOG of the whole image in the same run.
Pairs: how many of those marked `near_duplicate_pairs` finds, and how many it finds that nobody marked.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.evaluation.duplicates import SIDE, near_duplicate_pairs
from casekin.models import load_encoder
from casekin.settings import read_settings
from floors import Row, hog, patient_interval, read_gray, read_rows


def describe(rows: list[Row], folder: Path, model: str) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Unit vectors `(rows, dim)` of each method, and the model's version."""
    encoder = load_encoder(model)
    lists: dict[str, list[NDArray[np.float32]]] = {"global vector": [], "HOG, whole image": []}
    for row in rows:
        image = read_gray(folder / row["image"])
        encoded = encoder.encode(image)
        lists["global vector"].append(with_even_parts(encoded.global_vector, len(LOCATIONS) * encoded.form.count))
        lists["HOG, whole image"].append(hog(image))
    return {name: np.stack(vectors) for name, vectors in lists.items()}, encoder.version


def with_even_parts(vector: NDArray[np.float32], findings: int) -> NDArray[np.float32]:
    """A whole image's vector with its findings and its look at length 1 each: a search wants the sick first, this the
    same film.
    """
    return np.concatenate([part / max(float(np.linalg.norm(part)), 1e-6) for part in np.split(vector, [findings])])


def queries_and_gallery(rows: list[Row]) -> tuple[list[int], list[int]]:
    """Indices of duplicates whose original is there, and of all rows that are no duplicates."""
    gallery = [i for i, row in enumerate(rows) if not row["duplicate_of"]]
    known = {rows[i]["case_id"] for i in gallery}
    groups = {rows[i]["dup_group"] for i in gallery} - {None}
    queries = [
        i
        for i, row in enumerate(rows)
        if row["duplicate_of"] and (row["duplicate_of"] in known or row["dup_group"] in groups)
    ]
    return queries, gallery


def hits_at(vectors: NDArray[np.float32], rows: list[Row], k: int) -> list[float]:
    """For each query 1.0 if a right row is among its `k` nearest of the gallery, else 0.0."""
    queries, gallery = queries_and_gallery(rows)
    found = []
    for i in queries:
        order = np.argsort(-(vectors[gallery] @ vectors[i]), kind="stable")[:k]
        nearest = [rows[gallery[j]] for j in order]
        group = rows[i]["dup_group"]
        right = any(n["case_id"] == rows[i]["duplicate_of"] or (group and n["dup_group"] == group) for n in nearest)
        found.append(float(right))
    return found


def find_pairs(rows: list[Row], folder: Path, vectors: NDArray[np.float32]) -> dict[str, int]:
    """Counts of marked pairs, of pairs found, and of those that are both."""
    pictures = [Image.fromarray((255 * read_gray(folder / row["image"])).astype(np.uint8)) for row in rows]
    shrunk = np.stack([np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX)) for picture in pictures])
    found = {(pair.first, pair.second) for pair in near_duplicate_pairs(shrunk, vectors)}
    groups = [row["dup_group"] for row in rows]
    pairs = combinations(range(len(rows)), 2)
    marked = {(i, j) for i, j in pairs if groups[i] is not None and groups[i] == groups[j]}
    return {"images": len(rows), "marked": len(marked), "found": len(found), "both": len(found & marked)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "near_duplicates.json")
    parser.add_argument("--model", default="default")
    args = parser.parse_args()
    if args.data is None:
        raise SystemExit("real radiographs are needed: give --data or set CASEKIN_REAL_DATA")
    rows = sorted(read_rows(args.data), key=lambda row: row["case_id"])
    vectors, version = describe(rows, args.data / "cxr", args.model)
    queries, gallery = queries_and_gallery(rows)
    patients = [rows[i]["patient_group"] for i in queries]
    measures: dict[str, dict[str, float]] = {}
    for k in (1, 5):
        hits = {name: hits_at(v, rows, k) for name, v in vectors.items()}
        for name, values in hits.items():
            measures[f"R@{k} {name}"] = patient_interval(values, patients)
        pairs = zip(hits["global vector"], hits["HOG, whole image"], strict=True)
        measures[f"R@{k} global vector - HOG"] = patient_interval([a - b for a, b in pairs], patients)
    report = {"benchmark": "near_duplicates", "model_version": version, "gallery": len(gallery), "measures": measures}
    report["pairs"] = pairs_found = find_pairs(rows, args.data / "cxr", vectors["global vector"])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, m in measures.items():
        print(f"{name:32s} {m['mean']:+.3f} [{m['lo']:+.3f}, {m['hi']:+.3f}]  n={m['n']} gallery={len(gallery)}")
    print("pairs of one exposure: " + ", ".join(f"{name} {number}" for name, number in pairs_found.items()))


if __name__ == "__main__":
    main()
