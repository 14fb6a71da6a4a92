"""What is laid over a picture: its map and the outline of a drawn mask, as transparent layers of any size.

A map has one colour at one fixed scale: the more opaque, the higher its value, and a line where it passes one half.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from casekin.retrieval.sheet.crop import Heat, Picture

MAP_COLOUR = (63, 208, 222)
OUTLINE_COLOUR = (255, 210, 74)
MOST_OPAQUE = 0.36
"""Opacity of the value 1; the film stays visible below."""
_FAINTEST = 0.04
_LINE_AT, _LINE_OPAQUE = 0.5, 0.9
_LINE_SHARE = 1 / 180
"""Width of a line, of the layer's longer side."""
Alpha = npt.NDArray[np.float32]


def map_layer(picture: Picture, size: tuple[int, int]) -> Image.Image | None:
    """The picture's map as RGBA of `size` (width, height); None without one."""
    if picture.heat is None:
        return None
    values = _spread(picture.heat, picture.pixels.shape, size)
    alpha = np.where(values < _FAINTEST, 0.0, values * MOST_OPAQUE)
    return _layer(np.maximum(alpha, _rim(values >= _LINE_AT) * _LINE_OPAQUE), MAP_COLOUR)


def outline_layer(picture: Picture, size: tuple[int, int]) -> Image.Image | None:
    """The outline of the drawn mask as RGBA of `size` (width, height); None without one."""
    if picture.mask is None:
        return None
    shown = Image.fromarray(picture.mask).resize(size, Image.Resampling.NEAREST)
    return _layer(_rim(np.asarray(shown)), OUTLINE_COLOUR)


def _spread(heat: Heat, shape: tuple[int, ...], size: tuple[int, int]) -> Alpha:
    """The map's values on the layer's pixels `(height, width)`, smooth between cells, 0 outside its box."""
    across, down = size[0] / shape[1], size[1] / shape[0]
    rows, columns = heat.cells.shape
    y = ((np.arange(size[1]) + 0.5) / down - heat.box.y0) / (heat.box.y1 - heat.box.y0) * rows - 0.5
    x = ((np.arange(size[0]) + 0.5) / across - heat.box.x0) / (heat.box.x1 - heat.box.x0) * columns - 0.5
    grid = np.meshgrid(y, x, indexing="ij")
    return np.asarray(ndimage.map_coordinates(heat.cells, grid, order=1, mode="constant"), dtype=np.float32)


def _rim(inside: npt.NDArray[np.bool_]) -> Alpha:
    """1 on the inner edge of an area."""
    thick = max(1, round(max(inside.shape) * _LINE_SHARE))
    return np.asarray(inside & ~ndimage.binary_erosion(inside, iterations=thick), dtype=np.float32)


def _layer(alpha: Alpha, colour: tuple[int, int, int]) -> Image.Image:
    pixels = np.empty((*alpha.shape, 4), dtype=np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = np.round(alpha * 255.0)
    return Image.fromarray(pixels)
