"""The case index: SQLite holds the truth, FAISS segments per region are derived from it."""

from casekin.index.case_index import CaseIndex
from casekin.index.opening import open_index
from casekin.index.records import IndexedCase, IndexedImage, Kind, StoredCase, StoredImage, StoredModel
from casekin.index.search.catalog import Catalog
from casekin.index.search.nearest import Candidates, Rule, Term, combine_parts
from casekin.index.search.statements import Statements

__all__ = [
    "Candidates", "CaseIndex", "Catalog", "IndexedCase", "IndexedImage", "Kind", "Rule", "Statements", "StoredCase",
    "StoredImage", "StoredModel", "Term", "combine_parts", "open_index",
]  # fmt: skip
