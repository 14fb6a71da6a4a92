"""Everything derived from one state of the store, built when first asked for and dropped when the store changes."""

from __future__ import annotations

import sqlite3

from casekin.index.catalog import Catalog, read_catalog
from casekin.index.segments import Segment, build_segment
from casekin.index.sentences import Sentences, read_sentences
from casekin.index.statements import Statements, read_statements
from casekin.index.store import read_region


class Derived:
    """Views on one state of the store: the catalog, a segment a region, statements a finding, and the sentences."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._catalog: Catalog | None = None
        self._segments: dict[str, Segment] = {}
        self._statements: dict[str, Statements] = {}
        self._sentences: Sentences | None = None

    def catalog(self) -> Catalog:
        """Image → case → patient."""
        if self._catalog is None:
            self._catalog = read_catalog(self._db)
        return self._catalog

    def segment(self, region: str) -> Segment:
        """The vectors of one region."""
        if region not in self._segments:
            self._segments[region] = build_segment(*read_region(self._db, region))
        return self._segments[region]

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
