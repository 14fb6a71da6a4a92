"""The rows of an index on a server, as a private SQLite store that stays in step with it.

What the embedded engine asks and writes in SQL is asked and written here in the same words: a transaction that reads
begins with what others have committed, and the commit of one that writes goes to the server first. The store lives in
an unnamed file that nobody else sees and that goes with the connection. It holds everything but previews, tokens and
vectors: those are empty, but inside `filled`.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from casekin.errors import IndexStoreError
from casekin.index.cluster.filling import fill_blobs, fill_vectors
from casekin.index.cluster.lease import Lease
from casekin.index.cluster.packing import (
    batches,
    blob_rows,
    join_parts,
    pack_record,
    pair_up,
    record_row,
    split_parts,
    unpack_record,
    vector_row,
)  # fmt: skip
from casekin.index.cluster.server import Row, Server
from casekin.index.cluster.sweeping import delete_replaced, delete_unfinished, intent_of, is_unfinished
from casekin.index.store.connection import StoreConnection, transaction
from casekin.index.store.digests import digest_change
from casekin.index.store.schema import FORMAT_VERSION, count_write, read_meta, write_schema
from casekin.index.store.writes import erase_case
from casekin.index.upkeep.chunks import insert_rows

_RECORD_FIELDS = ("case_no", "generation", "part", "parts", "data", "changes")
_PAGE_RECORDS = 1000
_GONE = (
    "CREATE TEMP TABLE gone (image_id, model_no, digest, PRIMARY KEY (image_id, model_no))",
    "CREATE TEMP TRIGGER images_gone AFTER DELETE ON main.images "
    "BEGIN INSERT OR IGNORE INTO gone VALUES (old.image_id, 0, old.digest); END",
    "CREATE TEMP TRIGGER embeddings_gone AFTER DELETE ON main.embeddings "
    "BEGIN INSERT OR IGNORE INTO gone VALUES (old.image_id, old.model_no, old.digest); END",
)
"""What a transaction deleted of images (as model 0) and of what models made of them; it may insert them again."""


class Replica(StoreConnection):
    """See the module. Made by `open_replica`; `close` lets go of the server too."""

    server: Server
    _attached = False
    _applying = False
    _writes = False
    _recovered = False
    _erases = False
    _generation = -1
    _head: dict[str, Any]

    def attach(self, server: Server, *, create: bool) -> None:
        """Make the tables and fill them from the server. Raises `IndexStoreError` where there is no index to read."""
        self.server = server
        self._lease = Lease(server)
        self.execute("PRAGMA foreign_keys = ON")
        with transaction(self):
            write_schema(self)
            for statement in _GONE:
                self.execute(statement)
        if server.read_head() is None:
            if not create:
                raise IndexStoreError(
                    f"index: expected an index {server.name!r} on the server, got none; make it with `casekin ingest`"
                )
            self._found()
        self._attached = True
        self._pull()

    def execute(self, sql: str, values: Any = ()) -> Any:
        if not self._attached or self._applying:
            return super().execute(sql, values)
        if not self.in_transaction:
            self._begin(writes=sql == "BEGIN IMMEDIATE")
        elif self._writes and sql == "COMMIT":
            self._push()
        try:
            return super().execute(sql, values)
        finally:
            if self._writes and sql in ("COMMIT", "ROLLBACK"):
                self._end()

    def close(self) -> None:
        self._lease.close()
        super().close()
        self.server.close()

    @property
    def head(self) -> dict[str, Any]:
        """What the commit that is seen now made of the index, beside its rows."""
        return self._head

    # --- transactions --------------------------------------------------------------------------------------------

    def _begin(self, *, writes: bool) -> None:
        if not writes:
            self._pull()
            return
        self._lease.acquire()
        self._writes = True
        try:
            self._pull()
            if not self._recovered or is_unfinished(self.server, self._head):
                self._sweep()
        except BaseException:
            self._writes = False
            self._lease.release()
            raise

    def _end(self) -> None:
        """Let others write, unless something that wasn't committed may lie about: then only once it is gone."""
        self._writes = False
        if not self._recovered:
            self._pull()
            self._sweep()
        self._lease.release()

    def put_codes(self, keys: Mapping[str, str]) -> None:
        """Inside a transaction: let places' codes be those of these names from here on. No row changes by it."""
        self._head = {**self._head, "codes": {**self._head["codes"], **keys}}
        self.server.write_head(self._head)

    def erase_replaced(self) -> None:
        """Inside a transaction: let its end delete what it and earlier ones replaced, not the next writer's start."""
        self._erases = True

    def put_key(self, key: bytes) -> None:
        """Take over another index's site key."""
        with transaction(self):
            self._head = {**self._head, "key": key.hex()}
            count_write(self)

    def _sweep(self) -> None:
        """Delete what no commit names: a failed writer's rows, versions that later ones replaced, and their images."""
        delete_unfinished(self.server, self._head)
        delete_replaced(self.server, self._head)
        self._recovered = True

    # --- from the server -----------------------------------------------------------------------------------------

    def _found(self) -> None:
        """Make an empty index on the server, unless another process was faster."""
        self._lease.acquire()
        try:
            self.server.create()
            if self.server.read_head() is None:
                self._head = {"key": secrets.token_hex(32), "places": {}}
                self.server.write_head(self._new_head())
        finally:
            self._lease.release()

    def _pull(self) -> None:
        """Bring the rows to the state of the last commit."""
        head = self.server.read_head()
        if head is None or head["format"] != FORMAT_VERSION:
            found = "none" if head is None else head["format"]
            raise IndexStoreError(f"index: expected format {FORMAT_VERSION} on the server, got {found}")
        if head["generation"] == self._generation:
            self._head = head
            return
        self._applying = True
        try:
            with transaction(self, "DEFERRED"):
                self.execute("PRAGMA defer_foreign_keys = ON")
                known = self._generation
                while True:  # what a sweep takes away meanwhile has a later version
                    self.server.expect_change()
                    self._apply_records(known, head)
                    latest = self.server.read_head() or head
                    if latest["generation"] == head["generation"]:
                        break
                    known, head = head["generation"], latest
                self._apply_settings(head)
                self.execute("DELETE FROM gone")
        finally:
            self._applying = False
        self._generation, self._head = head["generation"], head

    def _apply_records(self, known: int, head: dict[str, Any]) -> None:
        """Put every case's latest version, of those after generation `known`, in place of the one here."""
        highest = dict(head["sequences"]).get("cases", 0)
        span = ("case_no", 1, highest) if known < 0 else ("generation", known + 1, head["generation"])
        where = f"generation <= {head['generation']} and case_no > 0"
        along, first, last = span
        for page in self.server.pages(
            self.server.records, where, _RECORD_FIELDS, along=along, first=first, last=last, most=_PAGE_RECORDS
        ):
            versions: dict[int, list[Row]] = {}
            for row in sorted(page, key=lambda row: (row["case_no"], row["generation"], row["part"])):
                kept = versions.setdefault(row["case_no"], [])
                if kept and kept[0]["generation"] != row["generation"]:
                    kept.clear()
                kept.append(row)
            for case_no, parts in versions.items():
                self._apply_case(case_no, parts)

    def _apply_case(self, case_no: int, parts: Sequence[Row]) -> None:
        erase_case(self, case_no)
        insert_rows(self, unpack_record(join_parts(parts)))
        for seq, verb in json.loads(parts[0]["changes"]):
            values = (seq, case_no, verb, digest_change(case_no, verb))
            self.execute("INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?)", values)

    def _apply_settings(self, head: dict[str, Any]) -> None:
        for table, rows in (
            ("meta", sorted(head["meta"].items())),
            ("models", head["models"]),
            ("sqlite_sequence", head["sequences"]),  # last: SQLite writes there by itself
        ):
            self.execute(f"DELETE FROM {table}")
            for row in rows:
                self.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        self.execute("DELETE FROM embeddings WHERE model_no NOT IN (SELECT model_no FROM models)")

    # --- to the server -------------------------------------------------------------------------------------------

    def _push(self) -> None:
        """Commit to the server: vectors and blobs, the cases' new versions, and last the head that counts them in."""
        generation = int(read_meta(self, "generation") or 0)
        if generation == self._generation:
            return
        self._recovered = False
        self._strip_unchanged()
        self.server.write_intent(intent_of(generation, self._rewritten()))
        self._delete_changed()
        places = self._push_vectors()
        self._push_blobs()
        self._strip()
        changes: dict[int, list[tuple[int, str]]] = {}
        known = dict(self._head["sequences"]).get("journal", 0)
        for seq, case_no, verb in self.execute("SELECT seq, case_no, verb FROM journal WHERE seq > ?", (known,)):
            changes.setdefault(case_no, []).append((seq, verb))
        self.server.put(self.server.records, self._record_rows(generation, changes))
        self._head = {**self._head, "places": {**self._head["places"], **places}}
        head = self._new_head()
        self.server.write_head(head)
        self._generation, self._head, self._recovered, self._erases = generation, head, not self._erases, False

    def _rewritten(self) -> dict[int, set[int]]:
        """By model (0 for previews), the images that this transaction writes though others may know their numbers."""
        written = (
            "SELECT 0, image_id FROM images WHERE preview != x'' UNION SELECT model_no, image_id FROM embeddings "
            "WHERE tokens != x'' UNION SELECT DISTINCT model_no, image_id FROM vectors"
        )
        highest = dict(self._head["sequences"]).get("images", 0)
        images: dict[int, set[int]] = {}
        for model_no, image_id in self.execute(f"SELECT * FROM ({written}) WHERE image_id <= ?", (highest,)):
            images.setdefault(model_no, set()).add(image_id)
        return images

    def _strip_unchanged(self) -> None:
        """Don't send what this transaction deleted and inserted again as it was: the server holds that."""
        same = "SELECT image_id FROM gone JOIN images USING (image_id, digest) WHERE model_no = 0"
        self.execute(f"UPDATE images SET preview = x'' WHERE image_id IN ({same})")
        same = "SELECT image_id, model_no FROM gone JOIN embeddings USING (image_id, model_no, digest)"
        self.execute(f"UPDATE embeddings SET tokens = x'' WHERE (image_id, model_no) IN ({same})")
        self.execute(f"DELETE FROM vectors WHERE (image_id, model_no) IN ({same})")

    def _delete_changed(self) -> None:
        """Delete from the server what this transaction deleted and inserted again with other content."""
        changed = (
            "SELECT 0, image_id FROM gone g JOIN images i USING (image_id) WHERE model_no = 0 "
            "AND (i.digest = g.digest) IS NOT 1 UNION SELECT model_no, image_id FROM gone g "
            "JOIN embeddings e USING (image_id, model_no) WHERE (e.digest = g.digest) IS NOT 1"
        )
        images: dict[int, list[int]] = {}
        for model_no, image_id in self.execute(changed):
            images.setdefault(model_no, []).append(image_id)
        for name in self.server.collections() if images else ():
            for model_no, ids in images.items() if name != self.server.records else ():
                for some in batches(ids):
                    self.server.delete(name, f"model_no == {model_no} and image_id in {some}")

    def _push_vectors(self) -> dict[str, int]:
        """Send the vectors that this transaction wrote; returns how many numbers those of each place have."""
        places: dict[str, int] = {}
        for place, bytes_each in self.execute(
            "SELECT model_no || '/' || region, max(length(vector)) FROM vectors GROUP BY 1"
        ):
            places[place] = bytes_each // 2
        for dim in sorted(set(places.values())):
            self.server.create_vectors(dim)
            rows = self.execute(
                "SELECT model_no, region, image_id, vector FROM vectors WHERE length(vector) = ?", (2 * dim,)
            )
            self.server.put(self.server.vectors(dim), map(vector_row, rows))
        return places

    def _push_blobs(self) -> None:
        blobs = self.execute(
            "SELECT image_id, 0, preview FROM images WHERE preview != x'' UNION ALL "
            "SELECT image_id, model_no, tokens FROM embeddings WHERE tokens != x''"
        )
        self.server.put(self.server.blobs, (row for blob in blobs for row in blob_rows(*blob)))

    def _strip(self) -> None:
        """Let go of what the server holds."""
        self.execute("UPDATE images SET preview = x'' WHERE preview != x''")
        self.execute("UPDATE embeddings SET tokens = x'' WHERE tokens != x''")
        self.execute("DELETE FROM vectors")

    def _record_rows(self, generation: int, changes: dict[int, list[tuple[int, str]]]) -> Iterator[Row]:
        """The changed cases' new versions, and under case number 0 what they replace."""
        for case_no, lines in sorted(changes.items()):
            parts = split_parts(pack_record(self, case_no))
            for part, data in enumerate(parts):
                yield record_row(generation, case_no, part, len(parts), data, json.dumps(lines))
        lost = "SELECT image_id FROM gone WHERE model_no = 0 AND image_id NOT IN (SELECT image_id FROM images)"
        gone = [row[0] for row in self.execute(lost)]
        replaced = self._held_before(changes)
        models = sorted(_model_numbers(self._head) - {row[0] for row in self.execute("SELECT model_no FROM models")})
        pieces = list(pair_up(gone, replaced)) or [([], [])] * bool(models)
        for part, (images, cases) in enumerate(pieces):
            changed = {"images": images, "cases": cases, "models": models}
            yield record_row(generation, 0, part, 1, json.dumps(changed), "[]")
        self.execute("DELETE FROM gone")

    def _held_before(self, case_numbers: Iterable[int]) -> list[int]:
        """Those of the changed cases that the server has a version of, be it that they are deleted; ascending."""
        cases, journal = (dict(self._head["sequences"]).get(name, 0) for name in ("cases", "journal"))
        numbers = sorted(case_no for case_no in case_numbers if case_no <= cases)  # others can't be there
        earlier = f"SELECT DISTINCT case_no FROM journal WHERE seq <= ? AND case_no IN ({', '.join(map(str, numbers))})"
        return sorted(row[0] for row in self.execute(earlier, (journal,))) if numbers else []

    def _new_head(self) -> dict[str, Any]:
        meta = dict(self.execute("SELECT key, value FROM meta").fetchall())
        models = self.execute("SELECT model_no, version, kind, state FROM models ORDER BY 1").fetchall()
        known = {str(model[0]) for model in models}
        places = {name: dim for name, dim in self._head["places"].items() if name.partition("/")[0] in known}
        return {
            **self._head,
            "format": FORMAT_VERSION,
            "generation": int(meta["generation"]),
            "meta": meta,
            "models": models,
            "sequences": self.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1").fetchall(),
            "places": places,
            "codes": self._head.get("codes", {}) if self._is_same_store(meta) else {},
        }

    def _is_same_store(self, meta: Mapping[str, str]) -> bool:
        """Whether numbers still mean the rows that they meant at the last commit."""
        return bool(meta["store_id"] == self._head.get("meta", {}).get("store_id"))

    # --- what only the server holds ------------------------------------------------------------------------------

    @contextmanager
    def filled(self, image_ids: Iterable[int], *, vectors: bool = False, every_model: bool = False) -> Iterator[None]:
        """Inside, these images have their previews and tokens, and `vectors` theirs: the active models', or all."""
        ids = sorted(map(int, image_ids))
        self.execute("SAVEPOINT filled")
        try:
            active = [row[0] for row in self.execute("SELECT model_no FROM models WHERE state = 'active'")]
            models = "" if every_model else f" and model_no in {[0, *active]}"
            dims = set(self._head["places"].values()) if vectors else set[int]()
            for some in batches(ids):
                where = f"image_id in {some}{models}"
                fill_blobs(self, self.server, where, some)
                fill_vectors(self, self.server, where, some, dims=dims)
            yield
        finally:
            self.execute("ROLLBACK TO filled")
            self.execute("RELEASE filled")


def _model_numbers(head: Mapping[str, Any]) -> set[int]:
    return {model[0] for model in head.get("models", ())}


def open_replica(server: Server, *, create: bool) -> Replica:
    """A replica of the index on a server. Raises `IndexStoreError` where there is none and it may not be made."""
    replica = sqlite3.connect("", isolation_level=None, check_same_thread=False, factory=Replica)
    try:
        replica.attach(server, create=create)
    except BaseException:
        replica.close()
        raise
    return replica
