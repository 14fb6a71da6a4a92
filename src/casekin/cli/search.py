"""`casekin search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from casekin.cli.index_type import INDEX
from casekin.cli.question import FILE, BoxType, like_option, make_query, unlike_option, with_option, without_option
from casekin.cli.render import echo_json, json_option, progress_bar
from casekin.cli.steering import answer_text
from casekin.errors import InputError

_BESIDE_RECIPE = {"image", "index", "recipe", "save_recipe", "anyway", "html", "png", "cards", "model", "as_json"}
"""What may stand beside `--recipe`: where to ask and what to write, nothing of the question itself."""
_BOARD = "Findings among the first N hits (50 without a number) beside the archive's rate."
_FOLLOW_UP = "What later reports of the first N hits' patients tell (50 without a number)."


@click.command(epilog="Example: casekin search film.dcm --index my.index --at 'left lower lobe' --html evidence.html")
@click.argument("image", required=False, type=FILE)
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--text", help="Report text or words; findings in it are matched first, its words second.")
@click.option("--at", multiple=True, metavar="PLACE", help="Where to look, e.g. 'left lower lobe'; may be repeated.")
@click.option("--all-of", "combine", flag_value="all_of", help="Every place must be alike: the worst of them counts.")
@click.option("--any-of", "combine", flag_value="any_of", help="One place suffices: the best of them counts.")
@click.option(
    "--phrase", help="A finding at a place in words, e.g. 'left basal effusion'; says where, and without an image what."
)
@click.option("--box", type=BoxType(), help="Rectangle in pixels of the image, half-open, origin top left.")
@click.option("--mask", type=FILE, help="PNG of the image's size; where it isn't black is the region.")
@like_option
@unlike_option
@click.option("--where", metavar="EXPR", help="Filter, e.g. 'pneumothorax at left lung present and age > 60'.")
@with_option
@without_option
@click.option("--limit", default=10, show_default=True, help="How many cases.")
@click.option("--patient", help="The query's patient, where the image doesn't tell.")
@click.option("--same-patient", type=click.Choice(["exclude", "only", "allow"]), default="exclude", show_default=True)
@click.option("--text-weight", default=0.5, show_default=True, help="Share of the text beside an image, 0 to 1.")
@click.option(
    "--facts-weight",
    default=0.6,
    show_default=True,
    help="What reports of look-alikes count for an image without a text, 0 to 1.",
)
@click.option(
    "--relax/--no-relax", default=True, show_default=True, help="Where too few pass or none compares, look wider."
)
@click.option("--counter", default=0, metavar="K", help="K look-alikes that state something else, and K normals.")
@click.option("--board", default=0, metavar="[N]", is_flag=False, flag_value=50, help=_BOARD)
@click.option("--follow-up", default=0, metavar="[N]", is_flag=False, flag_value=50, help=_FOLLOW_UP)
@click.option("--recipe", type=FILE, help="Repeat a saved search; its image is given again, other options aren't.")
@click.option("--save-recipe", type=FILE, help="Save this search, to be repeated with --recipe.")
@click.option("--anyway", is_flag=True, help="Repeat a recipe also where index, model or image is another.")
@click.option("--html", type=FILE, help="Write the evidence sheet as a page.")
@click.option("--png", type=FILE, help="Write the evidence sheet as a picture.")
@click.option("--cards", type=FILE, metavar="DIR", help="Write each hit's evidence card as JSON, HTML and PNG.")
@click.option("--queries", type=FILE, help="JSON Lines of questions, answered into --run.")
@click.option("--run", type=FILE, help="TREC run file that --queries writes.")
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
    if options["recipe"] is not None:
        _refuse_beside_recipe()
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
    cards: Path | None,
    recipe: Path | None,
    save_recipe: Path | None,
    anyway: bool,
    **options: Any,
) -> None:
    from casekin.index import open_index
    from casekin.journeys.answering import answering_model
    from casekin.journeys.replay import recall_query
    from casekin.journeys.search import encode_asked, search_cases
    from casekin.models import load_encoder

    saved: Any = None if recipe is None else _read_recipe(recipe)
    combine = options.pop("combine") or "mean"
    asked = None if recipe is not None else make_query(image, combine=combine, **options)
    with open_index(index) as handle:
        query = asked or recall_query(handle, saved, image=image, anyway=anyway)
        shows = query.image is not None or query.case is not None  # a recipe may ask with a stored image
        encoder = load_encoder(answering_model(handle, model)) if shows else None
        encoded = encode_asked(handle, query, encoder)
        answer = search_cases(handle, query, encoded=encoded)
        if any(path is not None for path in (html, png, cards)):
            from casekin.journeys.sheet import write_evidence

            write_evidence(
                handle, answer, asked=encoded, mask=query.mask, encoder=encoder, html=html, png=png, cards=cards
            )
    record = answer.as_record()
    if save_recipe is not None:
        save_recipe.write_text(json.dumps(record["recipe"], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        echo_json(record)
    else:
        click.echo(answer_text(record))
        for what, written in (("evidence", html), ("evidence", png), ("cards", cards), ("recipe", save_recipe)):
            if written is not None:
                click.echo(f"{what}: {written}")


def _refuse_beside_recipe() -> None:
    """Raises `click.UsageError` where a question's option stands beside `--recipe`, which holds the whole question."""
    context = click.get_current_context()
    given = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if beside := sorted(set(given) - _BESIDE_RECIPE):
        option = beside[0].rstrip("_").replace("_", "-")
        raise click.UsageError(f"--recipe holds the whole question, got --{option} beside it; leave one of them out")


def _read_recipe(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"recipe: expected a JSON file that --save-recipe wrote, got {type(error).__name__}"
        ) from error


def _answer_many(index: Path | str, queries: Path, run: Path, model: str, as_json: bool) -> None:
    from casekin.index import open_index
    from casekin.journeys.answering import answering_model
    from casekin.journeys.batch import answer_queries
    from casekin.models import load_encoder

    with open_index(index) as handle, progress_bar("search", "query") as progress:
        encoder = load_encoder(answering_model(handle, model))
        summary = answer_queries(handle, queries, run, encoder=encoder, progress=progress)
    if as_json:
        echo_json(summary.as_record())
        return
    for problem in summary.problems:
        click.echo(f"left out: {problem.source}: {problem.reason}", err=True)
    click.echo(f"{summary.queries} queries answered into {run}, {len(summary.problems)} left out")
