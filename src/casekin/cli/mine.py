"""`casekin mine`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from casekin.cli.render import echo_json, json_option, progress_bar

if TYPE_CHECKING:
    from casekin.reports.server_reader import ReaderServer

FORMATS = (
    "auto", "txt", "jsonl", "csv", "iu-xray", "imagenome", "mimic-cxr", "ct-rate", "padchest-gr", "radir",
)  # fmt: skip


@click.command(epilog="Example: casekin mine reports.jsonl --out mined")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the results; made if absent.")
@click.option("--format", default="auto", show_default=True, type=click.Choice(FORMATS))
@click.option("--processes", type=click.IntRange(1, 256), help="Processes that read reports [default: processors].")
@click.option(
    "--likely-as",
    default="present",
    show_default=True,
    type=click.Choice(["present", "uncertain"]),
    help='What "likely", "suggests", "compatible with" make of their finding.',
)
@click.option(
    "--queries",
    type=click.IntRange(0),
    help="Cases of validation and of test that ask in qrels, and a fifth as many of train. "
    "[default: as many as make a million pairs with their gallery, at least 100]",
)
@click.option(
    "--reader",
    default="rules",
    show_default=True,
    type=click.Choice(["rules", "server"]),
    help="What reads the reports: rules, here; or the model of a server, to which report text is then sent.",
)
@click.option("--reader-url", help="OpenAI-compatible server to ask, such as http://127.0.0.1:8080/v1.")
@click.option("--reader-model", help="Name by which the server knows its model.")
@click.option("--reader-remote", is_flag=True, help="The server may be another machine, and may see patient data.")
@click.option("--no-examples", is_flag=True, help="Quote no sentence of a report in the data card.")
@click.option("--radir", is_flag=True, help="Write graded relevance in RadIR's layout, too.")
@json_option
def mine(
    source: Path,
    out: Path,
    format: str,
    processes: int | None,
    likely_as: Literal["present", "uncertain"],
    queries: int | None,
    reader: Literal["rules", "server"],
    reader_url: str | None,
    reader_model: str | None,
    reader_remote: bool,
    no_examples: bool,
    radir: bool,
    as_json: bool,
) -> None:
    """Read reports into facts, graded relevance at places, and a data card.

    SOURCE is a file, folder or archive; its format is recognised. Interrupted, the same command goes on where it
    stopped. A bad row is listed in bad_rows.jsonl and the rest is mined.
    """
    from casekin.journeys.mine import MineOptions, mine_reports
    from casekin.settings import read_settings

    options = MineOptions(likely_as=likely_as, queries=queries, examples=not no_examples, radir=radir)
    server = _server(reader, reader_url, reader_model, reader_remote)
    with progress_bar("mine", "report") as progress:
        result = mine_reports(
            source,
            out=out,
            format=format,
            options=options,
            server=server,
            processes=processes or read_settings().workers,
            progress=progress,
        )
    _warn(result.bad_rows)
    if as_json:
        echo_json(result.as_record())
        return
    click.echo(_summary(result.record, out))


def _server(reader: str, url: str | None, model: str | None, remote: bool) -> ReaderServer | None:
    """The server to ask, and a line on stderr that report text goes there; None for the rules."""
    from casekin.reports.server_reader import ReaderServer
    from casekin.settings import read_settings

    if reader == "rules":
        if url or model or remote:
            raise click.UsageError("--reader-url, --reader-model and --reader-remote go with --reader server")
        return None
    if not url or not model:
        raise click.UsageError("--reader server needs --reader-url and --reader-model")
    server = ReaderServer(url=url, model=model, remote=remote, api_key=read_settings().reader_key)
    click.echo(f"note: report text is sent to {server.address}, to be read by {model}", err=True)
    return server


def _warn(bad_rows: tuple[Any, ...]) -> None:
    """A line for each of the first bad rows, on stderr."""
    for row in bad_rows[:5]:
        where = row["file"] if row["row"] is None else f"{row['file']}: row {row['row']}"
        click.echo(f"bad row: {where}: {row['reason']}", err=True)
    if len(bad_rows) > 5:
        click.echo(f"and {len(bad_rows) - 5} more, all in bad_rows.jsonl", err=True)


def _summary(record: Any, out: Path) -> str:
    counts = record["qrels"].values()
    return (
        f"{record['reports']} reports read as {record['format']} ({record['format_reason']}): {record['facts']} facts, "
        f"{record['unplaced']} findings without a place, {record['bad_rows']} bad rows\n"
        f"{record['near_duplicates']['reports']} near-duplicates; {sum(split['queries'] for split in counts)} queries "
        f"in {out / 'qrels'}\n"
        f"{_fallbacks(record['fallbacks'])}data card: {out / 'card.html'}"
    )


def _fallbacks(counts: Any) -> str:
    """A line on the reports that the server was asked about and the rules read; empty without any."""
    if not counts:
        return ""
    reasons = ", ".join(f"{reason}: {count}" for reason, count in counts.items())
    return f"read by the rules, the server's answer failing: {sum(counts.values())} ({reasons})\n"
