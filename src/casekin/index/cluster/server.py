"""The collections of one index on a Milvus server, and the few calls that the engine makes of it.

`NAME_records` holds cases as versions: packed rows under the generation that wrote them, in parts that fit a field.
`NAME_blobs` holds previews (model 0) and tokens. `NAME_vectors_DIM` holds the vectors of that many numbers,
partitioned by model and region; `NAME_codes_DIM` sign codes of large regions' vectors. The **head** is a property of
`NAME_records`: Milvus keeps it in its own settings, changes it in one step and answers at once, which rows do only
after the server's next tick (200 ms). The **intent** beside it says what a commit is about to write.
"""

from __future__ import annotations

import json
import logging
import time
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
_PAUSE_S = 0.05
_HEAD, _INTENT = "casekin.head", "casekin.intent"
_FLOATS, _BINARY = ("FLAT", "IP"), ("BIN_FLAT", "HAMMING")
"""Engine and measure of a collection of vectors, and of one of codes."""
_NOTHING = "nothing"
"""A collection must have a vector; those of rows alone have this one."""

Row = dict[str, Any]


class _Text(str):
    """A long text that the client looks at as one: it checks a field's length by going through its characters."""

    def __iter__(self) -> Iterator[str]:
        return iter((self,))


class Server:
    """A connection to the server. Its failures are `IndexStoreError`s; close it after use."""

    def __init__(self, address: Address) -> None:
        self.name = address.name
        self.records = f"{address.name}_records"
        self.blobs = f"{address.name}_blobs"
        self._settled: set[str] = set()
        self._made: set[str] = set()
        self._loaded: set[str] = set()
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

    def codes(self, dim: int) -> str:
        """Name of the collection of sign codes of vectors of `dim` numbers."""
        return f"{self.name}_codes_{dim}"

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
        self._create(self.vectors(dim), fields, dim=dim, partition_key="place")

    def create_codes(self, dim: int, *, bits: int) -> None:
        """Make the collection of codes of `bits` bits, for vectors of `dim` numbers, where it is absent."""
        words, whole = self._module.DataType.VARCHAR, self._module.DataType.INT64
        fields = {"facts": words, "model_no": whole, "image_id": whole}
        self._create(self.codes(dim), fields, dim=bits, partition_key="place")

    def create_empty(self, name: str, *, description: str) -> None:
        """Make a collection without rows."""
        with self.errors():
            schema = self.client.create_schema(auto_id=False, description=description)
            schema.add_field("pk", self._module.DataType.INT64, is_primary=True)
            schema.add_field(_NOTHING, self._module.DataType.FLOAT_VECTOR, dim=2)
            self.client.create_collection(name, schema=schema, num_shards=1)

    def _create(self, name: str, fields: Mapping[str, Any], *, dim: int = 2, partition_key: str = "") -> None:
        if name in self._made:
            return
        types, (vector, is_binary) = self._module.DataType, self._vector_of(name)
        with self.errors():
            if not self.client.has_collection(name):
                schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
                schema.add_field("pk", types.VARCHAR, is_primary=True, max_length=256)
                if partition_key:
                    schema.add_field(partition_key, types.VARCHAR, max_length=256, is_partition_key=True)
                for field, kind in fields.items():
                    schema.add_field(field, kind, **({"max_length": 65535} if kind == types.VARCHAR else {}))
                schema.add_field(vector, types.BINARY_VECTOR if is_binary else types.FLOAT_VECTOR, dim=dim)
                self.client.create_collection(name, schema=schema, num_shards=1)
            self._load(name)
        self._made.add(name)

    def _vector_of(self, name: str) -> tuple[str, bool]:
        """The vector field of a collection, and whether it is binary."""
        if name.startswith(f"{self.name}_codes_"):
            return "code", True
        return ("vector" if name.startswith(f"{self.name}_vectors_") else _NOTHING), False

    def _load(self, name: str) -> bool:
        """Whether a collection is loaded; begins to load one that isn't: it is new, or its maker was killed."""
        state = str(self.client.get_load_state(name)["state"].name)
        if not state.startswith("Load"):
            vector, is_binary = self._vector_of(name)
            engine, metric = _BINARY if is_binary else _FLOATS
            how = self.client.prepare_index_params()
            how.add_index(field_name=vector, index_type=engine, metric_type=metric)
            self.client.create_index(name, how, sync=False)
            self.client.load_collection(name, _async=True)  # takes seconds: whoever asks first waits
        return state == "Loaded"

    def _await_loaded(self, name: str) -> None:
        deadline = time.monotonic() + _TIMEOUT_S
        while name not in self._loaded:
            if self._load(name):
                self._loaded.add(name)
            elif time.monotonic() > deadline:
                raise IndexStoreError(f"index: the Milvus server doesn't load {name}; try again when it is well")
            else:
                time.sleep(_PAUSE_S)

    def collections(self) -> list[str]:
        """Names of this index's collections that hold rows; sorted."""
        with self.errors():
            names = self.client.list_collections()
        derived = (f"{self.name}_vectors_", f"{self.name}_codes_")
        return sorted(name for name in names if name in (self.records, self.blobs) or name.startswith(derived))

    def code_collections(self) -> list[str]:
        """Those of them that hold sign codes; sorted."""
        return [name for name in self.collections() if name.startswith(f"{self.name}_codes_")]

    def read_head(self) -> dict[str, Any] | None:
        """What the last commit made of the index; None where there is no index of this name."""
        return self._property(_HEAD)

    def write_head(self, head: Mapping[str, Any]) -> None:
        """The commit: all that was written before it counts from here on."""
        self._set_property(_HEAD, head)
        self.expect_change()

    def read_intent(self) -> dict[str, Any]:
        """What the last writer was about to write: `generation`, and `images` by model, as first and last numbers."""
        return self._property(_INTENT) or {"generation": -1, "images": {}}

    def write_intent(self, intent: Mapping[str, Any]) -> None:
        """Say what a commit is about to write, before it writes: a killed writer's rows are known by it."""
        self._set_property(_INTENT, intent)

    def _property(self, name: str) -> dict[str, Any] | None:
        with self.errors():
            if self.records not in self._made and not self.client.has_collection(self.records):
                return None
            self._made.add(self.records)
            written = self.client.describe_collection(self.records).get("properties", {}).get(name)
        return dict(json.loads(written)) if written else None

    def _set_property(self, name: str, value: Mapping[str, Any]) -> None:
        with self.errors():
            self.client.alter_collection_properties(self.records, {name: json.dumps(value, sort_keys=True)})

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
                size += len(row["data"])
                row = {**row, "data": _Text(row["data"]), _NOTHING: [0.0, 0.0]}
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
            self._await_loaded(collection)
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
            self._await_loaded(collection)
            rows = self.client.query(
                collection, filter=where, output_fields=list(fields), consistency_level=self._level(collection)
            )
        self._settled.add(collection)
        return [dict(row) for row in rows]

    def search(
        self, collection: str, vector: NDArray[np.float32], where: str, *, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Image ids of the rows with the largest inner products, best first, and those products."""
        return self._search(collection, vector, where, limit=limit, metric=_FLOATS[1])

    def search_codes(
        self, collection: str, code: bytes, where: str, *, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Image ids of the rows with the fewest other bits, best first, and how many those are."""
        return self._search(collection, code, where, limit=limit, metric=_BINARY[1])

    def _search(
        self, collection: str, vector: object, where: str, *, limit: int, metric: str
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        with self.errors():
            self._await_loaded(collection)
            found = self.client.search(
                collection, [vector], filter=where, limit=limit, output_fields=["image_id"],
                search_params={"metric_type": metric}, consistency_level=self._level(collection),
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
