"""A patient made of canaries: identifying values that stand nowhere else, so that one that leaks is known."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence

from imaging.samples import dataset_of

WORD = "Zqx"
"""Stands in every canary that may be text."""
PLANTED = (WORD, "Canary^", "SECRET^", "Doe^Secret", "77-SECRET", "SECRET-ACC", "Simulated^")
"""What identifies the patients that this suite makes: the names in simulated files and in fixtures."""
CLIENTS = ("httpx2", "httpcore2")
"""Loggers of the clients that tests ask with: what they say, their askers said."""
TEXT_ATTRIBUTES = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthName", "PatientMotherBirthName", "OtherPatientNames",
    "ResponsiblePerson", "ResponsibleOrganization", "PatientAddress", "PatientTelephoneNumbers", "CountryOfResidence",
    "RegionOfResidence", "MilitaryRank", "BranchOfService", "Occupation", "PatientReligiousPreference", "EthnicGroup",
    "PatientComments", "AdditionalPatientHistory", "MedicalAlerts", "Allergies", "AdmittingDiagnosesDescription",
    "CurrentPatientLocation", "PatientInstitutionResidence", "AdmissionID", "IssuerOfAdmissionID", "ServiceEpisodeID",
    "AccessionNumber", "StudyID", "RequestedProcedureID", "PerformedProcedureStepID",
    "FillerOrderNumberImagingServiceRequest", "PlacerOrderNumberImagingServiceRequest", "ReferringPhysicianName",
    "ReferringPhysicianAddress", "ReferringPhysicianTelephoneNumbers", "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy", "OperatorsName",
    "RequestingPhysician", "ConsultingPhysicianName", "ContentCreatorName", "HumanPerformerName", "InstitutionName",
    "InstitutionAddress", "InstitutionalDepartmentName", "StationName", "DeviceSerialNumber", "PlateID", "DetectorID",
    "GantryID", "CassetteID", "StudyDescription", "SeriesDescription", "ProtocolName", "RequestedProcedureDescription",
    "PerformedProcedureStepDescription", "RequestedProcedureComments", "ImageComments", "StudyComments",
    "AcquisitionComments", "DerivationDescription", "VisitComments", "ReasonForStudy", "InsurancePlanIdentification",
    "ScheduledStationAETitle", "InterpretationText", "XRayDetectorID", "UniqueDeviceIdentifier", "CameraOwnerName",
    "RetrieveURL",
)  # fmt: skip
DATE_ATTRIBUTES = (
    "PatientBirthDate", "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "AdmittingDate",
    "LastMenstrualDate", "InstanceCreationDate", "PerformedProcedureStepStartDate",
)  # fmt: skip
TIME_ATTRIBUTES = ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime", "PatientBirthTime")
UID_ATTRIBUTES = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "FrameOfReferenceUID",
    "IrradiationEventUID",
)

RETAINED = (*TIME_ATTRIBUTES, "PatientWeight", "SeriesNumber")
"""What a kept file may say: the time of day (the day is another), and what PS3.15's option on characteristics keeps."""


def canary_values() -> dict[str, str]:
    """Every identifying attribute of the patient with its value, by keyword; `AcquisitionDateTime` among them."""
    values = {keyword: _text(keyword, number) for number, keyword in enumerate(TEXT_ATTRIBUTES)}
    values |= {keyword: f"1913{number + 1:02d}17" for number, keyword in enumerate(DATE_ATTRIBUTES)}
    values |= {keyword: f"1317{number:02d}.913713" for number, keyword in enumerate(TIME_ATTRIBUTES)}
    values |= {keyword: f"2.25.913713137{number:02d}" for number, keyword in enumerate(UID_ATTRIBUTES)}
    return values | {
        "AcquisitionDateTime": "19131117131317.913713",
        "PatientWeight": "91.37131",
        "SeriesNumber": "913713",
    }


def canary_dataset() -> FileDataset:
    """A film of the patient: its attributes plain, in sequences within sequences, in private tags, in an overlay."""
    pixels = np.random.default_rng(9).integers(0, 4096, (64, 48), dtype=np.uint16)
    dataset = dataset_of(pixels, **canary_values())
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    inner = Dataset()
    inner.PatientID, inner.PatientName = f"{WORD}InnerId", f"{WORD}Inner^Name"
    outer = Dataset()
    outer.AccessionNumber, outer.OtherPatientIDsSequence = f"{WORD}Outer", Sequence([inner])
    dataset.OtherPatientIDsSequence, dataset.RequestAttributesSequence = Sequence([inner]), Sequence([outer])
    private = dataset.private_block(0x0029, f"{WORD} PRIVATE", create=True)
    private.add_new(0x01, "LO", f"{WORD} private text")
    private.add_new(0x02, "PN", f"{WORD}Private^Name")
    private.add_new(0x03, "UN", f"{WORD} unknown".encode())
    private.add_new(0x04, "SQ", Sequence([inner]))
    dataset.add_new((0x6000, 0x4000), "LT", f"{WORD} overlay comment")
    return dataset


def canary_film() -> bytes:
    """The film as a file."""
    packed = io.BytesIO()
    canary_dataset().save_as(packed, enforce_file_format=True)
    return packed.getvalue()


def songs(told: str | bytes) -> set[str]:
    """Every identifying value of the patient that stands in what was told."""
    text = told if isinstance(told, str) else told.decode("latin-1")
    return {value for value in (WORD, *canary_values().values()) if value in text}


def songs_in(folder: Path) -> dict[str, set[str]]:
    """The same of every file in a folder and of its name, by its place."""
    found = {
        str(path.relative_to(folder)): songs(path.read_bytes()) | songs(str(path.relative_to(folder)))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {place: values for place, values in found.items() if values}


def planted_in(texts: Iterable[str]) -> set[str]:
    """What of `PLANTED` stands in texts."""
    return {word for text in texts for word in PLANTED if word in text}


class Listener(logging.Handler):
    """Hears every record that is logged, but by the tests' own clients, and keeps what of `PLANTED` it says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(CLIENTS):
            try:
                self.heard |= planted_in([self.format(record)])
            except Exception:  # as every handler: whoever logs isn't to fail by it
                self.handleError(record)


def fail_where_heard(report: pytest.TestReport, listener: Listener) -> None:
    """Fail a test during which a planted name was logged, or told on stderr, and forget it."""
    told = listener.heard | planted_in(text for title, text in report.sections if "stderr" in title)
    listener.heard = set()
    if told and report.outcome == "passed":
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: logged or told on stderr what identifies a patient: {sorted(told)}"


def _text(keyword: str, number: int) -> str:
    kind = dictionary_VR(keyword)
    if kind == "PN":
        return f"{WORD}{number}^Maria"
    return f"{WORD}{number}CANARY" if kind in ("AE", "CS", "SH", "UR") else f"{WORD}{number} {keyword[:20]}"
