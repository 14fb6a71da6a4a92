"""What is derived from one state of an index on a server: as for the embedded engine, but vectors stay there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.index.cluster.codes import CODED_ROWS, ServerCodes, bits_of, code_rows, make_codes, read_codes
from casekin.index.cluster.replica import Replica
from casekin.index.cluster.segment import ClusterSegment
from casekin.index.cluster.server import MOST_ROWS
from casekin.index.records import Kind
from casekin.index.search.derived import Derived
from casekin.index.search.segments import Segment, make_segment
from casekin.index.store.connection import transaction
from casekin.index.store.models import active_model
from casekin.index.store.schema import read_meta

_STALE_SHARE = 0.1
"""Codes are made anew when so large a share of their rows has come since."""


class ClusterDerived(Derived):
    """Catalog, columns, statements and sentences come from the replica's rows; a region's vectors are asked for."""

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica, Path(os.devnull))  # keeps no files
        self._replica = replica
        self._kept: dict[str, dict[int, bytes]] = {}
        self._kept_of: str | None = None
        self._codes: dict[str, ServerCodes | None] = {}

    def segment(self, region: str, kind: Kind = "radiograph") -> Segment:
        """The vectors of one region by the active model of a kind of image."""
        active = active_model(self._db, kind)
        place = "" if active is None else f"{active[0]}/{region}"
        case_of_image = self.catalog().case_of_image
        dim = self._replica.head["places"].get(place)
        if dim is None:
            return make_segment((), case_of_image)
        return ClusterSegment(
            blocks=(), cases=(), has_gone=(), server=self._replica.server, codes=self._codes_at(place, dim),
            place=place, dim=dim, case_of_image=case_of_image, kept=self._kept_at(place),
        )  # fmt: skip

    def write(self) -> None:
        """Make sign codes of the regions that have become large, and anew where many images have come since."""
        stored = int(np.count_nonzero(self.refresh().catalog().case_of_image))
        if stored < CODED_ROWS:
            return
        with transaction(self._replica):
            pass  # a writer's first transaction deletes codes that nobody names: before these are made, not after
        store = read_meta(self._db, "store_id")
        active = {row[0] for row in self._db.execute("SELECT model_no FROM models WHERE state = 'active'")}
        made: dict[str, tuple[ServerCodes, int]] = {}
        images: set[int] = set()
        for place, dim in sorted(self._replica.head["places"].items()):
            if int(place.partition("/")[0]) in active and self._are_codes_due(place, dim):
                image_ids, vectors = self.read_place(place)
                codes = make_codes(f"{place}@{secrets.token_hex(8)}", image_ids, vectors)
                if codes is not None:
                    self._replica.server.create_codes(dim, bits=bits_of(dim))
                    self._replica.server.put(
                        self._replica.server.codes(dim), code_rows(codes, place, image_ids, vectors)
                    )
                    made[place] = codes, dim
                    images.update(image_ids.tolist())
        if made:
            self._publish(made, images=images, store=store)

    def _are_codes_due(self, place: str, dim: int) -> bool:
        codes, server = self._codes_at(place, dim), self._replica.server
        mark, rows = (0, 0) if codes is None else (codes.mark, codes.rows)
        later = server.count(server.vectors(dim), f'place == "{place}" and image_id > {mark}')
        return rows + later >= CODED_ROWS and later > _STALE_SHARE * rows

    def _publish(self, made: Mapping[str, tuple[ServerCodes, int]], *, images: set[int], store: str | None) -> None:
        """Let codes count, unless images that they are of have gone meanwhile, or a sweep took them for nobody's."""
        server = self._replica.server
        server.expect_change()
        with transaction(self._replica):
            stored = {row[0] for row in self._db.execute("SELECT image_id FROM images")}
            are_whole = all(
                server.count(server.codes(dim), f'place == "{codes.key}"') == codes.rows + 1
                for codes, dim in made.values()
            )
            if are_whole and images <= stored and read_meta(self._db, "store_id") == store:
                self._replica.put_codes({place: codes.key for place, (codes, _) in made.items()})
            else:
                for codes, dim in made.values():
                    server.delete(server.codes(dim), f'place == "{codes.key}"')

    def _codes_at(self, place: str, dim: int) -> ServerCodes | None:
        """The codes of a place, None where it has none; what they need to be asked is read once."""
        key = self._replica.head["codes"].get(place)
        if key is not None and key not in self._codes:
            server = self._replica.server
            rows = server.rows(server.codes(dim), f'place == "{key}" and image_id == 0', ["facts"])
            self._codes[key] = read_codes(key, rows[0]["facts"]) if rows else None
        return None if key is None else self._codes[key]

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
