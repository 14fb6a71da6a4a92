"""Enhanced multi-frame CT and MR: functional groups (DICOM PS3.3 C.7.6.16) into one volume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from casekin.errors import ImageError
from casekin.imaging.dicom_header import image_header, is_localizer, numbers, picture_direction
from casekin.imaging.dicom_pixels import decode_frame, mirrored_voi, modality_values
from casekin.imaging.image import MedicalImage, content_hash
from casekin.imaging.intensity import pixel_window
from casekin.imaging.stack import SlicePlane, StackOrder, even_out, order_planes

_PIXEL_DESCRIPTION = (
    "SOPClassUID",
    "PhotometricInterpretation",
    "BitsStored",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeFrames:
    """The frames of one object that make a volume, in order, each with the data set of its functional groups."""

    order: StackOrder
    groups: tuple[Dataset, ...]

    def decode(self, dataset: Dataset, name: str) -> MedicalImage:
        """Decode the frames, each with its own rescale, and stack them."""
        planes = []
        mirror_sum = None
        for index in self.order.indices:
            stored = decode_frame(dataset, name, index=index)
            values, mirror_sum = modality_values(self.groups[index], stored, name)
            planes.append(values)
        pixels = even_out(np.stack(planes), self.order)
        voi = mirrored_voi(self.groups[self.order.indices[len(planes) // 2]], mirror_sum)
        return MedicalImage(
            pixels=pixels,
            window=None if voi is None else pixel_window(voi),
            spacing_mm=self.order.spacing_mm,
            direction=self.order.direction,
            origin=self.order.origin,
            header=image_header(dataset),
            content_hash=content_hash(pixels),
            voi=voi,
            name=name,
        )


def volume_frames(dataset: Dataset, name: str) -> VolumeFrames | None:
    """The volume that a multi-frame object's functional groups describe; None where they do not, and for localizers."""
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence")
    if not per_frame or is_localizer(dataset):
        return None
    groups = tuple(_frame_dataset(dataset, frame) for frame in per_frame)
    planes = []
    for group in groups:
        position, spacing = numbers(group, "ImagePositionPatient"), numbers(group, "PixelSpacing")
        direction = picture_direction(group)
        if position is None or len(position) != 3 or spacing is None or len(spacing) != 2 or direction is None:
            return None
        planes.append(
            SlicePlane(
                position=(position[0], position[1], position[2]),
                direction=direction,
                spacing_mm=(spacing[0], spacing[1]),
                shape=(int(dataset.Rows), int(dataset.Columns)),
            )
        )
    try:
        return VolumeFrames(order=order_planes(planes, name), groups=groups)
    except ImageError:
        return None  # a cine with positions: shown by its first frame


def _frame_dataset(dataset: Dataset, frame: Dataset) -> Dataset:
    """A flat data set of one frame: the object's pixel description under shared, then the frame's own groups."""
    flat = Dataset()
    for keyword in (
        "SOPClassUID",
        "PhotometricInterpretation",
        "BitsStored",
        "PixelRepresentation",
        "PixelPaddingValue",
    ):
        if keyword in dataset:
            flat[keyword] = dataset[keyword]
    for groups in (*(dataset.get("SharedFunctionalGroupsSequence") or ()), frame):
        for item in _macro_items(groups):
            flat.update(item)
    return flat


def _macro_items(groups: Dataset) -> Iterator[Dataset]:
    for element in groups:
        if element.VR == "SQ" and element.value:
            yield element.value[0]
