"""The collections of one index on a Milvus server, and the few calls that the engine makes of it.

`NAME_records` holds cases as versions: packed rows under the generation that wrote them, in parts that fit a field.
`NAME_blobs` holds previews (model 0) and tokens. `NAME_vectors_DIM` holds the vectors of that many numbers,
partitioned by model and region. The **head** is a property of `NAME_records`: Milvus keeps it in its own settings,
changes it in one step and answers at once, which rows do only after the server's next tick (200 ms).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import DependencyError, IndexStoreError
from casekin.index.cluster.address import Address

MOST_ROWS = 16384
"""The most rows that Milvus answers a question with."""
_TIMEOUT_S = 60.0
_BATCH_ROWS = 4000
_BATCH_CHARACTERS = 8_000_000
_HEAD = "casekin.head"
_NOTHING = "nothing"
"""A collection must have a vector; those of rows alone have this one."""

Row = dict[str, Any]


class Server:
    """A connection to the server. Its failures are `IndexStoreError`s; close it after use."""

    def __init__(self, address: Address) -> None:
        self.name = address.name
        self.records = f"{address.name}_records"
        self.blobs = f"{address.name}_blobs"
        self._settled: set[str] = set()
        self._is_made = False
        self._module = _import_client()
        with self.errors():
            self.client = self._module.MilvusClient(uri=address.uri, token=address.token, timeout=_TIMEOUT_S)

    def close(self) -> None:
        """End the connection."""
        self.client.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What the client raises inside is an `IndexStoreError`."""
        try:
            yield
        except self._module.MilvusException as error:
            raise IndexStoreError(
                f"index: the Milvus server can't do this: {error.message}; try again when it is well"
            ) from error

    # --- collections and the head --------------------------------------------------------------------------------

    def vectors(self, dim: int) -> str:
        """Name of the collection of vectors of `dim` numbers."""
        return f"{self.name}_vectors_{dim}"

    def create(self) -> None:
        """Make the collections of rows where they are absent."""
        words, whole = self._module.DataType.VARCHAR, self._module.DataType.INT64
        text = {"data": words, "changes": words}
        self._create(self.records, {**text, **dict.fromkeys(("case_no", "generation", "part", "parts"), whole)})
        self._create(self.blobs, {"data": words, **dict.fromkeys(("image_id", "model_no", "part"), whole)})

    def create_vectors(self, dim: int) -> None:
        """Make the collection of vectors of `dim` numbers where it is absent."""
        words, whole = self._module.DataType.VARCHAR, self._module.DataType.INT64
        fields = {"region": words, "model_no": whole, "image_id": whole}
        self._create(self.vectors(dim), fields, vector="vector", dim=dim, partition_key="place")

    def create_empty(self, name: str, *, description: str) -> None:
        """Make a collection without rows."""
        with self.errors():
            schema = self.client.create_schema(auto_id=False, description=description)
            schema.add_field("pk", self._module.DataType.INT64, is_primary=True)
            schema.add_field(_NOTHING, self._module.DataType.FLOAT_VECTOR, dim=2)
            self.client.create_collection(name, schema=schema, num_shards=1)

    def _create(
        self, name: str, fields: Mapping[str, Any], *, vector: str = _NOTHING, dim: int = 2, partition_key: str = ""
    ) -> None:
        types = self._module.DataType
        with self.errors():
            if self.client.has_collection(name):
                return
            schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("pk", types.VARCHAR, is_primary=True, max_length=256)
            if partition_key:
                schema.add_field(partition_key, types.VARCHAR, max_length=256, is_partition_key=True)
            for field, kind in fields.items():
                schema.add_field(field, kind, **({"max_length": 65535} if kind == types.VARCHAR else {}))
            schema.add_field(vector, types.FLOAT_VECTOR, dim=dim)
            how = self.client.prepare_index_params()
            how.add_index(field_name=vector, index_type="FLAT", metric_type="IP")
            self.client.create_collection(name, schema=schema, index_params=how, num_shards=1)

    def collections(self) -> list[str]:
        """Names of this index's collections that hold rows; sorted."""
        with self.errors():
            names = self.client.list_collections()
        own = (self.records, self.blobs, f"{self.name}_vectors_")
        return sorted(name for name in names if name in own[:2] or name.startswith(own[2]))

    def read_head(self) -> dict[str, Any] | None:
        """What the last commit made of the index; None where there is no index of this name."""
        with self.errors():
            self._is_made = self._is_made or self.client.has_collection(self.records)
            if not self._is_made:
                return None
            written = self.client.describe_collection(self.records).get("properties", {}).get(_HEAD)
        return dict(json.loads(written)) if written else None

    def write_head(self, head: Mapping[str, Any]) -> None:
        """The commit: all that was written before it counts from here on."""
        with self.errors():
            self.client.alter_collection_properties(self.records, {_HEAD: json.dumps(head, sort_keys=True)})
        self.expect_change()

    def expect_change(self) -> None:
        """Somebody has written: the first look at each collection waits until its node has caught up."""
        self._settled.clear()

    # --- rows ----------------------------------------------------------------------------------------------------

    def put(self, collection: str, rows: Iterator[Row]) -> None:
        """Insert rows; no row with their keys may be there.

        Not Milvus's upsert: server 2.3.5 then files rows of a partitioned collection where a search never looks.
        """
        batch, size = [], 0
        for row in rows:
            if collection in (self.records, self.blobs):
                row[_NOTHING] = [0.0, 0.0]
                size += len(row["data"])
            batch.append(row)
            if len(batch) == _BATCH_ROWS or size > _BATCH_CHARACTERS:
                self._insert(collection, batch)
                batch, size = [], 0
        if batch:
            self._insert(collection, batch)

    def _insert(self, collection: str, batch: Sequence[Row]) -> None:
        with self.errors():
            self.client.insert(collection, batch)

    def delete(self, collection: str, where: str) -> None:
        """Delete the rows of a condition."""
        with self.errors():
            self.client.delete(collection, filter=where)

    def count(self, collection: str, where: str) -> int:
        """How many rows a condition holds for."""
        return int(self._query(collection, where, ["count(*)"])[0]["count(*)"])

    def pages(
        self, collection: str, where: str, fields: Sequence[str], *, along: str, first: int, last: int, most: int = 1000
    ) -> Iterator[list[Row]]:
        """Rows of a condition in pages of few rows, each with whole values of the integer field `along`, ascending."""
        if first > last:
            return
        span = f"{where} and {along} >= {first} and {along} <= {last}"
        count = self.count(collection, span)
        if count == 0:
            return
        if count <= most or first == last:
            yield self._query(collection, span, fields)
            return
        middle = (first + last) // 2
        for start, end in ((first, middle), (middle + 1, last)):
            yield from self.pages(collection, where, fields, along=along, first=start, last=end, most=most)

    def rows(self, collection: str, where: str, fields: Sequence[str]) -> list[Row]:
        """The rows of a condition that holds for at most `MOST_ROWS`."""
        return self._query(collection, where, fields)

    def _query(self, collection: str, where: str, fields: Sequence[str]) -> list[Row]:
        with self.errors():
            rows = self.client.query(
                collection, filter=where, output_fields=list(fields), consistency_level=self._level(collection)
            )
        self._settled.add(collection)
        return [dict(row) for row in rows]

    def search(
        self, collection: str, vector: NDArray[np.float32], where: str, *, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Image ids of the rows with the largest inner products, best first, and those products."""
        with self.errors():
            found = self.client.search(
                collection, [vector], filter=where, limit=limit, output_fields=["image_id"],
                search_params={"metric_type": "IP"}, consistency_level=self._level(collection),
            )[0]  # fmt: skip
        self._settled.add(collection)
        ids = np.array([row["entity"]["image_id"] for row in found], dtype=np.int64)
        return ids, np.array([row["distance"] for row in found], dtype=np.float32)

    def _level(self, collection: str) -> str:
        return "Eventually" if collection in self._settled else "Strong"


def _import_client() -> Any:
    try:
        import pymilvus
    except ImportError as error:
        raise DependencyError("an index on a Milvus server needs pymilvus: pip install 'casekin[cluster]'") from error
    # It logs what it raises, and what was asked with it; ours are told once, by whoever calls.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return pymilvus
