"""casekin: retrieval of similar patient cases, the same finding in the same place.

The names here load on first use, so that `import casekin` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.errors import CasekinError
    from casekin.index import CaseIndex
    from casekin.journeys.ingest import IngestSummary, ingest_cases
    from casekin.journeys.mine import MineOptions, MineResult, mine_reports
    from casekin.journeys.search import search_cases
    from casekin.journeys.sheet import write_evidence
    from casekin.models import load_encoder
    from casekin.reports import read_report
    from casekin.retrieval.answer import SearchAnswer
    from casekin.retrieval.query import SearchQuery
    from casekin.types import Box, Fact, Place

__version__ = "0.1.0"

_HOMES = {
    "Box": "casekin.types",
    "CaseIndex": "casekin.index",
    "CasekinError": "casekin.errors",
    "Fact": "casekin.types",
    "IngestSummary": "casekin.journeys.ingest",
    "MineOptions": "casekin.journeys.mine",
    "MineResult": "casekin.journeys.mine",
    "Place": "casekin.types",
    "SearchAnswer": "casekin.retrieval.answer",
    "SearchQuery": "casekin.retrieval.query",
    "ingest_cases": "casekin.journeys.ingest",
    "load_encoder": "casekin.models",
    "mine_reports": "casekin.journeys.mine",
    "read_report": "casekin.reports",
    "search_cases": "casekin.journeys.search",
    "write_evidence": "casekin.journeys.sheet",
}

__all__ = [
    "Box",
    "CaseIndex",
    "CasekinError",
    "Fact",
    "IngestSummary",
    "MineOptions",
    "MineResult",
    "Place",
    "SearchAnswer",
    "SearchQuery",
    "ingest_cases",
    "load_encoder",
    "mine_reports",
    "read_report",
    "search_cases",
    "write_evidence",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'casekin' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
