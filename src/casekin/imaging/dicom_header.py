"""The part of a DICOM data set that casekin keeps: `ImageHeader`, orientation words, VOI."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import UID

from casekin.imaging.image import ImageHeader, Voi, VoiFunction

_DAYS_PER_YEAR = 365.25
_AGE_UNITS = {"Y": 1.0, "M": 1.0 / 12.0, "W": 7.0 / _DAYS_PER_YEAR, "D": 1.0 / _DAYS_PER_YEAR}
# Newer than the dictionary of the oldest supported pydicom (PS3.6 2024).
_NEW_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.66.7": "Label Map Segmentation Storage",
    "1.2.840.10008.5.1.4.1.1.66.8": "Height Map Segmentation Storage",
}
# Body directions of PatientOrientation (PS3.3 C.7.6.1.1.1) as LPS unit vectors; only the main letter is used.
_LETTERS = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}


def text(dataset: Dataset, keyword: str) -> str | None:
    """The element's first value as stripped text, None where it is absent, empty or unreadable."""
    try:
        value = dataset.get(keyword)
        if value is not None and not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
            value = next(iter(value), None)
        found = "" if value is None else str(value).replace("\x00", "").strip()
    except Exception:  # damaged elements raise what they like; a header field is never worth an image
        return None
    return found or None


def number(dataset: Dataset, keyword: str) -> float | None:
    """The element's first value as a finite float, else None."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...] | None:
    """All values as finite floats; None where the element is absent or any value isn't a finite number."""
    try:
        value = dataset.get(keyword)
        if value is None or value == "":
            return None
        found = (
            [float(v) for v in value] if hasattr(value, "__iter__") and not isinstance(value, str) else [float(value)]
        )
    except Exception:
        return None
    return tuple(found) if found and all(np.isfinite(found)) else None


def is_localizer(dataset: Dataset) -> bool:
    """Whether ImageType says that an image was made to plan others by."""
    image_type = dataset.get("ImageType") or ()
    values = [image_type] if isinstance(image_type, str) else image_type
    return any(str(value).upper() == "LOCALIZER" for value in values)


def sop_class_name(dataset: Dataset) -> str:
    """The SOP Class's name in the standard; a UID that isn't registered is never quoted."""
    uid = text(dataset, "SOPClassUID") or ""
    name = UID(uid).name if uid else uid
    return _NEW_CLASSES.get(uid, "unknown SOP Class") if name == uid else name


def image_header(dataset: Dataset) -> ImageHeader:
    """Collect what casekin keeps of a data set's header."""
    orientation = _orientation_words(dataset)
    burned_in = text(dataset, "BurnedInAnnotation")
    sex = (text(dataset, "PatientSex") or "").upper()[:1]
    return ImageHeader(
        modality=text(dataset, "Modality"),
        body_part=text(dataset, "BodyPartExamined"),
        view=text(dataset, "ViewPosition"),
        sex=sex if sex in ("M", "F", "O") else None,
        age=age_years(text(dataset, "PatientAge")),
        manufacturer=text(dataset, "Manufacturer"),
        model=text(dataset, "ManufacturerModelName"),
        laterality=text(dataset, "ImageLaterality") or text(dataset, "Laterality"),
        patient_orientation=orientation,
        burned_in_annotation=None if burned_in is None else burned_in.upper() == "YES",
        photometric=text(dataset, "PhotometricInterpretation"),
        sop_class=sop_class_name(dataset),
        patient_id=text(dataset, "PatientID"),
        study_instance_uid=text(dataset, "StudyInstanceUID"),
        series_instance_uid=text(dataset, "SeriesInstanceUID"),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        accession_number=text(dataset, "AccessionNumber"),
    )


def age_years(age: str | None) -> float | None:
    """Years of an Age String (`063Y`, `018M`, `006W`, `003D`; PS3.5 6.2); None for anything else."""
    if age is None or len(age) < 2 or not age[:-1].isdigit() or age[-1].upper() not in _AGE_UNITS:
        return None
    return round(int(age[:-1]) * _AGE_UNITS[age[-1].upper()], 3)


def picture_direction(dataset: Dataset) -> npt.NDArray[np.float64] | None:
    """LPS unit vectors of a picture's row axis and column axis, shape (2, 3).

    From ImageOrientationPatient, else from PatientOrientation; None where neither says.
    """
    cosines = numbers(dataset, "ImageOrientationPatient")
    if cosines is not None and len(cosines) == 6:
        across, down = np.array(cosines[:3]), np.array(cosines[3:])
        lengths = np.linalg.norm(across), np.linalg.norm(down)
        if min(lengths) > 0.9 and max(lengths) < 1.1 and abs(float(across @ down)) < 0.1:
            return np.stack([down / lengths[1], across / lengths[0]])
        return None
    words = _orientation_words(dataset)
    if words is None:
        return None
    across_word, down_word = (_LETTERS.get(word[0]) for word in words)
    if across_word is None or down_word is None or not np.any(np.cross(across_word, down_word)):
        return None
    return np.array([down_word, across_word], dtype=np.float64)


def voi_of(dataset: Dataset) -> Voi | None:
    """The first VOI the header offers: a window before a table, as most viewers do; None where it offers none."""
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    if centers and widths:
        function = (text(dataset, "VOILUTFunction") or "LINEAR").upper()
        kinds: dict[str, VoiFunction] = {"LINEAR_EXACT": "linear_exact", "SIGMOID": "sigmoid"}
        kind = kinds.get(function, "linear")
        least = 1.0 if kind == "linear" else 0.0
        if widths[0] > least or (kind == "linear" and widths[0] == 1.0):
            return Voi(function=kind, center=centers[0], width=widths[0])
    return _voi_table(dataset)


def _voi_table(dataset: Dataset) -> Voi | None:
    try:
        sequence: Any = dataset.get("VOILUTSequence")
        if not sequence:
            return None
        length, first, bits = (int(value) for value in sequence[0].LUTDescriptor)
        data = sequence[0].LUTData
        if isinstance(data, bytes):
            data = np.frombuffer(data, dtype="<u1" if len(data) == (length or 65536) else "<u2")
        table = np.asarray(data, dtype=np.float32)[: length or 65536]
    except Exception:
        return None
    if len(table) < 2 or not 1 <= bits <= 16:
        return None
    signed = int(number(dataset, "PixelRepresentation") or 0) == 1
    if signed and first >= 32768:
        first -= 65536
    outputs = np.clip(table / np.float32(2**bits - 1), 0.0, 1.0)
    return Voi(function="table", table=outputs, first=float(first))


def _orientation_words(dataset: Dataset) -> tuple[str, str] | None:
    try:
        value = dataset.get("PatientOrientation")
        if isinstance(value, str):
            value = value.split("\\")
        words = [str(word).strip().upper() for word in value or ()]
    except Exception:
        return None
    if len(words) != 2 or not all(words) or any(letter not in _LETTERS for word in words for letter in word):
        return None
    return words[0], words[1]
