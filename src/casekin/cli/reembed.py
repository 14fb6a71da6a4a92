"""`casekin reembed`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option, progress_bar


@click.command(epilog="Example: casekin reembed archive --index my.index --model better/model.json")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--model", required=True, help="Encoder name, or path of a model card.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that decode and encode [default: processors].")
@json_option
def reembed(paths: tuple[Path, ...], index: Path | str, model: str, workers: int | None, as_json: bool) -> None:
    """Give an index another model's vectors beside its own, from the files that it was made of.

    Searches and ingests go on with the active model. Interrupted, the same command goes on where it stopped. When no
    image is missing, `casekin models INDEX --activate VERSION` switches.
    """
    from casekin.journeys.reembed import reembed_cases
    from casekin.settings import read_settings

    with progress_bar("reembed", "case") as progress:
        summary = reembed_cases(
            paths, index=index, model=model, workers=workers or read_settings().workers, progress=progress
        )
    if as_json:
        echo_json(summary.as_record())
        return
    for problem in summary.problems:
        click.echo(f"left out: {problem.source}: {problem.reason}", err=True)
    click.echo(f"{summary.images} images embedded with {summary.model_version}, {summary.missing} still without")
