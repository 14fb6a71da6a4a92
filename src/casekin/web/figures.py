"""Pictures of a card: the square around a region, cut out by the browser of a picture that has an address."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekin.look import data_uri
from casekin.retrieval.sheet.crop import Heat, Picture, moved, square_around
from casekin.retrieval.sheet.layers import map_layer
from casekin.types import Box

_LAYER_SIDE = 320
"""Side of a map's layer in pixels; maps are smooth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A picture with an address, and the stored image's size, in whose pixels boxes are."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Where a layer lies, in stored pixels."""

    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A film, cut to `view` (an SVG's viewBox), with the outlined region and a map as a data URI."""

    picture: str
    width: int
    height: int
    view: str
    alt: str
    caption: str
    outline: Box | None = None
    map: str | None = None
    map_at: Square | None = None


def whole_figure(film: Film, box: Box | None, *, alt: str, caption: str) -> Figure:
    """The whole film with its region outlined."""
    view = f"0 0 {film.width} {film.height}"
    return Figure(
        picture=film.address, width=film.width, height=film.height, view=view, alt=alt, caption=caption, outline=box
    )


def crop_figure(film: Film, box: Box, *, alt: str, caption: str, heat: Mapping[str, Any] | None = None) -> Figure:
    """The square around a region, framed as the evidence sheet frames it, with one side of a pair's map."""
    left, top, side = square_around(box, columns=film.width, rows=film.height)
    at = Square(x=left, y=top, side=side)
    return Figure(
        picture=film.address,
        width=film.width,
        height=film.height,
        view=f"{at.x} {at.y} {at.side} {at.side}",
        alt=alt,
        caption=caption,
        outline=box,
        map=None if heat is None else _map_uri(at, heat),
        map_at=None if heat is None else at,
    )


def box_of(corners: Sequence[float] | None) -> Box | None:
    """A record's box."""
    return None if not corners else Box.from_list(corners)


def _map_uri(at: Square, heat: Mapping[str, Any]) -> str | None:
    """A map's layer over the square, as a PNG."""
    filled = box_of(heat["box"])
    assert filled is not None  # a map has a place
    cells = Heat(cells=np.array(heat["cells"], dtype=np.float32), box=moved(filled, at.x, at.y))
    layer = map_layer(Picture(pixels=np.zeros((at.side, at.side), dtype=np.uint8), heat=cells), (_LAYER_SIDE,) * 2)
    if layer is None:
        return None
    packed = io.BytesIO()
    layer.save(packed, "PNG")
    return data_uri(packed.getvalue(), kind="image/png")
