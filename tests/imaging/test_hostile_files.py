"""Files that broke other DICOM software, class by class: refused or read, never believed.

Each case says what the bug was elsewhere: Orthanc up to 1.12.10 (CVE-2026-5437 to 5445), DCMTK before 3.7.1
(ICSMA-26-181-01), GDCM 3.2.2 (CVE-2026-3650), pydicom before 3.0.2 (CVE-2026-32711), and the classics.
"""

from __future__ import annotations

import gzip
import io
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from casekin.errors import ImageError
from casekin.imaging import MedicalImage, iter_image_files, read_image
from imaging.samples import dataset_of

RAMP = np.arange(16 * 12, dtype=np.uint16).reshape(16, 12)
MOST_BYTES = 96 * 1024**2
"""No refusal may allocate more; the largest lie below promises 2^64 bytes."""
READ, REFUSED, EITHER = "read", "refused", "either"
Make = Callable[[], bytes]


def packed(dataset: FileDataset) -> bytes:
    """A data set's bytes, whatever pydicom thinks of its values."""
    out = io.BytesIO()
    with pydicom.config.disable_value_validation():
        dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def film(**attributes: object) -> bytes:
    """A good film with some attributes changed."""
    return packed(dataset_of(RAMP, **attributes))


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """Bytes replaced where they stand first."""
    assert old in data
    return data.replace(old, new, 1)


def encapsulated(syntax: str, frame: bytes, **attributes: object) -> bytes:
    """A film whose pixels are one compressed frame as given."""
    dataset = dataset_of(RAMP.astype(np.uint8), **attributes)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([frame or b"\x00\x00"])
    dataset["PixelData"].VR = "OB"
    return packed(dataset)


def nested(depth: int) -> bytes:
    """Sequences in sequences, of undefined length."""
    start = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    end = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00" + b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    good = film()
    at = good.index(b"\x28\x00\x02\x00US")
    return good[:at] + start * depth + end * depth + good[at:]


def palette(entries: int, highest: int) -> bytes:
    """A picture of palette indexes up to `highest` over a palette of `entries` colours."""
    stored = np.full((8, 8), highest, dtype=np.uint8)
    dataset = dataset_of(stored, PhotometricInterpretation="PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [entries, 0, 16])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", np.arange(entries, dtype="<u2").tobytes())
    return packed(dataset)


def rows_as(element: bytes) -> bytes:
    """A film whose Rows come as given: VR, length and value."""
    tag = b"\x28\x00\x10\x00"
    return patched(film(), tag + b"US\x02\x00\x10\x00", tag + element)


def with_pixel_length(length: bytes) -> bytes:
    """A film whose PixelData promises another length."""
    return patched(film(), b"\xe0\x7f\x10\x00OW\x00\x00\x80\x01\x00\x00", b"\xe0\x7f\x10\x00OW\x00\x00" + length)


def meta_of_foreign_vr() -> bytes:
    """File meta information with an element of a VR that doesn't exist and a length of 4 GB."""
    good = film()
    return good[:132] + b"\x02\x00\x03\x00QQ\x00\x00\xf0\xff\xff\xff" + good[132:]


def jpeg2000_of(width: int, height: int) -> bytes:
    """The beginning of a codestream that declares a size."""
    head = struct.pack(">HHIIIIIIIIH", 47, 0, width, height, 0, 0, width, height, 0, 0, 1) + b"\x07\x01\x01"
    return b"\xff\x4f\xff\x51" + head + b"\xff\xd9"


def jpeg_of(width: int, height: int, marker: int = 0xC0) -> bytes:
    """The beginning of a JPEG or JPEG-LS stream that declares a size."""
    return b"\xff\xd8\xff" + bytes([marker]) + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00\xff\xd9"


