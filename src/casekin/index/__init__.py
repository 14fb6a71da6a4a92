"""The case index: SQLite holds the truth, FAISS segments per region are derived from it."""

from casekin.index.case_index import CaseIndex
from casekin.index.catalog import Catalog
from casekin.index.nearest import Candidates, Term
from casekin.index.records import IndexedCase, IndexedImage, StoredCase, StoredImage
from casekin.index.statements import Statements

__all__ = [
    "Candidates", "CaseIndex", "Catalog", "IndexedCase", "IndexedImage", "Statements", "StoredCase", "StoredImage",
    "Term",
]  # fmt: skip
