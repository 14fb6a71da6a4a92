"""`casekin backup`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin backup my.index s3://hospital-backups/casekin --keep 7")
@click.argument("index", type=INDEX)
@click.argument("target")
@click.option("--keep", type=click.IntRange(1), help="Keep the latest so many states there. [default: all]")
@site_option
@json_option
def backup(index: Path | str, target: str, keep: int | None, site: Path | None, as_json: bool) -> None:
    """Write what TARGET lacks of an index and its site: a folder, or an address such as s3://bucket/path.

    Of the site's state folder it takes the database (audit log, collections, jobs), the keys and the kept image files.

    The first backup writes all, later ones what has changed. Searches and ingests go on. Interrupted, the same command
    goes on where it stopped. The target holds what the index holds, its site key too: guard it alike.
    """
    from casekin.journeys.upkeep import back_up_index

    summary = back_up_index(index, target, keep=keep, site=site)
    if as_json:
        echo_json(summary.as_record())
        return
    click.echo(
        f"state {summary.name}: {summary.cases} cases in {summary.chunks} chunks, {summary.written} written "
        f"({summary.written_bytes} bytes), {summary.dropped} dropped"
    )
