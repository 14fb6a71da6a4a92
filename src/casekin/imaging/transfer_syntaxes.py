"""Which transfer syntaxes are read (PS3.5 Annex A), and what the others are called."""

from __future__ import annotations

import zlib
from itertools import islice

from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import UID, ExplicitVRLittleEndian

from casekin.imaging.dicom_header import number, text
from casekin.imaging.limits import ReadLimits, check_volume, image_error

NATIVE_SYNTAXES = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")
"""Pixels as they are: explicit, implicit, big endian, and in a data set that is deflated as a whole."""
FRAMED_SYNTAXES = ("1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1")
"""Native frames one by one: encapsulated uncompressed, and each deflated."""
CODED_SYNTAXES = (
    "1.2.840.10008.1.2.5",  # RLE
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",  # JPEG baseline and extended
    "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55",  # JPEG spectral selection and full progression, retired
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",  # JPEG lossless
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",  # JPEG-LS
    "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",  # high-throughput JPEG 2000
)  # fmt: skip
"""What has a decoder (`decoder_child`)."""
READ_SYNTAXES = (*NATIVE_SYNTAXES, *CODED_SYNTAXES, *FRAMED_SYNTAXES)
_NEW = {
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}
"""Newer than the dictionary of the oldest supported pydicom (PS3.6 2024, 2025)."""
_SAMPLE_BITS = (8, 16, 32, 64)


def syntax_name(uid: str) -> str:
    """The transfer syntax's name in the standard; a UID that isn't registered is never quoted."""
    name = UID(uid).name
    return _NEW.get(uid, "unknown transfer syntax") if name == uid else name


def require_decoder(uid: str, name: str) -> None:
    """Refuse, with `ImageError`, what nothing here reads: video, JPEG XL, hierarchical JPEG, pixels elsewhere."""
    if uid not in READ_SYNTAXES:
        raise image_error(
            name,
            f"is stored as {syntax_name(uid)}, which nothing here decodes",
            expected="pixels native or by RLE, JPEG, JPEG-LS or JPEG 2000",
            remedy="convert it to Explicit VR Little Endian",
        )


def unpack_frames(dataset: Dataset, name: str, limits: ReadLimits) -> None:
    """Make a data set of `FRAMED_SYNTAXES` one of Explicit VR Little Endian, in place; others stay as they are.

    Raises `ImageError` for frames that aren't as long as rows, columns, samples and bits say, or exceed the limits.
    """
    meta = getattr(dataset, "file_meta", None)
    syntax = None if meta is None else text(meta, "TransferSyntaxUID")
    if syntax not in FRAMED_SYNTAXES or "PixelData" not in dataset:
        return
    rows, columns, bits = (int(number(dataset, keyword) or 0) for keyword in ("Rows", "Columns", "BitsAllocated"))
    frames = max(1, int(number(dataset, "NumberOfFrames") or 1))
    size = rows * columns * int(number(dataset, "SamplesPerPixel") or 1) * bits // 8
    check_volume(name, rows * columns * frames, limits)
    deflated = syntax == "1.2.840.10008.1.2.8.1"
    packed = islice(generate_frames(dataset.PixelData, number_of_frames=frames), frames)
    native = [_inflated(frame, size) if deflated else frame[:size] for frame in packed]
    if bits not in _SAMPLE_BITS or len(native) != frames or any(len(frame) != size for frame in native):
        raise image_error(
            name,
            "its frames aren't as long as rows, columns, samples and bits say",
            expected=f"{frames} of {size} bytes",
            remedy="send it again from the archive",
        )
    data = b"".join(native)
    dataset.PixelData = data + b"\x00" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    dataset["PixelData"].is_undefined_length = False
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian


def _inflated(frame: bytes, size: int) -> bytes:
    """A frame of raw deflate (RFC 1951), up to one byte more than it may hold."""
    try:
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(frame, size + 1)
    except zlib.error:
        return b""
