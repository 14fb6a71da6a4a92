"""The evidence sheet of an answer: one page for the browser, one picture for everywhere else."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from PIL import Image

from casekin.look import page_environment
from casekin.retrieval.sheet.picture import draw_sheet
from casekin.retrieval.sheet.view import Gray, Picture, view_of

# Longest sides of embedded pictures: a page of ten hits stays below about two megabytes.
_WHOLE_SIDE = 640
_CROP_SIDE = 480
_JPEG_QUALITY = 88


def evidence_html(answer: Mapping[str, Any], *, pictures: Mapping[str, Gray], query_picture: Gray | None) -> str:
    """The evidence as one self-contained HTML page (no scripts, nothing loaded from elsewhere).

    `answer` is the contract's search answer; `pictures` maps a case_id to its uint8 `(row, column)` preview, which
    may be smaller than the stored image; `query_picture` is in the query's stored pixels. A hit without a picture is
    shown by its words.
    """
    view = view_of(answer, pictures=pictures, query_picture=query_picture)
    return _environment().get_template("evidence.html.j2").render(view=view)


def evidence_png(answer: Mapping[str, Any], *, pictures: Mapping[str, Gray], query_picture: Gray | None) -> bytes:
    """The evidence of the first five hits as a PNG, 1400 pixels wide; arguments as for `evidence_html`."""
    sheet = draw_sheet(view_of(answer, pictures=pictures, query_picture=query_picture))
    packed = io.BytesIO()
    sheet.save(packed, "PNG", optimize=False)
    return packed.getvalue()


@cache
def _environment() -> Environment:
    environment = page_environment("casekin.retrieval.sheet")
    environment.filters["whole_uri"] = lambda picture: _data_uri(picture, _WHOLE_SIDE)
    environment.filters["crop_uri"] = lambda picture: _data_uri(picture, _CROP_SIDE)
    environment.filters["signed"] = lambda value: f"{value:+.3f}"
    return environment


def _data_uri(picture: Picture, longest: int) -> str:
    image = Image.fromarray(picture.pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(packed.getvalue()).decode("ascii")
