"""One picture of CT, MR or PET is neither a film nor a volume."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import NotComparableError
from casekin.imaging import read_image
from casekin.imaging.lone_slice import require_comparable
from casekin.models import load_encoder
from casekin.retrieval.encode import encode_file, encode_image

from .samples import CT

Write = Callable[..., Path]


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
@pytest.mark.parametrize("image_type", [["ORIGINAL", "PRIMARY", "AXIAL"], ["ORIGINAL", "PRIMARY", "LOCALIZER"]])
def test_a_lone_slice_and_a_localizer_are_never_located_as_a_film(
    write_dicom: Write, ramp: np.ndarray, modality: str, image_type: list[str]
) -> None:
    path = write_dicom(ramp, sop_class=CT, Modality=modality, ImageType=image_type)
    assert read_image(path).pixels.shape == ramp.shape  # to be looked at
    with pytest.raises(
        NotComparableError, match=r"image.dcm: holds one picture of (CT|MR|PT): .*; expected .*; give the folder"
    ):
        encode_file(path, load_encoder())


def test_films_and_volumes_are_no_lone_slices(write_dicom: Write, write_series: Write, thorax: np.ndarray) -> None:
    film = read_image(write_dicom(np.zeros((8, 8), np.uint16)))
    require_comparable(film)
    require_comparable(read_image(write_series(thorax)))


def test_a_secondary_capture_named_ct_may_be_a_film_but_not_beside_a_series(
    write_dicom: Write, ramp: np.ndarray
) -> None:
    capture = read_image(write_dicom(ramp, sop_class="1.2.840.10008.5.1.4.1.1.7", Modality="CT"))
    require_comparable(capture)
    with pytest.raises(NotComparableError):
        require_comparable(capture, beside_series=True)
    require_comparable(read_image(write_dicom(ramp)), beside_series=True)  # a film of the same study


def test_what_the_archive_calls_an_image_counts_before_the_header(write_dicom: Write, ramp: np.ndarray) -> None:
    film, scanned = read_image(write_dicom(ramp)), read_image(write_dicom(ramp, "ct.dcm", sop_class=CT))
    with pytest.raises(NotComparableError):
        require_comparable(film, modality="CT")
    assert encode_image(scanned, load_encoder(), modality="CR").kind == "radiograph"
