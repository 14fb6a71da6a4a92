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
from pydicom.encaps import generate_frames
from pydicom.uid import DeflatedExplicitVRLittleEndian

from casekin.imaging.codestream import declared_size
from casekin.imaging.dicom_header import image_header, number, numbers, picture_direction, sop_class_name, text
from casekin.imaging.dicom_pixels import (
    decode_frame,
    frame_count,
    mirrored_voi,
    modality_values,
    pixel_spacing,
    transfer_syntax,
)
from casekin.imaging.image import MedicalImage, content_hash
from casekin.imaging.intensity import pixel_window
from casekin.imaging.limits import ReadLimits, check_file_size, check_frame, check_volume, image_error, not_comparable
from casekin.imaging.multiframe import volume_frames
from casekin.imaging.transfer_syntaxes import NATIVE_SYNTAXES, require_decoder, unpack_frames

# pydicom's messages quote header values, which may name a person; errors come back as exceptions anyway.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

NOT_RADIOLOGY = {
    "1.2.840.10008.5.1.4.1.1.66.4",
    "1.2.840.10008.5.1.4.1.1.66.7",
    "1.2.840.10008.5.1.4.1.1.66.8",
    "1.2.840.10008.5.1.4.1.1.481.2",
}
"""Classes with pixel data that show no patient: labels and doses."""
WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
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
    """Parse a DICOM file, with or without preamble and file meta information; no pixel is decoded.

    Native frames that are stored one by one become a data set of Explicit VR Little Endian.
    """
    check_file_size(path.name, path.stat().st_size, limits)
    raw = path.read_bytes()
    if raw[128:132] == b"DICM" and DeflatedExplicitVRLittleEndian.encode() in raw[:4096]:
        _check_deflated(raw, path.name, limits)
    dataset = pydicom.dcmread(BytesIO(raw), force=True)
    unpack_frames(dataset, path.name, limits)
    return dataset


def read_dicom(path: Path, *, limits: ReadLimits) -> MedicalImage:
    """Read one DICOM file.

    Enhanced multi-frame CT and MR with regular geometry become a volume. Of any other multi-frame object (cine,
    ultrasound, nuclear medicine) the first frame is read: it is the one every viewer opens with.

    Raises:
        ImageError: objects that hold no image, damaged files, sizes that contradict each other or exceed the limits.
    """
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
    if uid == WHOLE_SLIDE:
        raise not_comparable(
            name,
            "holds tiles of a microscope slide, no radiological image",
            expected="a radiograph, CT, MR or similar",
            remedy="leave it out",
        )
    shows = "Rows" in dataset or "Image Storage" in sop_class_name(dataset)
    if shows and uid not in NOT_RADIOLOGY:
        require_decoder(transfer_syntax(dataset), name)
    if shows and "PixelData" not in dataset and uid not in NOT_RADIOLOGY:
        raise image_error(
            name,
            "describes an image but has no PixelData",
            expected="pixels after the header",
            remedy="send it again from the archive",
        )
    if uid in NOT_RADIOLOGY or "PixelData" not in dataset:
        raise not_comparable(
            name,
            f"holds no image: {sop_class_name(dataset)}",
            expected="an object with PixelData that shows a patient",
            remedy="leave it out (reports can be given as reports)",
        )


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
