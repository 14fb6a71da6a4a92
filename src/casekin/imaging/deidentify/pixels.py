"""A DICOM data set's PixelData after de-identification: boxes painted over, nothing hidden beside the pixels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

from casekin.imaging.deidentify.strip import strip_jpeg, strip_jpeg2000
from casekin.imaging.dicom_header import number, text
from casekin.imaging.dicom_pixels import decode_stored, frame_count, transfer_syntax
from casekin.imaging.limits import image_error
from casekin.imaging.transfer_syntaxes import NATIVE_SYNTAXES
from casekin.types import Box

_OFFSET_TABLES = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")


def clean_pixels(dataset: Dataset, clean: Dataset, name: str, boxes: Iterable[Box]) -> Dataset:
    """`clean` with the pixels of `dataset`, and with file meta information that names their transfer syntax.

    Where there are `boxes` (stored pixels), all frames are decoded and painted, and stored uncompressed; else pixels
    keep their coding. Compressed frames lose comments and application segments, native ones the bits above those
    stored. Raises `ImageError` where pixels must be decoded and can't be.
    """
    painted = list(boxes)
    result = Dataset()
    result.update(clean)
    for keyword in _OFFSET_TABLES:
        if keyword in result:
            delattr(result, keyword)
    syntax = UID(transfer_syntax(dataset))
    if painted:
        _paint(dataset, result, name, painted)
        syntax = ExplicitVRLittleEndian
    elif syntax in NATIVE_SYNTAXES:
        result.PixelData = _without_spare_bits(dataset, big_endian=syntax == ExplicitVRBigEndian)
    else:
        frames = generate_frames(dataset.PixelData, number_of_frames=frame_count(dataset, name))
        result.PixelData = encapsulate([_without_comments(frame, name) for frame in frames])
        result["PixelData"].VR = "OB"
        result["PixelData"].is_undefined_length = True
    result.ensure_file_meta()
    result.file_meta.TransferSyntaxUID = syntax
    return result


def _paint(dataset: Dataset, result: Dataset, name: str, boxes: list[Box]) -> None:
    frames = []
    for index in range(frame_count(dataset, name)):
        stored = np.array(decode_stored(dataset, name, index=index))
        fill = stored.max() if text(dataset, "PhotometricInterpretation") == "MONOCHROME1" else stored.min()
        for box in boxes:
            stored[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = fill
        frames.append(stored)
    pixels = np.stack(frames)
    bits = pixels.dtype.itemsize * 8
    if pixels.ndim == 4:
        result.PhotometricInterpretation, result.PlanarConfiguration = "RGB", 0
    result.BitsAllocated = bits
    data = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    result.PixelData = data + b"\x00" * (len(data) % 2)
    result["PixelData"].VR = "OW" if bits > 8 else "OB"


def _without_spare_bits(dataset: Dataset, *, big_endian: bool) -> bytes:
    """Native pixels with the bits above `BitsStored` made what the value needs: old overlays were hidden there."""
    data: bytes = dataset.PixelData
    allocated, stored = number(dataset, "BitsAllocated"), number(dataset, "BitsStored")
    if allocated not in (8, 16, 32) or stored is None or not 0 < stored < allocated:
        return data
    if number(dataset, "HighBit") != stored - 1:
        return data
    order = ">" if big_endian else "<"
    bits = int(allocated)
    kind = f"{order}{'i' if number(dataset, 'PixelRepresentation') == 1 else 'u'}{bits // 8}"
    values: npt.NDArray[Any] = np.frombuffer(data, dtype=kind, count=len(data) // (bits // 8))
    spare = bits - int(stored)
    whole = ((values << spare) >> spare).astype(kind).tobytes()
    return whole + data[len(whole) :]


def _without_comments(frame: bytes, name: str) -> bytes:
    try:
        if frame.startswith((b"\xff\x4f", b"\x00\x00\x00\x0cjP")):
            return strip_jpeg2000(frame)
        return strip_jpeg(frame) if frame.startswith(b"\xff\xd8") else frame
    except ValueError:
        raise image_error(
            name,
            "a compressed frame is damaged, what it holds beside pixels can't be told",
            expected="whole codestreams",
            remedy="send it again from the archive",
        ) from None
