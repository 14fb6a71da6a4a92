"""Left and right of a whole training sample swapped together: image, report, facts, places, boxes and masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, mirror
from casekin.training.mirror_text import SwappedText, mirror_place, mirror_text, swap_sides
from casekin.types import Box, Fact, Place

_Stored = TypeVar("_Stored")
MIRRORED_LOCATIONS: NDArray[np.int64] = np.array([LOCATIONS.index(mirror(place)) for place in LOCATIONS])
"""By number of a location that of its mirror image `(29,)`: what has rows of locations is swapped by indexing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is trained on of one image: pixels `(…, row, column)` and everything that tells left from right.

    Spans of `facts` index `report`. Boxes are in pixels of `image`; masks have its last two axes.
    """

    image: NDArray[Any]
    report: str = ""
    facts: tuple[Fact, ...] = ()
    normal_anatomies: tuple[Place, ...] = ()
    boxes: Mapping[Place, Box] = field(default_factory=dict)
    masks: Mapping[Place, NDArray[np.bool_]] = field(default_factory=dict)


def mirror_sample(sample: Sample) -> Sample | None:
    """The sample of the mirrored image, or None where it can't be told truthfully; twice gives the sample itself.

    Columns are reversed, so it is for frontal radiographs and axial slices. Refused are samples whose report has no
    truthful mirrored form (`mirror_text`) and those with a place that exists on one side only. The middle lobe becomes
    the lingula. What has no side keeps its name: the heart of the mirrored image is the heart. The report is read
    twice, some milliseconds: mirror a sample once and keep it.
    """
    text = mirror_text(sample.report)
    facts = [] if text is None else [_mirrored_fact(fact, text) for fact in sample.facts]
    normal = [mirror_place(place) for place in sample.normal_anatomies]
    boxes, masks = _mirrored_keys(sample.boxes), _mirrored_keys(sample.masks)
    if text is None or boxes is None or masks is None or None in facts or None in normal:
        return None
    width = sample.image.shape[-1]
    return Sample(
        image=sample.image[..., ::-1],
        report=text.text,
        facts=tuple(fact for fact in facts if fact is not None),
        normal_anatomies=tuple(place for place in normal if place is not None),
        boxes={place: replace(box, x0=width - box.x1, x1=width - box.x0) for place, box in boxes.items()},
        masks={place: mask[..., ::-1] for place, mask in masks.items()},
    )


def _mirrored_fact(fact: Fact, text: SwappedText) -> Fact | None:
    """The fact at the mirrored place, its sentence as the mirrored report has it; None where either isn't there."""
    place = mirror_place(fact.place)
    sentence = None if fact.sentence is None else swap_sides(fact.sentence).text
    if place is None or (sentence is not None and sentence not in text.text):
        return None
    span = None if fact.span is None else (text.moved(fact.span[0]), text.moved(fact.span[1]))
    return replace(fact, anatomy=place.anatomy, side=place.side, sentence=sentence, span=span)


def _mirrored_keys(placed: Mapping[Place, _Stored]) -> dict[Place, _Stored] | None:
    """What is stored by place, by mirrored place; None where a place has none."""
    keys = [mirror_place(place) for place in placed]
    return None if None in keys else {key: value for key, value in zip(keys, placed.values(), strict=True) if key}
