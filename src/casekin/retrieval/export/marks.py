"""What is marked in an image for other systems: a box or a mask, what lies there, and who says so."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from casekin.errors import InputError
from casekin.types import Box, Place

_MAY_BE_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID",
    "AccessionNumber", "ReferringPhysicianName",
)  # fmt: skip
"""Type 2 attributes of patient and study (PS3.3 C.7.1.1, C.7.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A region in stored pixels: a `box`, or a `mask` (rows, columns); in a volume a mask (slices, rows, columns).

    `origin`: a person drew it, or the program located the `place` by itself.
    """

    box: Box | None = None
    mask: NDArray[np.bool_] | None = None
    place: Place | None = None
    origin: Literal["drawn", "located"] = "located"

    @property
    def label(self) -> str:
        """The place in words, at most 64 characters."""
        return ("region" if self.place is None else str(self.place).replace("_", " "))[:64]

    def pixels(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """The region as a mask of an image's shape. Raises `InputError` where it lies outside or has another size."""
        if self.mask is not None:
            if self.mask.shape != shape or not self.mask.any():
                size = " × ".join(map(str, shape))
                raise InputError(f"mask: expected {size} pixels and something in it, got another one")
            return self.mask
        rows, columns = shape
        box = None if self.box is None else self.box.clipped(width=columns, height=rows)
        if box is None:
            raise InputError("box: expected a box inside the image, got none there; give x0,y0,x1,y1 in its pixels")
        made = np.zeros(shape, dtype=bool)
        made[int(np.floor(box.y0)) : int(np.ceil(box.y1)), int(np.floor(box.x0)) : int(np.ceil(box.x1))] = True
        return made

    @property
    def voxels(self) -> int:
        """How many of a volume's voxels it holds."""
        return 0 if self.mask is None else int(self.mask.sum())

    def in_frames(self, indices: Sequence[int]) -> Mark:
        """A volume's mark in the order of its file's frames: slice i is frame `indices[i]`."""
        assert self.mask is not None
        return replace(self, box=None, mask=self.mask[np.argsort(indices)])

    def outline(self, rows: int, columns: int) -> NDArray[np.float64]:
        """The closed rectangle around the region `(5, 2)`, columns before rows, as a SCOORD polyline has it."""
        if self.mask is not None:
            found_rows, found_columns = np.nonzero(self.pixels((rows, columns)))
            y0, y1, x0, x1 = found_rows.min(), found_rows.max() + 1, found_columns.min(), found_columns.max() + 1
        else:
            box = None if self.box is None else self.box.clipped(width=columns, height=rows)
            if box is None:
                raise InputError("box: expected a box inside the image, got none there; give x0,y0,x1,y1 in its pixels")
            x0, y0, x1, y1 = box.as_list()
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]], dtype=np.float64)


def drawn_marks(boxes: Sequence[Box], masks: Sequence[NDArray[np.bool_]]) -> tuple[Mark, ...]:
    """What a person drew in an image."""
    return (*(Mark(box=box, origin="drawn") for box in boxes), *(Mark(mask=mask, origin="drawn") for mask in masks))


def require_film(image: Dataset) -> tuple[int, int]:
    """Rows and columns of a single-frame image. Raises `InputError` for a volume or one of its slices."""
    if int(image.get("NumberOfFrames") or 1) != 1 or str(image.get("Modality")) in ("CT", "MR", "PT"):
        raise InputError(
            "regions: expected a film, or a stored volume as a segmentation, got something else; "
            "export key-objects or imaging-study"
        )
    return int(image.Rows), int(image.Columns)


def as_source(image: Dataset) -> Dataset:
    """A header with what the standard demands of it though it may be empty, which some senders leave out.

    Sequences and a character set that some leave empty, which the standard doesn't let them, are left out.
    """
    made = Dataset()
    made.update(image)
    for element in image:
        if element.VR == "SQ" and not element.value:
            del made[element.tag]
    if not made.get("SpecificCharacterSet", "ISO_IR 6"):
        del made.SpecificCharacterSet
    made.file_meta = image.file_meta
    for keyword in _MAY_BE_EMPTY:
        if keyword not in made:
            setattr(made, keyword, "")
    return made


def made_uid(*said: object) -> str:
    """A UID under `2.25.` (PS3.5 B.2) of what is said: the same for the same, another one for anything else."""
    number = bytearray(hashlib.sha256("\x1f".join(map(str, said)).encode()).digest()[:16])
    number[6] = (number[6] & 0x0F) | 0x80  # RFC 9562 version 8, a custom UUID
    number[8] = (number[8] & 0x3F) | 0x80
    return f"2.25.{int.from_bytes(number, 'big')}"


def mark_uid(image: Dataset, marks: Sequence[Mark], *what: object) -> str:
    """A UID of regions in an image."""
    told = [
        (mark.label, mark.origin, mark.box and mark.box.as_list(), None if mark.mask is None else mark.mask.tobytes())
        for mark in marks
    ]
    return made_uid(image.SOPInstanceUID, told, *what)


def file_of(made: Any, written: datetime) -> bytes:
    """A data set of highdicom's as a file: its times are those told, not the clock's, and no UID is drawn by lot."""
    for day, time in (("ContentDate", "ContentTime"), ("InstanceCreationDate", "InstanceCreationTime")):
        setattr(made, day, written.strftime("%Y%m%d"))
        setattr(made, time, written.strftime("%H%M%S"))
    for one in made.get("ContributingEquipmentSequence") or ():
        one.ContributionDateTime = written.strftime("%Y%m%d%H%M%S")
    for keyword in ("DimensionOrganizationSequence", "DimensionIndexSequence"):
        for one in made.get(keyword) or ():
            one.DimensionOrganizationUID = made_uid(made.SOPInstanceUID, "dimensions")
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
