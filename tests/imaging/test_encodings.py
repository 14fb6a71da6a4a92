"""Files as other software writes them: DCMTK encodes, casekin reads, pydicom's own functions are the reference."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut
from pydicom.sequence import Sequence

from casekin.imaging import read_image

from .samples import dataset_of

Write = Callable[..., Path]
DCMTK = {
    "big endian": ["dcmconv", "+tb"],
    "implicit": ["dcmconv", "+ti"],
    "deflated": ["dcmconv", "+td"],
    "without meta information": ["dcmconv", "-F", "+te"],
    "undefined lengths": ["dcmconv", "-e", "+te"],
    "RLE": ["dcmcrle"],
    "JPEG lossless": ["dcmcjpeg", "+e1"],
    "JPEG lossless, any predictor": ["dcmcjpeg", "+el"],
    "JPEG-LS": ["dcmcjpls"],
}
needs_dcmtk = pytest.mark.skipif(which("dcmconv") is None, reason="dcmtk isn't installed: no second encoder")


@needs_dcmtk
@pytest.mark.parametrize("encoding", sorted(DCMTK))
@pytest.mark.parametrize("kind", ["16 bits", "12 bits signed", "colour", "three frames"])
def test_what_dcmtk_encodes_reads_as_the_plain_file(write_dicom: Write, encoding: str, kind: str) -> None:
    ramp = np.arange(48 * 40, dtype=np.uint16).reshape(48, 40)
    made = {
        "16 bits": (ramp * 30, {}),
        "12 bits signed": ((ramp.astype(np.int16) - 900), {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 1}),
        "colour": (np.stack([ramp, ramp.T.reshape(48, 40), ramp[::-1]], axis=-1).astype(np.uint8), {}),
        "three frames": (np.stack([ramp, ramp + 1, ramp + 2]), {"NumberOfFrames": 3}),
    }
    pixels, attributes = made[kind]
    path = write_dicom(pixels, StudyInstanceUID="1.2", SeriesInstanceUID="1.2.3", **attributes)
    other = path.with_name("other.dcm")
    subprocess.run([*DCMTK[encoding], str(path), str(other)], check=True, capture_output=True)
    assert other.read_bytes() != path.read_bytes()
    np.testing.assert_array_equal(read_image(other).pixels, read_image(path).pixels)


@needs_dcmtk
@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "examples_palette.dcm", "SC_rgb_jpeg_dcmtk.dcm"])
def test_dcmtk_shows_the_same_picture(name: str, tmp_path: Path) -> None:
    path = Path(get_testdata_file(name, download=False))
    # +Wm: a window over all values that occur
    subprocess.run(["dcmj2pnm", "+on", "+Wm", str(path), str(tmp_path / "a.png")], check=True, capture_output=True)
    shown = np.asarray(Image.open(tmp_path / "a.png").convert("L"), dtype=np.float64)
    ours = read_image(path).pixels
    assert shown.shape == ours.shape
    assert np.corrcoef(shown.ravel(), ours.ravel())[0, 1] > 0.999


def test_overlays_in_spare_bits_are_no_values(write_dicom: Write) -> None:
    values = np.arange(64, dtype=np.uint16).reshape(8, 8)
    path = write_dicom(values | (np.eye(8, dtype=np.uint16) << 15), BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(read_image(path).pixels, values)


def test_an_overlay_group_is_never_drawn(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    plain = read_image(path).pixels
    dataset = pydicom.dcmread(path)
    for element, kind, value in ((0x10, "US", 64), (0x11, "US", 64), (0x40, "CS", "G"), (0x50, "SS", [1, 1])):
        dataset.add_new(0x60000000 | element, kind, value)
    dataset.add_new(0x60003000, "OW", b"\xff" * 512)
    dataset.save_as(path)
    np.testing.assert_array_equal(read_image(path).pixels, plain)


def test_a_modality_table_agrees_with_pydicom(write_dicom: Write) -> None:
    item = Dataset()
    item.LUTDescriptor, item.ModalityLUTType = [64, 0, 16], "OD"
    item.LUTData = [int(value) for value in np.linspace(0, 1, 64) ** 3 * 60000]
    for keyword in ("LUTDescriptor", "LUTData"):
        item[keyword].VR = "US"
    stored = np.arange(64, dtype=np.uint8).reshape(8, 8)
    path = write_dicom(stored, ModalityLUTSequence=Sequence([item]))
    np.testing.assert_array_equal(read_image(path).pixels, apply_modality_lut(stored, pydicom.dcmread(path)))


@pytest.mark.parametrize(
    ("attributes", "spacing"),
    [
        ({"PixelSpacing": [0.2, 0.1], "ImagerPixelSpacing": [0.3, 0.3]}, (0.2, 0.1)),
        ({"ImagerPixelSpacing": [0.14, 0.15]}, (0.14, 0.15)),
        ({}, None),
        ({"PixelSpacing": [0.0, 0.1]}, None),
    ],
)
def test_spacing_is_of_the_patient_before_that_of_the_detector(
    write_dicom: Write, ramp: np.ndarray, attributes: dict[str, list[float]], spacing: tuple[float, float] | None
) -> None:
    assert read_image(write_dicom(ramp, **attributes)).spacing_mm == spacing


@needs_dcmtk
@pytest.mark.parametrize("encoder", [["dcmcrle"], ["dcmcjpls"], ["dcmcjpeg", "+e1"]])
def test_a_compressed_enhanced_ct_is_the_volume_of_its_plain_file(tmp_path: Path, encoder: list[str]) -> None:
    volume = np.arange(3 * 16 * 12, dtype=np.uint16).reshape(3, 16, 12)
    dataset = dataset_of(volume, sop_class="1.2.840.10008.5.1.4.1.1.2.1", NumberOfFrames=3)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.Modality = "1.2", "1.2.3", "CT"
    frames = []
    for index in (2, 0, 1):  # stored out of order
        position, orientation, measures, rescale, frame = (Dataset() for _ in range(5))
        position.ImagePositionPatient = [0.0, 0.0, 5.0 * index]
        orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        measures.PixelSpacing, measures.SliceThickness = [0.5, 0.7], 5.0
        rescale.RescaleIntercept, rescale.RescaleSlope, rescale.RescaleType = -1000 + index, 2, "HU"
        frame.PlanePositionSequence, frame.PlaneOrientationSequence = Sequence([position]), Sequence([orientation])
        frame.PixelMeasuresSequence = Sequence([measures])
        frame.PixelValueTransformationSequence = Sequence([rescale])
        frames.append(frame)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(frames)
    plain, packed = tmp_path / "plain.dcm", tmp_path / "packed.dcm"
    dataset.save_as(plain, enforce_file_format=True)
    subprocess.run([*encoder, str(plain), str(packed)], check=True, capture_output=True)
    image = read_image(packed)
    for place, frame_number in enumerate((1, 2, 0)):  # of z = 0, 5, 10
        np.testing.assert_array_equal(image.pixels[place], volume[frame_number] * 2.0 - 1000 + place)
    assert image.spacing_mm == (5.0, 0.5, 0.7)
    np.testing.assert_array_equal(image.pixels, read_image(plain).pixels)
