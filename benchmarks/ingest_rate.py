"""Promise: ingest costs little more than decoding and encoding the images, in memory that the archive doesn't grow.

Ingest of a simulated archive with one process, against its floor in the same run: reading the same files, bringing them
to the frontal view and encoding them, with nothing stored. Both are warm (what a process loads once is counted apart),
and done image by image in turn. Beside it what `docs/capacity.md` is computed from: planning, reading a film of
a hospital's size with and without JPEG 2000, the one writer alone, shards on the way to it, bytes a case by what they
hold, and the memory of a process. CPU time counts the decoder's process.

    casekin world --out archive --patients 60 --seed 7
    python benchmarks/ingest_rate.py --archive archive
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import openjpeg
from pydicom import dcmread, dcmwrite
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless
from scipy.ndimage import zoom

from casekin import ingest_cases, load_encoder
from casekin.imaging import read_image
from casekin.imaging.sandbox import DECODER
from casekin.index import CaseIndex
from casekin.journeys.ingesting.case import Screening, new_cases, try_case
from casekin.journeys.ingesting.plan import plan_ingest
from casekin.journeys.ingesting.shards import read_shard, write_shard
from casekin.journeys.ingesting.store import store_cases
from casekin.journeys.ingesting.study import Outcome, start_worker
from casekin.models import ImageEncoder
from casekin.retrieval.encode import encode_file, hash_files, indexed_image

_FILM = (2500, 2048)
"""Rows and columns of a usual digital radiograph: 5 million pixels."""
_FILM_NOISE = 12.0
"""Standard deviation of the detector's noise in 12-bit values: it is what makes lossless files as large as they are."""
_FILMS = 4
_PLANNED = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "ingest_rate.json")
    args = parser.parse_args()
    with plan_ingest([args.archive]) as plan:
        images = [place for ref in plan for place in _images_of(args.archive, ref.rows)]
    with tempfile.TemporaryDirectory() as scratch:
        report = measure(args.archive, images, Path(scratch))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


def measure(archive: Path, images: list[Path], scratch: Path) -> dict[str, Any]:
    """All figures; `scratch` is an empty folder."""
    first = {"case_id": "first", "patient_id": "first", "image": "first.dcm", "report": "The lungs are clear."}
    (scratch / "one").mkdir()
    shutil.copy(images[0], scratch / "one" / "first.dcm")
    (scratch / "one" / "manifest.jsonl").write_text(json.dumps(first) + "\n", encoding="utf-8")
    start = cpu_ms(lambda: ingest_cases([scratch / "one"], index=scratch / "first"), each=1000)
    encoder = load_encoder()
    read = cpu_ms(lambda: [read_image(path) for path in images], each=len(images))
    index = scratch / "index"
    ingest, floor = ingest_beside_floor(archive, images, index, encoder)
    return {
        "benchmark": "ingest_rate",
        "images": len(images),
        "model_version": encoder.version,
        "ingest_cpu_ms_per_image": ingest,
        "decode_encode_cpu_ms_per_image": floor,
        "decode_cpu_ms_per_image": read,
        "ingest_over_floor": round(ingest / floor, 3),
        "start_cpu_s": start,
        "bytes_per_image": round(sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / len(images)),
        "bytes_by_part": bytes_by_part(index, len(images)),
        "regions_per_image": regions_per_image(index),
        "peak_rss_mb_one_process": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "films": film_costs(images[0], scratch),
        "plan": plan_costs(scratch / "planned", images[0]),
        **writer_costs(archive, scratch),
    }


def ingest_beside_floor(archive: Path, images: list[Path], index: Path, encoder: ImageEncoder) -> tuple[float, float]:
    """CPU milliseconds an image of an ingest and of its floor, in turn image by image: a busy machine slows both.

    What comes before the first image is done is left out of both, and so is that image.
    """
    spent = {"ingest": 0.0, "floor": 0.0}
    mark = 0.0

    def beside(done: int, total: int) -> None:
        nonlocal mark
        began = _cpu_s()
        encode_file(images[done - 1], encoder)
        ended = _cpu_s()
        if done > 1:
            spent["ingest"] += began - mark
            spent["floor"] += ended - began
        mark = _cpu_s()

    ingest_cases([archive], index=index, progress=beside)
    spent["ingest"] += _cpu_s() - mark
    each = 1000 / (len(images) - 1)
    return round(spent["ingest"] * each, 3), round(spent["floor"] * each, 3)


def cpu_ms(work: Callable[[], object], *, each: int) -> float:
    """CPU milliseconds of this process and its living children, by `each`."""
    began = _cpu_s()
    work()
    return round(1000 * (_cpu_s() - began) / each, 3)


def _cpu_s() -> float:
    total = time.process_time()
    child = DECODER._child
    if child is not None and child.poll() is None:
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _images_of(archive: Path, rows: tuple[int, ...]) -> list[Path]:
    with (archive / "manifest.jsonl").open("rb") as manifest:
        paths = []
        for offset in rows:
            manifest.seek(offset)
            paths.append(archive / json.loads(manifest.readline())["image"])
    return paths


