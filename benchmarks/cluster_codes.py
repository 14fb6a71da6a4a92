"""Promise: the planner's size, from which a region on a Milvus server is listed by sign codes, is where that is faster.

Clustered vectors of one region are put onto the server as the engine puts them, with and without codes, at growing
sizes. Each search lists the nearest images and compares them exactly; vectors that were read before are forgotten, as
another question's would be. Both ways answer in turn, so that a busy machine slows both.

    python benchmarks/cluster_codes.py --server 127.0.0.1:19530 --out benchmarks/results/cluster_codes.json
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.address import parse_address
from casekin.index.cluster.codes import bits_of, code_rows, make_codes
from casekin.index.cluster.packing import vector_row
from casekin.index.cluster.segment import ClusterSegment
from casekin.index.cluster.server import Server

_DIM, _PLACE, _REGION = 88, "1/left_lower_lung_zone", "left_lower_lung_zone"
_PART = 20_000
_SETTLES_S = 10.0
"""The server moves what was written into sealed segments."""


def made_vectors(count: int, rng: np.random.Generator, centres: NDArray[np.float64]) -> NDArray[np.float16]:
    """Unit vectors `(count, 88)` around the centres."""
    vectors = centres[rng.integers(0, len(centres), count)] + 0.6 * rng.normal(size=(count, _DIM))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float16)


def search(segment: ClusterSegment, vector: NDArray[np.float32], *, exact: bool) -> tuple[NDArray[np.int64], int]:
    """The ten best images, best first, and how many were compared."""
    segment.kept.clear()
    depth = 64
    while True:
        ids, scores, bound = segment.nearest(vector, depth, None, exact=exact)
        order = np.lexsort((ids, -scores))[:10]
        if scores[order[-1]] >= bound:
            return ids[order], len(ids)
        depth *= 4


def put_vectors(server: Server, vectors: NDArray[np.float16], *, first: int) -> None:
    """Send vectors of images from this number on."""
    rows = ((1, _REGION, first + number, vector.astype("<f2").tobytes()) for number, vector in enumerate(vectors))
    server.put(server.vectors(_DIM), map(vector_row, rows))


def measure(server: Server, vectors: NDArray[np.float16], queries: NDArray[np.float16]) -> dict[str, object]:
    """Both ways on a region that the server holds already; its codes are made here."""
    ids = np.arange(1, len(vectors) + 1)
    started = time.perf_counter()
    codes = make_codes(f"{_PLACE}@{len(vectors)}", ids, vectors)
    if codes is None:
        return {"rows": len(vectors), "codes": None}
    server.put(server.codes(_DIM), code_rows(codes, _PLACE, ids, vectors))
    made_s = time.perf_counter() - started
    for name in (server.vectors(_DIM), server.codes(_DIM)):
        server.client.flush(name)
    server.expect_change()
    time.sleep(_SETTLES_S)
    segment = ClusterSegment(
        blocks=(), cases=(), has_gone=(), server=server, codes=codes, place=_PLACE, dim=_DIM,
        case_of_image=np.arange(len(vectors) + 1, dtype=np.int32), kept={},
    )  # fmt: skip
    times: dict[str, list[float]] = {"floats": [], "codes": []}
    shares, compared = [], []
    for number, query in enumerate(queries.astype(np.float32)):
        lists = []
        for name, exact in (("floats", True), ("codes", False)):
            started = time.perf_counter()
            found, count = search(segment, query, exact=exact)
            if number >= 5:  # the first ones wait for the server to load
                times[name].append(1000 * (time.perf_counter() - started))
            lists.append(found)
        shares.append(float(np.isin(lists[0], lists[1]).mean()))
        compared.append(count)
    p50 = {name: float(np.median(taken)) for name, taken in times.items()}
    return {
        "rows": len(vectors),
        "codes": {"depth": codes.depth, "recall": codes.recall, "bits": bits_of(_DIM), "made_s": made_s},
        "recall_at_10": float(np.mean(shares)),
        "compared": float(np.mean(compared)),
        "p50_ms": p50,
        "p90_ms": {name: float(np.quantile(taken, 0.9)) for name, taken in times.items()},
        "ratio_p50": p50["codes"] / p50["floats"],
    }


def main() -> None:
    """Parse, measure at every size, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="HOST:PORT of a Milvus server without an index of this name")
    parser.add_argument("--name", default="cluster_codes")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    centres = rng.normal(size=(200, _DIM))
    vectors = made_vectors(max(options.rows), rng, centres)
    queries = made_vectors(options.queries + 5, rng, centres)
    server = Server(parse_address(f"milvus://{options.server}/{options.name}"))
    server.create_vectors(_DIM)
    server.create_codes(_DIM, bits=bits_of(_DIM))
    found, put = [], 0
    for rows in sorted(options.rows):
        for first in range(put, rows, _PART):
            put_vectors(server, vectors[first : min(first + _PART, rows)], first=first + 1)
        put = rows
        found.append(measure(server, vectors[:rows], queries))
        print(json.dumps(found[-1], sort_keys=True), flush=True)
    server.close()
    if options.out is not None:
        text = json.dumps({"dim": _DIM, "queries": options.queries, "sizes": found}, indent=2, sort_keys=True)
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
