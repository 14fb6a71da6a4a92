"""What commands that ask of an image share: the options of a question that mean the same, and the question of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.errors import InputError
from casekin.types import Box

if TYPE_CHECKING:
    from casekin.retrieval.query import SearchQuery

FILE = click.Path(path_type=Path)


class BoxType(click.ParamType[Box]):
    """Four numbers of an option, `x0,y0,x1,y1`, as a box."""

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


like_option = click.option(
    "--like", multiple=True, metavar="CASE", help="A stored case to move towards; may be repeated."
)
unlike_option = click.option(
    "--unlike", multiple=True, metavar="CASE", help="A stored case to move away from; may be repeated."
)
with_option = click.option(
    "--with", "with_", multiple=True, metavar="FINDING [at PLACE]", help="Only cases that state it."
)
without_option = click.option(
    "--without", multiple=True, metavar="FINDING [at PLACE]", help="No case that states it, nor doubts it."
)


def make_query(image: Path | None, *, mask: Path | None, **options: Any) -> SearchQuery:
    """The question of the options. Raises `click.UsageError` for options that don't go together: nothing was tried."""
    from casekin.imaging import read_image
    from casekin.retrieval.query import SearchQuery

    mask_pixels = None if mask is None else read_image(mask).pixels > 0
    try:
        return SearchQuery(image=image, mask=mask_pixels, **options)
    except InputError as error:
        raise click.UsageError(str(error).removeprefix("search: ")) from error
