"""Promise: drafts say what the picture shows, cite cases that state it, and invent nothing.

    python benchmarks/drafts.py INDEX --truth ARCHIVE/truth.jsonl [--cases N]   # writes benchmarks/results/drafts.json

A draft of every case (or of N, drawn by a hash) with its patient left out, by the index's stored vectors, held against
the simulated archive's truth. Beside it the constant normal report, the report of the most similar case as a whole, and
that of any case. The aims: F1(polarity) at least 1.5 times as far from the constant report as the copied one's,
citation precision at least 0.95, side errors at most 1 %, no sentence without a citation, no number, date or prior.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from casekin.index import open_index
from casekin.journeys.draft import draft_stored
from casekin.journeys.evaluating.drafts import DraftsResult, evaluate_drafts
from casekin.journeys.evaluating.options import EvaluateOptions
from casekin.models import load_encoder
from casekin.retrieval.compose.claims import CaseReader

RESULTS = Path(__file__).parent / "results"
AIMS: Mapping[str, Callable[[Mapping[str, Any]], tuple[float | None, float, bool]]] = {
    "distance of F1(polarity)": lambda told: _least(told["distances"]["F1(polarity)"]["mean"], 1.5),
    "CitationPrecision": lambda told: _least(told["measures"]["CitationPrecision"]["mean"], 0.95),
    "SideError": lambda told: _most(told["measures"]["SideError"]["mean"], 0.01),
    **{
        name: (lambda told, name=name: _most(told["measures"][name]["mean"], 0.0))  # type: ignore[misc]
        for name in ("Uncited", "Numbers", "Dates", "Priors")
    },
}
"""By name: what was found, what is asked for, and whether it is met."""


def _least(value: float | None, aim: float) -> tuple[float | None, float, bool]:
    return value, aim, value is not None and value >= aim


def _most(value: float | None, aim: float) -> tuple[float | None, float, bool]:
    return value, aim, value is not None and value <= aim


def measure(index: Path, truth: Path, *, cases: int, seed: int, out: Path | None) -> tuple[DraftsResult, float]:
    """The evaluation, and seconds for a draft."""
    options = EvaluateOptions(queries=cases, seed=seed)
    encoder, spent = load_encoder(), 0.0

    def timed(case: str) -> Mapping[str, Any]:
        nonlocal spent
        began = perf_counter()
        record = draft_stored(handle, case, encoder=encoder, reader=reader).as_record()
        spent += perf_counter() - began
        return record

    with open_index(index) as handle:
        reader = CaseReader(handle)
        result = evaluate_drafts(handle, timed, truth=truth, options=options, out=out)
    return result, spent / len(result.drafts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=0, help="how many; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="folder for page and drafts")
    parser.add_argument("--result", type=Path, default=RESULTS / "drafts.json")
    options = parser.parse_args()
    result, seconds = measure(options.index, options.truth, cases=options.cases, seed=options.seed, out=options.out)
    told = result.as_record()
    aims = {name: dict(zip(("found", "aim", "met"), check(told), strict=True)) for name, check in AIMS.items()}
    for name, aim in aims.items():
        found = "n/a" if aim["found"] is None else f"{aim['found']:.3f}"
        print(f"{name:26} {found:>7}  aim {aim['aim']:<5} {'met' if aim['met'] else 'MISSED'}")
    record = {**told, "archive": options.truth.parent.name, "aims": aims, "seconds_per_draft": round(seconds, 3)}
    options.result.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
