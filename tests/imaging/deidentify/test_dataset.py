"""The confidentiality profile over whole headers: nothing that identifies is left, what retrieval needs is."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from shutil import which

import numpy as np
import pydicom
import pytest
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from casekin.imaging import Pseudonymizer
from casekin.imaging.deidentify.dataset import clean_header
from casekin.imaging.deidentify.profile import action_of

from ..samples import dataset_of

NAMES = Pseudonymizer(bytes(range(32)))
WORD, ROOT, DATE = "Quillfeather", "1.3.6.1.4.1.55555.777", "19510203"
STRUCTURE = {
    "SpecificCharacterSet", "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData", "FloatPixelData", "NumberOfFrames",
    "DoubleFloatPixelData", "SOPClassUID", "Modality", "CodingSchemeDesignator", "LUTData",
}  # fmt: skip
DEVICE_WORDS = {"ConvolutionKernel", "FilterType", "GridAbsorbingMaterial", "SequenceName"}
"""What scanners say of themselves: kept, but for the names that the header tells elsewhere."""
IDENTIFIERS = {
    "OtherPatientIDs": "771",
    "PatientTelephoneNumbers": "772",
    "AccessionNumber": "773",
    "AdmissionID": "774",
}
CANARIES = {
    "AE": WORD[:16], "AS": "097Y", "CS": WORD.upper(), "DA": DATE, "DT": f"{DATE}1011", "LO": f"x {WORD}",
    "LT": f"Seen by {WORD}", "PN": f"{WORD}^Jane", "SH": WORD, "ST": f"about {WORD}.", "UC": WORD, "UI": f"{ROOT}.8",
    "UR": f"http://{WORD}.example/", "UT": f"{WORD}\nagain", "OB": WORD.encode(), "OW": WORD.encode(),
    "UN": WORD.encode(),
}  # fmt: skip


def _filled(patient_name: str) -> Dataset:
    """Every public attribute of the dictionary with a value that identifies, at the top and inside sequences."""
    dataset = dataset_of(np.zeros((4, 4), np.uint16))
    inner = Dataset()
    for target in (dataset, inner):
        for number, (kind, _, _, _, keyword) in DicomDictionary.items():
            tag = Tag(number)
            if "LookupTableData" in keyword or keyword in STRUCTURE:
                continue
            if keyword and kind in CANARIES and tag.group > 2 and tag.element:
                target.add(
                    DataElement(tag, kind, patient_name if kind == "PN" else IDENTIFIERS.get(keyword, CANARIES[kind]))
                )
        block = target.private_block(0x0099, "Vendor", create=True)
        block.add_new(1, "LO", WORD)
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = patient_name, "77-4411", DATE
    for keyword in ("AnatomicRegionSequence", "OtherPatientIDsSequence", "ReferencedImageSequence", "ContentSequence"):
        setattr(dataset, keyword, Sequence([Dataset(inner)]))
    return dataset


def _bytes_of(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue().lower()


@pytest.mark.filterwarnings("ignore")
def test_no_value_that_identifies_is_left_in_any_attribute_of_the_dictionary() -> None:
    dataset = _filled(f"{WORD}^Jane")
    assert len(dataset) > 1700
    assert sum(WORD.lower().encode() in _bytes_of(_one(element)) for element in dataset if element.VR == "PN") > 30
    clean = clean_header(dataset, names=NAMES, patient_id="77-4411").dataset
    left = _bytes_of(clean)
    for canary in (WORD.lower(), ROOT, DATE, "77-4411", "097y"):
        assert canary.encode() not in left


@pytest.mark.filterwarnings("ignore")
def test_names_that_the_header_tells_nowhere_else_are_left_in_no_text() -> None:
    clean = clean_header(_filled("Someone^Else"), names=NAMES, patient_id="77-4411").dataset
    told = {
        element.keyword
        for element in clean.iterall()
        if element.VR not in ("SQ", "CS") and WORD.lower() in str(element.value).lower()
    }
    assert told == DEVICE_WORDS


def test_the_pseudonyms_are_those_of_the_index_and_the_person_is_gone() -> None:
    dataset = dataset_of(
        np.zeros((4, 4), np.uint16), PatientID=" 77-4411", PatientName="Quill^Ann", StudyInstanceUID="1.2.3",
        AccessionNumber="A-99", PatientAge="063Y", PatientSex="F", PatientBirthDate=DATE, InstitutionName="Elsewhere",
    )  # fmt: skip
    clean = clean_header(dataset, names=NAMES, patient_id="77-4411").dataset
    assert clean.PatientID == clean.PatientName == NAMES.patient("77-4411")
    assert clean.StudyInstanceUID == NAMES.uid("1.2.3")
    assert (clean.PatientAge, clean.PatientSex) == ("063Y", "F")
    assert (clean.AccessionNumber, clean.PatientBirthDate) == ("", "")
    assert clean.PatientIdentityRemoved == "YES"
    assert clean.LongitudinalTemporalInformationModified == "MODIFIED"
    method = {item.CodeValue for item in clean.DeidentificationMethodCodeSequence}
    assert method == {"113100", "113103", "113104", "113105", "113107", "113108"}
    assert dataset.PatientName == "Quill^Ann"  # what was given is as it was


@pytest.mark.parametrize(
    ("age", "told"), [("089Y", "089Y"), ("090Y", "090Y"), ("103Y", "090Y"), ("011M", "011M"), ("?", "")]
)
def test_ages_end_at_ninety(age: str, told: str) -> None:
    dataset = dataset_of(np.zeros((4, 4), np.uint16))
    with pydicom.config.disable_value_validation():
        dataset.PatientAge = age
        assert clean_header(dataset, names=NAMES, patient_id="7").dataset.PatientAge == told


def test_two_exams_keep_their_distance_and_another_patient_has_another() -> None:
    def date(day: str, patient: str) -> str:
        dataset = dataset_of(np.zeros((4, 4), np.uint16), StudyDate=day, PatientID=patient)
        return str(clean_header(dataset, names=NAMES, patient_id=patient).dataset.StudyDate)

    first, later, other = (np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in (
        date("20240105", "7"), date("20240305", "7"), date("20240105", "8"),
    ))  # fmt: skip
    assert (later - first).astype(int) == 60
    assert first != other
    assert first < np.datetime64("2023-01-05")


@pytest.mark.parametrize(
    ("description", "kept"),
    [
        ("CHEST PA/LAT", True),
        ("CT Thorax 1.5mm w/o contrast", True),
        ("Chest for Dr. Quill", False),
        ("MRN 90210355", False),
    ],
)
def test_a_description_stays_where_every_word_is_one_of_technique(description: str, kept: bool) -> None:
    dataset = dataset_of(np.zeros((4, 4), np.uint16), StudyDescription=description)
    clean = clean_header(dataset, names=NAMES, patient_id="7").dataset
    assert (clean.get("StudyDescription") == description) is kept


def test_references_are_mapped_alike_at_any_depth_and_standard_uids_stay() -> None:
    inner = Dataset()
    inner.ReferencedSOPClassUID, inner.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "9.8.7"
    outer = Dataset()
    outer.ReferencedInstanceSequence, outer.SeriesInstanceUID = Sequence([inner]), "9.8"
    dataset = dataset_of(
        np.zeros((4, 4), np.uint16), ReferencedSeriesSequence=Sequence([outer]), FrameOfReferenceUID="9.8.7"
    )
    clean = clean_header(dataset, names=NAMES, patient_id="7").dataset
    deep = clean.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]
    assert deep.ReferencedSOPInstanceUID == clean.FrameOfReferenceUID == NAMES.uid("9.8.7")
    assert deep.ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2"
    assert clean.SOPClassUID == dataset.SOPClassUID


def test_codes_of_the_standards_schemes_stay_and_those_of_a_site_go() -> None:
    def code(scheme: str) -> Dataset:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "51185008", scheme, "Chest"
        return item

    dataset = dataset_of(np.zeros((4, 4), np.uint16), AnatomicRegionSequence=Sequence([code("SCT"), code("99HERE")]))
    clean = clean_header(dataset, names=NAMES, patient_id="7").dataset
    assert [item.CodingSchemeDesignator for item in clean.AnatomicRegionSequence] == ["SCT"]


def test_the_table_is_that_of_the_standard_as_another_tool_carries_it() -> None:
    fields = pytest.importorskip("dicomanonymizer.dicom_anonymization_databases.dicomfields_2026c")
    for action, tags in {"X": fields.X_TAGS, "Z": fields.Z_TAGS, "D": fields.D_TAGS, "U": fields.U_TAGS}.items():
        plain = [tag for tag in tags if len(tag) == 2]
        assert len(plain) > 20
        assert {action_of((group << 16) | element) for group, element in plain} == {action}
    assert action_of(0x60003000) == action_of(0x60223000) == action_of(0x50000010) == "X"
    assert action_of(0x00280010) is None


@pytest.mark.skipif(
    which("dciodvfy") is None, reason="dicom3tools isn't installed: nothing says whether the object conforms"
)
def test_a_de_identified_file_conforms_as_well_as_before(tmp_path: Path) -> None:
    path = Path(pydicom.data.get_testdata_file("CT_small.dcm"))
    before = pydicom.dcmread(path)
    clean = clean_header(before, names=NAMES, patient_id="7").dataset
    clean.file_meta = before.file_meta
    clean.file_meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    clean.save_as(tmp_path / "clean.dcm", enforce_file_format=True)

    def errors(file: Path) -> set[str]:
        told = subprocess.run(["dciodvfy", str(file)], capture_output=True, check=False, text=True)
        return {line for line in (told.stdout + told.stderr).splitlines() if line.startswith("Error")}

    assert errors(tmp_path / "clean.dcm") <= errors(path)


def _one(element: DataElement) -> Dataset:
    dataset = Dataset()
    dataset.add(element)
    return dataset
