"""`casekin draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.cli.index_type import INDEX
from casekin.cli.question import FILE, BoxType, like_option, make_query, unlike_option, with_option, without_option
from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.reports.server_reader import ReaderServer
    from casekin.retrieval.export import Form

_FORMS = ("text", "json", "fhir", "sr", "sr-basic")


@click.command(epilog="Example: casekin draft film.dcm --index my.index --html draft.html")
@click.argument("image", required=False, type=FILE)
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--text", help="Dictated words: cases whose reports fit them count more.")
@click.option("--at", multiple=True, metavar="PLACE", help="Speak of this place only; may be repeated.")
@click.option("--phrase", help="A finding at a place in words: speak of that place only.")
@click.option("--box", type=BoxType(), help="Rectangle in pixels of the image: speak of what lies there only.")
@click.option("--mask", type=FILE, help="PNG of the image's size; where it isn't black is what to speak of.")
@like_option
@unlike_option
@click.option("--where", metavar="EXPR", help="Only cases that pass, e.g. 'age > 60'.")
@with_option
@without_option
@click.option("--patient", help="The question's patient, where the image doesn't tell.")
@click.option("--rewriter", metavar="URL", help="OpenAI-compatible server that may rephrase; every word is checked.")
@click.option("--rewriter-model", metavar="NAME", help="Name by which that server knows its model.")
@click.option("--rewriter-remote", is_flag=True, help="The rewriter may be another machine, and may see the draft.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="Form of --out.")
@click.option("--out", type=FILE, help="Write the draft here.")
@click.option("--html", type=FILE, help="Write the draft as a page whose citations lead to crops and sentences.")
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@json_option
def draft(
    image: Path | None,
    index: Path | str,
    model: str,
    as_json: bool,
    rewriter: str | None,
    rewriter_model: str | None,
    rewriter_remote: bool,
    form: Form,
    out: Path | None,
    html: Path | None,
    **options: Any,
) -> None:
    """Draft a preliminary report in which every sentence cites similar cases of other patients."""
    if form != "text" and out is None:
        raise click.UsageError("--format says how --out is written; give both")
    server = _server(rewriter, rewriter_model, rewriter_remote)
    query = make_query(image, **options)
    from casekin.index import open_index
    from casekin.journeys.answering import answering_model
    from casekin.journeys.draft import draft_report
    from casekin.journeys.draft_files import write_draft, write_draft_page
    from casekin.journeys.search import encode_query
    from casekin.models import load_encoder
    from casekin.retrieval.export import draft_text

    with open_index(index) as handle:
        encoded = None if image is None else encode_query(handle, image, load_encoder(answering_model(handle, model)))
        drafted = draft_report(handle, query, encoded=encoded, rewriter=server)
        if html is not None:
            write_draft_page(handle, drafted, html, image=encoded)
        if out is not None:
            write_draft(handle, drafted, out, form=form, image=encoded)
    if as_json:
        echo_json(drafted.as_record())
        return
    click.echo(draft_text(drafted), nl=False)
    for written in filter(None, (out, html)):
        click.echo(f"written: {written}", err=True)


def _server(url: str | None, model: str | None, remote: bool) -> ReaderServer | None:
    from casekin.reports.server_reader import ReaderServer
    from casekin.settings import read_settings

    if url is None and model is None and not remote:
        return None
    if url is None or model is None:
        raise click.UsageError("--rewriter and --rewriter-model go together")
    return ReaderServer(url=url, model=model, remote=remote, api_key=read_settings().reader_key)
