"""`casekin evaluate --protocol draft`: what it takes, and what it prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.cli.render import progress_bar

if TYPE_CHECKING:
    from casekin.journeys.evaluating.drafts import DraftsResult

PROTOCOL = "draft"
_FOREIGN = {
    "runs": "--run",
    "qrels": "--qrels",
    "measures": "--measure",
    "baselines": "--baseline",
    "require": "--require",
    "kind": "--kind",
}
_SHOWN = (
    "F1(polarity)",
    "F1(present)",
    "F1(absent)",
    "Unsupported",
    "SideError",
    "CitationPrecision",
    "CitationRecall",
    "Uncited",
    "Numbers",
    "Dates",
    "Priors",
    "Answered",
    "Spoken",
)


def measure_drafts(
    index: Path | str | None,
    drafts: Path | None,
    *,
    truth: Path | None,
    out: Path | None,
    model: str,
    command: str,
    options: Mapping[str, Any],
) -> DraftsResult:
    """Measure drafts of an index's cases: those of a file, or made here."""
    from casekin.index import open_index
    from casekin.journeys.draft import draft_stored
    from casekin.journeys.evaluating.drafts import evaluate_drafts
    from casekin.journeys.evaluating.options import EvaluateOptions
    from casekin.models import load_encoder
    from casekin.retrieval.compose.claims import CaseReader

    if index is None:
        raise click.UsageError("--protocol draft measures drafts of an index's cases: name it with --index")
    if given := [option for name, option in _FOREIGN.items() if options[name]]:
        raise click.UsageError(
            f"{given[0]} means nothing to --protocol draft, which has fixed measures of radiographs' drafts"
        )
    with open_index(index) as handle, progress_bar("draft", "case") as progress:
        encoder, reader = (None, None) if drafts is not None else (load_encoder(model), CaseReader(handle))
        beside = index.parent if isinstance(index, Path) else Path()
        return evaluate_drafts(
            handle,
            drafts or (lambda case: draft_stored(handle, case, encoder=encoder, reader=reader).as_record()),
            truth=truth,
            options=EvaluateOptions(split=options["split"], queries=options["queries"], seed=options["seed"]),
            out=out or beside / f"{handle.name}.drafts",
            command=command,
            progress=progress,
        )


def drafts_text(result: DraftsResult) -> str:
    """The figures of the drafts with their intervals, beside the baselines' own."""
    record = result.as_record()
    systems = {name: one["measures"] for name, one in record["baselines"].items()}
    rows = [("", "drafts [95 % interval]", *systems)]
    rows += [
        (name, _interval(record["measures"][name]), *(_mean(measures.get(name)) for measures in systems.values()))
        for name in _SHOWN
        if name in record["measures"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lead = f"{record['n_queries']} cases of {record['patients']} patients, labels {record['labels']['source']}"
    missing = [f"not measured: {name}: {why}" for name, why in record["missing"].items()]
    page = [] if result.out is None else [f"page: {result.out / 'drafts.html'}"]
    return "\n".join([lead, *lines, *missing, *page])


def _interval(score: Mapping[str, Any]) -> str:
    return _mean(score) if score["lo"] is None else f"{_mean(score)} [{score['lo']:.3f}, {score['hi']:.3f}]"


def _mean(score: Mapping[str, Any] | None) -> str:
    return "" if score is None else "n/a" if score["mean"] is None else f"{score['mean']:.3f}"
