"""The frames of an image as a person looks through them: their order, their edges, their grey values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from casekin.imaging.geometry import LEFT, POSTERIOR, SUPERIOR, frontal_view, is_hounsfield, main_axes, resize
from casekin.imaging.image import MedicalImage, Pixels
from casekin.imaging.intensity import brightness, display_window, scale_between, to_uint8

SOFT_TISSUE = (-160.0, 240.0)
"""The window of a CT whose header has none, in Hounsfield units: the common one of chest and abdomen."""
_WHOLE_STEPS = 65535
"""Values that 16 bits tell apart, less one."""
# What body axis grows from frame to frame, down the rows and along the columns, and whether the picture shows it
# growing: head first, patient's right on the left, front at the top (an axial slice) or head at the top (the others).
_READING: dict[int, tuple[tuple[int, bool], ...]] = {
    SUPERIOR: ((SUPERIOR, False), (POSTERIOR, True), (LEFT, True)),
    POSTERIOR: ((POSTERIOR, True), (SUPERIOR, False), (LEFT, True)),
    LEFT: ((LEFT, True), (SUPERIOR, False), (POSTERIOR, True)),
}
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Where the picture's edges lie in the patient: `R`, `L`, `A`, `P`, `H` or `F`."""

    left: str
    right: str
    top: str
    bottom: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawFrame:
    """One frame's values as they travel: little-endian `data`, row by row; value = stored * `slope` + `intercept`."""

    data: bytes
    dtype: str
    slope: float
    intercept: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Frames:
    """The frames `(frame, row, column)` of an image, in modality values.

    A picture is one frame as stored, so that boxes fit it. A volume whose orientation is known is laid out for
    reading: its slices head first (front first, the patient's right first), each with the patient's right, else the
    front, on the left.
    `spacing_mm` follows the axes; `edges` is None where the header doesn't tell.
    """

    image: MedicalImage
    values: Pixels
    spacing_mm: tuple[float, ...] | None
    edges: Edges | None

    @cached_property
    def window(self) -> tuple[float, float]:
        """The values shown black and white until somebody chooses others."""
        image = self.image
        if image.is_volume and image.window is None and image.voi is None and is_hounsfield(image):
            return SOFT_TISSUE
        return display_window(image)

    @cached_property
    def value_range(self) -> tuple[float, float]:
        """The least and the greatest value."""
        return float(self.values.min()), float(self.values.max())

    @cached_property
    def frontal(self) -> Pixels | None:
        """What boxes on a volume are drawn on: its frontal projection in [0, 1]; None for a picture, or where left and
        right are unknown.
        """
        known = self.image.is_volume and self.image.direction is not None and self.image.spacing_mm is not None
        return frontal_view(self.image) if known else None

    @cached_property
    def frontal_spacing_mm(self) -> tuple[float, float] | None:
        """Spacing of the frontal projection's rows and columns, as it is made square; None where there is none."""
        image = self.image
        if self.frontal is None or image.direction is None or image.spacing_mm is None:
            return None
        main = main_axes(image.direction)
        down, across = image.spacing_mm[main.index(SUPERIOR)], image.spacing_mm[main.index(LEFT)]
        return (down, across) if self._rows_as_stored(main) else (min(down, across), min(down, across))

    def _rows_as_stored(self, main: tuple[int, ...]) -> bool:
        """Whether the projection has as many rows and columns as the volume: its spacings count as equal."""
        shape = self.image.pixels.shape
        stored = (shape[main.index(SUPERIOR)], shape[main.index(LEFT)])
        return self.frontal is not None and self.frontal.shape == stored

    @cached_property
    def offset(self) -> float | None:
        """What to subtract so that all values fit 16 bits with sign; None where they aren't whole or range too far."""
        low, high = self.value_range
        if high - low > _WHOLE_STEPS or not all(np.array_equal(one, np.rint(one)) for one in self.values):
            return None
        return 0.0 if low >= -32768 and high <= 32767 else low + 32768.0


