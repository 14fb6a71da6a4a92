"""The one door: kinds by first bytes, no foreign exception, no heavy import."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from casekin.errors import ImageError
from casekin.imaging import MedicalImage, ReadLimits, frontal_view, read_image, sniff
from casekin.imaging.sandbox import DecoderError, DecoderProcess

Write = Callable[..., Path]
LIMITS = ReadLimits(max_pixels=1_000_000, max_volume_bytes=8_000_000)
KINDS = ("dicom", "rle", "jpeg2000", "jpegls", "png", "jpeg", "nifti", "nifti.gz")


def sample(kind: str, folder: Path, write_dicom: Write, ramp: np.ndarray) -> Path:
    """A small valid file of the kind."""
    grey = (ramp // 16).astype(np.uint8)
    if kind in ("png", "jpeg"):
        Image.fromarray(grey).save(folder / "f", kind.upper())
    elif kind.startswith("nifti"):
        nib.save(nib.Nifti1Image(np.arange(4096, dtype=np.int16).reshape(16, 16, 16), np.eye(4)), folder / "f.nii")
        raw = (folder / "f.nii").read_bytes()
        (folder / "f").write_bytes(gzip.compress(raw, 1, mtime=0) if kind.endswith("gz") else raw)
    else:
        path = write_dicom(ramp, "f", PatientOrientation=["L", "F"], WindowCenter=2000, WindowWidth=3000)
        syntax = {"rle": RLELossless, "jpeg2000": JPEG2000Lossless, "jpegls": JPEGLSLossless}.get(kind)
        if syntax is not None:
            dataset = pydicom.dcmread(path)
            dataset.compress(syntax)
            dataset.save_as(path)
    return folder / "f"


@pytest.mark.parametrize("kind", KINDS)
def test_three_hundred_damaged_files_give_an_image_or_an_image_error(
    kind: str, tmp_path: Path, write_dicom: Write, ramp: np.ndarray
) -> None:
    path = sample(kind, tmp_path, write_dicom, ramp)
    whole = path.read_bytes()
    assert read_image(path, limits=LIMITS).pixels.size >= 4096
    outcomes = {"image": 0, "error": 0}
    for seed in range(300):
        generator = random.Random(seed)
        damaged = bytearray(whole)
        reach = len(damaged) if seed % 2 else min(len(damaged), 900)  # every other file: the header alone
        for _ in range(generator.choice((1, 4, 30))):
            damaged[generator.randrange(reach)] = generator.randrange(256)
        path.write_bytes(damaged[: generator.randrange(1, len(damaged))] if seed % 10 == 0 else damaged)
        try:
            image = read_image(path, limits=LIMITS)
            assert isinstance(image, MedicalImage)
            assert np.isfinite(frontal_view(image)).all()
            outcomes["image"] += 1
        except ImageError as error:
            assert str(error).startswith("f: ")
            outcomes["error"] += 1
    assert outcomes["error"] > 10


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0" * 128 + b"DICM", "dicom"),
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", "dicom"),
        (b"\x08\x00\x00\x00\x04\x00\x00\x00\x10\x00\x00\x00", "dicom"),
        (b"\0" * 128 + b"DICM" + b"\2\0\2\0UI\x14\x001.2.840.10008.1.3.10", None),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0....", "jpeg"),
        (b"\x5c\x01\x00\x00" + b"\0" * 340 + b"n+1\0", "nifti"),
        (b"II*\x00........", None),
        (b"plain text, long enough", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_the_kind(tmp_path: Path, head: bytes, kind: str | None) -> None:
    (tmp_path / "f.dcm").write_bytes(head)
    assert sniff(tmp_path / "f.dcm") == kind


def test_a_missing_file_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.dcm: doesn't exist"):
        read_image(tmp_path / "none.dcm")
    (tmp_path / "empty.png").touch()
    with pytest.raises(ImageError, match=r"empty\.png: the file is empty"):
        read_image(tmp_path / "empty.png")


def test_importing_the_package_loads_no_reader() -> None:
    code = "import sys, casekin.imaging; sys.exit(any(m in sys.modules for m in ('pydicom', 'nibabel', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_decoder_that_dies_or_hangs_is_replaced(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless)
    frame = pydicom.encaps.get_frame(dataset.PixelData, 0, number_of_frames=1)
    description = {
        keyword: dataset[keyword].value
        for keyword in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "BitsStored", "PixelRepresentation")
    } | {"PhotometricInterpretation": "MONOCHROME2", "TransferSyntaxUID": RLELossless}
    decoder = DecoderProcess()
    try:
        np.testing.assert_array_equal(decoder.decode(description, frame), ramp)
        child = decoder._child
        assert child is not None
        child.kill()
        child.wait()
        np.testing.assert_array_equal(decoder.decode(description, frame), ramp)
        with pytest.raises(DecoderError):
            decoder.decode(description, b"\0" * 10)
        np.testing.assert_array_equal(decoder.decode(description, frame), ramp)
    finally:
        decoder.close()
    hasty = DecoderProcess(timeout_s=0.0)
    with pytest.raises(DecoderError, match="timed out"):
        hasty.decode(description, frame)
    hasty.close()
