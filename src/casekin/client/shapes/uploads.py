"""Types of replies of the group uploads. Made by tools/build_client.py: change the service instead."""

from __future__ import annotations

from typing import Literal, TypedDict


class Pixels(TypedDict):
    """How `pixels/…` sends a frame: little-endian, row by row; value = stored * `slope` + `intercept`. Width and
    height may be smaller than the image's: of a stored image whose file wasn't kept there is a preview alone.
    """

    dtype: Literal["int16", "float32"]
    width: int
    height: int
    slope: float
    intercept: float


class Frontal(TypedDict):
    """A volume's frontal projection, in whose pixels boxes on the volume are given."""

    width: int
    height: int
    spacing_mm: list[float] | None
    window: list[float]
    value_range: list[float]
    pixels: Pixels


class Orientation(TypedDict):
    """Where the picture's edges lie in the patient: R, L, A, P, H or F."""

    left: str
    right: str
    top: str
    bottom: str


class Upload(TypedDict):
    """An image that was sent to ask with. `upload_id` names it in questions of whoever sent it, until `expires`."""

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
    upload_id: str
    expires: str
    stored_as: list[str]