def frames_of(image: MedicalImage) -> Frames:
    """The frames of an image; nothing is copied."""
    if not image.is_volume:
        spacing = None if image.spacing_mm is None else tuple(image.spacing_mm)
        return Frames(
            image=image, values=image.pixels[None], spacing_mm=spacing, edges=_edges(image.direction, rows_axis=0)
        )
    if image.direction is None:
        return Frames(image=image, values=image.pixels, spacing_mm=image.spacing_mm, edges=None)
    main = main_axes(image.direction)
    reading = _READING[main[0]]
    axes = tuple(main.index(body) for body, _ in reading)
    grows = [image.direction[axis][body] > 0 for axis, (body, _) in zip(axes, reading, strict=True)]
    steps = [1 if bool(up) == wanted else -1 for up, (_, wanted) in zip(grows, reading, strict=True)]
    values = image.pixels.transpose(axes)[:: steps[0], :: steps[1], :: steps[2]]
    turned = np.stack([image.direction[axis] * step for axis, step in zip(axes, steps, strict=True)])
    spacing = None if image.spacing_mm is None else tuple(image.spacing_mm[axis] for axis in axes)
    return Frames(image=image, values=values, spacing_mm=spacing, edges=_edges(turned, rows_axis=1))


def render_frame(
    frames: Frames, number: int, *, window: tuple[float, float] | None = None, viewport: tuple[int, int] | None = None
) -> npt.NDArray[np.uint8]:
    """A frame as grey `(row, column)` in 0..255, shrunk to fit `viewport` (width, height), never enlarged.

    Between the `window`'s values; without one a picture as `brightness` shows it, a slice by the volume's own window.
    """
    if window is None and not frames.image.is_volume:
        shown = brightness(frames.image)
    else:
        shown = scale_between(frames.values[number], *(window or frames.window))
    return _fitted(shown, viewport)


def render_frontal(
    frontal: Pixels, *, window: tuple[float, float] | None = None, viewport: tuple[int, int] | None = None
) -> npt.NDArray[np.uint8]:
    """A frontal projection in [0, 1] as grey, as `render_frame` does it."""
    return _fitted(frontal if window is None else scale_between(frontal, *window), viewport)


def raw_frame(frames: Frames, number: int) -> RawFrame:
    """A frame's values: whole numbers in 16 bits where all frames fit them, else 32-bit floats."""
    values = frames.values[number]
    if frames.offset is None:
        return RawFrame(data=np.ascontiguousarray(values, "<f4").tobytes(), dtype="float32", slope=1.0, intercept=0.0)
    whole = (values - np.float32(frames.offset)).astype("<i2")
    return RawFrame(data=whole.tobytes(), dtype="int16", slope=1.0, intercept=frames.offset)


def raw_frontal(frontal: Pixels) -> RawFrame:
    """A frontal projection's values in [0, 1] in 16 bits."""
    whole = (np.rint(frontal * np.float32(_WHOLE_STEPS)) - 32768).astype("<i2")
    return RawFrame(data=whole.tobytes(), dtype="int16", slope=1.0 / _WHOLE_STEPS, intercept=32768.0 / _WHOLE_STEPS)


def _fitted(shown: Pixels, viewport: tuple[int, int] | None) -> npt.NDArray[np.uint8]:
    rows, columns = shown.shape
    share = 1.0 if viewport is None else min(1.0, viewport[0] / columns, viewport[1] / rows)
    shape = (max(1, round(rows * share)), max(1, round(columns * share)))
    return to_uint8(np.clip(resize(shown, shape), 0.0, 1.0))


def _edges(direction: npt.NDArray[np.float64] | None, *, rows_axis: int) -> Edges | None:
    """The letters at the edges of a picture whose rows run along axis `rows_axis`, its columns along the next."""
    if direction is None:
        return None
    (top, bottom), (left, right) = (_ends(direction[axis]) for axis in (rows_axis, rows_axis + 1))
    return Edges(left=left, right=right, top=top, bottom=bottom)


def _ends(along: npt.NDArray[np.float64]) -> tuple[str, str]:
    """The body's ends where an axis begins and where it ends."""
    body = int(np.argmax(np.abs(along)))
    grown, other = _LETTERS[body]
    return (other, grown) if along[body] > 0 else (grown, other)
