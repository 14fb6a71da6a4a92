"""`casekin search`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import echo_json, hit_table, json_option, progress_bar
from casekin.errors import InputError
from casekin.types import Box


class _BoxType(click.ParamType[Box]):
    name = "x0,y0,x1,y1"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Box:
        if isinstance(value, Box):
            return value
        try:
            x0, y0, x1, y1 = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"expected four numbers x0,y0,x1,y1, got {value!r}", param, ctx)
        if not (x1 > x0 and y1 > y0):
            self.fail(f"expected x1 > x0 and y1 > y0, got {value!r}", param, ctx)
        return Box(x0=x0, y0=y0, x1=x1, y1=y1)


_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: casekin search film.dcm --index my.index --at 'left lower lobe' --html evidence.html")
@click.argument("image", required=False, type=_FILE)
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--text", help="Report text or words; findings in it are matched first, its words second.")
@click.option("--at", multiple=True, metavar="PLACE", help="Where to look, e.g. 'left lower lobe'; may be repeated.")
@click.option("--all-of", "combine", flag_value="all_of", help="Every place must be alike: the worst of them counts.")
@click.option("--any-of", "combine", flag_value="any_of", help="One place suffices: the best of them counts.")
@click.option(
    "--phrase", help="A finding at a place in words, e.g. 'left basal effusion'; says where, and without an image what."
)
@click.option("--box", type=_BoxType(), help="Rectangle in pixels of the image, half-open, origin top left.")
@click.option("--mask", type=_FILE, help="PNG of the image's size; where it isn't black is the region.")
@click.option("--like", multiple=True, metavar="CASE", help="A stored case to move towards; may be repeated.")
@click.option("--unlike", multiple=True, metavar="CASE", help="A stored case to move away from; may be repeated.")
@click.option("--where", metavar="EXPR", help="Filter, e.g. 'pneumothorax at left lung present and age > 60'.")
@click.option("--limit", default=10, show_default=True, help="How many cases.")
@click.option("--patient", help="The query's patient, where the image doesn't tell.")
@click.option("--same-patient", type=click.Choice(["exclude", "only", "allow"]), default="exclude", show_default=True)
@click.option("--html", type=_FILE, help="Write the evidence sheet as a page.")
@click.option("--png", type=_FILE, help="Write the evidence sheet as a picture.")
@click.option("--queries", type=_FILE, help="JSON Lines of questions, answered into --run.")
@click.option("--run", type=_FILE, help="TREC run file that --queries writes.")
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@json_option
def search(
    image: Path | None,
    index: Path | str,
    queries: Path | None,
    run: Path | None,
    model: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Find cases that show the same finding in the same place, with evidence for each."""
    if queries is not None or run is not None:
        if queries is None or run is None or image is not None:
            raise click.UsageError("--queries and --run go together, without an image")
        _answer_many(index, queries, run, model, as_json)
        return
    _answer_one(image, index, model, as_json, **options)


def _answer_one(
    image: Path | None,
    index: Path | str,
    model: str,
    as_json: bool,
    html: Path | None,
    png: Path | None,
    **options: Any,
) -> None:
    from casekin.imaging import read_image
    from casekin.index import open_index
    from casekin.journeys.search import search_cases
    from casekin.models import load_encoder
    from casekin.retrieval.query import SearchQuery

    mask = options.pop("mask")
    mask_pixels = None if mask is None else read_image(mask).pixels > 0
    options["combine"] = options["combine"] or "mean"
    try:
        query = SearchQuery(image=image, mask=mask_pixels, **options)
    except InputError as error:  # options that don't go together: wrong usage, nothing was tried
        raise click.UsageError(str(error).removeprefix("search: ")) from error
    with open_index(index) as handle:
        answer = search_cases(handle, query, encoder=None if image is None else load_encoder(model))
        if html is not None or png is not None:
            from casekin.journeys.sheet import write_evidence

            write_evidence(handle, answer, image=image, html=html, png=png)
    record = answer.as_record()
    if as_json:
        echo_json(record)
    else:
        nothing = "no case passes the filter" if query.where else "no other patient's case to compare with in the index"
        click.echo(hit_table(record) if record["hits"] else nothing)
        for written in filter(None, (html, png)):
            click.echo(f"evidence: {written}")


def _answer_many(index: Path | str, queries: Path, run: Path, model: str, as_json: bool) -> None:
    from casekin.index import open_index
    from casekin.journeys.batch import answer_queries
    from casekin.models import load_encoder

    with open_index(index) as handle, progress_bar("search", "query") as progress:
        summary = answer_queries(handle, queries, run, encoder=load_encoder(model), progress=progress)
    if as_json:
        echo_json(summary.as_record())
        return
    for problem in summary.problems:
        click.echo(f"left out: {problem.source}: {problem.reason}", err=True)
    click.echo(f"{summary.queries} queries answered into {run}, {len(summary.problems)} left out")
