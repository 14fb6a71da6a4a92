"""Regions of a volume: organs located in 3D, and what lies behind a region of its frontal view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from casekin.errors import InputError
from casekin.imaging import MedicalImage, read_image
from casekin.imaging.geometry import frontal_map, volume_behind
from casekin.models.ct import locate_ct
from casekin.retrieval.export.marks import Mark
from casekin.types import Place


def marks_in_volume(
    files: Sequence[Path],
    *,
    places: Sequence[Place],
    drawn: Sequence[Mark],
) -> tuple[tuple[Mark, ...], float]:
    """Marks of a volume whose slices are `files`, in its order, and a voxel's size in mm³.

    Their masks are `(slices, rows, columns)`. `places` are located in 3D, in a CT; what was `drawn` on the frontal view
    stands for the volume behind it.
    Raises `InputError` for a place that wasn't located or a region off the view, `ImageError` for what is no CT.
    """
    volume = read_image(tuple(files))
    marks = _located(volume, places) if places else []
    shape = frontal_map(volume).frontal
    behind = [replace(mark, box=None, mask=volume_behind(mark.pixels(shape), volume)) for mark in drawn]
    return (*behind, *marks), math.prod(volume.spacing_mm or ())


def _located(volume: MedicalImage, places: Sequence[Place]) -> list[Mark]:
    located = locate_ct(volume)
    for place in places:
        if place not in located.masks:
            raise InputError(f"export: expected a place that the volume shows, got {str(place)!r}; give a box")
    return [Mark(mask=located.mask(place), place=place) for place in places]
