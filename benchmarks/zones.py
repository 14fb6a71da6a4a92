"""Promise: region vectors find the same finding in the same lung zone of other patients better than simple floors do.

    python benchmarks/zones.py [--data FOLDER]      # FOLDER or CASEKIN_REAL_DATA; writes benchmarks/results/zones.json
    python benchmarks/zones.py --runs runs          # the rankings as well: casekin evaluate --protocol zones

Query: (image, side, third of the lung) with a finding covering at least 5 % of it by the radiologists' masks. Gallery:
the same side and third in every other patient group. Relevant: shares a finding there. The peers are recomputed in the
same run: chance (closed form), HOG of the whole image, HOG of the zone, brightness of the zone (nearest; brightest
first), the global vector. No real label trains anything; `--ceiling` adds the ranking by a ridge classifier of "any
finding" over the same frozen features that is trained on these labels, each image scored without its own patient.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation import Run as TrecRun
from casekin.evaluation import write_run
from casekin.evaluation.measures import parse_measure
from casekin.evaluation.protocols import load_protocol
from casekin.evaluation.protocols.zones import ZONES, judge_zones, zone_findings
from casekin.models import ImageEncoder, load_encoder, pool_tokens
from casekin.settings import read_settings
from casekin.types import Place
from floors import (
    Row,
    hog,
    patient_interval,
    read_gray,
    read_mask,
    read_rows,
)

PROTOCOL = load_protocol("zones")
KEYS = [(side, zone) for side in ("right", "left") for zone in ZONES]
CEILING = "trained on these labels"
Vectors = dict[tuple[str, str], NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class ZoneImage:
    """One measured image: its patient, findings by (side, third), and each method's description of each zone."""

    case_id: str
    patient: str
    findings: dict[tuple[str, str], frozenset[str]]
    vectors: dict[str, Vectors]
    cells: Vectors  # pooled frozen features under the given masks


