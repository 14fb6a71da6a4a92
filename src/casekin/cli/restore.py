"""`casekin restore`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin restore s3://hospital-backups/casekin restored.index")
@click.argument("target")
@click.argument("index", type=click.Path(path_type=Path))
@click.option("--state", help="Name of a state of the backup. [default: the latest]")
@json_option
def restore(target: str, index: Path, state: str | None, as_json: bool) -> None:
    """Make an index in a new folder from a backup; it appears when it is whole and checked.

    Interrupted, the same command goes on where it stopped.
    """
    from casekin.index import CaseIndex
    from casekin.journeys.upkeep import restore_index

    name = restore_index(target, index, state=state)
    with CaseIndex(index) as handle:
        record = {"state": name, **handle.info()}
    if as_json:
        echo_json(record)
        return
    click.echo(f"state {name}: {record['cases']} cases, {record['images']} images; integrity {record['integrity']}")
