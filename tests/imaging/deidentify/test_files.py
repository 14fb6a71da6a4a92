"""Whole files: pixels stay, people go, words in pixels are painted over, what can't be cleaned is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.uid import JPEG2000Lossless, RLELossless

from casekin.errors import ImageError
from casekin.imaging import Pseudonymizer, read_image
from casekin.imaging.deidentify.burned_in import TextLine
from casekin.imaging.deidentify.files import FileCleaner
from casekin.imaging.deidentify.words import BurnedIn, WordSearch
from casekin.types import Box

from ..samples import CT

Write = Callable[..., Path]
NAMES = Pseudonymizer(bytes(range(32)))
LINE = TextLine(box=Box(x0=3, y0=5, x1=20, y1=9), probability=0.99, is_marker=False)
MARKER = TextLine(box=Box(x0=30, y0=5, x1=34, y1=9), probability=0.99, is_marker=True)


def _cleaner(*lines: TextLine, burned_in: BurnedIn = "mask") -> FileCleaner:
    def find(picture: NDArray[np.uint8]) -> Sequence[TextLine]:
        return lines

    return FileCleaner(names=NAMES, words=WordSearch(burned_in=burned_in, finder=find, thorough_finder=find))


def _reread(data: bytes, tmp_path: Path) -> NDArray[np.float32]:
    (tmp_path / "clean").write_bytes(data)
    return read_image(tmp_path / "clean").pixels


@pytest.mark.parametrize(
    "name",
    [
        "CT_small.dcm", "ExplVR_BigEnd.dcm", "image_dfl.dcm", "MR_small_implicit.dcm", "MR_small_RLE.dcm",
        "JPEG2000.dcm", "MR_small_jpeg_ls_lossless.dcm", "SC_rgb_small_odd_jpeg.dcm", "SC_rgb_rle_32bit_2frame.dcm",
        "SC_rgb_jpeg.dcm", "examples_palette.dcm", "examples_ybr_color.dcm", "examples_overlay.dcm",
        "SC_ybr_full_422_uncompressed.dcm", "J2K_pixelrep_mismatch.dcm",
    ],
)  # fmt: skip
def test_every_transfer_syntax_keeps_its_pixels(name: str, tmp_path: Path) -> None:
    path = Path(get_testdata_file(name, download=False))
    clean = FileCleaner(names=NAMES, words=WordSearch(burned_in="keep")).clean(path)
    np.testing.assert_array_equal(_reread(clean.data, tmp_path), read_image(path).pixels)
    again = pydicom.dcmread(io.BytesIO(clean.data))
    assert again.PatientIdentityRemoved == "YES"
    assert clean.data[:128] == bytes(128)


@pytest.mark.parametrize("syntax", [None, RLELossless, JPEG2000Lossless])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_words_are_painted_over_in_the_stored_pixels(
    write_dicom: Write, ramp: np.ndarray, tmp_path: Path, syntax: str | None, photometric: str
) -> None:
    path = write_dicom(ramp, PhotometricInterpretation=photometric, BitsStored=12, HighBit=11)
    if syntax is not None:
        dataset = pydicom.dcmread(path)
        dataset.compress(syntax, generate_instance_uid=False)
        dataset.save_as(path)
    clean = _cleaner(LINE, MARKER).clean(path)
    before, after = read_image(path).pixels, _reread(clean.data, tmp_path)
    assert clean.hidden == (LINE.box,)
    assert np.unique(after[5:9, 3:20]).tolist() == [before.min()]
    after[5:9, 3:20] = before[5:9, 3:20]
    np.testing.assert_array_equal(after, before)
    assert pydicom.dcmread(io.BytesIO(clean.data)).BurnedInAnnotation == "NO"


def test_all_frames_of_a_cine_are_painted(write_dicom: Write, ramp: np.ndarray) -> None:
    frames = np.stack([ramp, ramp + 100, ramp + 200])
    path = write_dicom(frames, NumberOfFrames=3, sop_class="1.2.840.10008.5.1.4.1.1.3.1")
    clean = pydicom.dcmread(io.BytesIO(_cleaner(LINE).clean(path).data)).pixel_array
    for before, after in zip(frames, clean, strict=True):
        assert np.unique(after[5:9, 3:20]).tolist() == [before.min()]
        np.testing.assert_array_equal(after[10:], before[10:])


def test_an_image_said_to_hold_words_is_refused_where_none_is_found(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp, BurnedInAnnotation="YES")
    with pytest.raises(ImageError, match="none was found to hide"):
        _cleaner().clean(path)
    assert _cleaner(MARKER).clean(path).hidden == (MARKER.box,)  # what is announced is hidden whatever it looks like
    assert _cleaner(burned_in="keep").clean(path).hidden == ()


def test_images_with_words_can_be_refused_instead(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    with pytest.raises(ImageError, match="has words in its pixels"):
        _cleaner(LINE, burned_in="refuse").clean(path)
    assert _cleaner(MARKER, burned_in="refuse").clean(path).hidden == ()


def test_slices_as_a_scanner_made_them_are_not_searched(write_dicom: Write, ramp: np.ndarray) -> None:
    original = write_dicom(ramp, sop_class=CT, ImageType=["ORIGINAL", "PRIMARY", "AXIAL"])
    derived = write_dicom(ramp, "b.dcm", sop_class=CT, ImageType=["DERIVED", "SECONDARY"])
    assert _cleaner(LINE).clean(original).hidden == ()
    assert _cleaner(LINE).clean(derived).hidden == (LINE.box,)


def test_overlays_go_from_groups_of_their_own_and_from_spare_bits(write_dicom: Write, tmp_path: Path) -> None:
    values = np.arange(64, dtype=np.uint16).reshape(8, 8)
    planted = values | (np.eye(8, dtype=np.uint16) << 15)
    path = write_dicom(planted, BitsStored=12, HighBit=11)
    dataset = pydicom.dcmread(path)
    dataset.add_new(0x60003000, "OW", b"\xff" * 8)
    dataset.add_new(0x60000022, "LO", "Quillfeather")
    dataset.save_as(path)
    clean = pydicom.dcmread(io.BytesIO(_cleaner().clean(path).data))
    np.testing.assert_array_equal(np.frombuffer(clean.PixelData, "<u2").reshape(8, 8), values)
    assert not [element for element in clean if element.tag.group >> 8 == 0x60]


def test_signed_values_keep_their_sign_when_spare_bits_are_cleaned(write_dicom: Write) -> None:
    values = np.array([[-2000, -1], [0, 2047]], dtype=np.int16)
    path = write_dicom(values & 0x0FFF, BitsStored=12, HighBit=11, PixelRepresentation=1)
    clean = pydicom.dcmread(io.BytesIO(_cleaner().clean(path).data))
    np.testing.assert_array_equal(np.frombuffer(clean.PixelData, "<i2").reshape(2, 2), values)


@pytest.mark.parametrize("suffix", ["png", "jpeg"])
def test_pictures_are_painted_and_otherwise_keep_their_pixels(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"Quillfeather.{suffix}"
    Image.fromarray(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64).astype(np.uint8)).save(path)
    before = read_image(path).pixels
    np.testing.assert_array_equal(_reread(_cleaner().clean(path).data, tmp_path), before)
    clean = _cleaner(LINE).clean(path)
    after = _reread(clean.data, tmp_path)
    assert clean.kind == "png"
    assert after[5:9, 3:20].max() == 0
    np.testing.assert_array_equal(after[10:], before[10:])


def test_a_picture_turned_by_its_exif_stays_upright_without_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    Image.fromarray(np.add.outer(np.arange(60), np.arange(40)).astype(np.uint8)).save(path, exif=exif)
    np.testing.assert_array_equal(_reread(_cleaner().clean(path).data, tmp_path), read_image(path).pixels)


@pytest.mark.parametrize("name", ["test-SR.dcm", "rtplan.dcm", "MR_truncated.dcm"])
def test_what_is_no_whole_image_is_refused(name: str) -> None:
    with pytest.raises(ImageError):
        _cleaner().clean(Path(get_testdata_file(name, download=False)))


def test_a_file_that_names_no_patient_gets_a_name_by_its_study(write_dicom: Write, ramp: np.ndarray) -> None:
    one, two = (write_dicom(ramp, name, StudyInstanceUID="1.2.3") for name in ("a.dcm", "b.dcm"))
    told = {pydicom.dcmread(io.BytesIO(_cleaner().clean(path).data)).PatientID for path in (one, two)}
    assert len(told) == 1
    given = pydicom.dcmread(io.BytesIO(_cleaner().clean(one, patient_id="7").data)).PatientID
    assert given == NAMES.patient("7")


def test_a_whole_file_names_nobody_to_another_reader(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(
        ramp, PatientName="Quillfeather^Ann", PatientID="77-4411", StudyDate="19990909", InstitutionName="House Q"
    )
    dataset = pydicom.dcmread(path)
    dataset.file_meta.SourceApplicationEntityTitle = "QUILLFEATHER"
    dataset.preamble = b"Quillfeather".ljust(128, b" ")
    dataset.save_as(path)
    data = _cleaner().clean(path).data.lower()
    for canary in (b"quillfeather", b"77-4411", b"19990909", b"house q"):
        assert canary not in data
