"""Simulated examinations as DICOM files: DX and CR images and CT series (PS3.3 A.26, A.2, A.3), without identity.

Names, dates and identifiers are fictitious and derive from the archive's seed. Nothing here reads a clock: the same
arguments give the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

from casekin.world.image_files import VolumeGeometry

_EPOCH = datetime.date(1995, 1, 1)
_DAYS_OF_FIRST_EXAMS = 9000
_PREFIX = "casekin"
# The smallest stored value of a 12-bit CT slice stands for this many Hounsfield units, as on most scanners.
_CT_INTERCEPT = -1024

Voi = Literal["window", "lut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyIdentity:
    """Who and when: what the headers of one study's files share. `age` in years; `seed_text` names the study."""

    patient_id: str
    sex: Literal["F", "M"]
    age: int
    study_date: datetime.date
    seed_text: str
    institution: str
    manufacturer: str
    model: str

    @property
    def study_instance_uid(self) -> str:
        return uid(self.seed_text, "study")

    @property
    def accession_number(self) -> str:
        """Sixteen characters at most, as the standard's SH."""
        return "A" + str(_number(self.seed_text, "accession") % 10**12).zfill(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiographImage:
    """One radiograph to write: `pixels` (row, column), brighter is denser; inverted in the file if `monochrome1`.

    `kind` chooses the SOP class; `spacing_mm` is (row, column) at the detector; `burned_in` says that letters are in
    the picture; `orientation` is the standard's PatientOrientation: where rows and where columns run to.
    """

    pixels: NDArray[np.uint16]
    bits: int
    spacing_mm: tuple[float, float]
    view: str
    kind: Literal["DX", "CR"] = "DX"
    monochrome1: bool = False
    burned_in: bool = False
    voi: Voi = "window"
    body_part: str = "CHEST"
    orientation: tuple[str, str] = ("L", "F")


def uid(*parts: str) -> str:
    """A UID under 2.25 (PS3.5 B.2) that depends on the parts alone."""
    return f"2.25.{_number(*parts)}"


def first_exam_date(patient_id: str) -> datetime.date:
    """The made-up date of a patient's first examination."""
    return _EPOCH + datetime.timedelta(days=_number(patient_id, "date") % _DAYS_OF_FIRST_EXAMS)


def _number(*parts: str) -> int:
    digest = hashlib.sha256("|".join((_PREFIX, *parts)).encode()).digest()
    return int.from_bytes(digest[:16], "big")


def write_radiograph(path: Path, image: RadiographImage, identity: StudyIdentity) -> None:
    """Write one uncompressed DX or CR file; its pixels (inverted again for MONOCHROME1) are the given ones."""
    sop_class = DigitalXRayImageStorageForPresentation if image.kind == "DX" else ComputedRadiographyImageStorage
    ds = _started(identity, sop_class=sop_class, modality=image.kind, series="radiograph", number=1)
    ds.BodyPartExamined = image.body_part
    ds.ViewPosition = image.view
    ds.StudyDescription = f"{image.body_part} {image.view}"
    ds.SeriesDescription = image.view
    ds.ImageType = ["ORIGINAL" if image.kind == "CR" else "DERIVED", "PRIMARY"]
    ds.PatientOrientation = list(image.orientation)
    ds.BurnedInAnnotation = "YES" if image.burned_in else "NO"
    ds.ImagerPixelSpacing = [_decimal(value) for value in image.spacing_mm]
    ds.KVP = "120"
    _add_grey_pixels(ds, image)
    if image.kind == "DX":
        _add_dx_modules(ds, image)
    _write(ds, path)


def _started(identity: StudyIdentity, *, sop_class: str, modality: str, series: str, number: int) -> Dataset:
    """The patient, study, series, equipment and SOP common modules."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = uid(identity.seed_text, modality, series, str(number))
    ds.SeriesInstanceUID = uid(identity.seed_text, modality, series)
    ds.StudyInstanceUID = identity.study_instance_uid
    ds.StudyID = str(_number(identity.seed_text, "study id") % 10**8)
    ds.Modality = modality
    ds.SeriesNumber = 1
    ds.InstanceNumber = number
    ds.AccessionNumber = identity.accession_number
    ds.PatientID = identity.patient_id
    ds.PatientName = f"Simulated^{identity.patient_id}"
    ds.PatientSex = identity.sex
    ds.PatientAge = f"{identity.age:03d}Y"
    # A birthday would have to be invented; the age says all that the simulation knows.
    ds.PatientBirthDate = None
    date = identity.study_date.strftime("%Y%m%d")
    seconds = _number(identity.seed_text, "time") % 86400
    time = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = date
    ds.StudyTime = ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = time
    ds.ReferringPhysicianName = None
    ds.Manufacturer = identity.manufacturer
    ds.ManufacturerModelName = identity.model
    ds.InstitutionName = identity.institution
    ds.SoftwareVersions = "simulated"
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = "simulated patient"
    return ds


def _add_grey_pixels(ds: Dataset, image: RadiographImage) -> None:
    largest = 2**image.bits - 1
    stored = largest - image.pixels if image.monochrome1 else image.pixels
    dtype = np.dtype("<u1") if image.bits <= 8 else np.dtype("<u2")
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME1" if image.monochrome1 else "MONOCHROME2"
    ds.Rows, ds.Columns = image.pixels.shape
    ds.BitsAllocated = 8 * dtype.itemsize
    ds.BitsStored = image.bits
    ds.HighBit = image.bits - 1
    ds.PixelRepresentation = 0
    data = stored.astype(dtype).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OB" if dtype.itemsize == 1 else "OW"
    if image.voi == "lut" and image.bits > 8:
        ds.VOILUTSequence = DicomSequence([_voi_lut(image.bits)])
    else:
        low, high = np.percentile(stored, (0.2, 99.8))
        ds.WindowCenter = _decimal((float(low) + float(high)) / 2)
        # No machine stretches the noise of an empty exposure over all greys.
        ds.WindowWidth = _decimal(max(float(high) - float(low), 2.0 ** (image.bits - 3)))


def _voi_lut(bits: int) -> Dataset:
    """A gentle S-shaped curve over all stored values, to 16-bit output."""
    x = np.linspace(0.0, 1.0, 2**bits)
    curve = 0.75 * x + 0.25 * (3 * x**2 - 2 * x**3)
    item = Dataset()
    item.LUTDescriptor = [2**bits if bits < 16 else 0, 0, 16]
    item["LUTDescriptor"].VR = "US"
    item.LUTExplanation = "NORMAL"
    item.LUTData = np.round(curve * 65535).astype("<u2").tobytes()
    item["LUTData"].VR = "OW"
    return item


def _add_dx_modules(ds: Dataset, image: RadiographImage) -> None:
    """What a DX image must say beyond a CR image (PS3.3 C.8.11)."""
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.PixelIntensityRelationship = "LOG"
    ds.PixelIntensityRelationshipSign = 1 if image.monochrome1 else -1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "US"
    ds.PresentationLUTShape = "INVERSE" if image.monochrome1 else "IDENTITY"
    ds.LossyImageCompression = "00"
    ds.ImageLaterality = "U"
    ds.DetectorType = "SCINTILLATOR"
    ds.DetectorID = None
    ds.PositionerType = None
    ds.AcquisitionContextSequence = DicomSequence([])
    ds.AnatomicRegionSequence = DicomSequence([_code(*_REGIONS.get(image.body_part, _REGIONS["CHEST"]))])
    view = _code(*_VIEWS[image.view]) if image.view in _VIEWS else _code("399067008", "SCT", "lateral projection")
    view.ViewModifierCodeSequence = DicomSequence([])
    ds.ViewCodeSequence = DicomSequence([view])


# SNOMED CT codes of CID 4009 (regions) and CID 4010 (views).
_REGIONS: dict[str, tuple[str, str, str]] = {
    "CHEST": ("51185008", "SCT", "Chest"),
    "HAND": ("85562004", "SCT", "Hand"),
    "KNEE": ("72696002", "SCT", "Knee"),
    "ABDOMEN": ("818983003", "SCT", "Abdomen"),
    "SKULL": ("89546000", "SCT", "Skull"),
}
_VIEWS: dict[str, tuple[str, str, str]] = {
    "PA": ("399348003", "SCT", "postero-anterior"),
    "AP": ("399321004", "SCT", "antero-posterior"),
}


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _decimal(value: float) -> str:
    """A DS value: at most sixteen characters."""
    return f"{value:.6g}"


def write_ct_series(folder: Path, hu: NDArray[np.int16], geometry: VolumeGeometry, identity: StudyIdentity) -> None:
    """Write one file for each slice of `hu`; the files' names follow no order of position, as in many archives."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = uid(identity.seed_text, "frame of reference")
    for index in range(hu.shape[0]):
        ds = _started(identity, sop_class=CTImageStorage, modality="CT", series="ct", number=index + 1)
        ds.FrameOfReferenceUID = frame
        ds.PositionReferenceIndicator = None
        ds.BodyPartExamined = "CHEST"
        ds.StudyDescription = "CT chest"
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.PatientPosition = "HFS"
        ds.KVP = "120"
        ds.AcquisitionNumber = 1
        _place_slice(ds, geometry, index)
        _add_hu_pixels(ds, hu[index])
        _write(ds, folder / f"{uid(identity.seed_text, 'file', str(index))[-12:]}.dcm")


def _place_slice(ds: Dataset, geometry: VolumeGeometry, index: int) -> None:
    columns, rows, slices = geometry.direction.T
    position = np.asarray(geometry.origin_lps) + index * geometry.spacing_mm[0] * slices
    ds.ImagePositionPatient = [_decimal(float(value)) for value in position]
    # The first three cosines say where a row runs to (column index grows), the others where a column does.
    ds.ImageOrientationPatient = [_decimal(float(value)) for value in (*columns, *rows)]
    ds.PixelSpacing = [_decimal(geometry.spacing_mm[1]), _decimal(geometry.spacing_mm[2])]
    ds.SliceThickness = _decimal(geometry.spacing_mm[0])


def _add_hu_pixels(ds: Dataset, hu: NDArray[np.int16]) -> None:
    stored = np.clip(hu.astype(np.int32) - _CT_INTERCEPT, 0, 4095).astype("<u2")
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.Rows, ds.Columns = stored.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(_CT_INTERCEPT), "1", "HU"
    ds.WindowCenter, ds.WindowWidth = ["-600", "40"], ["1500", "400"]
    ds.PixelData = stored.tobytes()
    ds["PixelData"].VR = "OW"


def _write(ds: Dataset, path: Path) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(uid("implementation"))
    meta.ImplementationVersionName = "CASEKIN"
    ds.file_meta = meta
    ds.save_as(path, enforce_file_format=True)
