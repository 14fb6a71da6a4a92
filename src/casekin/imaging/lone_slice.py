"""Single pictures that are no projection of a body: a lone slice, a localizer, a capture of a scanner's screen."""

from __future__ import annotations

from casekin.errors import ImageError
from casekin.imaging.image import MedicalImage
from casekin.imaging.limits import image_error

SLICE_MODALITIES = frozenset({"CT", "MR", "PT"})
"""Modalities whose images are slices: only together do they show a region of the body."""


def lone_slice_error(image: MedicalImage, *, modality: str | None = None) -> ImageError | None:
    """Why a single picture of CT, MR or PET compares with neither radiographs nor volumes; None for other images.

    The archive's `modality` counts before the file's header. Headers give that of the scanner to its localizers and
    screen captures too. An orientation tells nothing: radiographs in NIfTI lie axially as often as not.
    """
    named = (modality or image.header.modality or "").upper()
    if image.is_volume or named not in SLICE_MODALITIES:
        return None
    return image_error(
        image.name,
        f"holds one picture of {named}: a slice, a localizer or a screen capture, neither film nor volume",
        expected="a radiograph, or all slices of a series",
        remedy="give the folder of the series",
    )
