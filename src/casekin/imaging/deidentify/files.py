"""One image file without the person: header, pixels and whatever else a file carries."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from casekin.errors import CasekinError
from casekin.imaging.deidentify.burned_in import TextLine, find_any_text, find_text, require_detector
from casekin.imaging.deidentify.identity import Identity
from casekin.imaging.deidentify.pseudonyms import Pseudonymizer
from casekin.imaging.deidentify.strip import strip_jpeg, strip_nifti, strip_png
from casekin.imaging.geometry import display_uint8
from casekin.imaging.limits import ReadLimits, image_error
from casekin.imaging.reader import read_image
from casekin.imaging.sniff import sniff
from casekin.types import Box

BurnedIn = Literal["mask", "refuse", "keep"]
"""What is done about words in pixels: painted over, the file refused, or nothing looked for."""
Finder = Callable[[npt.NDArray[np.uint8]], Sequence[TextLine]]
Pixel = TypeVar("Pixel", np.uint8, np.uint16)
_LIMITS = ReadLimits()
_UPRIGHT = 1
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A file that names nobody: its bytes, and what was done.

    `actions` counts elements of a DICOM header by fate, `identity` is whom it named; `hidden` are the boxes painted
    over, in stored pixels. The UIDs are the mapped ones of a DICOM file, None for others.
    """

    data: bytes = field(repr=False)
    kind: str
    actions: Mapping[str, int] = field(default_factory=dict)
    identity: Identity = field(default=Identity(), repr=False)
    hidden: tuple[Box, ...] = ()
    study_instance_uid: str | None = None
    series_instance_uid: str | None = None
    sop_instance_uid: str | None = None
    sop_class_uid: str | None = None

    @property
    def file_sha256(self) -> str:
        """SHA-256 (hex) of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCleaner:
    """De-identifies files under one site's secret.

    `burned_in` other than `keep` needs the text detector; raises `DependencyError` without.
    """

    names: Pseudonymizer
    burned_in: BurnedIn = "mask"
    limits: ReadLimits = _LIMITS
    finder: Finder = find_text
    thorough_finder: Finder = find_any_text

    def __post_init__(self) -> None:
        if self.burned_in != "keep" and self.finder is find_text:
            require_detector()

    def clean(self, path: Path, *, patient_id: str | None = None) -> CleanFile:
        """The file without the person; `patient_id` is the raw id where the header's isn't the one to go by.

        Raises `ImageError` for what can't be read, for what is no image (a report, a document), and, with `refuse`,
        for an image with words burnt in; with `mask` for one whose header says that it has some where none is found.
        """
        kind = sniff(path)
        try:
            if kind == "dicom":
                return self._clean_dicom(path, patient_id)
            if kind in ("png", "jpeg"):
                return self._clean_raster(path, kind)
            if kind == "nifti":
                read_image(path, limits=self.limits)  # refuses what doesn't hold together, or is larger than the limits
                return CleanFile(data=strip_nifti(path.read_bytes(), most=self.limits.max_volume_bytes), kind=kind)
        except CasekinError:
            raise
        except Exception as error:  # the text might quote a header
            raise image_error(
                path.name,
                f"can't be opened, or is damaged or unsupported ({type(error).__name__})",
                expected="a whole image",
                remedy="export it again",
            ) from None
        raise image_error(
            path.name, "is no image file", expected="DICOM, NIfTI, PNG or JPEG", remedy="leave it out or convert it"
        )

    def words_in(self, pictures: Sequence[npt.NDArray[np.uint8]], name: str, *, announced: bool) -> tuple[Box, ...]:
        """Where words stand in the frames of an image, to be painted over; none with `keep`.

        `announced`: the header says that there are some. Raises `ImageError` as `clean` does.
        """
        if self.burned_in == "keep":
            return ()
        if announced:
            boxes = tuple(line.box for picture in pictures for line in self.thorough_finder(picture))
        else:
            found = (line for picture in pictures for line in self.finder(picture))
            boxes = tuple(line.box for line in found if not line.is_marker)
        if boxes and self.burned_in == "refuse":
            raise image_error(
                name, "has words in its pixels", expected="pixels without names", remedy="hide them with mask"
            )
        if announced and not boxes:
            raise image_error(
                name,
                "has words in its pixels by its header (BurnedInAnnotation), and none was found to hide",
                expected="pixels without names",
                remedy="look at it, hide what it shows, and correct the header",
            )
        return boxes

    def _clean_dicom(self, path: Path, patient_id: str | None) -> CleanFile:
        from casekin.imaging.deidentify.dicom import clean_dicom  # loads pydicom

        return clean_dicom(path, self, patient_id=patient_id)

    def _clean_raster(self, path: Path, kind: str) -> CleanFile:
        image = read_image(path, limits=self.limits)
        shown = display_uint8(image)
        boxes = self.words_in([shown], path.name, announced=False)
        data = path.read_bytes()
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            turned = picture.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT
        if not boxes and not turned:
            return CleanFile(data=strip_png(data) if kind == "png" else strip_jpeg(data), kind=kind)
        # Painted, or upright only by its EXIF: written anew from what was read, grey.
        if image.window is None:
            clean = Image.fromarray(painted(np.clip(np.rint(image.pixels), 0, 65535).astype(np.uint16), boxes))
        else:
            clean = Image.fromarray(painted(np.clip(np.rint(image.pixels), 0, 255).astype(np.uint8), boxes))
        packed = io.BytesIO()
        clean.save(packed, "PNG")
        return CleanFile(data=packed.getvalue(), kind="png", hidden=boxes)


def painted(pixels: npt.NDArray[Pixel], boxes: Sequence[Box]) -> npt.NDArray[Pixel]:
    """A copy of a picture `(row, column)` with boxes in black."""
    copy = pixels.copy()
    for box in boxes:
        copy[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = 0
    return copy


def nameless_patient(study_instance_uid: str | None, data: bytes) -> str:
    """What stands for the patient of a file that names none: its study, or its bytes."""
    return f"study {study_instance_uid}" if study_instance_uid else f"file {hashlib.sha256(data).hexdigest()}"
