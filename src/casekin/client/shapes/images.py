"""Types of replies of the group images. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Literal, TypedDict

from casekin.client.shapes.uploads import Frontal, Orientation, Pixels


class Image(TypedDict):
    """An image. `width` and `height` are the stored image's, in whose pixels boxes on a picture are given.
    `spacing_mm` is of rows and columns, of a volume of frames, rows and columns. A volume's frames are in the
    order of reading: head first, the patient's right on the left.
    """

    kind: Literal["picture", "volume"]
    modality: str | None
    width: int
    height: int
    frames: int
    spacing_mm: list[float] | None
    orientation: Orientation | None
    window: list[float]
    value_range: list[float]
    units: Literal["HU"] | None
    pixels: Pixels
    frontal: Frontal | None
    kept: bool
