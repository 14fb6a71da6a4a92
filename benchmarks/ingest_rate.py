"""Promise: ingest costs little more than decoding and encoding the images.

Ingest of a simulated archive with one process, against its floor in the same run: reading the same files, bringing them
to the frontal view and encoding them, with nothing stored. Images per second and their ratio.

    casekin world --out archive --patients 60 --seed 7
    python benchmarks/ingest_rate.py --archive archive
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from casekin import ingest_cases, load_encoder
from casekin.imaging.manifest import read_manifest
from casekin.retrieval.encode import encode_file
from casekin.types import CaseRow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "ingest_rate.json")
    args = parser.parse_args()
    images = [
        args.archive / row.image for row in read_manifest(args.archive / "manifest.jsonl") if isinstance(row, CaseRow)
    ]
    encoder = load_encoder()
    encode_file(images[0], encoder)
    began = time.process_time()
    for path in images:
        encode_file(path, encoder)
    floor = time.process_time() - began
    with tempfile.TemporaryDirectory() as scratch:
        began, wall = time.process_time(), time.perf_counter()
        summary = ingest_cases([args.archive], index=Path(scratch) / "index")
        cost, wall = time.process_time() - began, time.perf_counter() - wall
        size = (Path(scratch) / "index" / "casekin.sqlite3").stat().st_size
    report = {
        "benchmark": "ingest_rate",
        "images": summary.images,
        "model_version": summary.model_version,
        "ingest_cpu_ms_per_image": round(1000 * cost / summary.images, 2),
        "decode_encode_cpu_ms_per_image": round(1000 * floor / len(images), 2),
        "ingest_over_floor": round((cost / summary.images) / (floor / len(images)), 3),
        "images_per_s_wall_one_process": round(summary.images / wall, 2),
        "bytes_per_image": size // summary.images,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
