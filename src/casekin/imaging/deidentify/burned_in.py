"""Words burnt into pixels: found by a text detector, told apart from side markers.

The detector is PP-OCRv4's (DBNet: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI
2020), as the package rapidocr-onnxruntime carries it; only its network is used, reading is not needed to hide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from casekin.errors import DependencyError
from casekin.types import Box

_NETWORK = "models/ch_PP-OCRv4_det_infer.onnx"
_SIDE, _FINE_SIDE = 960, 1472
"""Longer sides at which a picture is searched: letters of a hundredth of it have ten and fifteen rows."""
_SMALL = 0.033
"""Up to this share of the longer side a box is a line wherever the fine search sees it; what is larger only completes a
line that the first search saw, for clips and vertebrae look like large letters when they are enlarged."""
_MORE_SIDES = (736, 960, 1472)
_STEP = 32
"""The network halves five times."""
_MEAN, _SPREAD = 0.5, 0.5
_TEXT = 0.3
"""Probability from which a cell belongs to a text, as in the paper."""
_LINE = 0.85
"""Mean probability from which a region is a line; ribs and vessels stay below, faint letters above."""
_POSSIBLE_LINE = 0.6
_HIGHEST = 0.1
"""No line is higher than this share of the longer side: a lung looks like a large letter."""
_LARGE, _FILLED = 0.055, 0.7
"""From this height on (letters of a tenth of the film) a region is a line only where it lies level and fills this share
of its box: a lung beside the spine stands upright, and gas in the bowel has gaps."""
_LEAST_CELLS = 4
_GROWTH = 0.6
"""By which share of its height a line is widened on each side: the network is taught shrunken lines (section 3.4)."""
_ENDS = 3.5
"""By how many of its heights a line is lengthened at both ends: first and last letters are what is missed most."""
_MARKER_LETTERS = 1.8
"""A line not wider than this share of its height is one or two letters: `R`, `L`, `PA`."""
_MARKER_TURNED = 3.0
"""The same for a turned line: a short stretch of lung beside the spine looks like one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of text in stored pixels. `is_marker`: so short that it can be a side or a projection, and no name."""

    box: Box
    probability: float
    is_marker: bool


def find_text(picture: npt.NDArray[np.uint8]) -> list[TextLine]:
    """The lines of text in a grey picture `(row, column)` as people see it, top to bottom.

    Raises `DependencyError` without the detector's package.
    """
    lines, fine = (_lines_at(picture, side, least=_LINE) for side in (_SIDE, _FINE_SIDE))
    small = _SMALL * max(picture.shape)
    seen = [line.box for line in lines]
    return _ordered(
        [*lines, *(line for line in fine if _thickness(line) <= small or any(_share(line.box, box) for box in seen))]
    )


def find_any_text(picture: npt.NDArray[np.uint8]) -> list[TextLine]:
    """As `find_text`, for a picture that is known to hold words: looked for at more sizes and with less certainty."""
    return _ordered([line for side in _MORE_SIDES for line in _lines_at(picture, side, least=_POSSIBLE_LINE)])


def require_detector() -> None:
    """Raise `DependencyError` where words in pixels can't be looked for."""
    _network()


def _ordered(lines: list[TextLine]) -> list[TextLine]:
    return sorted(_merged(_completed(lines)), key=lambda line: (line.box.y0, line.box.x0))


def _thickness(line: TextLine) -> float:
    return min(line.box.x1 - line.box.x0, line.box.y1 - line.box.y0)


def _lines_at(picture: npt.NDArray[np.uint8], side: int, *, least: float) -> list[TextLine]:
    rows, columns = picture.shape
    scale = side / max(rows, columns)
    size = tuple(max(_STEP, round(length * scale / _STEP) * _STEP) for length in (rows, columns))
    shown = Image.fromarray(picture).resize((size[1], size[0]), Image.Resampling.BILINEAR)
    values = (np.asarray(shown, dtype=np.float32) / 255.0 - _MEAN) / _SPREAD
    (chances,) = _network().run(None, {"x": np.broadcast_to(values, (1, 3, *size)).copy()})
    return [
        TextLine(
            box=_scaled(box, rows / size[0], columns / size[1], rows, columns), probability=chance, is_marker=short
        )
        for box, chance, short in _regions(chances[0, 0], least)
    ]


def _regions(chances: npt.NDArray[np.float32], least: float) -> list[tuple[Box, float, bool]]:
    labels, _ = ndimage.label(chances > _TEXT, structure=np.ones((3, 3)))
    regions = []
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        cells = labels[place] == number
        height, width = cells.shape
        chance = float(chances[place][cells].mean())
        thin, long = sorted((height, width))
        if chance < least or thin < _LEAST_CELLS or thin > _HIGHEST * max(chances.shape):
            continue
        if thin > _LARGE * max(chances.shape) and (height > width or float(cells.mean()) < _FILLED):
            continue
        is_marker = long <= (_MARKER_LETTERS if width >= height else _MARKER_TURNED) * thin
        down = across = _GROWTH * thin
        if not is_marker:
            down, across = (down, _ENDS * thin) if width >= height else (_ENDS * thin, across)
        rows, columns = place
        box = Box(x0=columns.start - across, y0=rows.start - down, x1=columns.stop + across, y1=rows.stop + down)
        regions.append((box, chance, is_marker))
    return regions


def _scaled(box: Box, down: float, across: float, rows: int, columns: int) -> Box:
    return Box(
        x0=max(0.0, np.floor(box.x0 * across)),
        y0=max(0.0, np.floor(box.y0 * down)),
        x1=min(float(columns), np.ceil(box.x1 * across)),
        y1=min(float(rows), np.ceil(box.y1 * down)),
    )


def _completed(lines: list[TextLine]) -> list[TextLine]:
    """Letters that go on where a line ends are its last ones and no marker."""
    whole = [line.box for line in lines if not line.is_marker]
    return [
        replace(line, is_marker=False) if line.is_marker and any(_goes_on(box, line.box) for box in whole) else line
        for line in lines
    ]


def _goes_on(line: Box, letters: Box) -> bool:
    """Whether letters touch a line's box and stand in its row, or in the column of a turned one."""
    across = min(line.x1, letters.x1) - max(line.x0, letters.x0)
    down = min(line.y1, letters.y1) - max(line.y0, letters.y0)
    if line.x1 - line.x0 >= line.y1 - line.y0:
        return across >= 0 and down > 0.5 * min(line.y1 - line.y0, letters.y1 - letters.y0)
    return down >= 0 and across > 0.5 * min(line.x1 - line.x0, letters.x1 - letters.x0)


def _merged(lines: list[TextLine]) -> list[TextLine]:
    """Lines found at several sizes, each once, as far as any size saw it; whole lines win over markers."""
    kept: list[TextLine] = []
    for line in sorted(lines, key=lambda one: (one.is_marker, -one.box.area)):
        for place, other in enumerate(kept):
            if _share(line.box, other.box) > 0.5:
                kept[place] = replace(other, box=Box.around((line.box, other.box)))
                break
        else:
            kept.append(line)
    return kept


def _share(inner: Box, outer: Box) -> float:
    width = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    height = min(inner.y1, outer.y1) - max(inner.y0, outer.y0)
    return max(0.0, width) * max(0.0, height) / inner.area


@cache
def _network() -> Any:
    place = find_spec("rapidocr_onnxruntime")
    if place is None or place.origin is None:
        raise DependencyError("words in pixels are found by a text detector; pip install 'casekin[deidentify]'")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = Path(place.origin).parent / _NETWORK
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
