"""What is answered: hits, what goes with them, versions; `as_record` is the contract's JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from casekin.retrieval.hit import Hit, ResolvedRegion
from casekin.retrieval.steer.board import Board
from casekin.retrieval.steer.counter import Counter
from casekin.retrieval.steer.follow_up import FollowUp
from casekin.retrieval.steer.ladder import Step
from casekin.retrieval.verdict.checks import Check

Verdict = Literal["answered", "low_confidence", "out_of_distribution", "no_comparable_case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """The whole answer. `recipe` repeats it; `ladder` are the steps searched; the rest is there where it was asked for.

    `verdict` and its reason say whether to trust it; `promise` how often at least one of the first ten cases of such
    questions is relevant, None where that isn't calibrated. `checks` hold the picture beside its header.
    """

    query: Mapping[str, Any]
    resolved_regions: tuple[ResolvedRegion, ...]
    hits: tuple[Hit, ...]
    index_version: str
    model_version: str | None
    took_ms: float
    recipe: Mapping[str, Any]
    ladder: tuple[Step, ...]
    counter: Counter | None = None
    board: Board | None = None
    follow_up: FollowUp | None = None
    verdict: Verdict = "answered"
    verdict_reason: str = "uncalibrated"
    promise: float | None = None
    checks: tuple[Check, ...] = ()

    def as_record(self) -> dict[str, Any]:
        return {
            "query": {**self.query, "resolved_regions": [region.as_record() for region in self.resolved_regions]},
            "verdict": self.verdict,
            "verdict_reason": self.verdict_reason,
            "promise": self.promise,
            "checks": [check.as_record() for check in self.checks],
            "index_version": self.index_version,
            "model_version": self.model_version,
            "took_ms": self.took_ms,
            "hits": [hit.as_record() for hit in self.hits],
            "ladder": [step.as_record() for step in self.ladder],
            "counter": None if self.counter is None else self.counter.as_record(),
            "board": None if self.board is None else self.board.as_record(),
            "follow_up": None if self.follow_up is None else self.follow_up.as_record(),
            "recipe": dict(self.recipe),
        }
