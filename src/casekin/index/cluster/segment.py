"""The vectors of one region on a server: Milvus lists what is near, and what is listed is compared here, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.codes import MEASURED_TOP, ServerCodes
from casekin.index.cluster.server import MOST_ROWS, Server
from casekin.index.search.segments import Block, Segment, build_block

_LISTED = 4000
"""Image ids in one condition; beyond it a condition costs more than what it leaves out."""
_LEAST_SHARE = 0.05
"""Above this share of allowed images, asking for more and leaving out the others beats listing the allowed ones."""
_LEAST_CODED_SHARE = 0.5
"""Below this share of allowed images, codes would have to list so many more that comparing floats is faster."""
_KEPT_BYTES = 256 * 2**20
"""Vectors of one region that are kept here once they were compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSegment(Segment):
    """All vectors of one region (`place` on the server, of `dim` numbers) in one state of the index.

    `codes` are those of a large region. `case_of_image` is the catalog's: what it doesn't name isn't there. `kept` are
    float16 vectors by image id; an image that doesn't show the region has an empty one.
    """

    server: Server
    codes: ServerCodes | None
    place: str
    dim: int
    case_of_image: NDArray[np.int32]
    kept: dict[int, bytes]

    def nearest(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None, *, exact: bool = False
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
        """At least the `depth` most similar images: ids, inner products, and what no image left out exceeds.

        `allowed` is a mask over case numbers. Milvus compares every vector of the region, so this is exact, but by
        codes, which may miss an image at the rate measured when they were made; `exact` does without them.
        """
        ids, bound = self._list(vector, depth, allowed, exact=exact)
        return ids, self.similarity(vector, ids), bound

    def _list(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None, *, exact: bool
    ) -> tuple[NDArray[np.int64], float]:
        wanted = self._wanted(allowed)
        ids = np.flatnonzero(wanted)
        if len(ids) == 0:
            return ids, -np.inf
        if self.goes_by_codes(allowed) and not exact and (listed := self._list_by_codes(vector, depth, wanted)):
            return listed
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

    def goes_by_codes(self, allowed: NDArray[np.bool_] | None) -> bool:
        """Whether `nearest` asks codes under this mask over case numbers."""
        wanted = int(np.count_nonzero(self._wanted(allowed)))
        return self.codes is not None and wanted >= _LEAST_CODED_SHARE * self.codes.rows

    def _wanted(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Mask over image ids of those that may be listed."""
        is_stored = self.case_of_image > 0
        return is_stored if allowed is None else allowed[self.case_of_image] & is_stored

    def _list_by_codes(
        self, vector: NDArray[np.float32], depth: int, wanted: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], float] | None:
        """Images near by code, and the nearest of those that came since; None where that takes too many rows."""
        assert self.codes is not None
        depth = max(depth, self.codes.depth)
        limit = int(depth * len(wanted) / np.count_nonzero(wanted)) + 16
        if limit > MOST_ROWS:
            return None
        code = self.codes.encode(vector[None, :])[0].tobytes()
        coded, _ = self.server.search_codes(
            self.server.codes(self.dim), code, f'place == "{self.codes.key}" and image_id > 0', limit=limit
        )
        if len(coded) < min(limit, self.codes.rows):  # newer codes have taken their place
            return None
        later, scores = np.zeros(0, np.int64), np.zeros(0, np.float32)
        if (self.case_of_image[self.codes.mark + 1 :] > 0).any():
            later, scores = self._search(vector, f" and image_id > {self.codes.mark}", limit)
        found = np.concatenate([coded, later])
        found = np.sort(found[(found < len(wanted)) & wanted[np.minimum(found, len(wanted) - 1)]])
        if len(coded) == self.codes.rows and len(later) < limit:
            return found, -np.inf
        # As many of the nearest as were measured are listed, and more of a longer list.
        rank = min(MEASURED_TOP * depth // self.codes.depth, len(found))
        best = np.sort(self.similarity(vector, found))[::-1]
        bound = float(best[rank - 1]) if rank else np.inf
        return found, max(bound, float(scores[-1])) if len(later) == limit else bound

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
