"""Stripped files: the pixels of any decoder are the same, and none of what stood beside them is left."""

from __future__ import annotations

import gzip
import io
from functools import partial
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from pydicom.encaps import generate_frames
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless

from casekin.imaging.deidentify.strip import strip_jpeg, strip_jpeg2000, strip_nifti, strip_png

from ..samples import dataset_of

CANARY = b"Quillfeather"
PICTURE = np.add.outer(np.arange(64), np.arange(64)).astype(np.uint8)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    return exif


def _jpeg(picture: np.ndarray, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", comment=CANARY, exif=_exif(), icc_profile=CANARY * 9, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 2}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("colour", [False, True])
def test_a_jpeg_loses_exif_comment_profile_and_what_follows_it(options: dict[str, Any], colour: bool) -> None:
    picture = np.stack([PICTURE, PICTURE.T, PICTURE[::-1]], axis=-1) if colour else PICTURE
    packed = _jpeg(picture, **options) + b"PK\x03\x04" + CANARY
    stripped = strip_jpeg(packed)
    assert CANARY in packed
    assert CANARY not in stripped
    assert b"PK" not in stripped[-8:]
    before, after = (np.asarray(Image.open(io.BytesIO(data))) for data in (packed, stripped))
    np.testing.assert_array_equal(after, before)


def test_a_comment_between_the_scans_of_a_jpeg_goes_too() -> None:
    packed = _jpeg(PICTURE, progressive=True)
    second = packed.index(b"\xff\xda", packed.index(b"\xff\xda") + 2)
    comment = b"\xff\xfe" + (len(CANARY) + 2).to_bytes(2, "big") + CANARY
    planted = packed[:second] + comment + packed[second:]
    np.testing.assert_array_equal(Image.open(io.BytesIO(strip_jpeg(planted))), Image.open(io.BytesIO(packed)))
    assert CANARY not in strip_jpeg(planted)


def test_a_png_loses_text_time_exif_and_what_follows_it() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", CANARY.decode())
    text.add_itxt("Note", CANARY.decode(), zip=False)
    buffer = io.BytesIO()
    Image.fromarray(PICTURE).save(buffer, "PNG", pnginfo=text, exif=_exif())
    packed = buffer.getvalue() + CANARY
    stripped = strip_png(packed)
    assert CANARY not in stripped
    np.testing.assert_array_equal(Image.open(io.BytesIO(stripped)), PICTURE)


@pytest.mark.parametrize("syntax", [JPEG2000Lossless, JPEGLSLossless])
def test_codestreams_in_dicom_lose_their_comments(syntax: str) -> None:
    dataset = dataset_of(PICTURE)
    dataset.compress(syntax, generate_instance_uid=False)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    body = len(CANARY) + (4 if syntax == JPEG2000Lossless else 2)
    marker, kind = (b"\xff\x64", b"\x00\x01") if syntax == JPEG2000Lossless else (b"\xff\xfe", b"")
    comment = marker + body.to_bytes(2, "big") + kind + CANARY
    at = 2 if syntax == JPEGLSLossless else 4 + int.from_bytes(frame[4:6], "big")
    planted = frame[:at] + comment + frame[at:]
    strip = strip_jpeg2000 if syntax == JPEG2000Lossless else strip_jpeg
    stripped = strip(planted)
    assert CANARY in planted
    assert CANARY not in stripped
    assert strip(frame) == strip(stripped) == stripped


@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
@pytest.mark.parametrize("packed", [False, True])
def test_a_nifti_loses_texts_and_extensions_and_keeps_place_and_values(kind: Any, packed: bool) -> None:
    affine = np.array([[2.0, 0, 0, -3], [0, 1.5, 0, 4], [0, 0, 3, 5], [0, 0, 0, 1]])
    volume = kind(np.arange(60, dtype=np.int16).reshape(3, 4, 5), affine)
    volume.header["descrip"] = volume.header["aux_file"] = CANARY
    volume.header["intent_name"] = CANARY
    volume.header.extensions.append(nib.nifti1.Nifti1Extension("comment", CANARY * 20))
    data = volume.to_bytes() + CANARY
    stripped = strip_nifti(gzip.compress(data) if packed else data, most=10_000)
    plain = gzip.decompress(stripped) if packed else stripped
    assert CANARY not in plain
    again = kind.from_bytes(plain)
    np.testing.assert_array_equal(again.dataobj, volume.dataobj)
    np.testing.assert_allclose(again.affine, affine)


@pytest.mark.parametrize("strip", [strip_png, strip_jpeg, strip_jpeg2000, partial(strip_nifti, most=10**6)])
@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"\xff\x4f\xff\x51\0", b"0" * 400]
)
def test_a_file_that_ends_early_is_refused(strip: Any, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strip(data)


def test_a_nifti_larger_than_allowed_is_never_inflated() -> None:
    volume = nib.Nifti1Image(np.zeros((64, 64, 64), np.int16), np.eye(4))
    packed = gzip.compress(volume.to_bytes())
    assert len(packed) < 2000
    with pytest.raises(ValueError, match="larger than the limits"):
        strip_nifti(packed, most=64**3 * 2 - 1)