def thirds(lung: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """A lung mask cut into three parts of equal height, top first."""
    rows = np.flatnonzero(lung.any(axis=1))
    edges = np.linspace(rows[0], rows[-1] + 1, 4)
    position = np.arange(lung.shape[0])[:, None] + 0.5
    return [lung & (position >= low) & (position < high) for low, high in pairwise(edges)]


def describe(row: Row, folder: Path, encoder: ImageEncoder) -> ZoneImage:
    """Read one image and describe its six zones by every method."""
    image = read_gray(folder / row["image"])
    masks = {
        (side, zone): part
        for side in ("right", "left")
        for zone, part in zip(ZONES, thirds(read_mask(folder / row["masks"][f"{side}_lung"]["path"])), strict=True)
    }
    places = {key: Place(anatomy=ZONES[key[1]], side=key[0]) for key in KEYS}  # type: ignore[arg-type]
    located = encoder.encode(image)
    given = encoder.encode(image, regions={places[key]: masks[key] for key in KEYS})
    cells = encoder.features(image).cells
    whole = hog(image)
    findings = zone_findings(row["region_findings"], least_share=PROTOCOL.parameters["least_share"])
    return ZoneImage(
        case_id=row["case_id"],
        patient=row["patient_group"],
        findings=findings,
        vectors={
            "region, given masks": {key: given.region_vectors[places[key]] for key in KEYS},
            "region, located": {key: located.region_vectors[places[key]] for key in KEYS},
            "global vector": dict.fromkeys(KEYS, located.global_vector),
            "HOG, whole image": dict.fromkeys(KEYS, whole),
            "HOG, zone": {key: hog(_crop(image, masks[key]), size=64) for key in KEYS},
            "brightness": {key: np.array([image[masks[key]].mean()], dtype=np.float32) for key in KEYS},
        },
        cells={key: pool_tokens(cells, given.weights[places[key]], np.zeros(cells.shape[2])) for key in KEYS},
    )


def _crop(image: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def with_ceiling(images: list[ZoneImage]) -> list[ZoneImage]:
    """The images with the score that a ridge trained on all other patients' labels gives each zone."""
    x = np.stack([[image.cells[key] for key in KEYS] for image in images]).astype(np.float64)
    y = np.array([[bool(image.findings[key]) for key in KEYS] for image in images], dtype=np.float64)
    patients = np.array([image.patient for image in images])
    predicted = np.zeros_like(y)
    for patient in sorted(set(patients.tolist())):
        rest = patients != patient
        center, mean = x[rest].mean(axis=0), y[rest].mean(axis=0)
        spread = (x[rest] - center).reshape(-1, x.shape[2]).std(axis=0) + 1e-6
        known = ((x[rest] - center) / spread).reshape(-1, x.shape[2])
        penalty = 3.0 * x.shape[2] * np.eye(len(known))  # set once, to three times the mean diagonal of the kernel
        dual = np.linalg.solve(known @ known.T + penalty, (y[rest] - mean).ravel())
        predicted[~rest] = ((x[~rest] - center) / spread) @ (known.T @ dual)
    return [
        replace(image, vectors={**image.vectors, CEILING: {key: row[i : i + 1] for i, key in enumerate(KEYS)}})
        for image, row in zip(images, predicted.astype(np.float32), strict=True)
    ]


def score(method: str, query: ZoneImage, other: ZoneImage, key: tuple[str, str]) -> float:
    if method == CEILING:
        return float(other.vectors[CEILING][key][0])
    if method == "brightness, nearest":
        return -abs(float(query.vectors["brightness"][key][0] - other.vectors["brightness"][key][0]))
    if method == "brightness, brightest first":
        return float(other.vectors["brightness"][key][0])
    return float(query.vectors[method][key] @ other.vectors[method][key])


METHODS = (
    "region, given masks",
    "region, located",
    "global vector",
    "HOG, whole image",
    "HOG, zone",
    "brightness, nearest",
    "brightness, brightest first",
)
FLOORS = METHODS[3:]


def run(
    images: list[ZoneImage], methods: tuple[str, ...] = METHODS, *, folder: Path | None = None
) -> tuple[dict[str, list[float]], list[str], dict[str, int]]:
    """AP of each query by method and by chance, its patient, and what the protocol dropped; runs go into `folder`."""
    by_case = {image.case_id: image for image in images}
    patients = {image.case_id: image.patient for image in images}
    task = judge_zones({image.case_id: image.findings for image in images}, patients, PROTOCOL, dropped={})
    keys = {f"{side}_{ZONES[zone]}": (side, zone) for side, zone in KEYS}
    average = parse_measure("AP")
    values: dict[str, list[float]] = {}
    for method in methods:
        rows = []
        for name in task.judgements.listed:
            case, _, place = name.partition("@")
            others = [image for image in images if image.patient != patients[case]]
            rows += [(name, o.case_id, score(method, by_case[case], o, keys[place])) for o in others]
        ranked = TrecRun.build(method, rows)
        if folder is not None:
            write_run(folder / f"{'_'.join(method.replace(',', '').split())}.run", ranked)
        judged = task.judge(ranked)
        values[method] = average.value_per_query(judged).tolist()
    values["chance"] = average.expected_by_chance(judged).tolist()
    return values, [patients[name.partition("@")[0]] for name in judged.query_ids], dict(task.dropped)


def summary(values: dict[str, list[float]], patients: list[str]) -> dict[str, object]:
    """Means with intervals, and each method minus the best floor and minus every floor, query by query."""
    floors = [name for name in (*FLOORS, "chance") if name in values]
    best = max(floors, key=lambda name: float(np.mean(values[name])))
    measures = {name: patient_interval(v, patients) for name, v in values.items()}
    differences = {
        f"{name} - {floor}": patient_interval(
            [a - b for a, b in zip(values[name], values[floor], strict=True)], patients
        )
        for name in values
        if name not in floors
        for floor in floors
    }
    return {"measures": measures, "best_floor": best, "differences": differences}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "zones.json")
    parser.add_argument("--model", default="default")
    parser.add_argument("--ceiling", action="store_true")
    parser.add_argument("--runs", type=Path, help="folder for the rankings, for casekin evaluate")
    args = parser.parse_args()
    if args.data is None:
        raise SystemExit("real radiographs are needed: give --data or set CASEKIN_REAL_DATA")
    encoder = load_encoder(args.model)
    rows = [row for row in read_rows(args.data) if row["region_findings"] and not row["duplicate_of"]]
    rows.sort(key=lambda row: row["case_id"])
    images = [describe(row, args.data / "cxr", encoder) for row in rows]
    if args.ceiling:
        images = with_ceiling(images)
    if args.runs is not None:
        args.runs.mkdir(parents=True, exist_ok=True)
    values, patients, dropped = run(images, (*METHODS, CEILING) if args.ceiling else METHODS, folder=args.runs)
    report = {
        "benchmark": "zones",
        "protocol": {"name": PROTOCOL.name, "version": PROTOCOL.version, "sha256": PROTOCOL.sha256},
        "dropped": dropped,
        "model_version": encoder.version,
        "images": len(images),
        **summary(values, patients),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, m in report["measures"].items():  # type: ignore[attr-defined]
        print(f"{name:30s} mAP {m['mean']:.3f} [{m['lo']:.3f}, {m['hi']:.3f}]  n={m['n']} patients={m['patients']}")
    for name, m in report["differences"].items():  # type: ignore[attr-defined]
        if name.endswith(f" - {report['best_floor']}"):
            print(f"{name:60s} {m['mean']:+.3f} [{m['lo']:+.3f}, {m['hi']:+.3f}]")


if __name__ == "__main__":
    main()
