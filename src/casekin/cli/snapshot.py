"""`casekin snapshot`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin snapshot my.index --name before-the-new-model")
@click.argument("index", type=INDEX)
@click.option("--name", help="Name of the snapshot. [default: the next number]")
@click.option("--list", "lists", is_flag=True, help="List the snapshots instead of making one.")
@click.option("--restore", metavar="NAME", help="Bring the index back to this snapshot, in one step.")
@click.option("--remove", metavar="NAME", help="Drop this snapshot.")
@json_option
def snapshot(
    index: Path | str, name: str | None, lists: bool, restore: str | None, remove: str | None, as_json: bool
) -> None:
    """Keep the index as it is now inside its own folder, bring it back, or drop what was kept.

    Snapshots share what they have in common. They don't replace a backup: a lost disk takes both.
    """
    from casekin.index import open_index
    from casekin.index.upkeep.backup import read_manifests

    if sum((name is not None, lists, restore is not None, remove is not None)) > 1:
        raise click.UsageError("give one of --name, --list, --restore, --remove")
    record: dict[str, object] = {}
    with open_index(index) as handle:
        if restore is not None:
            record = {"restored": restore, "changed_chunks": handle.upkeep.restore_snapshot(restore)}
            handle.write_derived()
        elif remove is not None:
            record = {"removed": remove, "dropped": handle.upkeep.remove_snapshot(remove)}
        elif not lists:
            record = handle.upkeep.back_up(handle.upkeep.snapshots(), name=name).as_record()
        states = read_manifests(handle.upkeep.snapshots())
    record["snapshots"] = [
        {"name": state.name, "cases": state.cases, "images": state.images, "index_version": state.index_version}
        for state in states
    ]
    if as_json:
        echo_json(record)
        return
    for state in states:
        click.echo(f"{state.name}: {state.cases} cases, {state.images} images, version {state.index_version}")
