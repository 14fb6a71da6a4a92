"""The evidence sheet of an answer: one page for the browser, one picture for everywhere else."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from jinja2 import Environment
from numpy.typing import NDArray
from PIL import Image

from casekin.look import data_uri, page_environment
from casekin.retrieval.sheet.crop import Gray, Picture, jpeg_uri
from casekin.retrieval.sheet.layers import MAP_COLOUR, MOST_OPAQUE, map_layer, outline_layer
from casekin.retrieval.sheet.picture import draw_sheet
from casekin.retrieval.sheet.view import view_of
from casekin.retrieval.sheet.words import MAP_WORDS, SEEN_WORDS

# Longest sides of embedded pictures: a page of ten hits stays below about two megabytes.
_WHOLE_SIDE = 640
_CROP_SIDE = 480
_JPEG_QUALITY = 88


def evidence_html(
    answer: Mapping[str, Any],
    *,
    pictures: Mapping[str, Gray],
    query_picture: Gray | None,
    query_mask: NDArray[np.bool_] | None = None,
) -> str:
    """The evidence as one self-contained HTML page (no scripts, nothing loaded from elsewhere).

    `answer` is the contract's search answer, its hits evidence cards where there are any; `pictures` maps a case_id to
    its uint8 `(row, column)` preview, which may be smaller than the stored image; `query_picture` and the `query_mask`
    that was drawn on it are in the query's stored pixels. A hit without a picture is shown by its words.
    """
    view = view_of(answer, pictures=pictures, query_picture=query_picture, query_mask=query_mask)
    return _environment().get_template("evidence.html.j2").render(view=view)


def evidence_png(
    answer: Mapping[str, Any],
    *,
    pictures: Mapping[str, Gray],
    query_picture: Gray | None,
    query_mask: NDArray[np.bool_] | None = None,
) -> bytes:
    """The evidence of the first five hits as a PNG, 1400 pixels wide; arguments as for `evidence_html`."""
    sheet = draw_sheet(view_of(answer, pictures=pictures, query_picture=query_picture, query_mask=query_mask))
    packed = io.BytesIO()
    sheet.save(packed, "PNG", optimize=False)
    return packed.getvalue()


@cache
def _environment() -> Environment:
    environment = page_environment("casekin.retrieval.sheet")
    environment.filters["whole_uri"] = lambda picture: _jpeg_uri(picture, _WHOLE_SIDE)
    environment.filters["crop_uri"] = lambda picture: _jpeg_uri(picture, _CROP_SIDE)
    environment.filters["map_uri"] = lambda picture: _layer_uri(map_layer(picture, _layer_size(picture)))
    environment.filters["outline_uri"] = lambda picture: _layer_uri(outline_layer(picture, _layer_size(picture)))
    environment.globals["map_rgb"] = " ".join(map(str, MAP_COLOUR))
    environment.globals["map_words"] = MAP_WORDS
    environment.globals["seen_words"] = SEEN_WORDS
    environment.globals["most_opaque"] = MOST_OPAQUE
    return environment


def _jpeg_uri(picture: Picture, longest: int) -> str:
    return jpeg_uri(picture.pixels, longest=longest, quality=_JPEG_QUALITY)


def _layer_size(picture: Picture) -> tuple[int, int]:
    rows, columns = picture.pixels.shape
    zoom = min(1.0, _CROP_SIDE / max(rows, columns))
    return max(1, round(columns * zoom)), max(1, round(rows * zoom))


def _layer_uri(layer: Image.Image | None) -> str | None:
    if layer is None:
        return None
    packed = io.BytesIO()
    layer.save(packed, "PNG")
    return data_uri(packed.getvalue(), kind="image/png")
