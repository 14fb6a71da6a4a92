"""`casekin judge`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option

_FILE = click.Path(path_type=Path)


class _InOrder(click.Group):
    """Lists its commands in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder)
def judge() -> None:
    """Blind judging: two readers say how alike two cases are at a place."""


@judge.command(epilog="Example: casekin judge prepare --index my.index --run a.run --run b.run --out judging")
@click.option("--index", required=True, type=INDEX, help="Index that the runs were made on.")
@click.option("--run", "runs", required=True, multiple=True, type=_FILE, help="TREC run of 'case_id@place' queries.")
@click.option("--out", required=True, type=_FILE, help="Folder for the readers' pages and the key.")
@click.option("--pairs", default=200, show_default=True, type=click.IntRange(1), help="Pairs to judge, at most.")
@click.option("--depth", default=10, show_default=True, type=click.IntRange(1), help="First cases of each run pooled.")
@click.option("--readers", default=2, show_default=True, type=click.IntRange(2, 20), help="Pages to write.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same pages.")
@click.option("--with-reports", is_flag=True, help="Show the reports below the films; they give grades away.")
@json_option
def prepare(index: Path | str, runs: tuple[Path, ...], out: Path, as_json: bool, **options: Any) -> None:
    """Pool runs, draw pairs, and write one page for each reader.

    Pages show films with the place outlined, and neither rank, score nor source. They work offline and keep answers
    in the browser. They hold pictures of patients.
    """
    from casekin.index import open_index
    from casekin.journeys.judge import JudgingOptions, prepare_judging

    with open_index(index) as handle:
        prepared = prepare_judging(handle, runs, out=out, options=JudgingOptions(**options))
    click.echo("note: the pages hold pictures of patients; give each to its reader alone, and keep the key", err=True)
    record = prepared.as_record()
    if as_json:
        echo_json(record)
        return
    click.echo(
        f"{record['pairs']} pairs of {record['queries']} queries of {record['patients']} patients, "
        f"{record['random_pairs']} of them at random; {record['repeats']} shown twice"
    )
    for page in record["pages"]:
        click.echo(f"page: {page}")
    click.echo(f"key, not for readers: {record['key']}")
    click.echo(f"next: casekin judge collect {out} reader-1.answers.jsonl reader-2.answers.jsonl --out {out}.labels")


@judge.command(epilog="Example: casekin judge collect judging a.answers.jsonl b.answers.jsonl --out labels")
@click.argument("folder", type=_FILE)
@click.argument("answers", nargs=-1, required=True, type=_FILE)
@click.option("--out", required=True, type=_FILE, help="Folder for labels and agreement.")
@click.option("--adjudicated", type=_FILE, help="adjudicate.jsonl of an earlier call, its grades filled in.")
@click.option(
    "--qrels",
    "mined",
    type=_FILE,
    help="Labels of the same cases, a file or the folder of mine, compared with the readers'.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of the intervals' resamples.")
@json_option
def collect(
    folder: Path,
    answers: tuple[Path, ...],
    out: Path,
    adjudicated: Path | None,
    mined: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Turn readers' answers into labels, and say how far the readers agree.

    FOLDER is what prepare wrote, ANSWERS the files that the readers saved. Pairs on which readers are more than one
    grade apart are listed in adjudicate.jsonl.
    """
    from casekin.journeys.judge import collect_judgements

    collected = collect_judgements(folder, answers, out=out, adjudicated=adjudicated, mined=mined, seed=seed)
    if as_json:
        echo_json(collected.as_record())
        return
    record = collected.record
    for told in record["between"]:
        click.echo(f"reader {told['readers'][0]} and {told['readers'][1]}: {_words(told)}")
    for told in record["within"]:
        click.echo(f"reader {told['reader']} twice: {_words(told)}")
    if record["mined"] is not None:
        click.echo(f"mined and consensus: {_words(record['mined']['consensus'])}")
    open_pairs = record["consensus"]["open"]
    click.echo(f"labels: {collected.qrels}, agreement: {out / 'agreement.md'}")
    if open_pairs:
        click.echo(f"{open_pairs} pairs to adjudicate: fill in {out / 'adjudicate.jsonl'}, then add --adjudicated")


def _words(told: Any) -> str:
    figure = told["weighted_kappa"]
    if figure["mean"] is None:
        return f"weighted kappa not defined, {told['n']} pairs"
    interval = "" if figure["lo"] is None else f" ({figure['lo']:.2f} to {figure['hi']:.2f})"
    return f"weighted kappa {figure['mean']:.2f}{interval}, {told['n']} pairs of {figure['patients']} patients"
