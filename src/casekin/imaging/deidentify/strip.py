"""Pictures and codestreams without what their makers wrote beside the pixels; every pixel stays as it was."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from typing import IO, cast

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_JFIF = b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"  # PixelAspect 1:1, no thumbnail
_ADOBE_BYTES = 12
_NIFTI_1, _NIFTI_2 = 348, 540
_NIFTI_TEXTS = {
    # (offset, length) of data_type, db_name, descrip, aux_file, intent_name (nifti1.h, nifti2.h)
    _NIFTI_1: ((4, 10), (14, 18), (148, 80), (228, 24), (328, 16)),
    _NIFTI_2: ((240, 80), (320, 24), (508, 16)),
}


def strip_png(data: bytes) -> bytes:
    """A PNG with its header, palette, transparency and pixels alone: no text, EXIF, colour profile, time or frames.

    Raises `ValueError` for a file that ends early.
    """
    parts, at = [_PNG_SIGNATURE], len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            break
        if kind in _PNG_CHUNKS:
            body = data[at + 4 : end - 4]
            parts += [data[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
        if kind == b"IEND":
            return b"".join(parts)
        at = end
    raise ValueError("the PNG ends early")


def strip_jpeg(data: bytes) -> bytes:
    """A JPEG or JPEG-LS stream without comments, EXIF, profiles, thumbnails, and what follows its end.

    Of the application segments only those stay that say how colours are coded (JFIF without its picture, Adobe,
    JPEG-LS's `mrfx`). Raises `ValueError` for what is no such stream.
    """
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    parts, at = [data[:2]], 2
    while True:
        start = at
        at = _next_marker(data, at)
        parts.append(data[start:at])
        marker = data[at + 1]
        if marker == 0xD9:
            parts.append(data[at : at + 2])
            return b"".join(parts)
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        parts.append(_segment(marker, data[at + 4 : at + 2 + length]) or data[at : at + 2 + length] * _stays(marker))
        at += 2 + length


def strip_jpeg2000(data: bytes) -> bytes:
    """A JPEG 2000 codestream without boxes around it and without comments in its main header (T.800 A.9.2).

    Raises `ValueError` for what is no codestream.
    """
    start = data.find(b"\xff\x4f\xff\x51")
    if start < 0:
        raise ValueError("no JPEG 2000 codestream")
    parts, at = [data[start : start + 2]], start + 2
    while data[at : at + 2] not in (b"\xff\x90", b""):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at] != 0xFF or end > len(data):
            raise ValueError("a damaged JPEG 2000 header")
        if data[at + 1] != 0x64:
            parts.append(data[at:end])
        at = end
    return b"".join([*parts, data[at:]])


def strip_nifti(data: bytes, *, most: int) -> bytes:
    """A NIfTI file with the texts of its header emptied and without extensions; gzipped when it was.

    `most` bounds the bytes of its voxels. Raises `ValueError` for what is no single NIfTI file, or larger.
    """
    packed = data[:2] == b"\x1f\x8b"
    stream = cast("IO[bytes]", gzip.GzipFile(fileobj=io.BytesIO(data)) if packed else io.BytesIO(data))
    head = stream.read(_NIFTI_2)
    order = next((order for order in "<>" if struct.unpack(f"{order}i", head[:4])[0] in _NIFTI_TEXTS), None)
    if order is None or len(head) < _NIFTI_1:
        raise ValueError("no NIfTI file")
    size = struct.unpack(f"{order}i", head[:4])[0]
    header = bytearray(head[:size])
    for start, length in _NIFTI_TEXTS[size]:
        header[start : start + length] = bytes(length)
    where, form = (108, "f") if size == _NIFTI_1 else (168, "q")
    offset = int(struct.unpack_from(f"{order}{form}", header, where)[0])
    voxels = _nifti_bytes(header, order)
    if not 0 <= offset <= most or voxels > most:
        raise ValueError("a NIfTI larger than the limits")
    first = -(-(size + 4) // 16) * 16  # voxels begin on a multiple of 16 bytes, as the format asks
    struct.pack_into(f"{order}{form}", header, where, first)
    stream.seek(offset)
    stripped = bytes(header).ljust(first, b"\x00") + stream.read(voxels)
    return gzip.compress(stripped, mtime=0) if packed else stripped


def _next_marker(data: bytes, at: int) -> int:
    """Where the next marker that has a segment, or ends the image, stands; restart markers belong to the pixels."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 2 > len(data):
            raise ValueError("the JPEG ends early")
        marker = data[at + 1]
        if marker >= 0xC0 and marker != 0xFF and not 0xD0 <= marker <= 0xD8:
            return at
        at += 1


def _stays(marker: int) -> bool:
    return marker != 0xFE and not 0xE0 <= marker <= 0xEF


def _segment(marker: int, body: bytes) -> bytes | None:
    """What is left of an application segment that says how colours are coded; None for any other."""
    if marker == 0xE0 and body.startswith(b"JFIF\x00"):
        kept = _JFIF
    elif marker == 0xEE and body.startswith(b"Adobe"):
        kept = body[:_ADOBE_BYTES]
    elif marker == 0xE8 and body.startswith(b"mrfx"):
        kept = body[:5]
    else:
        return None
    return bytes((0xFF, marker)) + struct.pack(">H", len(kept) + 2) + kept


def _nifti_bytes(header: bytes | bytearray, order: str) -> int:
    """Bytes of all voxels by the header's dimensions."""
    if len(header) == _NIFTI_1:
        dimensions = struct.unpack_from(f"{order}8h", header, 40)
        bits = struct.unpack_from(f"{order}h", header, 72)[0]
    else:
        dimensions = struct.unpack_from(f"{order}8q", header, 16)
        bits = struct.unpack_from(f"{order}h", header, 14)[0]
    count = 1
    for length in dimensions[1 : 1 + max(0, min(7, dimensions[0]))]:
        count *= max(1, length)
    return int(count * bits // 8)
