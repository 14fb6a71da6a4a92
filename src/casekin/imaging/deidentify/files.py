"""One image file without the person: header, pixels and whatever else a file carries."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from casekin.errors import CasekinError
from casekin.imaging.deidentify.clean_file import CleanFile
from casekin.imaging.deidentify.pseudonyms import Pseudonymizer
from casekin.imaging.deidentify.strip import strip_jpeg, strip_nifti, strip_png
from casekin.imaging.deidentify.words import WordSearch, painted
from casekin.imaging.geometry import display_uint8
from casekin.imaging.limits import ReadLimits, image_error
from casekin.imaging.reader import read_image
from casekin.imaging.sniff import sniff

_LIMITS = ReadLimits()
_UPRIGHT = 1
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCleaner:
    """De-identifies files under one site's secret, and hides the words that a search finds in their pixels."""

    names: Pseudonymizer
    words: WordSearch = field(default_factory=WordSearch)
    limits: ReadLimits = _LIMITS

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

    def _clean_dicom(self, path: Path, patient_id: str | None) -> CleanFile:
        from casekin.imaging.deidentify.dicom import clean_dicom  # loads pydicom

        return clean_dicom(path, names=self.names, words=self.words, limits=self.limits, patient_id=patient_id)

    def _clean_raster(self, path: Path, kind: str) -> CleanFile:
        image = read_image(path, limits=self.limits)
        shown = display_uint8(image)
        boxes = self.words.boxes([shown], path.name, announced=False)
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
