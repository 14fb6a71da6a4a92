"""Promise: organs are found in CT by orientation and Hounsfield units alone, whatever part of the trunk is shown.

    python benchmarks/ct_locator.py [--data FOLDER] [--archive DIR] [--volumes 20]   # writes results/ct_locator.json

Dice of each organ in the volume's own array. Real volumes: one of abdomen and pelvis and one slab of 4 cm, against
label maps that another program drew and nobody corrected. With a simulated CT archive: lungs, lobes and heart against
its truth. Beside each the Dice of the organ's usual box in the volume, which looks at no organ.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.imaging import MedicalImage, read_image
from casekin.models.ct import LocatedCT, locate_ct
from casekin.models.ct.grid import work_grid
from casekin.settings import read_settings

Mask = NDArray[np.bool_]
# Numbers of the label maps, by place; vertebrae without the sacrum.
LABELS = {
    "liver": (5,),
    "aorta": (52,),
    "spine": tuple(range(26, 51)),
    "left_lung": (10, 11),
    "right_lung": (12, 13, 14),
}
REAL = ("ts_ct_body", "ts_ct_dicom20")
ORGANS = ("right_lung", "left_lung", "cardiac_silhouette")
LOBES = ("right_upper_lobe", "right_middle_lobe", "right_lower_lobe", "left_upper_lobe", "left_lower_lobe")
# Of the volume from feet to head, front to back, right to left: where the organ usually is, whatever is shown.
USUAL = {
    "liver": ((0.6, 0.9), (0.25, 0.75), (0.1, 0.55)),
    "aorta": ((0.4, 1.0), (0.45, 0.6), (0.48, 0.58)),
    "spine": ((0.0, 1.0), (0.55, 0.85), (0.4, 0.6)),
    "right_lung": ((0.3, 0.9), (0.2, 0.8), (0.12, 0.45)),
    "left_lung": ((0.3, 0.9), (0.2, 0.8), (0.55, 0.88)),
    "cardiac_silhouette": ((0.35, 0.6), (0.2, 0.6), (0.4, 0.7)),
}


def dice(a: Mask, b: Mask) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def usual_box(image: MedicalImage, name: str) -> Mask | None:
    """The organ's usual box in the volume's own array."""
    if name not in USUAL:
        return None
    grid = work_grid(image)
    box = np.zeros(grid.stored, dtype=bool)
    box[tuple(slice(round(a * n), round(b * n)) for (a, b), n in zip(USUAL[name], grid.stored, strict=True))] = True
    return box[grid.slices].transpose(tuple(np.argsort(grid.axes)))


def compare(image: MedicalImage, located: LocatedCT, truth: Mapping[str, Mask]) -> dict[str, dict[str, float]]:
    """Dice of every place whose truth isn't empty: located, and of its usual box."""
    figures: dict[str, dict[str, float]] = {}
    for name, mask in truth.items():
        if mask.any():
            place = parse_place(name)
            found = located.mask(place) if place in located.masks else np.zeros(mask.shape, dtype=bool)
            box = usual_box(image, name)
            figures[name] = {"located": dice(found, mask)} | ({} if box is None else {"usual box": dice(box, mask)})
    return figures


def real_volumes(folder: Path) -> Iterator[tuple[str, MedicalImage, dict[str, Mask]]]:
    """The labelled real volumes with the masks of the places above."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["volume_id"] in REAL:
            labels = read_image(folder / row["labels"]).pixels
            yield (
                row["volume_id"],
                read_image(folder / row["path"]),
                {name: np.isin(labels, numbers) for name, numbers in LABELS.items()},
            )


def simulated_volumes(archive: Path) -> Iterator[tuple[str, MedicalImage, dict[str, Mask]]]:
    """The archive's CT volumes with their true masks of lungs, lobes and heart."""
    for line in (archive / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["case_id"].endswith("-ct"):
            truth = {name: read_image(archive / row["masks"][name]).pixels > 0 for name in (*ORGANS, *LOBES)}
            yield row["case_id"], read_image(archive / "images" / f"{row['case_id']}.nii.gz"), truth


def mean_figures(all_figures: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Means over volumes, by place and method, with the number of volumes."""
    names = sorted({name for figures in all_figures for name in figures})
    means: dict[str, dict[str, float]] = {}
    for name in names:
        rows = [figures[name] for figures in all_figures if name in figures]
        means[name] = {method: float(np.mean([row[method] for row in rows])) for method in rows[0]}
        means[name]["volumes"] = len(rows)
    return means


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of real data [default: CASEKIN_REAL_DATA]")
    parser.add_argument("--archive", type=Path, help="simulated archive: casekin world --modality ct --format nifti")
    parser.add_argument("--volumes", type=int, default=20, help="of the archive")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "ct_locator.json")
    args = parser.parse_args()
    data = args.data or read_settings().real_data
    figures: dict[str, object] = {}
    if data is not None:
        real = {name: compare(image, locate_ct(image), truth) for name, image, truth in real_volumes(data / "volumes")}
        figures["real"] = real
    if args.archive is not None:
        rows = islice(simulated_volumes(args.archive), args.volumes)
        figures["simulated"] = mean_figures([compare(image, locate_ct(image), truth) for _, image, truth in rows])
    args.out.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
