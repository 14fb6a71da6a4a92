"""Single pictures that are no projection of a body: a lone slice, a localizer, a capture of a workstation's screen."""

from __future__ import annotations

from casekin.imaging.image import MedicalImage

SLICE_MODALITIES = frozenset({"CT", "MR", "PT"})
"""Modalities whose images are slices: only together do they show a region of the body."""
_SLICE_CLASSES = frozenset({"CT", "MR", "PET", "Positron"})
"""Words of the names of SOP Classes that hold slices."""


def lone_slice(image: MedicalImage, *, modality: str | None = None, beside_series: bool = False) -> str | None:
    """What a single picture of CT, MR or PET is, which compares with neither radiographs nor volumes; None for others.

    The archive's `modality` counts before the file's header. What another SOP Class holds (a secondary capture) may
    be a film under a wrong modality: it is one of these only `beside_series`, in a study that holds slices too. An
    orientation tells nothing: radiographs in NIfTI lie axially as often as not.
    """
    named = (modality or image.header.modality or "").upper()
    if image.is_volume or named not in SLICE_MODALITIES:
        return None
    sop_class = image.header.sop_class
    holds_slices = sop_class is None or not _SLICE_CLASSES.isdisjoint(sop_class.split())
    if modality is None and not holds_slices and not beside_series:
        return None
    return f"one picture of {named}: a slice, a localizer or a screen capture, neither film nor volume"
