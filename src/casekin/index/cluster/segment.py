"""The vectors of one region on a server: Milvus lists what is near, and what is listed is compared here, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.server import MOST_ROWS, Server
from casekin.index.search.segments import Block, Segment, build_block

_LISTED = 4000
"""Image ids in one condition; beyond it a condition costs more than what it leaves out."""
_LEAST_SHARE = 0.05
"""Above this share of allowed images, asking for more and leaving out the others beats listing the allowed ones."""
_KEPT_BYTES = 256 * 2**20
"""Vectors of one region that are kept here once they were compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSegment(Segment):
    """All vectors of one region (`place` on the server, of `dim` numbers) in one state of the index.

    `case_of_image` is the catalog's: what it doesn't name isn't there. `kept` are float16 vectors by image id; an
    image that doesn't show the region has an empty one.
    """

    server: Server
    place: str
    dim: int
    case_of_image: NDArray[np.int32]
    kept: dict[int, bytes]

    def nearest(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None, *, exact: bool = False
    ) -> tuple[NDArray[np.int64], float]:
        """At least the `depth` most similar image ids, and the similarity that no image left out exceeds.

        `allowed` is a mask over case numbers. Milvus compares every vector of the region, so this is exact.
        """
        wanted = self.case_of_image > 0 if allowed is None else allowed[self.case_of_image] & (self.case_of_image > 0)
        ids = np.flatnonzero(wanted)
        if len(ids) == 0:
            return ids, -np.inf
        if len(ids) > _LISTED and len(ids) >= _LEAST_SHARE * len(wanted):
            # Rows of replaced images and of cases that aren't allowed are asked for too, and left out here.
            limit = min(MOST_ROWS, int(1.2 * depth * len(wanted) / len(ids)) + 16)
            found, scores = self._search(vector, "", limit)
            kept = found[wanted[np.minimum(found, len(wanted) - 1)] & (found < len(wanted))]
            if len(found) < limit:
                return kept, -np.inf
            if len(kept) >= depth:
                return kept, float(scores[-1])
        parts = [self._search_listed(vector, part, depth) for part in _batches(ids)]
        return np.concatenate([part[0] for part in parts]), max(part[1] for part in parts)

    def _search_listed(
        self, vector: NDArray[np.float32], ids: NDArray[np.int64], depth: int
    ) -> tuple[NDArray[np.int64], float]:
        limit = min(depth, len(ids))
        found, scores = self._search(vector, f" and image_id in {ids.tolist()}", limit)
        return found, float(scores[-1]) if len(found) == limit < len(ids) else -np.inf

    def _search(
        self, vector: NDArray[np.float32], where: str, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        collection = self.server.vectors(self.dim)
        return self.server.search(collection, vector, f'place == "{self.place}"{where}', limit=limit)

    def _found(self, image_ids: NDArray[np.int64]) -> Iterator[tuple[Block, NDArray[np.int64], NDArray[np.int64]]]:
        """A block of the vectors of those that show the region: their positions in `image_ids`, and their rows."""
        self._fetch(image_ids)
        shown = [at for at, image_id in enumerate(image_ids.tolist()) if self.kept[image_id]]
        if not shown:
            return
        rows = np.frombuffer(b"".join(self.kept[int(image_ids[at])] for at in shown), dtype="<f2").reshape(
            len(shown), -1
        )
        positions = np.array(shown, dtype=np.int64)
        yield build_block(positions, rows), positions, np.arange(len(positions))

    def _fetch(self, image_ids: NDArray[np.int64]) -> None:
        """Read the vectors that aren't kept."""
        if len(self.kept) * 2 * self.dim > _KEPT_BYTES:
            self.kept.clear()
        missing = np.array([image_id for image_id in image_ids.tolist() if image_id not in self.kept], dtype=np.int64)
        for part in _batches(missing):
            rows = self.server.rows(
                self.server.vectors(self.dim),
                f'place == "{self.place}" and image_id in {part.tolist()}',
                ["image_id", "vector"],
            )
            self.kept.update(dict.fromkeys(part.tolist(), b""))
            self.kept.update({row["image_id"]: np.array(row["vector"], dtype="<f2").tobytes() for row in rows})


def _batches(ids: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(ids), _LISTED):
        yield ids[start : start + _LISTED]
