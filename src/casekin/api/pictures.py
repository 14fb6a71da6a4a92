"""A picture of an uploaded image, so that a page can show any format that casekin reads."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.imaging import display_uint8, read_image

_LONGEST_SIDE = 1024
"""Enough to place a box on; the search uses the file itself."""
_JPEG_QUALITY = 88
_DECODING = Lock()
"""One image at a time: a file of the largest size allowed decodes to several hundred megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A JPEG of at most 1024 pixels a side, and the stored image's size, in whose pixels boxes are given."""

    jpeg: bytes
    width: int
    height: int


def render_preview(image: Path) -> Preview:
    """Read an image and make its picture; a volume shows its frontal projection. Raises `ImageError`."""
    with _DECODING:
        pixels = display_uint8(read_image(image))
    picture = Image.fromarray(pixels)
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BILINEAR)
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=_JPEG_QUALITY)
    return Preview(jpeg=packed.getvalue(), width=pixels.shape[1], height=pixels.shape[0])


def read_mask(mask: Path) -> NDArray[np.bool_]:
    """A drawn region `(height, width)`: where the picture isn't black. Raises `ImageError`."""
    with _DECODING:
        return np.asarray(read_image(mask).pixels > 0)
