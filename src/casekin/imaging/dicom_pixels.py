"""The pixels of a DICOM data set: decode a frame, bring it to modality values, and say how to show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import get_frame
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from casekin.imaging.dicom_header import number, numbers, text, voi_of
from casekin.imaging.image import Pixels, Voi, luminance
from casekin.imaging.limits import image_error
from casekin.imaging.sandbox import DECODER, DecoderError
from casekin.imaging.transfer_syntaxes import NATIVE_SYNTAXES, syntax_name

_HOUNSFIELD_CLASSES = {"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"}
_AIR_HU = -1024.0
_COLOUR = {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT", "YBR_PARTIAL_420"}
_PIXEL_NUMBERS = (
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PlanarConfiguration",
)


def frame_count(dataset: Dataset, name: str) -> int:
    """NumberOfFrames, 1 where absent."""
    if text(dataset, "NumberOfFrames") is None:
        return 1
    frames = number(dataset, "NumberOfFrames")
    if frames is None or frames < 1 or frames != int(frames):
        raise image_error(name, "NumberOfFrames is no count", expected="an integer from 1", remedy="repair the header")
    return int(frames)


def transfer_syntax(dataset: Dataset) -> str:
    """The file's TransferSyntaxUID; without file meta information, the native syntax it was parsed as."""
    meta = getattr(dataset, "file_meta", None)
    uid = None if meta is None else text(meta, "TransferSyntaxUID")
    if uid is not None:
        return uid
    implicit, little = dataset.original_encoding
    if implicit:
        return str(ImplicitVRLittleEndian)
    return str(ExplicitVRLittleEndian if little is not False else ExplicitVRBigEndian)


def decode_frame(dataset: Dataset, name: str, *, index: int) -> npt.NDArray[Any]:
    """Stored values of one frame, `(row, column)`; colour comes back as luminance."""
    photometric = text(dataset, "PhotometricInterpretation") or "MONOCHROME2"
    stored = decode_stored(dataset, name, index=index)
    if photometric == "PALETTE COLOR":
        coloured = apply_color_lut(stored, dataset)
        return luminance(coloured[..., :3])
    if stored.ndim == 3:
        return luminance(stored)
    if stored.ndim != 2 or photometric in _COLOUR:
        raise image_error(name, "its frame is no plane", expected="rows × columns", remedy="repair the header")
    return stored


def decode_stored(dataset: Dataset, name: str, *, index: int) -> npt.NDArray[Any]:
    """Stored values of one frame, `(row, column)`, or `(row, column, 3)` with YBR turned into RGB.

    Raises `ImageError` when no decoder here reads it.
    """
    syntax = transfer_syntax(dataset)
    meta = getattr(dataset, "file_meta", None)
    if meta is None or text(meta, "TransferSyntaxUID") is None:
        dataset.file_meta = meta = FileMetaDataset() if meta is None else meta
        meta.TransferSyntaxUID = UID(syntax)
    if syntax in NATIVE_SYNTAXES:
        return np.asarray(pixel_array(dataset, index=index))
    frame = get_frame(dataset.PixelData, index, number_of_frames=frame_count(dataset, name))
    description: dict[str, Any] = {"TransferSyntaxUID": syntax}
    for keyword in _PIXEL_NUMBERS:
        if (value := number(dataset, keyword)) is not None:
            description[keyword] = int(value)
    description["PhotometricInterpretation"] = text(dataset, "PhotometricInterpretation") or "MONOCHROME2"
    try:
        return DECODER.decode(description, frame)
    except DecoderError as error:
        raise image_error(
            name,
            f"its pixels ({syntax_name(syntax)}, {description.get('BitsStored', '?')} bits) can't be decoded "
            f"({error.reason})",
            expected="whole pixel data as its transfer syntax says",
            remedy="send it again, or convert it to Explicit VR Little Endian",
        ) from None


def modality_values(dataset: Dataset, stored: npt.NDArray[Any], name: str) -> tuple[Pixels, float | None]:
    """Modality values, larger = denser, and the sum about which MONOCHROME1 was mirrored (None where it wasn't).

    Padding (PixelPaddingValue up to PixelPaddingRangeLimit) becomes the least valid value, air for CT. Hounsfield units
    are never mirrored: there MONOCHROME1 only asks for an inverted display.
    """
    padded = _padding(dataset, stored)
    slope = number(dataset, "RescaleSlope")
    if slope == 0.0:
        raise image_error(name, "RescaleSlope is 0", expected="another number", remedy="repair the header")
    pixels = np.asarray(apply_modality_lut(stored, dataset), dtype=np.float32)
    if not np.isfinite(pixels).all():
        raise image_error(name, "its values aren't finite", expected="finite values", remedy="repair the header")
    hounsfield = text(dataset, "SOPClassUID") in _HOUNSFIELD_CLASSES
    mirror_sum = None
    valid = pixels[~padded] if padded.any() and not padded.all() else pixels
    if text(dataset, "PhotometricInterpretation") == "MONOCHROME1" and not hounsfield:
        mirror_sum = float(pixels.min()) + float(pixels.max())
        mirror_sum = _stored_range_sum(dataset, stored, default=mirror_sum)
        pixels = np.float32(mirror_sum) - pixels
        valid = pixels[~padded] if padded.any() and not padded.all() else pixels
    if padded.any():
        pixels[padded] = _AIR_HU if hounsfield else float(valid.min())
    return pixels, mirror_sum


def mirrored_voi(dataset: Dataset, mirror_sum: float | None) -> Voi | None:
    """The header's VOI, knowing about which sum the pixels were mirrored."""
    voi = voi_of(dataset)
    if voi is None or mirror_sum is None:
        return voi
    return Voi(
        function=voi.function,
        center=voi.center,
        width=voi.width,
        table=voi.table,
        first=voi.first,
        mirror_sum=mirror_sum,
    )


def pixel_spacing(dataset: Dataset) -> tuple[float, float] | None:
    """`(row, column)` spacing in mm: PixelSpacing, else ImagerPixelSpacing (at the detector), else None."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        found = numbers(dataset, keyword)
        if found is not None and len(found) == 2 and all(1e-6 < value < 1e4 for value in found):
            return found[0], found[1]
    return None


def _padding(dataset: Dataset, stored: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    first = number(dataset, "PixelPaddingValue")
    if first is None:
        return np.zeros(stored.shape, dtype=bool)
    last = number(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((first, first if last is None else last))
    return np.asarray((stored >= low) & (stored <= high))


def _stored_range_sum(dataset: Dataset, stored: npt.NDArray[Any], *, default: float) -> float:
    """Least + greatest storable value in modality units, so that inversion doesn't depend on the picture's content."""
    if "ModalityLUTSequence" in dataset:
        return default
    bits = int(number(dataset, "BitsStored") or 0)
    if not 1 <= bits <= 32:
        return default
    signed = int(number(dataset, "PixelRepresentation") or 0) == 1
    stored_sum = -1.0 if signed else float(2**bits - 1)
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None or intercept is None:
        return stored_sum
    return stored_sum * slope + 2.0 * intercept
