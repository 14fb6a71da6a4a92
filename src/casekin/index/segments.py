"""FAISS segments, one per region, derived from the store: exact inner product over float16 vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss as _faiss
import numpy as np
from numpy.typing import NDArray

# One query on several OpenMP threads is slower than on one (a scan is memory bound); doors run requests in parallel.
_faiss.omp_set_num_threads(1)


faiss: Any = _faiss  # the stubs describe the C++ signatures, not the Python ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """All vectors of one region: `image_ids` ascending `(n,)` and the FAISS index over the same rows."""

    image_ids: NDArray[np.int64]
    engine: Any

    def nearest(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], float]:
        """The `depth` most similar image ids, and the similarity that no image left out exceeds.

        `allowed` is a mask over image ids. When nothing is left out, that bound is minus infinity.
        """
        rows = self.image_ids if allowed is None else self.image_ids[allowed[self.image_ids]]
        depth = min(depth, len(rows))
        if depth == 0:
            return np.zeros(0, dtype=np.int64), -np.inf
        params = None
        if allowed is not None:
            bitmap = np.packbits(allowed[self.image_ids], bitorder="little")
            params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))
        scores, positions = self.engine.search(vector[None, :], depth, params=params)
        bound = -np.inf if depth == len(rows) else float(scores[0, -1])
        return self.image_ids[positions[0]], bound

    def similarity(self, vector: NDArray[np.float32], image_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Inner products `(n,)` with the given images; 0 for an image in which this region isn't visible."""
        scores = np.zeros(len(image_ids), dtype=np.float32)
        positions = np.searchsorted(self.image_ids, image_ids)
        positions = np.minimum(positions, max(len(self.image_ids) - 1, 0))
        found = np.flatnonzero(self.image_ids[positions] == image_ids) if len(self.image_ids) else np.zeros(0, np.int64)
        if len(found):
            # einsum, not matmul: each row's sum must not depend on which other rows are asked with it.
            rows = self.engine.reconstruct_batch(positions[found])
            scores[found] = np.einsum("nd,d->n", rows, vector)
        return scores


def build_segment(image_ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> Segment:
    """Segment over vectors `(n, dim)`; float16 is kept, so scores equal those of the stored vectors."""
    dim = vectors.shape[1] if vectors.size else 1
    engine = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    if len(image_ids):
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        engine.train(rows)
        engine.add(rows)
    return Segment(image_ids=image_ids, engine=engine)