def png_of(width: int, height: int, *, after: bytes = b"") -> bytes:
    """A PNG that declares a size, with chunks of ours behind the header and hardly any pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + after + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    """50 MB of text in a chunk of some kilobytes."""
    body = b"Comment\x00\x00" + zlib.compress(bytes(50_000_000))
    chunk = b"zTXt" + body
    return png_of(4, 4, after=struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk)))


def nifti(**fields: object) -> bytes:
    """A small volume with header fields set by hand."""
    image = nib.Nifti1Image(np.zeros((4, 4, 4), dtype=np.int16), np.eye(4))
    data = bytearray(image.to_bytes())
    header = nib.Nifti1Header(bytes(data[:348]), check=False)
    for name, value in fields.items():
        header[name] = value
    data[:348] = header.binaryblock
    return bytes(data)


def preamble(start: bytes) -> bytes:
    """A film whose first 128 bytes are the beginning of another kind of file."""
    return start.ljust(128, b"\x00")[:128] + film()[128:]


def rle(offsets: list[int], body: bytes = b"\x05" * 40) -> bytes:
    """An RLE frame with a header of our own."""
    return struct.pack("<16L", *(offsets + [0] * 16)[:16]) + body


CASES: dict[str, tuple[Make, str]] = {
    # Orthanc: reads behind the file where the meta header's length is believed.
    "meta length beyond the file": (
        lambda: patched(film(), b"UL\x04\x00", b"UL\x04\x00\xff\xff\xff\x7f")[:400], EITHER,
    ),
    "meta header cut": (lambda: film()[:150], REFUSED),
    "meta length 4 GB": (lambda: film()[:140] + b"\xff\xff\xff\xff" + film()[144:], EITHER),
    # Orthanc: out of bounds in Philips' own compression; private elements are never decoded.
    "Philips' private compression": (
        lambda: film().replace(b"\xe0\x7f\x10\x00OW", b"\xa1\x07\x0a\x10OW", 1), REFUSED,
    ),
    # Orthanc: heap overflow where dimensions come as UL instead of US.
    "dimensions as 32 bits": (lambda: rows_as(b"UL\x04\x00\xff\xff\xff\x7f"), REFUSED),
    "dimensions as 32 bits that wrap to the true size": (lambda: rows_as(b"UL\x04\x00\x10\x00\x01\x00"), REFUSED),
    "rows as text": (lambda: rows_as(b"LO\x02\x00ab"), REFUSED),
    "rows twice in one element": (lambda: rows_as(b"US\x04\x00\x10\x00\x10\x00"), REFUSED),
    "rows 0": (lambda: film(Rows=0), REFUSED),
    "rows and columns 65535": (lambda: film(Rows=65535, Columns=65535), REFUSED),
    # Orthanc: 32-bit overflow in the product for PALETTE COLOR.
    "palette of 65535 squared": (
        lambda: palette(256, 1).replace(b"\x10\x00US\x02\x00\x08\x00", b"\x10\x00US\x02\x00\xff\xff", 1), REFUSED,
    ),
    # Orthanc: palette index unchecked, heap bytes in the rendered picture.
    "palette index beyond the palette": (lambda: palette(4, 255), EITHER),
    "palette without entries": (
        lambda: patched(palette(4, 3), struct.pack("<HHH", 4, 0, 16), struct.pack("<HHH", 0, 0, 16)), EITHER,
    ),
    "palette of 7 bits": (
        lambda: patched(palette(4, 3), struct.pack("<HHH", 4, 0, 16), struct.pack("<HHH", 4, 0, 7)), EITHER,
    ),
    # Orthanc: overflow in its reader of PAM pictures; casekin doesn't read any.
    "PAM picture": (
        lambda: b"P7\nWIDTH 4294967295\nHEIGHT 4294967295\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n", REFUSED,
    ),
    # GDCM: a VR outside the standard in the file meta makes it allocate without bound.
    "foreign VR in the meta header": (meta_of_foreign_vr, EITHER),
    "foreign VR in the data set": (lambda: film().replace(b"\x28\x00\x02\x00US", b"\x28\x00\x02\x00QQ", 1), EITHER),
    # DCMTK: memory exhaustion by a length that nothing stands behind.
    "element of 4 GB": (
        lambda: film().replace(b"\x08\x00\x16\x00", b"\x08\x00\x05\x00OB\x00\x00\xfe\xff\xff\xff\x08\x00\x16\x00", 1),
        EITHER,
    ),
    "pixel data of 4 GB": (lambda: with_pixel_length(b"\xfe\xff\xff\xff"), EITHER),
    "undefined length without end": (lambda: with_pixel_length(b"\xff\xff\xff\xff"), REFUSED),
    # Classic: recursion without bound.
    "sequences 50 deep": (lambda: nested(50), READ),
    "sequences 5,000 deep": (lambda: nested(5_000), EITHER),
    "sequences 100,000 deep": (lambda: nested(100_000), EITHER),
    # Classic: counts and types that lie.
    "4 billion frames": (lambda: film(NumberOfFrames="4294967295"), REFUSED),
    "frames below 0": (lambda: film(NumberOfFrames="-1"), REFUSED),
    "frames as a list": (lambda: patched(film(NumberOfFrames="1"), b"IS\x02\x001 ", b"IS\x04\x001\\99"), EITHER),
    "no sample in a pixel": (lambda: film(SamplesPerPixel=0), REFUSED),
    "65535 samples in a pixel": (lambda: film(SamplesPerPixel=65535), REFUSED),
    "more bits stored than allocated": (lambda: film(BitsStored=64), EITHER),
    "0 bits allocated": (lambda: film(BitsAllocated=0), REFUSED),
    "12 bits allocated": (lambda: film(BitsAllocated=12), REFUSED),
    "pixel representation 7": (lambda: film(PixelRepresentation=7), EITHER),
    "rescale to infinity": (lambda: film(RescaleSlope="1e308", RescaleIntercept="1e308"), EITHER),
    "rescale by nothing": (lambda: film(RescaleSlope="0", RescaleIntercept="0"), REFUSED),
    "window that is no number": (lambda: film(WindowCenter="nan", WindowWidth="inf"), EITHER),
    "photometric interpretation unknown": (lambda: film(PhotometricInterpretation="CANARY"), EITHER),
    "pixel data as a sequence": (lambda: patched(film(), b"\xe0\x7f\x10\x00OW", b"\xe0\x7f\x10\x00SQ"), EITHER),
    "no pixel": (lambda: film(PixelData=b""), REFUSED),
    "charset of nowhere": (
        lambda: film(SpecificCharacterSet="ISO 2022 IR 999\\CANARY", PatientName="\x1b$)C\xff\xfe"), READ,
    ),
    # Classic: compressed frames whose own header lies.
    "JPEG 2000 of 4 billion squared": (
        lambda: encapsulated(JPEG2000Lossless, jpeg2000_of(2**32 - 1, 2**32 - 1)), REFUSED,
    ),
    "JPEG 2000 of the true size without data": (lambda: encapsulated(JPEG2000Lossless, jpeg2000_of(12, 16)), REFUSED),
    "JPEG of 65535 squared": (lambda: encapsulated(JPEGBaseline8Bit, jpeg_of(65535, 65535)), REFUSED),
    "JPEG-LS of 65535 squared": (lambda: encapsulated(JPEGLSLossless, jpeg_of(65535, 65535, 0xF7)), REFUSED),
    "RLE segments behind the frame": (lambda: encapsulated(RLELossless, rle([1, 4_000_000_000])), REFUSED),
    "RLE of 4 billion segments": (lambda: encapsulated(RLELossless, rle([2**32 - 1, 64])), REFUSED),
    "RLE that ends early": (lambda: encapsulated(RLELossless, rle([1, 64], b"\x00")), REFUSED),
    "a frame of nothing": (lambda: encapsulated(JPEG2000Lossless, b""), REFUSED),
    "transfer syntax of nowhere": (lambda: encapsulated("1.2.3.4", b"\x00" * 8), REFUSED),
    "fragment longer than the file": (
        lambda: encapsulated(RLELossless, rle([1, 64])).replace(b"\xe0\x68\x00\x00\x00", b"\xe0\xfe\xff\xff\x7f"),
        REFUSED,
    ),
    # Classic: a file that is also another file (CVE-2019-11687); the preamble is never looked at, kept or sent on.
    "a program in the preamble": (lambda: preamble(b"MZ\x90\x00\x03"), READ),
    "a page in the preamble": (lambda: preamble(b"<script>alert(1)</script>"), READ),
    "a PDF in the preamble": (lambda: preamble(b"%PDF-1.7"), READ),
    "a TIFF in the preamble": (lambda: preamble(b"II*\x00\x08\x00\x00\x00"), READ),
    # Classic: pictures that unfold.
    "PNG of 2 billion squared": (lambda: png_of(2**31 - 1, 2**31 - 1), REFUSED),
    "PNG of 50,000 squared": (lambda: png_of(50_000, 50_000), REFUSED),
    "PNG with 50 MB of text": (png_with_text_bomb, EITHER),
    "JPEG picture of 65500 squared": (lambda: jpeg_of(65500, 65500), REFUSED),
    "TIFF of many pages": (lambda: b"II*\x00\x08\x00\x00\x00" + b"\xff" * 64, REFUSED),
    # Classic: NIfTI headers.
    "NIfTI of 32767 cubed": (lambda: nifti(dim=[3, 32767, 32767, 32767, 1, 1, 1, 1]), REFUSED),
    "NIfTI of negative size": (lambda: nifti(dim=[3, -5, 4, 4, 1, 1, 1, 1]), REFUSED),
    "NIfTI of 200 axes": (lambda: nifti(dim=[200, 4, 4, 4, 1, 1, 1, 1]), REFUSED),
    "NIfTI whose pixels begin behind the file": (lambda: nifti(vox_offset=1e9), REFUSED),
    "NIfTI whose pixels begin at no number": (lambda: nifti(vox_offset=np.nan), REFUSED),
    "NIfTI of an unknown type": (lambda: nifti(datatype=9999), REFUSED),
    "NIfTI placed nowhere": (lambda: nifti(srow_x=[np.nan] * 4, sform_code=1), REFUSED),
    "gzip that unfolds to 300 MB": (lambda: gzip.compress(nifti() + bytes(300_000_000), 1), READ),
    "gzip of nothing": (lambda: gzip.compress(b""), REFUSED),
    "gzip cut in the middle": (lambda: gzip.compress(nifti())[:-20], REFUSED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_broke_others_is_read_or_refused_in_little_memory(case: str, tmp_path: Path) -> None:
    make, expected = CASES[case]
    path = tmp_path / "input"
    path.write_bytes(make())
    tracemalloc.start()
    try:
        outcome, told = READ, ""
        try:
            assert isinstance(read_image(path), MedicalImage)
        except ImageError as error:
            outcome, told = REFUSED, str(error)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert expected in (outcome, EITHER), told
    assert peak < MOST_BYTES
    assert "CANARY" not in told and "Traceback" not in told


def test_colours_beyond_a_palette_are_its_last_and_no_stray_memory(tmp_path: Path) -> None:
    for case, highest in (("inside", 3), ("beyond", 255)):
        (tmp_path / case).write_bytes(palette(4, highest))
    inside, beyond = (read_image(tmp_path / case).pixels for case in ("inside", "beyond"))
    assert np.array_equal(inside, beyond)


@pytest.mark.parametrize("climb", ["../../secret", "/etc/hostname", "..\\..\\secret", "a/../../secret", "C:\\secret"])
def test_what_a_media_directory_names_is_never_opened(climb: str, tmp_path: Path) -> None:
    folder = tmp_path / "disc"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(film())
    record = Dataset()
    record.DirectoryRecordType = "IMAGE"
    with pydicom.config.disable_value_validation():
        record.ReferencedFileID = climb.replace("\\", "/").split("/")
    directory = dataset_of(RAMP)
    for keyword in ("Rows", "Columns", "PixelData"):
        delattr(directory, keyword)
    directory.file_meta.MediaStorageSOPClassUID = directory.SOPClassUID = "1.2.840.10008.1.3.10"
    directory.DirectoryRecordSequence = Sequence([record])
    (folder / "DICOMDIR").write_bytes(packed(directory))
    assert list(iter_image_files([folder])) == []
    with pytest.raises(ImageError, match="DICOMDIR"):
        read_image(folder / "DICOMDIR")


def test_a_picture_that_is_a_page_too_stays_a_picture(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(out, "PNG")
    (tmp_path / "x.html").write_bytes(out.getvalue() + b"<script>alert(1)</script>")
    assert read_image(tmp_path / "x.html").pixels.shape == (4, 4)
