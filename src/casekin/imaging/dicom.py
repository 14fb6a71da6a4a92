"""One DICOM file: parse it, refuse what is no image, check every size, decode it into modality values."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom import config
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import generate_frames, get_frame
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from casekin.imaging.codestream import declared_size
from casekin.imaging.dicom_header import image_header, number, numbers, picture_direction, sop_class_name, text, voi_of
from casekin.imaging.image import MedicalImage, Pixels, Voi, content_hash, luminance
from casekin.imaging.intensity import pixel_window
from casekin.imaging.limits import ReadLimits, check_file_size, check_frame, check_volume, image_error
from casekin.imaging.sandbox import DECODER, DecoderError

# pydicom's messages quote header values, which may name a person; errors come back as exceptions anyway.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

NATIVE_SYNTAXES = frozenset(
    {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
)
# Objects with pixel data that show no patient: labels, doses, tiles of a slide.
_NOT_RADIOLOGY = {
    "1.2.840.10008.5.1.4.1.1.66.4",
    "1.2.840.10008.5.1.4.1.1.66.7",
    "1.2.840.10008.5.1.4.1.1.66.8",
    "1.2.840.10008.5.1.4.1.1.481.2",
}
_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
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
_DEFLATE_STEP = 1 << 24


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """Run pydicom without warnings and without value checks (whose texts quote values)."""
    before = config.settings.reading_validation_mode
    config.settings.reading_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        config.settings.reading_validation_mode = before


def read_dataset(path: Path, *, limits: ReadLimits) -> FileDataset:
    """Parse a DICOM file, with or without preamble and file meta information; no pixel is decoded."""
    check_file_size(path.name, path.stat().st_size, limits)
    raw = path.read_bytes()
    if raw[128:132] == b"DICM" and DeflatedExplicitVRLittleEndian.encode() in raw[:4096]:
        _check_deflated(raw, path.name, limits)
    return pydicom.dcmread(BytesIO(raw), force=True)


def read_dicom(path: Path, *, limits: ReadLimits) -> MedicalImage:
    """Read one DICOM file.

    Enhanced multi-frame CT and MR with regular geometry become a volume. Of any other multi-frame object (cine,
    ultrasound, nuclear medicine) the first frame is read: it is the one every viewer opens with.

    Raises:
        ImageError: objects that hold no image, damaged files, sizes that contradict each other or exceed the limits.
    """
    from casekin.imaging.multiframe import volume_frames  # builds on this module

    with quiet_pydicom():
        dataset = read_dataset(path, limits=limits)
        require_image(dataset, path.name)
        frames = frame_count(dataset, path.name)
        volume = volume_frames(dataset, path.name) if frames > 1 else None
        if volume is not None:
            check_pixels(dataset, path.name, limits=limits, decoded_frames=frames)
            return volume.decode(dataset, path.name)
        check_pixels(dataset, path.name, limits=limits, decoded_frames=1)
        decoded = decode_frame(dataset, path.name, index=0)
        return as_picture(dataset, decoded, path.name)


def require_image(dataset: Dataset, name: str) -> None:
    """Refuse objects without pixels of a patient: reports, plans, labels, doses, waveforms, microscopy."""
    uid = text(dataset, "SOPClassUID") or ""
    if len(dataset) == 0 or ("Rows" not in dataset and uid == ""):
        raise image_error(
            name, "can't be parsed as DICOM", expected="a DICOM image", remedy="send it again from the archive"
        )
    if uid == _WHOLE_SLIDE:
        raise image_error(
            name,
            "holds tiles of a microscope slide, no radiological image",
            expected="a radiograph, CT, MR or similar",
            remedy="leave it out",
        )
    shows = "Rows" in dataset or sop_class_name(dataset).endswith("Image Storage")
    if shows and "PixelData" not in dataset and uid not in _NOT_RADIOLOGY:
        raise image_error(
            name,
            "describes an image but has no PixelData",
            expected="pixels after the header",
            remedy="send it again from the archive",
        )
    if uid in _NOT_RADIOLOGY or "PixelData" not in dataset:
        raise image_error(
            name,
            f"holds no image: {sop_class_name(dataset)}",
            expected="an object with PixelData that shows a patient",
            remedy="leave it out (reports can be given as reports)",
        )


def frame_count(dataset: Dataset, name: str) -> int:
    """NumberOfFrames, 1 where absent."""
    if text(dataset, "NumberOfFrames") is None:
        return 1
    frames = number(dataset, "NumberOfFrames")
    if frames is None or frames < 1 or frames != int(frames):
        raise image_error(name, "NumberOfFrames is no count", expected="an integer from 1", remedy="repair the header")
    return int(frames)


def check_pixels(dataset: Dataset, name: str, *, limits: ReadLimits, decoded_frames: int) -> None:
    """Check rows × columns × frames × samples × bits against the limits and against the PixelData that is there."""
    rows, columns = _integer(dataset, "Rows", name), _integer(dataset, "Columns", name)
    samples = _integer(dataset, "SamplesPerPixel", name, default=1)
    bits = _integer(dataset, "BitsAllocated", name)
    if samples not in (1, 3) or bits not in (1, 8, 16, 32, 64):
        raise image_error(
            name,
            f"has {samples} samples of {bits} bits in a pixel",
            expected="1 or 3 samples of 1, 8, 16, 32 or 64 bits",
            remedy="repair the header",
        )
    check_frame(name, rows, columns, limits)
    check_volume(name, rows * columns * decoded_frames, limits)
    syntax = transfer_syntax(dataset)
    if syntax not in NATIVE_SYNTAXES:
        _check_codestream(dataset, name, rows=rows, columns=columns, samples=samples)
        return
    subsampled = (text(dataset, "PhotometricInterpretation") or "") == "YBR_FULL_422"
    stored_samples = 2 if subsampled and samples == 3 else samples
    needed = (rows * columns * frame_count(dataset, name) * stored_samples * bits + 7) // 8
    held = len(dataset.PixelData)
    if held < needed:
        raise image_error(
            name,
            f"PixelData holds {held} bytes, the file is truncated or its header wrong",
            expected=f"{needed} bytes by rows, columns, frames, samples and bits",
            remedy="send it again from the archive",
        )


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
    meta = getattr(dataset, "file_meta", None)
    if meta is None or text(meta, "TransferSyntaxUID") is None:
        dataset.file_meta = meta = pydicom.dataset.FileMetaDataset() if meta is None else meta
        meta.TransferSyntaxUID = UID(transfer_syntax(dataset))
    stored = _decoded(dataset, name, index)
    if photometric == "PALETTE COLOR":
        coloured = apply_color_lut(stored, dataset)
        return luminance(coloured[..., :3])
    if stored.ndim == 3:
        return luminance(stored)
    if stored.ndim != 2 or photometric in _COLOUR:
        raise image_error(name, "its frame is no plane", expected="rows × columns", remedy="repair the header")
    return stored


def _decoded(dataset: Dataset, name: str, index: int) -> npt.NDArray[Any]:
    syntax = transfer_syntax(dataset)
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
        syntax_name = UID(syntax).name
        syntax_name = "unknown transfer syntax" if syntax_name == syntax else syntax_name
        raise image_error(
            name,
            f"its pixels ({syntax_name}, {description.get('BitsStored', '?')} bits) can't be decoded ({error.reason})",
            expected="whole pixel data in a transfer syntax that has a decoder here",
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


def as_picture(dataset: Dataset, stored: npt.NDArray[Any], name: str) -> MedicalImage:
    """Make a picture of a data set and its decoded frame."""
    pixels, mirror_sum = modality_values(dataset, stored, name)
    voi = mirrored_voi(dataset, mirror_sum)
    window = None if voi is None else pixel_window(voi)
    if voi is None and (number(dataset, "BitsStored") or 0) <= 8 and "RescaleSlope" not in dataset:
        window = (0.0, 255.0)  # 8-bit values without any transform are brightness already
    direction = picture_direction(dataset)
    position = numbers(dataset, "ImagePositionPatient")
    origin = (position[0], position[1], position[2]) if position is not None and len(position) == 3 else None
    return MedicalImage(
        pixels=np.ascontiguousarray(pixels),
        window=window,
        spacing_mm=pixel_spacing(dataset),
        direction=direction,
        origin=origin,
        header=image_header(dataset),
        content_hash=content_hash(pixels),
        voi=voi,
        name=name,
    )


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


def _check_codestream(dataset: Dataset, name: str, *, rows: int, columns: int, samples: int) -> None:
    """Compare what the first compressed frame says of its size with the header, before a decoder believes it."""
    frame = next(generate_frames(dataset.PixelData, number_of_frames=frame_count(dataset, name)), b"")
    size = declared_size(frame)
    if size is not None and size != (rows, columns, samples):
        raise image_error(
            name,
            f"its compressed frame has {size[0]} × {size[1]} × {size[2]} samples",
            expected=f"{rows} × {columns} × {samples} by the header",
            remedy="send it again from the archive",
        )


def _check_deflated(raw: bytes, name: str, limits: ReadLimits) -> None:
    """Inflate in steps and refuse what would exceed the limits: pydicom inflates a whole file at once."""
    if raw[132:138] != b"\x02\x00\x00\x00UL":
        raise image_error(
            name,
            "is deflated but its file meta information has no length",
            expected="FileMetaInformationGroupLength first",
            remedy="send it again from the archive",
        )
    length = struct.unpack("<I", raw[140:144])[0]
    if DeflatedExplicitVRLittleEndian.encode() not in raw[144 : 144 + length]:
        return
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    pending, total = raw[144 + length :], 0
    while pending and not inflater.eof:
        total += len(inflater.decompress(pending, _DEFLATE_STEP))
        if total > limits.max_volume_bytes:
            raise image_error(
                name,
                "inflates to more than the limits allow",
                expected=f"at most {limits.max_volume_bytes} bytes",
                remedy="raise ReadLimits.max_volume_bytes",
            )
        pending = inflater.unconsumed_tail


def _integer(dataset: Dataset, keyword: str, name: str, *, default: int | None = None) -> int:
    value = number(dataset, keyword)
    if value is None and default is not None and keyword not in dataset:
        return default
    if value is None or value != int(value) or value < 0:
        raise image_error(name, f"{keyword} is missing or no number", expected="an integer", remedy="repair the header")
    return int(value)
