"""`casekin evaluate`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from casekin.cli.evaluate_drafts import PROTOCOL, drafts_text, measure_drafts
from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option, progress_bar
from casekin.errors import InputError

if TYPE_CHECKING:
    from casekin.evaluation.gates import GateResult
    from casekin.journeys.evaluate import EvaluationResult

_PATH = click.Path(path_type=Path)
_OTHER_MEASURES = 4


@click.command(
    epilog="Example: casekin evaluate --run ours.run --run theirs.run --qrels mined --require 'lo(nDCG@10)>=0.4'"
)
@click.option("--index", type=INDEX, help="Index: its own search is measured, or what --run names.")
@click.option("--run", "runs", type=_PATH, multiple=True, help="TREC run; a second one is compared with the first.")
@click.option(
    "--qrels", type=_PATH, help="Labels: the folder that mine wrote, a qrels file, or a protocol's published files."
)
@click.option("--truth", type=_PATH, help="truth.jsonl of a simulated archive.")
@click.option(
    "--protocol", help="Protocol by name [default: casekin; trec for a qrels file alone]; draft: of drafted reports."
)
@click.option("--drafts", type=_PATH, help="JSONL of drafts with case_id, for --protocol draft [default: made here].")
@click.option(
    "--baseline", "baselines", multiple=True, help="Baseline by name, or a run file [default: all there are]."
)
@click.option("--measure", "measures", multiple=True, help="Measure, such as nDCG@10; the first leads.")
@click.option("--require", multiple=True, metavar="GATE", help="Fail unless met, e.g. 'lo(nDCG@10-random)>0.1'.")
@click.option("--split", help="Whose queries ask [default: test].")
@click.option(
    "--queries", type=click.IntRange(0), default=1000, show_default=True, help="How many an index asks; 0: all."
)
@click.option(
    "--kind",
    type=click.Choice(["radiograph", "ct"]),
    help="Images that ask and answer [default: radiograph; ct in an index without any].",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Of what is drawn.")
@click.option(
    "--model", default="default", show_default=True, help="The index's encoder, for crops: name, or card's path."
)
@click.option("--no-cases", is_flag=True, help="Name and show no case in record and page: to hand them on.")
@click.option("--out", type=_PATH, help="Folder for record, page and runs [default: beside the index; none for runs].")
@json_option
def evaluate(
    index: Path | str | None,
    runs: tuple[Path, ...],
    qrels: Path | None,
    truth: Path | None,
    drafts: Path | None,
    out: Path | None,
    model: str,
    as_json: bool,
    **options: Any,
) -> int:
    """Measure an index, or runs, by labels: with intervals, beside chance and baselines, as a page.

    Exit code 1 when a gate of --require is missed.
    """
    if options["protocol"] == PROTOCOL:
        asked_besides = {**options, "runs": runs, "qrels": qrels}
        told = measure_drafts(
            index, drafts, truth=truth, out=out, model=model, command=_command(), options=asked_besides
        )
        if as_json:
            echo_json(told.as_record())
        else:
            click.echo(drafts_text(told))
        return 0
    if drafts is not None:
        raise click.UsageError("--drafts needs --protocol draft")
    from casekin.journeys.evaluate import evaluate_runs
    from casekin.journeys.evaluating.options import EvaluateOptions

    if index is None and not runs:
        raise click.UsageError("nothing to measure: name an --index, or a --run with --qrels")
    try:
        asked = EvaluateOptions(**options)
    except InputError as error:  # a name that isn't one: wrong usage, nothing was tried
        raise click.UsageError(str(error)) from error
    given: dict[str, Any] = {"qrels": qrels, "truth": truth, "out": out, "options": asked, "command": _command()}
    if index is not None:
        result = _measure_index(index, runs=runs, model=model, **given)
    elif qrels is not None:
        result = evaluate_runs(runs, **given)
    else:
        raise click.UsageError("--run needs --qrels, the labels to measure it by, or --index")
    if as_json:
        echo_json(result.as_record())
    else:
        click.echo(_account(result))
    for gate in result.missed:
        click.echo(f"gate missed: {gate.require}: got {_found(gate)}", err=True)
    return 1 if result.missed else 0


def _command() -> str:
    """What was typed, without where results go, files named without their folders: they tell of the machine."""
    context = click.get_current_context()
    words = ["casekin", "evaluate"]
    for parameter in context.command.params:
        name = str(parameter.name)
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE or name in ("out", "as_json"):
            continue
        value = context.params[name]
        if value is True:
            words.append(parameter.opts[0])
            continue
        for one in value if isinstance(value, tuple) else (value,):
            file = Path(str(one))
            is_place = isinstance(one, Path) or name == "index" or file.exists()
            words += [parameter.opts[0], file.name if is_place else str(one)]
    return shlex.join(words)


def _measure_index(index: Path | str, *, out: Path | None, **given: Any) -> EvaluationResult:
    from casekin.index import open_index
    from casekin.journeys.evaluate import evaluate_index

    with open_index(index) as handle, progress_bar("evaluate", "step") as progress:
        beside = index.parent if isinstance(index, Path) else Path()
        folder = out or beside / f"{handle.name}.evaluation"
        return evaluate_index(handle, out=folder, progress=progress, **given)


def _account(result: EvaluationResult) -> str:
    """What was measured, a row for each ranking, the comparison, and where the page is."""
    record = result.as_record()
    dropped, removed = _counts(record["dropped"]), _counts(record["removed"])
    lines = [
        f"{record['run']} by the protocol {record['protocol']} {record['protocol_version']}, labels "
        f"{record['labels']['source']}: {record['n_queries']} queries of {record['patients']} patients; gallery "
        f"{record['gallery']:g} "
        f"({record['gallery_least']:g} to {record['gallery_most']:g}), of which {record['prevalence']:.1%} relevant",
        *([f"left out: {dropped}"] if dropped else []),
        *([f"taken out before scoring: {removed}"] if removed else []),
        *([f"queries without a list, which score 0: {record['missing_queries']}"] if record["missing_queries"] else []),
        _table(record),
        *(f"not made: {', '.join(names)}: {why}" for why, names in _by_reason(record["baselines_missing"]).items()),
    ]
    if record["comparison"] is not None:
        lines.append(_compared(record["comparison"], record["lead"]))
    lines += [f"gate met: {gate.require}" for gate in result.evaluation.gates if gate.met]
    if result.out is not None:
        lines.append(f"page: {result.out / 'evaluation.html'}")
    return "\n".join(lines)


def _counts(told: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in told.items() if count)


def _table(record: Mapping[str, Any]) -> str:
    """The lead measure with its interval and the next few of the run, of what it is compared with, and by chance."""
    lead, *others = [
        name for name, entry in record["measures"].items() if entry["mean"] is not None or name == record["lead"]
    ]
    shown = others[:_OTHER_MEASURES]
    scores = {record["run"]: record["measures"]}
    if record["comparison"] is not None:
        scores[record["comparison"]["other"]] = record["comparison"]["scores"]
    scores |= {name: entry["measures"] for name, entry in record["baselines"].items()}
    rows = [("", f"{lead} [95 % interval]", *shown)]
    rows += [
        (name, _interval(entry[lead]), *(_number(entry[other]["mean"]) for other in shown))
        for name, entry in scores.items()
    ]
    rows.append(("chance", *(_number(record["measures"][name]["chance"]) for name in (lead, *shown))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _by_reason(missing: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, why in missing.items():
        names.setdefault(why, []).append(name)
    return names


def _compared(comparison: Mapping[str, Any], lead: str) -> str:
    gap = comparison["measures"][lead]
    return (
        f"minus {comparison['other']}: {lead} {_interval(gap)}, p {_probability(gap['p_value'])}, by Holm over the "
        f"measures {_probability(gap['p_holm'])}; {_number(gap['minimum_detectable_effect'])} could have been seen"
    )


def _interval(entry: Mapping[str, Any]) -> str:
    if entry["lo"] is None:
        return _number(entry["mean"])
    return f"{_number(entry['mean'])} [{_number(entry['lo'])}, {_number(entry['hi'])}]"


def _probability(value: float | None) -> str:
    return "below 0.001" if value is not None and value < 0.001 else _number(value)


def _found(gate: GateResult) -> str:
    return str(gate.value) if isinstance(gate.value, int) else _number(gate.value)


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
