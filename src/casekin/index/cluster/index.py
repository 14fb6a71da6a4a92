"""The handle on an index that lives on a Milvus server: the methods of the embedded one, and the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import IndexStoreError
from casekin.index.case_index import CaseIndex
from casekin.index.cluster.address import parse_address
from casekin.index.cluster.derived import ClusterDerived
from casekin.index.cluster.replica import open_replica
from casekin.index.cluster.server import Server
from casekin.index.cluster.transfer import ClusterTransfer
from casekin.index.cluster.upkeep import ClusterUpkeep
from casekin.index.records import Kind, StoredImage
from casekin.index.search.grids import StoredGrid, read_grids
from casekin.index.store.models import active_model
from casekin.index.store.reads import read_images, read_region, read_vectors

_PAGE_IMAGES = 64
"""Images whose pictures and tokens are held at once."""


class ClusterIndex(CaseIndex):
    """An index on a server, `milvus://HOST:PORT/NAME`; several processes may read while one writes at a time.

    Raises `IndexStoreError` when there is no index or the server can't be reached, `DependencyError` without pymilvus,
    `InputError` for an address of another form.
    """

    engine = "milvus"

    def __init__(self, address: str, *, create: bool = False) -> None:
        parsed = parse_address(address)
        self._name = parsed.name
        self._replica = open_replica(Server(parsed), create=create)
        self._db = self._replica
        self._derived = self._places = ClusterDerived(self._replica)

    @property
    def folder(self) -> Path:
        """There is none. Raises `IndexStoreError`."""
        raise IndexStoreError(
            "index: expected an index in a folder, got one on a server; `casekin migrate` it into a folder first"
        )

    @property
    def name(self) -> str:
        """What its collections begin with."""
        return self._name

    @property
    def upkeep(self) -> ClusterUpkeep:
        """What keeps the index whole: checks and erasure; backups and snapshots are the server's own."""
        return ClusterUpkeep(self._replica, self.site_key)

    @property
    def transfer(self) -> ClusterTransfer:
        """Reading and writing chunks of cases as they are, for a move to another engine."""
        return ClusterTransfer(self._replica)

    def site_key(self) -> bytes:
        """The secret that pseudonyms are keyed by, kept beside the rows on the server; 32 bytes."""
        return bytes.fromhex(self._replica.head["key"])

    def put_site_key(self, key: bytes) -> None:
        """Take over the key of the index that this one goes on for."""
        self._replica.put_key(key)

    def images(self, image_ids: Iterable[int]) -> Iterator[StoredImage]:
        """Stored images in the order asked."""
        for some in _pages(image_ids):
            with self._replica.filled(some):
                found = list(read_images(self._db, some))
            yield from found

    def grids(
        self, image_ids: Sequence[int], regions: Sequence[str], kind: Kind = "radiograph"
    ) -> Iterator[StoredGrid]:
        """Stored tokens of images of a kind, with their boxes of these regions."""
        for some in _pages(image_ids):
            with self._replica.filled(some):
                found = list(read_grids(self._db, some, regions, kind))
            yield from found

    def vectors_of(self, image_id: int) -> dict[str, NDArray[np.float32]]:
        """An image's vectors by the active model of its kind, by region's name `(dim,)`; empty for an unknown image."""
        with self._replica.filled([image_id], vectors=True):
            return read_vectors(self._db, image_id)

    def vectors_at(self, region: str, kind: Kind = "radiograph") -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """All images of a kind in which a region is visible, ids ascending `(n,)`, and its vectors `(n, dim)`."""
        active = active_model(self._db, kind)
        if active is None:
            return read_region(self._db, region, kind)
        return self._places.read_place(f"{active[0]}/{region}")

    def is_of_kind(self, kind: Kind) -> NDArray[np.bool_]:
        """Mask over image ids of the images that the active model of a kind has seen."""
        mask = np.zeros(len(self.catalog().case_of_image), dtype=bool)
        active = active_model(self._db, kind)
        if active is not None:
            rows = self._db.execute("SELECT image_id FROM embeddings WHERE model_no = ?", (active[0],)).fetchall()
            mask[[row[0] for row in rows]] = True
        return mask

    def write_derived(self) -> None:
        """Make sign codes of large regions on the server where they are due: after an ingest, never in a search."""
        self._places.write()

    def _bytes(self) -> int | None:
        return None  # the server's affair


def _pages(image_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = [int(image_id) for image_id in image_ids]
    for start in range(0, len(ids), _PAGE_IMAGES):
        yield ids[start : start + _PAGE_IMAGES]
