"""Promise: a region searched on a Milvus server gives the embedded engine's list; this is what the way there costs.

One archive of clustered vectors is put into a folder and onto the server, by the same calls. Each search lists the
nearest images of a region and compares them exactly, as a journey does: in a snapshot, with the ten best cases. Both
engines answer the same questions in turn, so that a busy machine slows both.

    python benchmarks/cluster_latency.py --server 127.0.0.1:19530 --out benchmarks/results/cluster_latency.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.index import CaseIndex, IndexedCase, IndexedImage, Term, open_index

_REGION, _DIM = "left_lower_lung_zone", 88
_BATCH = 1000
_UPRIGHT = {"stored": [100, 80], "frontal": [100, 80], "transposed": False, "flip_rows": False, "flip_columns": False}


def made_cases(count: int, seed: int) -> Iterator[IndexedCase]:
    """Cases of one image with one vector, around 200 directions."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(200, _DIM))
    image = IndexedImage(
        image="a.png", content_sha256="", file_sha256="", width=80, height=100, turn=_UPRIGHT, vectors={}, boxes={},
        tokens=b"", preview=b"",
    )  # fmt: skip
    for number in range(count):
        vector = centres[number % 200] + 0.6 * rng.normal(size=_DIM)
        unit = np.asarray(vector / np.linalg.norm(vector), dtype=np.float16)
        shown = replace(image, content_sha256=f"c{number}", file_sha256=f"f{number}", vectors={_REGION: unit})
        name = f"case-{number:06d}"
        yield IndexedCase(
            case_id=name, patient_id=name, patient=name, stamp=name, model_version="made", images=(shown,)
        )  # fmt: skip


def fill(index: CaseIndex, count: int, seed: int) -> float:
    """Put the cases in; returns the seconds it took."""
    started, batch = time.perf_counter(), []
    for case in made_cases(count, seed):
        batch.append(case)
        if len(batch) == _BATCH:
            index.put(batch)
            batch = []
    if batch:
        index.put(batch)
    index.write_derived()
    return time.perf_counter() - started


def commit_ms(indexes: Mapping[str, CaseIndex], puts: int) -> dict[str, dict[str, float]]:
    """Median milliseconds until a put of one case, and of a hundred, is durable; the indexes take turns."""
    found: dict[str, dict[str, float]] = {name: {} for name in indexes}
    for size in (1, 100):
        times: dict[str, list[float]] = {name: [] for name in indexes}
        for number in range(puts):
            batch = [replace(case, case_id=f"put-{size}-{number}-{case.case_id}") for case in made_cases(size, number)]
            for name, index in indexes.items():
                started = time.perf_counter()
                index.put(batch)
                times[name].append(1000 * (time.perf_counter() - started))
        for name, taken in times.items():
            found[name][str(size)] = float(np.median(taken))
    return found


def search(index: CaseIndex, vector: NDArray[np.float32]) -> list[int]:
    """The ten best images of the region, best first, ties by id."""
    term = Term(region=_REGION, vector=vector, weight=1.0)
    with index.snapshot():
        for wave in index.nearest([term], allowed_cases=None):
            scores = index.similarities([term], wave.image_ids)[:, 0]
            order = np.lexsort((wave.image_ids, -scores))[:10]
            if len(order) == 10 and scores[order[-1]] >= wave.bound:
                break
    return [int(image_id) for image_id in wave.image_ids[order]]


def measure(folder: Path, address: str, *, cases: int, queries: int, seed: int) -> dict[str, object]:
    """Seconds to fill and milliseconds a search of both engines, and how many lists are the same."""
    rng = np.random.default_rng(seed + 1)
    times: dict[str, list[float]] = {"embedded": [], "milvus": []}
    with open_index(folder, create=True) as embedded, open_index(address, create=True) as far:
        filled = {"embedded": fill(embedded, cases, seed), "milvus": fill(far, cases, seed)}
        same = 0
        for number in range(queries + 5):
            vector = rng.normal(size=_DIM).astype(np.float32)
            vector /= np.linalg.norm(vector)
            lists = []
            for name, index in (("embedded", embedded), ("milvus", far)):
                started = time.perf_counter()
                lists.append(search(index, vector))
                if number >= 5:  # the first ones read files and open segments
                    times[name].append(1000 * (time.perf_counter() - started))
            same += number >= 5 and lists[0] == lists[1]
        commits = commit_ms({"embedded": embedded, "milvus": far}, 15)
    p50 = {name: float(np.median(taken)) for name, taken in times.items()}
    return {
        "cases": cases,
        "dim": _DIM,
        "queries": queries,
        "same_lists": same,
        "fill_s": filled,
        "commit_p50_ms": commits,
        "p50_ms": p50,
        "p99_ms": {name: float(np.quantile(taken, 0.99)) for name, taken in times.items()},
        "ratio_p50": p50["milvus"] / p50["embedded"],
    }


def main() -> None:
    """Parse, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="HOST:PORT of a Milvus server without an index of this name")
    parser.add_argument("--name", default="cluster_latency")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    address = f"milvus://{options.server}/{options.name}"
    with tempfile.TemporaryDirectory() as folder:
        found = measure(
            Path(folder) / "index", address, cases=options.cases, queries=options.queries, seed=options.seed
        )  # fmt: skip
    text = json.dumps(found, indent=2, sort_keys=True)
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
