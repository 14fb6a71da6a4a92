"""`casekin calibrate`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, json_option, progress_bar


@click.command(epilog="Example: casekin calibrate --index my.index --level 0.95")
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option(
    "--level", default=0.9, show_default=True, type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Least promise of an answer: how often one of the first ten cases must be relevant.",
)  # fmt: skip
@click.option("--model", default="default", show_default=True, help="The index's encoder: name, or path of a card.")
@json_option
def calibrate(index: Path | str, level: float, model: str, as_json: bool) -> None:
    """Let an archive's own cases ask it, so that answers can say how far they may be trusted.

    Under a minute, whatever the archive's size: up to 2,000 cases are looked at. Worth repeating when the archive has
    grown by a quarter, and after a switch to another model. What is learned holds no patient's data.
    """
    from casekin.index import open_index
    from casekin.journeys.answering import answering_model
    from casekin.journeys.calibrate import calibrate_index
    from casekin.models import load_encoder

    with open_index(index) as handle:
        encoder = load_encoder(answering_model(handle, model))
    with progress_bar("calibrate", "question") as progress:
        summary = calibrate_index(index, level=level, encoder=encoder, progress=progress)
    if as_json:
        echo_json(summary.as_record())
        return
    for one in summary.kinds:
        if one.missing is not None:
            click.echo(f"{one.kind}: {one.missing}", err=True)
        asked = ", ".join(f"{count} questions ({where})" for where, count in one.questions.items())
        click.echo(f"{one.kind}: {one.pictures} pictures{asked and ', '}{asked}")
        for where, share in one.answered.items():
            click.echo(f"{one.kind}: {share:.0%} of questions ({where}) are promised at least {level:.0%}")
