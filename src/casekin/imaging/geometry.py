"""From stored pixels to the frontal view: head up, the patient's right on the left of the picture, square pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from casekin.errors import ImageError
from casekin.imaging.image import MedicalImage, Pixels
from casekin.imaging.intensity import brightness, robust_range, scale_between, to_uint8
from casekin.types import Box

# Linear attenuation of water near 70 keV, the mean energy of a 120 kV beam behind a patient (NIST XCOM: 0.0193 / mm).
WATER_ATTENUATION_PER_MM = 0.0193
# A line through the body meets at least 25 mm of water; less is air, clothes or the table's edge.
_BODY_INTEGRAL = 25.0 * WATER_ATTENUATION_PER_MM
# Black and white among lines through the body: lungs come out dark and the spine white, as on a radiograph.
_BODY_PERCENTILES = (5.0, 99.0)
# Spacings within one percent count as square: headers round.
_SQUARE_TOLERANCE = 0.01
# Body axes of LPS.
LEFT, POSTERIOR, SUPERIOR = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontalMap:
    """How a picture's stored pixels lie in its frontal view: transposed first, then flipped, then scaled.

    `stored` and `frontal` are `(rows, columns)`. For a volume both are the view's own shape: its boxes are given in the
    pixels of the frontal projection.
    """

    stored: tuple[int, int]
    frontal: tuple[int, int]
    transposed: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    @property
    def is_identity(self) -> bool:
        """True where stored pixels are the frontal view's own."""
        return self.stored == self.frontal and not (self.transposed or self.flip_rows or self.flip_columns)

    def to_frontal(self, box: Box) -> Box:
        """A box of the stored image in pixels of the frontal view."""
        rows, columns = self._turned
        x0, y0, x1, y1 = (box.y0, box.x0, box.y1, box.x1) if self.transposed else (box.x0, box.y0, box.x1, box.y1)
        if self.flip_columns:
            x0, x1 = columns - x1, columns - x0
        if self.flip_rows:
            y0, y1 = rows - y1, rows - y0
        across, down = self.frontal[1] / columns, self.frontal[0] / rows
        return Box(x0=x0 * across, y0=y0 * down, x1=x1 * across, y1=y1 * down)

    def to_stored(self, box: Box) -> Box:
        """A box of the frontal view in pixels of the stored image; the inverse of `to_frontal`."""
        rows, columns = self._turned
        across, down = columns / self.frontal[1], rows / self.frontal[0]
        x0, y0, x1, y1 = box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down
        if self.flip_columns:
            x0, x1 = columns - x1, columns - x0
        if self.flip_rows:
            y0, y1 = rows - y1, rows - y0
        return Box(x0=y0, y0=x0, x1=y1, y1=x1) if self.transposed else Box(x0=x0, y0=y0, x1=x1, y1=y1)

    @property
    def _turned(self) -> tuple[int, int]:
        return (self.stored[1], self.stored[0]) if self.transposed else self.stored


def frontal_map(image: MedicalImage) -> FrontalMap:
    """Where the stored pixels of `image` lie in `frontal_view(image)`.

    A picture is turned only where its header says that its axes run along the body's left-right and head-foot axes
    (PatientOrientation, an affine); with no such header, or for an axial slice or a lateral view, it stays as stored.
    """
    if image.is_volume:
        layout = _volume_layout(image)
        shape = _square_shape(layout.shape, layout.spacing)
        return FrontalMap(stored=shape, frontal=shape)
    rows, columns = image.pixels.shape
    spacing = image.spacing_mm if image.spacing_mm is not None else (1.0, 1.0)
    transposed = flip_rows = flip_columns = False
    axes = None if image.direction is None else main_axes(image.direction)
    if image.direction is not None and axes in ((SUPERIOR, LEFT), (LEFT, SUPERIOR)):
        transposed = axes == (LEFT, SUPERIOR)
        down, across = (image.direction[1], image.direction[0]) if transposed else image.direction
        flip_rows, flip_columns = bool(down[SUPERIOR] > 0), bool(across[LEFT] < 0)
    shape = (columns, rows) if transposed else (rows, columns)
    turned_spacing = (spacing[1], spacing[0]) if transposed else (spacing[0], spacing[1])
    return FrontalMap(
        stored=(rows, columns),
        frontal=_square_shape(shape, turned_spacing),
        transposed=transposed,
        flip_rows=flip_rows,
        flip_columns=flip_columns,
    )


