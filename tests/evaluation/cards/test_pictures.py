"""Films in the page: small, the same every time, and none where a file can't be read."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from casekin.evaluation.cards.pictures import embed_picture


def film(rows: int, columns: int, kind: str = "PNG") -> bytes:
    packed = io.BytesIO()
    Image.fromarray(np.linspace(0, 255, rows * columns).reshape(rows, columns).astype(np.uint8)).save(packed, kind)
    return packed.getvalue()


def test_a_film_keeps_its_shape_within_320_pixels() -> None:
    shown = embed_picture(film(1000, 500))
    assert shown is not None and (shown.height, shown.width) == (320, 160)
    prefix, _, content = shown.uri.partition(",")
    assert prefix == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        assert (image.mode, image.size) == ("L", (160, 320))
    small = embed_picture(film(40, 30, "JPEG"))
    assert small is not None and (small.width, small.height) == (30, 40)


def test_the_same_file_gives_the_same_film() -> None:
    assert embed_picture(film(300, 200)) == embed_picture(film(300, 200))


def test_what_is_no_picture_gives_none() -> None:
    whole = film(300, 200)
    assert embed_picture(b"") is None
    assert embed_picture(b"<svg onload=alert(1)>") is None
    assert embed_picture(whole[: len(whole) // 2]) is None
