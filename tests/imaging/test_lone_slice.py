"""One picture of CT, MR or PET is neither a film nor a volume: it is kept as a whole, without places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from casekin.imaging import read_image
from casekin.imaging.lone_slice import lone_slice
from casekin.models import load_encoder
from casekin.retrieval.encode import encode_file, encode_image, indexed_image

from .samples import CT

Write = Callable[..., Path]


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
@pytest.mark.parametrize("image_type", [["ORIGINAL", "PRIMARY", "AXIAL"], ["ORIGINAL", "PRIMARY", "LOCALIZER"]])
def test_a_lone_slice_and_a_localizer_are_never_located_as_a_film(
    write_dicom: Write, ramp: np.ndarray, modality: str, image_type: list[str]
) -> None:
    path = write_dicom(ramp, sop_class=CT, Modality=modality, ImageType=image_type)
    assert read_image(path).pixels.shape == ramp.shape  # to be looked at
    encoded = encode_file(path, load_encoder())
    assert encoded.lone is not None and f"one picture of {modality}" in encoded.lone
    kept = indexed_image(encoded, name="slice", file_sha256="0" * 64)
    assert list(kept.vectors) == ["global"] and not kept.boxes


def test_films_and_volumes_are_no_lone_slices(write_dicom: Write, write_series: Write, thorax: np.ndarray) -> None:
    assert lone_slice(read_image(write_dicom(np.zeros((8, 8), np.uint16)))) is None
    assert lone_slice(read_image(write_series(thorax))) is None


def test_a_secondary_capture_named_ct_may_be_a_film_but_not_beside_a_series(
    write_dicom: Write, ramp: np.ndarray
) -> None:
    capture = read_image(write_dicom(ramp, sop_class="1.2.840.10008.5.1.4.1.1.7", Modality="CT"))
    assert lone_slice(capture) is None
    assert lone_slice(capture, beside_series=True) is not None
    assert lone_slice(read_image(write_dicom(ramp)), beside_series=True) is None  # a film of the same study


def test_what_the_archive_calls_an_image_counts_before_the_header(write_dicom: Write, ramp: np.ndarray) -> None:
    film, scanned = read_image(write_dicom(ramp)), read_image(write_dicom(ramp, "ct.dcm", sop_class=CT))
    assert lone_slice(film, modality="CT") is not None
    assert encode_image(scanned, load_encoder(), modality="CR").lone is None
