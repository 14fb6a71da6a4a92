"""casekin: retrieval of similar patient cases, the same finding in the same place.

The names here load on first use, so that `import casekin` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekin.errors import CasekinError
    from casekin.index import CaseIndex
    from casekin.journeys.calibrate import CalibrationSummary, calibrate_index
    from casekin.journeys.deidentify import DeidentificationSummary, deidentify_files
    from casekin.journeys.draft import draft_report
    from casekin.journeys.evaluate import EvaluationResult, evaluate_index, evaluate_runs
    from casekin.journeys.evaluating.options import EvaluateOptions
    from casekin.journeys.ingest import IngestSummary, ingest_cases
    from casekin.journeys.judge import (
        CollectedJudging,
        JudgingOptions,
        PreparedJudging,
        collect_judgements,
        prepare_judging,
    )
    from casekin.journeys.mine import MineOptions, MineResult, mine_reports
    from casekin.journeys.replay import recall_query
    from casekin.journeys.search import search_cases
    from casekin.journeys.sheet import write_evidence
    from casekin.models import load_encoder
    from casekin.reports import read_report
    from casekin.retrieval.answer import SearchAnswer
    from casekin.retrieval.compose.draft import Draft
    from casekin.retrieval.query import SearchQuery
    from casekin.types import Box, Fact, Place

__version__ = "0.1.0"

_HOMES = {
    "Box": "casekin.types",
    "CalibrationSummary": "casekin.journeys.calibrate",
    "CaseIndex": "casekin.index",
    "CasekinError": "casekin.errors",
    "CollectedJudging": "casekin.journeys.judge",
    "DeidentificationSummary": "casekin.journeys.deidentify",
    "Draft": "casekin.retrieval.compose.draft",
    "EvaluateOptions": "casekin.journeys.evaluating.options",
    "EvaluationResult": "casekin.journeys.evaluate",
    "Fact": "casekin.types",
    "IngestSummary": "casekin.journeys.ingest",
    "JudgingOptions": "casekin.journeys.judge",
    "MineOptions": "casekin.journeys.mine",
    "MineResult": "casekin.journeys.mine",
    "Place": "casekin.types",
    "PreparedJudging": "casekin.journeys.judge",
    "SearchAnswer": "casekin.retrieval.answer",
    "SearchQuery": "casekin.retrieval.query",
    "calibrate_index": "casekin.journeys.calibrate",
    "collect_judgements": "casekin.journeys.judge",
    "deidentify_files": "casekin.journeys.deidentify",
    "draft_report": "casekin.journeys.draft",
    "evaluate_index": "casekin.journeys.evaluate",
    "evaluate_runs": "casekin.journeys.evaluate",
    "ingest_cases": "casekin.journeys.ingest",
    "load_encoder": "casekin.models",
    "mine_reports": "casekin.journeys.mine",
    "prepare_judging": "casekin.journeys.judge",
    "read_report": "casekin.reports",
    "recall_query": "casekin.journeys.replay",
    "search_cases": "casekin.journeys.search",
    "write_evidence": "casekin.journeys.sheet",
}

__all__ = [
    "Box",
    "CalibrationSummary",
    "CaseIndex",
    "CasekinError",
    "CollectedJudging",
    "DeidentificationSummary",
    "Draft",
    "EvaluateOptions",
    "EvaluationResult",
    "Fact",
    "IngestSummary",
    "JudgingOptions",
    "MineOptions",
    "MineResult",
    "Place",
    "PreparedJudging",
    "SearchAnswer",
    "SearchQuery",
    "calibrate_index",
    "collect_judgements",
    "deidentify_files",
    "draft_report",
    "evaluate_index",
    "evaluate_runs",
    "ingest_cases",
    "load_encoder",
    "mine_reports",
    "prepare_judging",
    "read_report",
    "recall_query",
    "search_cases",
    "write_evidence",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'casekin' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
