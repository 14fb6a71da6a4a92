"""Sign codes of a large region's vectors on the server: it lists by Hamming distance, what it lists is compared here.

A code's bits are the signs of a vector, less the region's mean, in random directions: bits that differ grow with the
angle (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002). How many rows have to be
listed is measured when the codes are made, against exact answers for rows of the region itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.server import Row

CODED_ROWS = 2_000_000
"""Regions of fewer images are compared whole: the server's scan of floats is faster (docs/decisions/0029)."""
MEASURED_TOP = 32
"""The nearest rows that the measured list holds: ten cases have more images than ten."""
_BITS_A_NUMBER = 4
_DEPTHS = (300, 600, 1200, 2400, 4800)
_LEAST_RECALL = 0.998
"""Of the nearest, over the sampled queries; what is promised of a search is 0.99."""
_SAMPLED_QUERIES = 100
_PART_ROWS = 50_000
_SEED = 20260101
_ONES = np.array([number.bit_count() for number in range(256)], dtype=np.uint8)
"""Bits that are set in each byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCodes:
    """Codes of `rows` images up to the id `mark`, under the name `key` on the server.

    `centre` is the mean `(dim,)`; `depth` rows listed by code hold a share `recall` of the `MEASURED_TOP` nearest.
    """

    key: str
    rows: int
    mark: int
    depth: int
    recall: float
    centre: NDArray[np.float32]

    def encode(self, vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Codes `(n, bits / 8)` of vectors `(n, dim)`."""
        return np.packbits((vectors - self.centre) @ _directions(len(self.centre)) > 0, axis=1)

    def as_text(self) -> str:
        """For `read_codes`."""
        facts = {"rows": self.rows, "mark": self.mark, "depth": self.depth, "recall": self.recall}
        return json.dumps({**facts, "centre": self.centre.tolist()}, sort_keys=True)


def read_codes(key: str, text: str) -> ServerCodes:
    """What `as_text` told."""
    facts = json.loads(text)
    return ServerCodes(**{**facts, "key": key, "centre": np.array(facts["centre"], dtype=np.float32)})


def bits_of(dim: int) -> int:
    """Bits of a code for vectors of `dim` numbers."""
    return 8 * -(-_BITS_A_NUMBER * dim // 8)


def make_codes(key: str, image_ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> ServerCodes | None:
    """What a region's codes need to be asked; None where even long lists by code miss too many of the nearest."""
    centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    codes = ServerCodes(key=key, rows=len(image_ids), mark=int(image_ids[-1]), depth=0, recall=0.0, centre=centre)
    asked = np.random.default_rng(_SEED).choice(len(vectors), min(len(vectors), _SAMPLED_QUERIES), replace=False)
    ranks = _ranks_by_code(codes, vectors, np.sort(asked))
    for depth in _DEPTHS:
        recall = float((ranks < depth).mean())
        if recall >= _LEAST_RECALL:
            return replace(codes, depth=depth, recall=recall)
    return None


def code_rows(
    codes: ServerCodes, place: str, image_ids: NDArray[np.int64], vectors: NDArray[np.float16]
) -> Iterator[Row]:
    """The rows of a region's codes as the server has them, and under image 0 what they need to be asked."""
    model_no = int(place.partition("/")[0])
    row = {"place": codes.key, "model_no": model_no, "facts": ""}
    bits = bits_of(vectors.shape[1])
    for start in range(0, len(vectors), _PART_ROWS):
        part = codes.encode(vectors[start : start + _PART_ROWS].astype(np.float32))
        for image_id, code in zip(image_ids[start : start + _PART_ROWS].tolist(), part, strict=True):
            yield {**row, "pk": f"{codes.key}/{image_id}", "image_id": image_id, "code": code.tobytes()}
    yield {**row, "pk": f"{codes.key}/0", "image_id": 0, "facts": codes.as_text(), "code": bytes(bits // 8)}


def _directions(dim: int) -> NDArray[np.float32]:
    return np.random.default_rng(_SEED).normal(size=(dim, bits_of(dim))).astype(np.float32)


def _ranks_by_code(codes: ServerCodes, vectors: NDArray[np.float16], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of the `MEASURED_TOP` rows nearest to each asked row but itself, the last place a list by code can give them."""
    parts = range(0, len(vectors), _PART_ROWS)
    encoded = np.concatenate([codes.encode(vectors[at : at + _PART_ROWS].astype(np.float32)) for at in parts])
    ranks = []
    for own in asked.tolist():
        query = vectors[own].astype(np.float32)
        scores = np.concatenate([vectors[at : at + _PART_ROWS].astype(np.float32) @ query for at in parts])
        distances = _ONES[encoded ^ encoded[own]].sum(axis=1, dtype=np.int64)
        scores, distances = np.delete(scores, own), np.delete(distances, own)
        nearest = np.argpartition(-scores, MEASURED_TOP - 1)[:MEASURED_TOP]
        ranks.append(np.searchsorted(np.sort(distances), distances[nearest], side="right") - 1)
    return np.stack(ranks)
