"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Literal

Kind = Literal["dicom", "png", "jpeg", "nifti", "folder"]

_HEAD_BYTES = 1024
_MEDIA_DIRECTORY = b"1.2.840.10008.1.3.10"  # SOP Class of a DICOMDIR: lists files, shows nothing
# Explicit VRs that the first element of a data set may have (group 0008 or 0002): text, numbers and sequences.
_FIRST_VRS = frozenset((b"UL", b"UI", b"CS", b"SH", b"LO", b"DA", b"TM", b"OB", b"SQ", b"PN", b"ST", b"DT", b"US"))


def sniff(path: Path) -> Kind | None:
    """Tell what `path` holds; None for anything casekin doesn't read (or can't open)."""
    try:
        if path.is_dir():
            return "folder"
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    return sniff_bytes(head)


def sniff_bytes(head: bytes) -> Kind | None:
    """Tell the kind from the first 1024 bytes of a file."""
    if head[128:132] == b"DICM":
        return None if _MEDIA_DIRECTORY in head else "dicom"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if _is_nifti(_gunzip_head(head) if head.startswith(b"\x1f\x8b") else head):
        return "nifti"
    return "dicom" if _is_bare_dataset(head) else None


def foreign_format(head: bytes) -> str | None:
    """The name of a known format that casekin doesn't read, for a message that helps."""
    signatures = (
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
        (b"GIF8", "GIF"),
        (b"BM", "BMP"),
        (b"%PDF", "PDF"),
        (b"\x00\x00\x00\x0cjP", "JPEG 2000 without DICOM"),
        (b"NRRD", "NRRD"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x93NUMPY", "NumPy"),
        (b"\x1f\x8b", "gzip (not a NIfTI)"),
    )
    if head[128:132] == b"DICM":
        return "DICOMDIR"
    return next((name for start, name in signatures if head.startswith(start)), None)


def _gunzip_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(head, _HEAD_BYTES)
    except (zlib.error, gzip.BadGzipFile):
        return b""


def _is_nifti(head: bytes) -> bool:
    return head[344:348] in (b"n+1\x00", b"ni1\x00") or head[4:8] in (b"n+2\x00", b"ni2\x00")


def _is_bare_dataset(head: bytes) -> bool:
    """A data set without preamble: begins with an element of group 0002 or 0008 in either byte order."""
    if len(head) < 12:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack(f"{order}HH", head[:4])
        if group not in (0x0002, 0x0008) or element > 0x0070:
            continue
        if head[4:6] in _FIRST_VRS:
            return True
        if order == "<" and struct.unpack("<I", head[4:8])[0] <= 0x4000:  # implicit VR: a length stands here
            return True
    return False
