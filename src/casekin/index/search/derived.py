"""Everything derived from one state of the store, made when first asked for and dropped when the store changes.

What takes long to make for a large archive is kept in the index's folder `derived`: the catalog and a block of vectors
a region. Deleting that folder loses nothing but time. A search reads these files; `write_derived` alone writes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from casekin.index.records import Kind
from casekin.index.search.bundles import find_bundle, remove_drafts, write_bundle
from casekin.index.search.catalog import (
    Catalog,
    changed_cases,
    last_line,
    open_catalog,
    read_catalog,
    update_catalog,
    write_catalog,
)
from casekin.index.search.columns import Numbers, Words, read_numbers, read_words
from casekin.index.search.matrices import Matrices
from casekin.index.search.recall import note_recall, read_recall
from casekin.index.search.segments import Block, Segment, extend_block, make_segment, open_block, write_block
from casekin.index.search.sentences import Sentences, read_sentences
from casekin.index.search.statements import Statements, read_statements
from casekin.index.store.models import active_model

FOLDER = "derived"
_FORMAT = 3
_LEAST_KEPT = 8192
"""Rows below which reading the store is as fast as opening files."""
_STALE_SHARE = 0.1
"""A block is written anew when this share of it has come or gone since."""
_PART_ROWS = 50_000
_NUMERIC = ("age", "day_offset")

T = TypeVar("T")


class Derived:
    """Views on one state of the store: catalog, segments, columns, statements and sentences."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._db = connection
        self._folder = folder / FOLDER
        self._blocks: dict[tuple[int, str], tuple[Path, Block]] = {}
        self._tails: dict[tuple[int, str], Block] = {}
        self.matrices = Matrices()
        self._earlier: tuple[Catalog, int] | None = None
        self._generation: str | None = None
        self._store_id: str | None = None
        self._forget()

    def _forget(self) -> None:
        self._catalog: Catalog | None = None
        self._active: dict[Kind, tuple[int, str] | None] = {}
        self._segments: dict[tuple[int, str], Segment] = {}
        self._columns: dict[str, Words | Numbers] = {}
        self._statements: dict[str, Statements] = {}
        self._sentences: Sentences | None = None
        self._others: dict[str, Any] = {}

    def refresh(self) -> Derived:
        """Itself, without what was derived from an earlier state of the store."""
        query = "SELECT (SELECT value FROM meta WHERE key = 'generation'), value FROM meta WHERE key = 'store_id'"
        generation, store_id = self._db.execute(query).fetchone()
        if generation != self._generation:
            self._forget()
            self._generation = generation
        if store_id != self._store_id:
            self._blocks.clear()
            self._tails.clear()
            self._earlier = None
            self._store_id = store_id
        return self

    def catalog(self) -> Catalog:
        """Image → case → patient."""
        if self._catalog is None:
            line = last_line(self._db)
            earlier = self._earlier or self._kept_catalog()
            changed = None if earlier is None else changed_cases(self._db, earlier[1])
            updated = None
            if earlier is not None and changed is not None and len(changed) <= _STALE_SHARE * earlier[0].size:
                updated = update_catalog(self._db, earlier[0], changed) if len(changed) else earlier[0]
            self._catalog = updated or read_catalog(self._db)
            self._earlier = (self._catalog, line)
        return self._catalog

    def _kept_catalog(self) -> tuple[Catalog, int] | None:
        """The catalog in files, and the journal's line that it stands for."""
        bundle = find_bundle(self._folder, "catalog", origin=self._origin())
        return None if bundle is None else (open_catalog(bundle.path), int(bundle.facts["line"]))

    def segment(self, region: str, kind: Kind = "radiograph") -> Segment:
        """The vectors of one region by the active model of a kind of image: the block in files, and what came since."""
        if kind not in self._active:
            self._active[kind] = active_model(self._db, kind)
        active = self._active[kind]
        return make_segment((), self.catalog().case_of_image) if active is None else self._segment(active[0], region)

    def _segment(self, model_no: int, region: str) -> Segment:
        key = (model_no, region)
        if key not in self._segments:
            block = self._block(model_no, region)
            after = 0 if block is None else int(block.image_ids[-1])
            tail = self._tails.get(key)
            if tail is not None and tail.image_ids[0] <= after:  # it has gone into the files
                tail = None
            start = after if tail is None else int(tail.image_ids[-1])
            tail = extend_block(tail, _read_parts(self._db, model_no, region, after=start))
            if tail is not None:
                self._tails[key] = tail
            blocks = tuple(part for part in (block, tail) if part is not None)
            self._segments[key] = make_segment(blocks, self.catalog().case_of_image)
        return self._segments[key]

    def note_recall(self, share: float) -> None:
        """Keep what a search that was compared with an exact one found."""
        note_recall(self._folder, generation=str(self._generation), share=share)

    def sampled_recall(self) -> dict[str, Any] | None:
        """What compared searches found so far, in any process; None before the first."""
        return read_recall(self._folder)

    def column(self, field: str) -> Words | Numbers:
        """One field of every case."""
        if field not in self._columns:
            read = read_numbers if field in _NUMERIC else read_words
            self._columns[field] = read(self._db, field, size=self.catalog().size)
        return self._columns[field]

    def statements(self, finding: str) -> Statements:
        """Who states a finding (an id)."""
        if finding not in self._statements:
            self._statements[finding] = read_statements(self._db, finding)
        return self._statements[finding]

    def sentences(self) -> Sentences:
        """Who says which sentence."""
        if self._sentences is None:
            self._sentences = read_sentences(self._db)
        return self._sentences

    def derive(self, name: str, make: Callable[[], T]) -> T:
        """What a caller derives under a name that is its own."""
        if name not in self._others:
            self._others[name] = make()
        made: T = self._others[name]
        return made

    def write(self) -> None:
        """Write the files that are due: blocks of which much has come or gone, and the catalog as it is now."""
        remove_drafts(self._folder)
        self.refresh()
        query = (
            "SELECT DISTINCT model_no, region FROM vectors WHERE model_no IN "
            "(SELECT model_no FROM models WHERE state = 'active') ORDER BY model_no, region"
        )
        for model_no, region in self._db.execute(query).fetchall():
            if self._is_due(model_no, region):
                self._write_block(model_no, region)
        self._write_catalog()

    def _write_catalog(self) -> None:
        catalog = self.catalog()
        assert self._earlier is not None
        line, kept = self._earlier[1], self._kept_catalog()
        if catalog.size > _LEAST_KEPT and (kept is None or kept[1] != line):
            write_bundle(
                self._folder,
                "catalog",
                origin=self._origin(),
                fill=lambda path: {"line": line, **write_catalog(path, catalog)},
            )

    def _is_due(self, model_no: int, region: str) -> bool:
        segment, block = self._segment(model_no, region), self._block(model_no, region)
        tail = sum(len(part.image_ids) for part in segment.blocks if part is not block)
        gone = sum(int(np.count_nonzero(cases == 0)) for cases in segment.cases)
        kept = 0 if block is None else len(block.image_ids)
        return kept + tail > _LEAST_KEPT and tail + gone > _STALE_SHARE * kept

    def _write_block(self, model_no: int, region: str) -> None:
        self._segments.pop((model_no, region), None)
        write_bundle(
            self._folder,
            f"vectors-{model_no}-{region}",
            origin=self._origin(model_no=model_no, region=region),
            fill=lambda path: write_block(path, _read_parts(self._db, model_no, region, after=0)),
        )

    def _block(self, model_no: int, region: str) -> Block | None:
        """The block in files. One that was opened stays valid, but a newer one may stand in its place."""
        key = (model_no, region)
        path, block = self._blocks.get(key, (None, None))
        if path is None or not path.exists():
            origin = self._origin(model_no=model_no, region=region)
            bundle = find_bundle(self._folder, f"vectors-{model_no}-{region}", origin=origin)
            if bundle is None:
                self._blocks.pop(key, None)
                return None
            block = open_block(bundle.path, bundle.facts)
            self._blocks[key] = (bundle.path, block)
        return block

    def _origin(self, **of: Any) -> dict[str, Any]:
        return {"format": _FORMAT, "store": self._store_id, **of}


def _read_parts(
    connection: sqlite3.Connection, model_no: int, region: str, *, after: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
    """Image ids above `after` and their vectors `(n, dim)`, in parts that fit into memory."""
    query = (
        "SELECT image_id, vector FROM vectors WHERE model_no = ? AND region = ? AND image_id > ? "
        "ORDER BY image_id LIMIT ?"
    )
    while rows := connection.execute(query, (model_no, region, after, _PART_ROWS)).fetchall():
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        yield ids, np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
        after = int(ids[-1])
