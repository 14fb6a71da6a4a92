"""What is derived from one state of an index on a server: as for the embedded engine, but vectors stay there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.replica import Replica
from casekin.index.cluster.segment import ClusterSegment
from casekin.index.cluster.server import MOST_ROWS
from casekin.index.records import Kind
from casekin.index.search.derived import Derived
from casekin.index.search.segments import Segment, make_segment
from casekin.index.store.models import active_model
from casekin.index.store.schema import read_meta


class ClusterDerived(Derived):
    """Catalog, columns, statements and sentences come from the replica's rows; a region's vectors are asked for."""

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica, Path(os.devnull))  # keeps no files
        self._replica = replica
        self._kept: dict[str, dict[int, bytes]] = {}
        self._kept_of: str | None = None

    def segment(self, region: str, kind: Kind = "radiograph") -> Segment:
        """The vectors of one region by the active model of a kind of image."""
        active = active_model(self._db, kind)
        place = "" if active is None else f"{active[0]}/{region}"
        case_of_image = self.catalog().case_of_image
        dim = self._replica.head["places"].get(place)
        if dim is None:
            return make_segment((), case_of_image)
        return ClusterSegment(
            blocks=(), cases=(), has_gone=(), server=self._replica.server, place=place, dim=dim,
            case_of_image=case_of_image, kept=self._kept_at(place),
        )  # fmt: skip

    def read_place(self, place: str) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """Ids ascending `(n,)` of the stored images with a vector at a place, and those vectors `(n, dim)`."""
        dim = self._replica.head["places"].get(place)
        case_of_image = self.catalog().case_of_image
        if dim is None:
            return np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float16)
        server = self._replica.server
        rows = {
            row["image_id"]: row["vector"]
            for page in server.pages(
                server.vectors(dim), f'place == "{place}"', ["image_id", "vector"],
                along="image_id", first=1, last=len(case_of_image) - 1, most=MOST_ROWS // 4,
            )
            for row in page
            if case_of_image[row["image_id"]] > 0
        }  # fmt: skip
        ids = np.array(sorted(rows), dtype=np.int64)
        return ids, np.array([rows[int(image_id)] for image_id in ids], dtype=np.float16).reshape(len(ids), dim)

    def _kept_at(self, place: str) -> dict[int, bytes]:
        """Vectors read before; a vector of an image id never changes, unless the store is another."""
        store = read_meta(self._db, "store_id")
        if store != self._kept_of:
            self._kept, self._kept_of = {}, store
        return self._kept.setdefault(place, {})
