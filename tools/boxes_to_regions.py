"""Copy an archive whose rows have labelled boxes and masks into one whose rows have the manifest's `regions`.

Reads `FOLDER/manifest.jsonl` with `boxes` (`[{"label": "left_lung", "xyxy": [x0, y0, x1, y1]}]`) and `masks`
(`{"left_lung": {"path": ...}}`), writes `OUT/manifest.jsonl` beside copies of the images. A label that names no place
is left out: a finding's outline is a label of truth, not a region that came with the image.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from casekin.anatomy import parse_place
from casekin.errors import PlaceError
from casekin.types import Place

Row = dict[str, Any]


def convert_manifest(folder: Path, out: Path) -> int:
    """Write the converted archive and return its number of rows."""
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [converted(json.loads(line)) for line in lines if line.strip()]
    for row in rows:
        files = [row["image"], *(region["mask"] for region in row["regions"] if "mask" in region)]
        for name in files:
            copy_file(folder / name, out / name)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (out / "manifest.jsonl").write_text(text, encoding="utf-8")
    return len(rows)


def converted(row: Row) -> Row:
    """The row with `regions` in place of `boxes` and `masks`; one region a place, the first box given wins."""
    regions: dict[Place, Row] = {}
    for box in row.get("boxes") or ():
        place = place_of(box["label"])
        if place is not None:
            regions.setdefault(place, {"anatomy": place.anatomy, "side": place.side, "box": box["xyxy"]})
    for label, mask in (row.get("masks") or {}).items():
        place = place_of(label)
        if place is not None:
            region = regions.setdefault(place, {"anatomy": place.anatomy, "side": place.side})
            region.setdefault("mask", mask["path"])
    kept = {name: value for name, value in row.items() if name not in ("boxes", "masks")}
    return {**kept, "regions": list(regions.values())}


def place_of(label: str) -> Place | None:
    """The place that a label names, or None."""
    try:
        return parse_place(label)
    except PlaceError:
        return None


def copy_file(source: Path, target: Path) -> None:
    """Copy unless a file of the same size is there already."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def main() -> None:
    """Parse and convert."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    print(f"{convert_manifest(given.folder, given.out)} rows in {given.out / 'manifest.jsonl'}")


if __name__ == "__main__":
    main()