def film_costs(source: Path, scratch: Path) -> dict[str, Any]:
    """Reading films of `_FILM` pixels, stored plainly and as lossless JPEG 2000."""
    rng = np.random.default_rng(0)
    header = dcmread(source)
    small = header.pixel_array.astype(np.float32) * (4095.0 / float(header.pixel_array.max()))
    large = zoom(small, (_FILM[0] / small.shape[0], _FILM[1] / small.shape[1]), order=1)
    header.Rows, header.Columns, header.BitsAllocated, header.BitsStored, header.HighBit = *large.shape, 16, 12, 11
    for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
        if keyword in header:
            delattr(header, keyword)
    costs: dict[str, Any] = {"rows": large.shape[0], "columns": large.shape[1]}
    stored = [
        np.clip(large + rng.normal(0, _FILM_NOISE, large.shape), 0, 4095).astype(np.uint16) for _ in range(_FILMS)
    ]
    for name in ("plain", "jpeg2000"):
        paths = [scratch / f"{name}{number}.dcm" for number in range(_FILMS)]
        for path, pixels in zip(paths, stored, strict=True):
            header.PixelData = pixels.tobytes()
            if name == "jpeg2000":
                header.PixelData = encapsulate([bytes(openjpeg.encode(pixels, bits_stored=12, codec_format=0))])
                header["PixelData"].VR = "OB"
                header.file_meta.TransferSyntaxUID = JPEG2000Lossless
            dcmwrite(path, header, enforce_file_format=True)
        read_image(paths[0])
        costs[f"{name}_read_cpu_ms"] = cpu_ms(lambda paths=paths: [read_image(path) for path in paths], each=_FILMS)
        if name == "plain":
            costs["encode_cpu_ms"] = round(_encode_ms(paths) - costs["plain_read_cpu_ms"], 3)
        costs[f"{name}_bytes"] = sum(path.stat().st_size for path in paths) // _FILMS
    return costs


def _encode_ms(paths: list[Path]) -> float:
    """Everything that an ingest does with an image before it is stored."""
    encoder = load_encoder()

    def encode() -> None:
        for path in paths:
            indexed_image(encode_file(path, encoder), name=path.name, file_sha256=hash_files(path))

    return cpu_ms(encode, each=len(paths))


def plan_costs(folder: Path, image: Path) -> dict[str, float]:
    """Finding the cases of a manifest, and reading what each is made of."""
    folder.mkdir()
    shutil.copy(image, folder / "image")
    row = {"patient_id": "p", "image": "image", "report": "There is consolidation in the left lower lobe. " * 12}
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        manifest.writelines(json.dumps({"case_id": f"c{n}", **row}) + "\n" for n in range(_PLANNED))
    plan: list[Any] = []
    find = cpu_ms(lambda: plan.append(plan_ingest([folder])), each=_PLANNED)
    with plan[0], CaseIndex(folder / "index", create=True) as handle:
        screen = cpu_ms(lambda: sum(1 for _ in new_cases(plan[0], handle, ("model",), Screening())), each=_PLANNED)
    return {"find_cpu_ms_per_case": find, "screen_cpu_ms_per_case": screen}


def writer_costs(archive: Path, scratch: Path) -> dict[str, Any]:
    """The one writer without the encoding: a shard written and read, its cases stored."""
    with CaseIndex(scratch / "written", create=True) as handle, plan_ingest([archive]) as plan:
        start_worker(handle.site_key(), "default")
        list(read_shard(write_shard(scratch / "warm.jsonl", [])))
        outcomes = [try_case(job) for _, job in new_cases(plan, handle, ("none",), Screening())]
        shards: list[Path] = []
        read: list[Outcome] = []
        write = cpu_ms(lambda: shards.append(write_shard(scratch / "one.jsonl", outcomes)), each=len(outcomes))
        back = cpu_ms(lambda: read.extend(read_shard(shards[0])), each=len(outcomes))
        cases = [outcome.case for outcome in read if outcome.case is not None]
        store = cpu_ms(lambda: store_cases(handle, cases), each=len(cases))
    return {
        "shard": {
            "write_cpu_ms_per_case": write,
            "read_cpu_ms_per_case": back,
            "bytes_per_case": shards[0].stat().st_size // len(outcomes),
        },
        "writer": {"store_cpu_ms_per_case": store},
    }


def bytes_by_part(index: Path, images: int) -> dict[str, int]:
    """Bytes an image of what rows hold, without the tree around them."""
    sizes = {
        "tokens": "SELECT sum(length(tokens)) FROM embeddings",
        "previews": "SELECT sum(length(preview)) FROM images",
        "vectors": "SELECT sum(length(vector)) FROM vectors",
    }
    with closing(sqlite3.connect(index / "casekin.sqlite3")) as db:
        return {part: round((db.execute(query).fetchone()[0] or 0) / images) for part, query in sizes.items()}


def regions_per_image(index: Path) -> float:
    """Vectors an image, on average."""
    with closing(sqlite3.connect(index / "casekin.sqlite3")) as db:
        return round(db.execute("SELECT count(*) * 1.0 / count(DISTINCT image_id) FROM vectors").fetchone()[0], 2)


if __name__ == "__main__":
    main()
