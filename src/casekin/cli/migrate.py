"""`casekin migrate`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option, progress_bar


@click.command(epilog="Example: casekin migrate my.index milvus://milvus.hospital:19530/archive")
@click.argument("source", type=INDEX)
@click.argument("target", type=INDEX)
@json_option
def migrate(source: Path | str, target: Path | str, as_json: bool) -> None:
    """Move an index from SOURCE to TARGET, each a folder or an address on a Milvus server.

    No image is encoded again, and both give the same answers. SOURCE is searched and may grow meanwhile, is caught up
    with, and stays as it is. Every case is compared with what was written, on both sides. Interrupted, the same command
    goes on where it stopped.
    """
    from casekin.journeys.migrate import migrate_index

    with progress_bar("migrate", "chunk") as progress:
        summary = migrate_index(source, target, progress=progress)
    if as_json:
        echo_json(summary.as_record())
        return
    click.echo(
        f"{summary.target} holds {summary.cases} cases with {summary.images} images, all compared; "
        f"{summary.written} of {summary.chunks} chunks written. To switch, give --index {summary.target} from now on; "
        f"{summary.source} is as it was"
    )
