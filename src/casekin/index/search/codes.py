"""One bit a dimension: inverted lists of RaBitQ codes that name candidates, whose scores are then taken exactly.

How many lists to look into, how many candidates to name and how far an estimate may be off are measured when the lists
are built, against exact answers for rows of the segment itself. Where vectors have no clusters, more lists are needed;
at worst all of them, which is a plain scan of the codes.

RaBitQ: Gao and Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound" (SIGMOD 2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.index.search.engine import faiss

_TRAINING_ROWS_A_LIST = 40
_SAMPLED_QUERIES = 200
_MEASURED_TOP = 10
_LEAST_RECALL = 0.998
"""Of the ten nearest, over the sampled queries; what is promised of a search is 0.99."""
_DEPTHS = (64, 128, 256, 512, 1024, 2048, 4096)
_WIDENED_SHARE = 0.05
"""Share of the sampled queries that would ask for more candidates, because theirs are told apart less clearly."""
_BLOCK_ROWS = 50_000
_SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Inverted lists over the rows of a block. `probes` lists are searched for `depth` candidates.

    `margin` is by how much the tenth best similarity exceeds the last candidate's estimate in nearly all measured
    queries; a query that falls short of it needs more candidates. `recall` is the measured share of the ten nearest
    that are among the candidates.
    """

    engine: Any
    probes: int
    depth: int
    margin: float
    recall: float

    def nearest(
        self, vector: NDArray[np.float32], depth: int, *, bitmap: NDArray[np.uint8] | None, share: float
    ) -> tuple[NDArray[np.int64], float]:
        """At least `depth` candidates' rows, and a similarity that no other row is expected to exceed.

        `bitmap` says which rows are allowed, `share` how many of all these are; fewer of them need more lists.
        """
        depth = max(depth, self.depth)
        probes = round(self.probes * (depth / self.depth) ** 0.5 / share)
        selector = None if bitmap is None else faiss.IDSelectorBitmap(bitmap)
        params = faiss.IVFSearchParameters(nprobe=min(max(probes, 1), self.engine.nlist), sel=selector)
        estimates, rows = self.engine.search(vector[None, :], min(depth, self.engine.ntotal), params=params)
        found = rows[0] >= 0
        last = estimates[0][found]
        return rows[0][found], (float(last[-1]) if len(last) else 0.0) + self.margin

    def facts(self) -> dict[str, Any]:
        """What was measured, as `open_codes` needs it."""
        return {"probes": self.probes, "depth": self.depth, "margin": self.margin, "recall": self.recall}


def write_codes(path: Path, codes: Codes) -> None:
    """Write the lists into a file."""
    faiss.write_index(codes.engine, str(path))


def open_codes(path: Path, facts: Mapping[str, Any]) -> Codes:
    """The lists of a file that `write_codes` wrote, with what was measured then."""
    return Codes(engine=faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), **facts)


def build_codes(vectors: NDArray[np.float16]) -> Codes:
    """Lists over vectors `(n, dim)`, about √n of them, and what a search needs to know of them."""
    rows, dim = vectors.shape
    count = 2 ** max(round(np.log2(rows) / 2), 1)
    random = np.random.default_rng(_SEED)
    engine = faiss.index_factory(dim, f"IVF{count},RaBitQ", faiss.METRIC_INNER_PRODUCT)
    sample = np.sort(random.choice(rows, min(rows, count * _TRAINING_ROWS_A_LIST), replace=False))
    engine.train(vectors[sample].astype(np.float32))
    for start in range(0, rows, _BLOCK_ROWS):
        engine.add(vectors[start : start + _BLOCK_ROWS].astype(np.float32))
    asked = np.sort(random.choice(rows, min(rows, _SAMPLED_QUERIES), replace=False))
    return _measured(engine, vectors, asked)


def _measured(engine: Any, vectors: NDArray[np.float16], asked: NDArray[np.int64]) -> Codes:
    """The fewest lists that find the ten nearest, then the fewest candidates that still hold them."""
    nearest, tenth = _exact_nearest(vectors, asked)
    queries = vectors[asked].astype(np.float32)
    probes = 1
    while True:
        params = faiss.IVFSearchParameters(nprobe=probes)
        estimates, rows = engine.search(queries, min(_DEPTHS[-1], engine.ntotal), params=params)
        if _recall(nearest, rows) >= _LEAST_RECALL or probes >= engine.nlist:
            break
        probes *= 2
    depth = next((depth for depth in _DEPTHS if _recall(nearest, rows[:, :depth]) >= _LEAST_RECALL), _DEPTHS[-1])
    last = np.where(rows >= 0, estimates, np.inf)[:, :depth].min(axis=1)
    margin = float(np.quantile(tenth - last, _WIDENED_SHARE))
    return Codes(engine=engine, probes=probes, depth=depth, margin=margin, recall=_recall(nearest, rows[:, :depth]))


def _recall(nearest: NDArray[np.int64], rows: NDArray[np.int64]) -> float:
    return float(np.mean([np.isin(own, found).mean() for own, found in zip(nearest, rows, strict=True)]))


def _exact_nearest(
    vectors: NDArray[np.float16], asked: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Rows nearest to each asked row but itself `(q, 10)`, and the similarity of the last of them `(q,)`."""
    queries = vectors[asked].astype(np.float32)
    kept = np.full((len(asked), _MEASURED_TOP), -np.inf, dtype=np.float32)
    rows = np.full((len(asked), _MEASURED_TOP), -1, dtype=np.int64)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS].astype(np.float32)
        scores = queries @ block.T
        own = np.flatnonzero((asked >= start) & (asked < start + len(block)))
        scores[own, asked[own] - start] = -np.inf
        top = np.argpartition(-scores, min(_MEASURED_TOP, scores.shape[1] - 1), axis=1)[:, :_MEASURED_TOP]
        both = np.concatenate([kept, np.take_along_axis(scores, top, axis=1)], axis=1)
        both_rows = np.concatenate([rows, top + start], axis=1)
        best = np.argsort(-both, axis=1, kind="stable")[:, :_MEASURED_TOP]
        kept, rows = np.take_along_axis(both, best, axis=1), np.take_along_axis(both_rows, best, axis=1)
    return rows, kept[:, -1]
