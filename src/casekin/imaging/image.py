"""The image as the rest of casekin sees it: pixels, how to look at them, where they lie, and whose they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.float32]
VoiFunction = Literal["linear", "linear_exact", "sigmoid", "table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageHeader:
    """What a file's header says about its image; None where it says nothing.

    The identifying strings (`patient_id` and the UIDs, `accession_number`) are raw: they stay in memory, are left out
    of `repr`, and the caller pseudonymises them (`Pseudonymizer`) before anything is stored. `age` is in years.
    """

    modality: str | None = None
    body_part: str | None = None
    view: str | None = None
    sex: str | None = None
    age: float | None = None
    manufacturer: str | None = None
    model: str | None = None
    laterality: str | None = None
    patient_orientation: tuple[str, str] | None = None
    burned_in_annotation: bool | None = None
    photometric: str | None = None
    sop_class: str | None = None
    patient_id: str | None = field(default=None, repr=False)
    study_instance_uid: str | None = field(default=None, repr=False)
    series_instance_uid: str | None = field(default=None, repr=False)
    sop_instance_uid: str | None = field(default=None, repr=False)
    accession_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voi:
    """How the header asks for its values to be shown (DICOM PS3.3 C.11.2).

    `center` and `width` serve the three window functions; `table` holds the outputs in [0, 1] of a VOI LUT whose first
    entry belongs to the value `first`. `mirror_sum` is set where the pixels were inverted (MONOCHROME1): a pixel `p`
    stands for the value `mirror_sum - p`, and what the function gives is inverted too.
    """

    function: VoiFunction
    center: float = 0.0
    width: float = 1.0
    table: Pixels | None = None
    first: float = 0.0
    mirror_sum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedicalImage:
    """One decoded image: a picture `(row, column)` or a volume `(slice, row, column)`.

    `pixels` are float32 modality values (Hounsfield units for CT; stored values where the header gives no rescale),
    larger = denser: MONOCHROME1 is already inverted, colour is luminance. `window` is `(low, high)` in those units,
    None where the header gives none. `spacing_mm` and `direction` follow the array axes: `direction[i]` is the LPS unit
    vector along which array axis i grows (shape (2, 3) or (3, 3)), `origin` the LPS position of the first pixel's
    centre; None means unknown, never "standard". `content_hash` is the SHA-256 of shape and pixels, so a copy with
    other metadata has the same.
    """

    pixels: Pixels
    window: tuple[float, float] | None
    spacing_mm: tuple[float, ...] | None
    direction: npt.NDArray[np.float64] | None
    origin: tuple[float, float, float] | None
    header: ImageHeader
    content_hash: str
    voi: Voi | None = None
    name: str = "image"

    @property
    def is_volume(self) -> bool:
        """True for `(slice, row, column)` pixels."""
        return self.pixels.ndim == 3


def content_hash(pixels: Pixels) -> str:
    """SHA-256 (hex) of the shape and the little-endian float32 values in C order."""
    digest = hashlib.sha256(repr(pixels.shape).encode("ascii"))
    for part in pixels if pixels.ndim == 3 else (pixels,):
        digest.update(np.ascontiguousarray(part, dtype="<f4").tobytes())
    return digest.hexdigest()


def luminance(colour: npt.NDArray[np.generic]) -> Pixels:
    """Rec. 601 luma of `(..., 3)` colour values, rounded to whole values so that grey in colour equals plain grey."""
    weighted = np.asarray(colour, dtype=np.float64) @ np.array([0.299, 0.587, 0.114])
    return np.asarray(np.rint(weighted), dtype=np.float32)
