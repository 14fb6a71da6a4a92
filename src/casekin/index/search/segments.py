"""The vectors of one region: a large block derived once and kept in files, and a small one of what came since.

A row never changes: an image that is written again gets a new id. So a block stays valid for ever; rows whose image is
gone are left out by the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.index.search.codes import Codes, build_codes, open_codes, write_codes
from casekin.index.search.engine import faiss
from casekin.index.search.halves import inner_products, widen

_LANE = 16
"""FAISS decodes 16 numbers at a time; a dimension that isn't a multiple of it makes a scan six times slower."""
SCANNED_BYTES = 16 * 2**20
"""A block, or the allowed part of one, is scanned exactly up to this size: 0.6 ms at 25 GB/s (docs/decisions/0023)."""
MATRIX_BYTES = 64 * 2**20
"""As float32 a block is scored whole up to this size: 170,000 rows of 96 numbers in 6 ms (docs/decisions/0028)."""
GATHERED_SHARE = 0.01
"""Below this share of allowed rows, taking them one by one is faster than a scan that skips the others."""
_IDS, _VECTORS, _CODES = "image_ids.npy", "vectors.faiss", "codes.faiss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows by ascending `image_ids` `(n,)`: float16 `vectors` `(n, padded)`, a FAISS scan over them, perhaps codes."""

    image_ids: NDArray[np.int64]
    vectors: NDArray[np.float16]
    scan: Any
    codes: Codes | None = None

    def nearest(
        self, query: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None, *, exact: bool
    ) -> tuple[NDArray[np.int64], float]:
        """At least the `depth` rows most similar to a padded query, and the similarity that no other row exceeds.

        `allowed` is a mask over rows. When nothing is left out, that bound is minus infinity. Candidates by codes may
        miss a row, at the rate measured when the codes were built; `exact` does without them.
        """
        count = len(self.image_ids) if allowed is None else int(np.count_nonzero(allowed))
        if count == 0:
            return np.zeros(0, dtype=np.int64), -np.inf
        if allowed is not None and count < GATHERED_SHARE * len(allowed):
            rows = np.flatnonzero(allowed)
            if depth >= count:
                return rows, -np.inf
            scores = inner_products(self.vectors, rows, query)
            best = np.argpartition(-scores, depth - 1)[:depth]
            return rows[best], float(scores[best].min())
        bitmap = None if allowed is None else np.packbits(allowed, bitorder="little")
        if self.codes is not None and not exact and self.goes_by_codes(count):
            rows, bound = self.codes.nearest(query, depth, bitmap=bitmap, share=count / len(self.image_ids))
            return rows, bound if len(rows) < count else -np.inf
        depth = min(depth, count)
        params = None if bitmap is None else faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))
        scores, found = self.scan.search(query[None, :], depth, params=params)
        return found[0], -np.inf if depth == count else float(scores[0, -1])

    def goes_by_codes(self, count: int) -> bool:
        """Whether so many allowed rows are looked for by codes."""
        return self.codes is not None and count * self.vectors.itemsize * self.vectors.shape[1] > SCANNED_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """All vectors of one region in one state of the store; `cases[i]` are the case numbers of `blocks[i]`'s rows.

    A case number 0 marks a row whose image is gone.
    """

    blocks: tuple[Block, ...]
    cases: tuple[NDArray[np.int32], ...]
    has_gone: tuple[bool, ...]

    @property
    def least_depth(self) -> int:
        """How many candidates its codes name at least; 0 without codes."""
        return max((block.codes.depth for block in self.blocks if block.codes is not None), default=0)

    @property
    def fits_matrices(self) -> bool:
        """Whether every vector may be compared at once; never where they aren't at hand."""
        return bool(self.blocks) and all(2 * block.vectors.nbytes <= MATRIX_BYTES for block in self.blocks)

    def goes_by_codes(self, allowed: NDArray[np.bool_] | None) -> bool:
        """Whether `nearest` asks codes under this mask over case numbers."""
        return any(
            block.goes_by_codes(len(block.image_ids) if rows is None else int(np.count_nonzero(rows)))
            for block, rows in self.listed(allowed)
        )

    def nearest(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None, *, exact: bool = False
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
        """At least the `depth` most similar images: ids, inner products, and what no image left out exceeds.

        `allowed` is a mask over case numbers. Where nothing is left out, that bound is minus infinity.
        """
        query = padded(vector)
        lists = []
        for block, listed in self.listed(allowed):
            rows, bound = block.nearest(query, depth, listed, exact=exact)
            lists.append((block.image_ids[rows], inner_products(block.vectors, rows, query), bound))
        if not lists:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32), -np.inf
        if len(lists) == 1:
            return lists[0]
        ids, scores, bounds = zip(*lists, strict=True)
        return np.concatenate(ids), np.concatenate(scores), max(bounds)

    def listed(self, allowed: NDArray[np.bool_] | None) -> Iterator[tuple[Block, NDArray[np.bool_] | None]]:
        """Each block with a mask over its rows of those that may be listed; None means all."""
        for block, cases, has_gone in zip(self.blocks, self.cases, self.has_gone, strict=True):
            rows = None if allowed is None else allowed.take(cases)
            if has_gone:
                rows = cases > 0 if rows is None else rows & (cases > 0)
            yield block, rows

    def similarity(self, vector: NDArray[np.float32], image_ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Inner products `(n,)` with the given images; 0 for an image in which this region isn't visible."""
        scores = np.zeros(len(image_ids), dtype=np.float32)
        query = padded(vector)
        for block, found, rows in self._found(image_ids):
            scores[found] = inner_products(block.vectors, rows, query)
        return scores

    def vectors_of(self, image_ids: NDArray[np.int64], dim: int) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of the images show this region `(n,)`, and their vectors `(n, dim)`, zeros for the others."""
        shown = np.zeros(len(image_ids), dtype=bool)
        vectors = np.zeros((len(image_ids), dim), dtype=np.float32)
        for block, found, rows in self._found(image_ids):
            shown[found] = True
            vectors[found] = widen(block.vectors[rows])[:, :dim]
        return shown, vectors

    def _found(self, image_ids: NDArray[np.int64]) -> Iterator[tuple[Block, NDArray[np.int64], NDArray[np.int64]]]:
        """Each block that holds any of the images: their positions in `image_ids`, and their rows in it."""
        for block in self.blocks:
            rows = np.minimum(np.searchsorted(block.image_ids, image_ids), len(block.image_ids) - 1)
            found = np.flatnonzero(block.image_ids[rows] == image_ids)
            if len(found):
                yield block, found, rows[found]


def make_segment(blocks: tuple[Block, ...], case_of_image: NDArray[np.int32]) -> Segment:
    """A segment of the blocks that hold anything; `case_of_image` by image id, 0 where an image is gone."""
    kept = tuple(block for block in blocks if len(block.image_ids))
    cases = tuple(_cases_of(block.image_ids, case_of_image) for block in kept)
    return Segment(blocks=kept, cases=cases, has_gone=tuple(bool((numbers == 0).any()) for numbers in cases))


def build_block(image_ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> Block:
    """A block in memory over vectors `(n, dim)`; float16 is kept, so scores equal those of the stored vectors."""
    rows = padded(vectors) if len(image_ids) else np.zeros((0, _LANE), dtype=np.float16)
    scan = _make_scan(rows.shape[1])
    _add(scan, rows)
    return Block(image_ids=image_ids, vectors=rows, scan=scan)


def extend_block(block: Block | None, parts: Iterable[tuple[NDArray[np.int64], NDArray[np.float16]]]) -> Block | None:
    """A block in memory of another's rows and further ones, whose image ids are higher; None where there are none."""
    columns = [] if block is None else [(block.image_ids, block.vectors)]
    further = [(image_ids, padded(vectors)) for image_ids, vectors in parts]
    if not further:
        return block
    ids, vectors = zip(*columns, *further, strict=True)
    return build_block(np.concatenate(ids), np.concatenate(vectors))


def write_block(folder: Path, parts: Iterable[tuple[NDArray[np.int64], NDArray[np.float16]]]) -> dict[str, Any]:
    """Write the files of a block whose rows come in parts, each of image ids and vectors `(n, dim)`.

    A block that is too large to be scanned gets codes. Returns what `open_block` needs. At least one row is expected.
    """
    ids, scan = [], None
    for image_ids, vectors in parts:
        rows = padded(vectors)
        scan = _make_scan(rows.shape[1]) if scan is None else scan
        _add(scan, rows)
        ids.append(image_ids)
    np.save(folder / _IDS, np.concatenate(ids))
    faiss.write_index(scan, str(folder / _VECTORS))
    facts: dict[str, Any] = {"rows": sum(map(len, ids)), "mark": int(ids[-1][-1]), "codes": None}
    del scan
    block = open_block(folder, facts)
    if block.vectors.nbytes > SCANNED_BYTES:
        codes = build_codes(block.vectors)
        write_codes(folder / _CODES, codes)
        facts["codes"] = codes.facts()
    return facts


def open_block(folder: Path, facts: Mapping[str, Any]) -> Block:
    """The block that `write_block` wrote; its vectors stay on disk and are read as they are needed."""
    path = folder / _VECTORS
    scan = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    rows = int(facts["rows"])
    # FAISS writes the vectors last, behind a header of its own.
    start = path.stat().st_size - rows * 2 * scan.d
    # Plain arrays over the mapped files: indexing numpy's own class for them costs more than the rows it gives.
    vectors = np.memmap(path, dtype="<f2", mode="r", offset=start, shape=(rows, scan.d)).view(np.ndarray)
    image_ids = np.load(folder / _IDS, mmap_mode="r").view(np.ndarray)
    codes = None if facts["codes"] is None else open_codes(folder / _CODES, facts["codes"])
    return Block(image_ids=image_ids, vectors=vectors, scan=scan, codes=codes)


def _make_scan(dim: int) -> Any:
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _add(scan: Any, rows: NDArray[np.float16]) -> None:
    if len(rows):
        scan.add_sa_codes(np.ascontiguousarray(rows, dtype="<f2").view(np.uint8))


def _cases_of(image_ids: NDArray[np.int64], case_of_image: NDArray[np.int32]) -> NDArray[np.int32]:
    known = image_ids < len(case_of_image)
    return np.where(known, case_of_image[np.where(known, image_ids, 0)], 0).astype(np.int32)


def padded(vectors: NDArray[Any]) -> NDArray[Any]:
    """One vector `(dim,)` or several `(n, dim)` with zeros to a multiple of FAISS's lanes: they change no product."""
    dim = vectors.shape[-1]
    if dim % _LANE == 0:
        return vectors
    result = np.zeros((*vectors.shape[:-1], dim + -dim % _LANE), dtype=vectors.dtype)
    result[..., :dim] = vectors
    return result
