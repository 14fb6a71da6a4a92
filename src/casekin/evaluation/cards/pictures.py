"""Films of cases, small enough to stand in a page by the dozen."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from casekin.look import data_uri

_LONGEST_SIDE = 320
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A picture as a data URI, with its size in pixels."""

    uri: str
    width: int
    height: int


def embed_picture(content: bytes) -> Film | None:
    """A picture file (PNG, JPEG) as a grey JPEG of at most 320 pixels a side; None when it can't be read."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            image = opened.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return None
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=_JPEG_QUALITY)
    uri = data_uri(packed.getvalue(), kind="image/jpeg")
    return Film(uri=uri, width=image.width, height=image.height)