def frontal_view(image: MedicalImage) -> Pixels:
    """The frontal view as float32 `(row, column)` in [0, 1], head up, the patient's right on the left.

    A picture is shown by its VOI (else robust percentiles), turned and made square as `frontal_map` says. A CT volume
    becomes a coronal digitally reconstructed radiograph; any other volume its coronal mean projection.

    Raises:
        ImageError: a volume whose orientation is unknown (left and right could be swapped unseen).
    """
    if image.is_volume:
        return _project(image)
    turn = frontal_map(image)
    shown = brightness(image)
    if turn.transposed:
        shown = shown.T
    shown = shown[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    return resize(shown, turn.frontal)


def volume_behind(region: npt.NDArray[np.bool_], image: MedicalImage) -> npt.NDArray[np.bool_]:
    """All of a volume that lies behind a region of its frontal view, as a mask of the volume's own array.

    `region` is `(rows, columns)` of the frontal view; a row or column of the volume has the view's value at its middle.
    Raises `ImageError` as `frontal_view` does.
    """
    layout = _volume_layout(image)
    rows, columns = ((np.arange(n) + 0.5) * m / n for n, m in zip(layout.shape, region.shape, strict=True))
    flat = region[np.ix_(rows.astype(int), columns.astype(int))]
    flat = flat[:: -1 if layout.flip_rows else 1, :: -1 if layout.flip_columns else 1]
    depth = image.pixels.shape[layout.axes[1]]
    behind = np.broadcast_to(flat[:, None, :], (layout.shape[0], depth, layout.shape[1]))
    return np.ascontiguousarray(behind.transpose([int(axis) for axis in np.argsort(layout.axes)]))


def display_uint8(image: MedicalImage) -> npt.NDArray[np.uint8]:
    """The picture to show a person: uint8 `(row, column)` in stored pixels; a volume shows its frontal projection."""
    if image.is_volume:
        return to_uint8(frontal_view(image))
    return to_uint8(brightness(image))


def resize(picture: Pixels, shape: tuple[int, int]) -> Pixels:
    """Bilinear resize of a float32 picture to `(rows, columns)`, antialiased where it shrinks."""
    if picture.shape == shape:
        return np.ascontiguousarray(picture, dtype=np.float32)
    plane = Image.fromarray(np.ascontiguousarray(picture, dtype=np.float32))
    return np.array(plane.resize((shape[1], shape[0]), Image.Resampling.BILINEAR), dtype=np.float32)


def is_hounsfield(image: MedicalImage) -> bool:
    """True where the pixels are Hounsfield units: CT by header; without one, values that reach from air to bone."""
    if image.header.modality is not None:
        return image.header.modality.upper() == "CT"
    low, high = robust_range(image.pixels)
    return low <= -500.0 and 0.0 < high < 5000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Array axes that run head-foot, front-back, right-left; flips; shape and spacing `(row, column)` of the view."""

    axes: tuple[int, int, int]
    flip_rows: bool
    flip_columns: bool
    shape: tuple[int, int]
    spacing: tuple[float, float]
    depth_mm: float


def _volume_layout(image: MedicalImage) -> _Layout:
    if image.direction is None or image.spacing_mm is None:
        raise ImageError(
            f"{image.name}: the volume has no orientation, left and right are unknown; expected an affine (NIfTI "
            "sform or qform) or DICOM positions; add it with the tool that wrote the file"
        )
    main = main_axes(image.direction)
    superior, posterior, left = main.index(SUPERIOR), main.index(POSTERIOR), main.index(LEFT)
    shape, spacing = image.pixels.shape, image.spacing_mm
    return _Layout(
        axes=(superior, posterior, left),
        flip_rows=bool(image.direction[superior][SUPERIOR] > 0),
        flip_columns=bool(image.direction[left][LEFT] < 0),
        shape=(shape[superior], shape[left]),
        spacing=(spacing[superior], spacing[left]),
        depth_mm=spacing[posterior],
    )


def _project(image: MedicalImage) -> Pixels:
    layout = _volume_layout(image)
    by_body_axis = image.pixels.transpose(layout.axes)
    hounsfield = is_hounsfield(image)
    summed = np.empty(layout.shape, dtype=np.float64)
    for row in range(layout.shape[0]):
        plane = by_body_axis[row]
        summed[row] = (_attenuation(plane) if hounsfield else plane).sum(axis=0, dtype=np.float64)
    if hounsfield:  # Beer–Lambert: a detector's logarithmic signal is the line integral of attenuation
        summed *= layout.depth_mm
    picture = summed[:: -1 if layout.flip_rows else 1, :: -1 if layout.flip_columns else 1].astype(np.float32)
    low, high = robust_range(picture)
    if hounsfield and (behind := picture[picture > _BODY_INTEGRAL]).size:
        low, high = (float(value) for value in np.percentile(behind, _BODY_PERCENTILES))
    return scale_between(resize(picture, _square_shape(layout.shape, layout.spacing)), low, high)


def _attenuation(hounsfield: Pixels) -> Pixels:
    relative = np.maximum(hounsfield * np.float32(1e-3) + np.float32(1.0), np.float32(0.0))
    return np.asarray(relative * np.float32(WATER_ATTENUATION_PER_MM), dtype=np.float32)


def main_axes(direction: npt.NDArray[np.float64]) -> tuple[int, ...]:
    """The body axis (0 left, 1 posterior, 2 superior) each array axis runs along; each body axis is used once."""
    strength = np.abs(np.asarray(direction, dtype=np.float64)).copy()
    found = [0] * len(strength)
    for _ in range(len(strength)):
        axis, body = np.unravel_index(int(np.argmax(strength)), strength.shape)
        found[int(axis)] = int(body)
        strength[axis, :] = -1.0
        strength[:, body] = -1.0
    return tuple(found)


def _square_shape(shape: tuple[int, int], spacing: tuple[float, float]) -> tuple[int, int]:
    down, across = spacing
    if abs(down - across) <= _SQUARE_TOLERANCE * min(down, across):
        return shape
    finest = min(down, across)
    return max(1, round(shape[0] * down / finest)), max(1, round(shape[1] * across / finest))
