"""Pictures of the sheet: a grey picture with its region and map, and the square that is cut out around the region."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from casekin.look import data_uri
from casekin.types import Box

Gray = npt.NDArray[np.uint8]
CROP_MARGIN = 0.25  # of the region's size, on every side: enough to see what surrounds it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heat:
    """Values `(rows, columns)` in [0, 1] that fill `box` of a picture, in its pixels."""

    cells: npt.NDArray[np.float32]
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A grey picture with the outlined region in its own pixels: a box, or the `mask` that was drawn; and a map."""

    pixels: Gray
    box: Box | None = None
    mask: npt.NDArray[np.bool_] | None = None
    heat: Heat | None = None


def square_crop(picture: Picture | None) -> Picture | None:
    """The square around the region with `CROP_MARGIN`, kept inside the picture where it fits, else padded with black.

    Query and hits are framed alike, so their regions come out at one size side by side.
    """
    if picture is None or picture.box is None:
        return None
    box, (rows, columns) = picture.box, picture.pixels.shape
    left, top, side = square_around(box, columns=columns, rows=rows)
    square = np.zeros((side, side), dtype=np.uint8)
    y0, x0, y1, x1 = max(top, 0), max(left, 0), min(top + side, rows), min(left + side, columns)
    square[y0 - top : y1 - top, x0 - left : x1 - left] = picture.pixels[y0:y1, x0:x1]
    mask = None
    if picture.mask is not None:
        mask = np.zeros((side, side), dtype=bool)
        mask[y0 - top : y1 - top, x0 - left : x1 - left] = picture.mask[y0:y1, x0:x1]
    heat = picture.heat and Heat(cells=picture.heat.cells, box=moved(picture.heat.box, left, top))
    return Picture(pixels=square, box=moved(box, left, top), mask=mask, heat=heat)


def square_around(box: Box, *, columns: int, rows: int) -> tuple[int, int, int]:
    """Left, top and side of the square around a region that `square_crop` cuts out; it may reach beyond the picture."""
    side = max(4, round(max(box.x1 - box.x0, box.y1 - box.y0) * (1.0 + 2.0 * CROP_MARGIN)))
    return _start((box.x0 + box.x1) / 2.0, side, columns), _start((box.y0 + box.y1) / 2.0, side, rows), side


def jpeg_uri(pixels: Gray, *, longest: int, quality: int) -> str:
    """Grey values as the data URI of a JPEG of at most `longest` pixels a side."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=quality)
    return data_uri(packed.getvalue(), kind="image/jpeg")


def scaled(box: Box, zoom: tuple[float, float]) -> Box:
    across, down = zoom
    return Box(x0=box.x0 * across, y0=box.y0 * down, x1=box.x1 * across, y1=box.y1 * down)


def moved(box: Box, left: int, top: int) -> Box:
    return Box(x0=box.x0 - left, y0=box.y0 - top, x1=box.x1 - left, y1=box.y1 - top)


def inside(box: Box | None, shape: tuple[int, ...]) -> Box | None:
    """The box cut to the picture; None where nothing of it is left."""
    if box is None:
        return None
    x0, y0 = max(box.x0, 0.0), max(box.y0, 0.0)
    x1, y1 = min(box.x1, float(shape[1])), min(box.y1, float(shape[0]))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1) if x1 > x0 and y1 > y0 else None


def _start(middle: float, side: int, length: int) -> int:
    """First pixel of a stretch of `side` about `middle`, moved inside `length` where it fits, else centred."""
    if side >= length:
        return (length - side) // 2
    return min(max(round(middle - side / 2.0), 0), length - side)
