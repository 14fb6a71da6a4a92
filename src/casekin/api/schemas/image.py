"""Images: what goes with their pixels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from casekin.api.schemas.shared import Shape


class PixelsShape(Shape):
    """How `pixels/…` sends a frame: little-endian, row by row; value = stored * `slope` + `intercept`.

    Width and height may be smaller than the image's: of a stored image whose file wasn't kept there is a preview alone.
    """

    dtype: Literal["int16", "float32"]
    width: int
    height: int
    slope: float
    intercept: float


class FrontalShape(Shape):
    """A volume's frontal projection, in whose pixels boxes on the volume are given."""

    width: int
    height: int
    spacing_mm: tuple[float, float] | None
    window: tuple[float, float]
    value_range: tuple[float, float]
    pixels: PixelsShape


class OrientationShape(Shape):
    """Where the picture's edges lie in the patient: R, L, A, P, H or F."""

    left: str
    right: str
    top: str
    bottom: str


class ImageShape(Shape):
    """An image. `width` and `height` are the stored image's, in whose pixels boxes on a picture are given.

    `spacing_mm` is of rows and columns, of a volume of frames, rows and columns. A volume's frames are in the order of
    reading: head first, the patient's right on the left.
    """

    kind: Literal["picture", "volume"]
    modality: str | None
    width: int
    height: int
    frames: int
    spacing_mm: list[float] | None
    orientation: OrientationShape | None
    window: Annotated[tuple[float, float], Field(description="The values shown black and white at first.")]
    value_range: tuple[float, float]
    units: Literal["HU"] | None
    pixels: PixelsShape
    frontal: FrontalShape | None
    kept: Annotated[bool, Field(description="False: an 8-bit preview stands for the file, which wasn't kept.")]


class UploadShape(ImageShape):
    """An image that was sent to ask with. `upload_id` names it in questions of whoever sent it, until `expires`."""

    upload_id: str
    expires: str
    stored_as: Annotated[list[str], Field(description="Cases that hold an image with the same pixels.")]
