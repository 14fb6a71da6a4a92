"""One DICOM file: values, inversion, windows, refusals; pydicom's own functions are the second implementation."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import apply_voi_lut, apply_windowing
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from casekin.errors import ImageError
from casekin.imaging import ReadLimits, display_uint8, frontal_view, read_image
from casekin.imaging.intensity import apply_voi

from .samples import CT, dataset_of

Write = Callable[..., Path]


def test_a_rescale_turns_stored_values_into_modality_values(write_dicom: Write, ramp: np.ndarray) -> None:
    image = read_image(write_dicom(ramp, RescaleSlope="2.5", RescaleIntercept="-1000"))
    np.testing.assert_allclose(image.pixels, ramp * 2.5 - 1000.0)
    assert image.pixels.dtype == np.float32


def test_monochrome1_and_monochrome2_of_one_exposure_look_the_same(write_dicom: Write, ramp: np.ndarray) -> None:
    window = {"WindowCenter": 1500, "WindowWidth": 2000, "BitsStored": 12, "HighBit": 11}
    plain = read_image(write_dicom(ramp, "a.dcm", **window))
    flipped_window = window | {"WindowCenter": 4095 - 1500 + 1}
    inverted = read_image(write_dicom(4095 - ramp, "b.dcm", PhotometricInterpretation="MONOCHROME1", **flipped_window))
    np.testing.assert_array_equal(inverted.pixels, plain.pixels)
    np.testing.assert_allclose(frontal_view(inverted), frontal_view(plain), atol=1e-6)
    assert inverted.content_hash == plain.content_hash
    assert inverted.window == plain.window


def test_hounsfield_units_are_never_mirrored(write_dicom: Write) -> None:
    stored = np.array([[24, 1024], [1064, 2024]], dtype=np.uint16)
    image = read_image(
        write_dicom(
            stored, sop_class=CT, RescaleSlope=1, RescaleIntercept=-1024, PhotometricInterpretation="MONOCHROME1"
        )
    )
    np.testing.assert_array_equal(image.pixels, [[-1000, 0], [40, 1000]])


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_window_functions_agree_with_pydicom(write_dicom: Write, ramp: np.ndarray, function: str) -> None:
    path = write_dicom(
        ramp,
        WindowCenter="1200.5",
        WindowWidth="900",
        VOILUTFunction=function,
        RescaleSlope=1,
        RescaleIntercept=-300,
    )
    image = read_image(path)
    dataset = pydicom.dcmread(path)
    theirs = apply_windowing(image.pixels.astype(np.float64), dataset)
    low, high = -300.0, 65535.0 - 300.0  # pydicom's output range: all values the stored bits can take, rescaled
    assert image.voi is not None
    np.testing.assert_allclose(apply_voi(image.pixels, image.voi), (theirs - low) / (high - low), atol=2e-5)


def test_a_voi_table_agrees_with_pydicom(write_dicom: Write, ramp: np.ndarray) -> None:
    item = Dataset()
    item.LUTDescriptor = [1000, 200, 16]
    item.LUTData = [int(value) for value in np.linspace(0, 1, 1000) ** 2 * 65535]
    item["LUTDescriptor"].VR = "US"
    item["LUTData"].VR = "US"
    path = write_dicom(ramp, VOILUTSequence=Sequence([item]))
    theirs = apply_voi_lut(ramp, pydicom.dcmread(path)) / 65535.0
    np.testing.assert_allclose(frontal_view(read_image(path)), theirs, atol=1e-6)


def test_a_window_that_shows_nothing_gives_way_to_percentiles(write_dicom: Write, ramp: np.ndarray) -> None:
    shown = frontal_view(read_image(write_dicom(ramp, WindowCenter=60000, WindowWidth=10)))
    assert shown.min() == 0.0
    assert shown.max() == 1.0
    assert 0.4 < float(shown.mean()) < 0.6


def test_padding_becomes_air_and_never_the_brightest_value(write_dicom: Write, ramp: np.ndarray) -> None:
    stored = ramp.copy()
    stored[:4] = 65535
    image = read_image(write_dicom(stored, PixelPaddingValue=65535))
    assert image.pixels.max() == ramp.max()
    np.testing.assert_array_equal(image.pixels[:4], ramp[4:].min())


def test_colour_becomes_luminance_and_grey_in_colour_equals_grey(write_dicom: Write) -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    coloured = read_image(write_dicom(np.repeat(grey[..., None], 3, axis=-1), "c.dcm"))
    plain = read_image(write_dicom(grey, "g.dcm"))
    assert coloured.content_hash == plain.content_hash
    green = read_image(write_dicom(np.tile(np.array([0, 200, 0], dtype=np.uint8), (8, 8, 1)), "n.dcm"))
    np.testing.assert_array_equal(green.pixels, np.rint(0.587 * 200))


def test_a_palette_becomes_luminance(write_dicom: Write) -> None:
    index = np.array([[0, 1], [2, 3]], dtype=np.uint8)
    levels = np.array([0, 64, 128, 255], dtype=np.uint16) * 257
    palette = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [4, 0, 16]), ("Data", levels.tobytes()))
    }
    dataset = dataset_of(index, PhotometricInterpretation="PALETTE COLOR", **palette)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    path = write_dicom(index)
    path.write_bytes(buffer.getvalue())
    np.testing.assert_array_equal(np.argsort(read_image(path).pixels, axis=None), [0, 1, 2, 3])


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless])
def test_lossless_compression_changes_no_value(write_dicom: Write, ramp: np.ndarray, syntax: str) -> None:
    path = write_dicom(ramp)
    plain = read_image(path)
    dataset = pydicom.dcmread(path)
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(path)
    assert read_image(path).content_hash == plain.content_hash


def test_jpeg_baseline_is_read(write_dicom: Write) -> None:
    picture = (np.add.outer(np.arange(64), np.arange(64)) * 2).astype(np.uint8)
    packed = io.BytesIO()
    Image.fromarray(picture).save(packed, "JPEG", quality=95)
    path = write_dicom(picture)
    dataset = pydicom.dcmread(path)
    dataset.PixelData = encapsulate([packed.getvalue()])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.save_as(path)
    assert np.abs(read_image(path).pixels - picture).max() <= 4


def test_a_deflated_file_is_read_and_a_deflate_bomb_is_not(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    np.testing.assert_array_equal(read_image(path).pixels, ramp)
    with pytest.raises(ImageError, match="inflates to more"):
        read_image(path, limits=ReadLimits(max_volume_bytes=1000))


@pytest.mark.parametrize("implicit", [False, True])
def test_a_file_without_preamble_and_meta_is_read(write_dicom: Write, ramp: np.ndarray, implicit: bool) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    bare = Dataset()
    bare.update(dataset)
    syntax = ImplicitVRLittleEndian if implicit else dataset.file_meta.TransferSyntaxUID
    pydicom.dcmwrite(path, bare, implicit_vr=syntax.is_implicit_VR, little_endian=True)
    assert path.read_bytes()[128:132] != b"DICM"
    np.testing.assert_array_equal(read_image(path).pixels, ramp)


def test_the_first_frame_stands_for_a_cine(write_dicom: Write, ramp: np.ndarray) -> None:
    frames = np.stack([ramp, ramp + 100, ramp + 200])
    image = read_image(write_dicom(frames, NumberOfFrames=3, sop_class="1.2.840.10008.5.1.4.1.1.3.1"))
    np.testing.assert_array_equal(image.pixels, ramp)


def test_the_header_is_kept_without_showing_who_it_is(write_dicom: Write, ramp: np.ndarray) -> None:
    image = read_image(
        write_dicom(
            ramp,
            PatientID="SECRET^7",
            AccessionNumber="SECRET-8",
            PatientAge="018M",
            PatientSex="F",
            ViewPosition="PA",
            BodyPartExamined="CHEST",
            BurnedInAnnotation="NO",
            PatientOrientation=["L", "F"],
            StudyInstanceUID="1.2.3",
        )
    )
    header = image.header
    assert (header.patient_id, header.accession_number, header.study_instance_uid) == ("SECRET^7", "SECRET-8", "1.2.3")
    assert (header.sex, header.age, header.view, header.body_part) == ("F", 1.5, "PA", "CHEST")
    assert (header.burned_in_annotation, header.patient_orientation) == (False, ("L", "F"))
    assert "SECRET" not in repr(image)


def test_a_truncated_file_is_refused_with_both_lengths(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    dataset.PixelData = dataset.PixelData[:-40]
    dataset.save_as(path)
    with pytest.raises(ImageError, match=r"8152 bytes.*8192 bytes"):
        read_image(path)


def test_a_frame_that_disagrees_with_its_header_is_never_decoded(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    dataset.compress(JPEG2000Lossless)
    dataset.Rows = 12
    dataset.save_as(path)
    with pytest.raises(ImageError, match=r"64 × 64 × 1 samples.*12 × 64 × 1"):
        read_image(path)


@pytest.mark.parametrize(
    ("sop_class", "name"),
    [
        ("1.2.840.10008.5.1.4.1.1.66.4", "Segmentation Storage"),
        ("1.2.840.10008.5.1.4.1.1.66.7", "Label Map Segmentation Storage"),
        ("1.2.840.10008.5.1.4.1.1.481.2", "RT Dose Storage"),
    ],
)
def test_pixels_that_show_no_patient_are_refused_by_name(write_dicom: Write, sop_class: str, name: str) -> None:
    path = write_dicom(np.zeros((4, 4), dtype=np.uint8), sop_class=sop_class)
    with pytest.raises(ImageError, match=f"holds no image: {name}"):
        read_image(path)


def test_objects_without_pixels_are_refused_by_name(tmp_path: Path) -> None:
    dataset = dataset_of(np.zeros((2, 2), dtype=np.uint8), sop_class="1.2.840.10008.5.1.4.1.1.88.11")
    for keyword in ("PixelData", "Rows", "Columns"):
        delattr(dataset, keyword)
    dataset.save_as(tmp_path / "report.dcm", enforce_file_format=True)
    with pytest.raises(ImageError, match=r"report\.dcm: holds no image: Basic Text SR Storage"):
        read_image(tmp_path / "report.dcm")


@pytest.mark.parametrize("lost", [["PixelData"], ["PixelData", "Rows"]])
def test_an_image_class_without_pixels_says_so(write_dicom: Write, ramp: np.ndarray, lost: list[str]) -> None:
    path = write_dicom(ramp)
    dataset = pydicom.dcmread(path)
    for keyword in lost:
        delattr(dataset, keyword)
    dataset.save_as(path)
    with pytest.raises(ImageError, match="describes an image but has no PixelData"):
        read_image(path)


def test_sizes_are_checked_before_pixels_are_touched(write_dicom: Write, ramp: np.ndarray) -> None:
    path = write_dicom(ramp)
    with pytest.raises(ImageError, match="64 × 64 pixels"):
        read_image(path, limits=ReadLimits(max_pixels=700))
    dataset = pydicom.dcmread(path)
    dataset.Rows = dataset.Columns = 65535
    dataset.save_as(path)
    with pytest.raises(ImageError, match="65535 × 65535 pixels"):
        read_image(path)


def test_messages_never_quote_the_header(
    write_dicom: Write, ramp: np.ndarray, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_dicom(ramp, PatientName="Doe^Secret", PatientID="77-SECRET", RescaleSlope="0", RescaleIntercept="1")
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert "SECRET" not in str(caught.value).upper()
    assert "SECRET" not in caplog.text.upper()


def test_display_keeps_stored_pixels_and_bytes(write_dicom: Write) -> None:
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    np.testing.assert_array_equal(display_uint8(read_image(write_dicom(stored))), stored)
