"""`casekin models`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin models my.index --activate dual-2f1c")
@click.argument("index", type=INDEX)
@click.option("--activate", metavar="VERSION", help="Let this model answer from now on; the one before is kept.")
@click.option("--incomplete", is_flag=True, help="With --activate: even where images lack its vectors.")
@click.option("--remove", metavar="VERSION", help="Drop the vectors of a model that doesn't answer.")
@site_option
@json_option
def models(
    index: Path | str, activate: str | None, incomplete: bool, remove: str | None, site: Path | None, as_json: bool
) -> None:
    """List the models whose vectors an index holds; switch to another, back, or drop one.

    A switch is one step, for all kinds of image that the model's encoder sees: every list before it comes from one
    model, every list after it from the other. The audit log says it.
    """
    from casekin.index import open_index

    if activate is not None:
        from casekin.journeys.activate import activate_model

        activate_model(index, activate, incomplete=incomplete, site=site)
    with open_index(index) as handle:
        if remove is not None:
            handle.remove_model(remove)
        found = handle.models()
    if as_json:
        echo_json({"models": [asdict(model) for model in found]})
        return
    for model in found:
        missing = f", {model.missing} without" if model.missing else ""
        click.echo(f"{model.state:8}  {model.kind:10}  {model.version}  {model.images} images{missing}")
