"""Side by side: what engines take for the same vectors, queries and filters, and how many of the nearest they find.

Each engine that the interpreter has (`pip install 'casekin[engines]'`, 600 MB, best in an environment of its own)
stores 100,000 clustered unit vectors of 128 numbers with a number in 0..99 beside each, and answers 200 unseen queries
one at a time on one thread: the ten nearest, and the ten nearest of the 10 % and the 1 % of rows whose number is small.
HNSW graphs have 16 links and look at 64 candidates. Ours is the index's handle with everything it does for a question:
a list by patient, a bound, an order. Recall is against a matrix product in numpy.

    python benchmarks/search_engines.py
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustered_vectors import clustered

_TOP = 10
_LINKS, _BUILD_WIDTH, _WIDTH = 16, 100, 64
_SHARES = {"all": 100, "10 %": 10, "1 %": 1}
Array = NDArray[np.float32]
Ask = Callable[[Array, int], list[int]]
"""The rows nearest to a query among those whose number is below a limit (100: all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    rows: Array
    numbers: NDArray[np.int64]
    queries: Array


def casekin_index(data: Data, folder: Path) -> Ask:
    from casekin.index import CaseIndex, Term
    from search_scale import ask, fill_rows

    fill_rows(folder, data.rows)
    index = CaseIndex(folder)
    masks = {limit: np.concatenate([[False], data.numbers < limit]) for limit in _SHARES.values()}

    def nearest(query: Array, limit: int) -> list[int]:
        terms = [Term(region="global", vector=query, weight=1.0)]
        return [int(name[5:]) for name, _ in ask(index, terms, None if limit == 100 else masks[limit])]

    return nearest


def faiss_scan(data: Data, folder: Path) -> Ask:
    import faiss

    faiss.omp_set_num_threads(1)
    engine = faiss.IndexScalarQuantizer(data.rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    engine.train(data.rows[:2])
    engine.add(data.rows)
    return _by_bitmap(engine, data, lambda selector: faiss.SearchParameters(sel=selector))


def faiss_graph(data: Data, folder: Path) -> Ask:
    import faiss

    faiss.omp_set_num_threads(1)
    engine = faiss.IndexHNSWFlat(data.rows.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    engine.hnsw.efConstruction = _BUILD_WIDTH
    engine.add(data.rows)
    return _by_bitmap(engine, data, lambda selector: faiss.SearchParametersHNSW(efSearch=_WIDTH, sel=selector))


def _by_bitmap(engine: Any, data: Data, params: Callable[[Any], Any]) -> Ask:
    import faiss

    maps = {limit: np.packbits(data.numbers < limit, bitorder="little") for limit in _SHARES.values()}
    chosen = {limit: params(None if limit == 100 else faiss.IDSelectorBitmap(bits)) for limit, bits in maps.items()}

    def nearest(query: Array, limit: int) -> list[int]:
        return list(engine.search(query[None, :], _TOP, params=chosen[limit])[1][0].tolist())

    nearest.kept = (engine, maps)  # type: ignore[attr-defined]  # FAISS holds no reference of its own
    return nearest


def usearch_graph(data: Data, folder: Path) -> Ask:
    from usearch.index import Index

    engine = Index(
        ndim=data.rows.shape[1], metric="ip", dtype="f16", connectivity=_LINKS, expansion_add=_BUILD_WIDTH,
        expansion_search=_WIDTH,
    )  # fmt: skip
    engine.add(np.arange(len(data.rows)), data.rows, threads=1)

    def nearest(query: Array, limit: int) -> list[int]:
        if limit < 100:
            raise NotImplementedError("no filter in its Python interface")
        return [int(key) for key in engine.search(query, _TOP, threads=1).keys]

    return nearest


def hnswlib_graph(data: Data, folder: Path) -> Ask:
    import hnswlib

    engine = hnswlib.Index(space="ip", dim=data.rows.shape[1])
    engine.init_index(max_elements=len(data.rows), M=_LINKS, ef_construction=_BUILD_WIDTH, random_seed=1)
    engine.set_num_threads(1)
    engine.add_items(data.rows, num_threads=1)
    engine.set_ef(_WIDTH)
    small = {limit: set(np.flatnonzero(data.numbers < limit).tolist()) for limit in (10, 1)}

    def nearest(query: Array, limit: int) -> list[int]:
        allowed = None if limit == 100 else small[limit].__contains__
        return [int(row) for row in engine.knn_query(query, _TOP, num_threads=1, filter=allowed)[0][0]]

    return nearest


def lancedb_lists(data: Data, folder: Path) -> Ask:
    os.environ.setdefault("LANCE_LOG", "error")  # it warns at every query of a column of its own answer
    import lancedb
    import pyarrow as pa

    vectors = pa.FixedSizeListArray.from_arrays(pa.array(data.rows.ravel()), data.rows.shape[1])
    columns = {"row": pa.array(np.arange(len(data.rows))), "number": pa.array(data.numbers), "vector": vectors}
    table = lancedb.connect(str(folder)).create_table("rows", pa.table(columns))
    table.create_index(metric="dot", index_type="IVF_RQ", num_partitions=256)
    table.create_scalar_index("number")

    def nearest(query: Array, limit: int) -> list[int]:
        search = table.search(query).distance_type("dot").nprobes(20).refine_factor(10).select(["row"]).limit(_TOP)
        search = search if limit == 100 else search.where(f"number < {limit}", prefilter=True)
        return [int(row) for row in search.to_arrow()["row"].to_pylist()]

    return nearest


def qdrant_edge_graph(data: Data, folder: Path) -> Ask:
    import qdrant_edge as edge

    folder.mkdir()
    graph = edge.HnswIndexConfig(m=_LINKS, ef_construct=_BUILD_WIDTH, full_scan_threshold=1000, max_indexing_threads=1)
    vectors = edge.EdgeVectorParams(size=data.rows.shape[1], distance=edge.Distance.Dot)
    shard = edge.EdgeShard.create(str(folder), edge.EdgeConfig(vectors=vectors, hnsw_config=graph))
    for start in range(0, len(data.rows), 5000):
        part = range(start, min(start + 5000, len(data.rows)))
        points = [edge.Point(n, data.rows[n].tolist(), {"number": int(data.numbers[n])}) for n in part]
        shard.update(edge.UpdateOperation.upsert_points(points))
    shard.update(edge.UpdateOperation.create_field_index("number", edge.PayloadSchemaType.Integer))
    while shard.optimize():
        pass
    params = edge.SearchParams(hnsw_ef=_WIDTH)

    def nearest(query: Array, limit: int) -> list[int]:
        small = edge.FieldCondition(key="number", range=edge.RangeFloat(lt=limit))
        request = edge.SearchRequest(
            query=edge.Query.Nearest(query.tolist()), limit=_TOP, params=params,
            filter=None if limit == 100 else edge.Filter(must=[small]),
        )  # fmt: skip
        return [int(point.id) for point in shard.search(request)]

    return nearest


def zvec_graph(data: Data, folder: Path) -> Ask:
    import zvec

    param = zvec.HnswIndexParam(metric_type=zvec.MetricType.IP, m=_LINKS, ef_construction=_BUILD_WIDTH)
    schema = zvec.CollectionSchema(
        name="rows",
        fields=zvec.FieldSchema("number", zvec.DataType.INT64, index_param=zvec.InvertIndexParam(True)),
        vectors=zvec.VectorSchema("vector", zvec.DataType.VECTOR_FP32, data.rows.shape[1], index_param=param),
    )
    collection = zvec.create_and_open(path=str(folder), schema=schema)
    for start in range(0, len(data.rows), 1000):
        part = range(start, min(start + 1000, len(data.rows)))
        collection.insert(
            [
                zvec.Doc(id=str(n), vectors={"vector": data.rows[n]}, fields={"number": int(data.numbers[n])})
                for n in part
            ]
        )
    collection.optimize()

    def nearest(query: Array, limit: int) -> list[int]:
        asked = zvec.Query(field_name="vector", vector=query, param=zvec.HnswQueryParam(ef=_WIDTH))
        found = collection.query(
            asked, topk=_TOP, filter=None if limit == 100 else f"number < {limit}", output_fields=[]
        )
        return [int(doc.id) for doc in found]

    return nearest


ENGINES: dict[str, Callable[[Data, Path], Ask]] = {
    "casekin": casekin_index, "faiss, float16 scan": faiss_scan, "faiss, HNSW": faiss_graph, "usearch": usearch_graph,
    "hnswlib": hnswlib_graph, "LanceDB, IVF_RQ": lancedb_lists, "Qdrant Edge": qdrant_edge_graph, "zvec": zvec_graph,
}  # fmt: skip


def measure(build: Callable[[Data, Path], Ask], data: Data, exact: dict[int, NDArray[np.int64]]) -> dict[str, Any]:
    """Build and ask. `exact` holds the ten nearest rows of every query under each limit."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, began = Path(scratch) / "engine", time.process_time()
        ask = build(data, folder)
        result: dict[str, Any] = {"build_cpu_s": round(time.process_time() - began, 1)}
        for name, limit in _SHARES.items():
            try:
                result[name] = _answers(ask, data, limit, exact[limit])
            except NotImplementedError as error:
                result[name] = str(error)
        sizes = [path.stat().st_size for path in Path(scratch).rglob("*") if path.is_file()]
        return {**result, "disk_mb": round(sum(sizes) / 1e6, 1)}


def _answers(ask: Ask, data: Data, limit: int, exact: NDArray[np.int64]) -> dict[str, float]:
    for query in data.queries[:20]:
        ask(query, limit)
    times, found = [], []
    for query, nearest in zip(data.queries, exact, strict=True):
        began, busy = time.perf_counter(), time.process_time()
        rows = ask(query, limit)
        times.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))
        found.append(len(set(rows) & set(nearest.tolist())) / len(nearest))
    wall, busy_ms = np.array(times).T
    p50, p99 = np.percentile(wall, (50, 99))
    return {
        "p50_ms": round(float(p50), 3), "p99_ms": round(float(p99), 3), "cpu_ms": round(float(np.median(busy_ms)), 3),
        "recall@10": round(float(np.mean(found)), 4),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--engine", action="append", choices=list(ENGINES), help="only these; may be repeated")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "search_engines.json")
    args = parser.parse_args()
    rows = clustered(args.rows, args.dim, seed=1, family=0)
    numbers = np.random.default_rng(3).integers(0, 100, args.rows)
    data = Data(rows=rows, numbers=numbers, queries=clustered(200, args.dim, seed=0, family=0))
    scores = data.queries @ rows.T
    exact = {
        limit: np.argsort(-np.where(numbers < limit, scores, -np.inf), axis=1, kind="stable")[:, :_TOP]
        for limit in _SHARES.values()
    }
    report: dict[str, Any] = {"benchmark": "search_engines", "rows": args.rows, "dim": args.dim, "engines": {}}
    if args.out.exists() and args.engine:
        report["engines"] = json.loads(args.out.read_text(encoding="utf-8"))["engines"]
    for name, build in ENGINES.items():
        if args.engine is None or name in args.engine:
            try:
                report["engines"][name] = measure(build, data, exact)
            except ImportError as error:
                report["engines"].setdefault(name, f"not installed: {error.name}")
            print(name, json.dumps(report["engines"][name]), flush=True)
            args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
