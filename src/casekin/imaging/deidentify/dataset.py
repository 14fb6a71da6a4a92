"""A DICOM header without the person: the Basic Application Level Confidentiality Profile with five of its options.

PS3.15 E.2 and E.3: Clean Descriptors, Clean Graphics (all removed), Clean Structured Content, Retain Longitudinal
Temporal Information with Modified Dates, Retain Patient Characteristics; Clean Pixel Data where pixels were looked at.
Beyond the table: private attributes go without exception, and so does text that it doesn't list and that holds more
than words of technique.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from casekin.imaging.deidentify.dates import is_time, shift_date, shift_date_time
from casekin.imaging.deidentify.identity import OLDEST, Identity, identity_of, is_safe_text
from casekin.imaging.deidentify.profile import action_of
from casekin.imaging.deidentify.pseudonyms import Pseudonymizer
from casekin.imaging.dicom_header import text

METHOD = "casekin: PS3.15 basic profile, dates moved"
_OPTIONS = {
    "113100": "Basic Application Confidentiality Profile",
    "113103": "Clean Graphics Option",
    "113104": "Clean Structured Content Option",
    "113105": "Clean Descriptors Option",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option",
}
_CLEAN_PIXELS = {"113101": "Clean Pixel Data Option"}
_CHARACTERISTICS = frozenset({"PatientSex", "PatientSize", "PatientWeight"})
_DESCRIPTORS = frozenset(
    {
        "StudyDescription", "SeriesDescription", "ProtocolName", "AcquisitionProtocolDescription",
        "PerformedProcedureStepDescription", "RequestedProcedureDescription", "ScheduledProcedureStepDescription",
        "DerivationDescription", "ContrastBolusAgent", "AcquisitionDeviceProcessingDescription", "ImageComments",
        "BodyPartThickness",
    }
)  # fmt: skip
_DEVICE_WORDS = frozenset(
    {
        "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "ConvolutionKernel", "SequenceName",
        "FilterType", "TargetMaterial", "LUTExplanation", "ModalityLUTType", "RescaleType", "TransducerType",
        "GridAbsorbingMaterial",
    }
)  # fmt: skip
_CODE_WORDS = frozenset(
    {
        "CodeValue", "LongCodeValue", "CodeMeaning", "CodingSchemeDesignator", "CodingSchemeVersion",
        "ContextIdentifier",
    }
)  # fmt: skip
"""Kept in an item that names one of the standard schemes, nowhere else."""
_PIXEL_BYTES = frozenset(
    {
        "PixelData", "FloatPixelData", "DoubleFloatPixelData", "LUTData", "RedPaletteColorLookupTableData",
        "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData", "AlphaPaletteColorLookupTableData",
        "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
        "SegmentedBluePaletteColorLookupTableData", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    }
)  # fmt: skip
_STANDARD_SCHEMES = frozenset(
    {"DCM", "SCT", "SRT", "SNM3", "UCUM", "LN", "RADLEX", "FMA", "UMLS", "I10", "MDC", "DCMUID"}
)
_STANDARD_ROOT = "1.2.840.10008."
_NUMERIC = frozenset({"AT", "DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS", "US or OW"})
_TEXTS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
_CODE_STRING = re.compile(r"[A-Z0-9_ ]{0,16}")
_STRUCTURED = frozenset(
    {
        "CODE",
        "COMPOSITE",
        "CONTAINER",
        "DATE",
        "DATETIME",
        "IMAGE",
        "NUM",
        "SCOORD",
        "SCOORD3D",
        "TCOORD",
        "TIME",
        "UIDREF",
    }
)
_DUMMY = "REMOVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanHeader:
    """A data set that names nobody, and how many elements met each fate (`removed`, `emptied`, `replaced` …)."""

    dataset: Dataset
    actions: Mapping[str, int]


def identity_in(dataset: Dataset) -> Identity:
    """The patient, and the people named around them, that a header tells of at any depth."""
    names, identifiers, births = [], [], []
    for element in _walk(dataset):
        values = [str(value) for value in _values(element)]
        if element.VR == "PN":
            names += values
        elif element.keyword in (
            "PatientID",
            "OtherPatientIDs",
            "AccessionNumber",
            "AdmissionID",
            "PatientTelephoneNumbers",
        ):
            identifiers += values
        elif element.keyword == "PatientBirthDate":
            births += values
    return identity_of(names=names, identifiers=identifiers, births=births)


def clean_header(
    dataset: Dataset, *, names: Pseudonymizer, patient_id: str, pixels_cleaned: bool = False
) -> CleanHeader:
    """A copy of a data set after the profile; the file meta information isn't copied.

    `patient_id` is the raw id that keys pseudonym and shift of dates: the header's own, or a manifest's.
    `pixels_cleaned` says that words burnt into the pixels were looked for and hidden.
    """
    cleaner = _Cleaner(names=names, patient_id=patient_id, identity=identity_in(dataset))
    clean = cleaner.clean(dataset)
    pseudonym = names.patient(patient_id)
    clean.PatientID = clean.PatientName = pseudonym
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = METHOD
    codes = _OPTIONS | (_CLEAN_PIXELS if pixels_cleaned else {})
    clean.DeidentificationMethodCodeSequence = Sequence(_code(value, codes[value]) for value in sorted(codes))
    clean.LongitudinalTemporalInformationModified = "MODIFIED"
    return CleanHeader(dataset=clean, actions=dict(sorted(cleaner.actions.items())))


class _Cleaner:
    """Applies the profile to data sets of one patient, and counts."""

    def __init__(self, *, names: Pseudonymizer, patient_id: str, identity: Identity) -> None:
        self.actions: Counter[str] = Counter()
        self._names = names
        self._days = names.days_back(patient_id)
        self._identity = identity

    def clean(self, dataset: Dataset) -> Dataset:
        clean = Dataset()
        is_code = (text(dataset, "CodingSchemeDesignator") or "").upper() in _STANDARD_SCHEMES
        for element in _elements(dataset, self.actions):
            is_code_word = is_code and element.keyword in _CODE_WORDS
            fate, value = ("kept", element.value) if is_code_word else self._decide(element)
            if fate == "kept" and self._tells(value):
                fate, value = "removed", None
            self.actions[fate] += 1
            if fate != "removed":
                clean.add(DataElement(element.tag, element.VR, value))
        return clean

    def _tells(self, value: object) -> bool:
        parts = value if isinstance(value, (list, tuple)) else (value,)
        return any(isinstance(part, str) and self._identity.is_told_by(part) for part in parts)

    def _decide(self, element: DataElement) -> tuple[str, object]:
        """What becomes of an element: its fate, and the value that is left."""
        if element.keyword == "PatientAge":
            return "kept", _capped(element)
        if element.keyword in _CHARACTERISTICS:
            return "kept", element.value
        if element.VR == "SQ":
            return self._decide_sequence(element)
        if element.keyword in ("PatientBirthDate", "PatientBirthTime"):
            return "emptied", ""
        if element.VR in ("DA", "DT", "TM"):
            return self._moved(element)
        if element.VR == "UI":
            return self._mapped(element)
        if element.keyword in _DESCRIPTORS and all(is_safe_text(str(value)) for value in _values(element)):
            return "kept", element.value
        action = action_of(int(element.tag))
        return _unlisted(element) if action is None else _listed(element, action)

    def _decide_sequence(self, element: DataElement) -> tuple[str, object]:
        action = action_of(int(element.tag))
        items: Iterable[Dataset] = element.value or ()
        if element.keyword == "ContentSequence":
            items = [item for item in items if text(item, "ValueType") in _STRUCTURED]
        elif action is not None and action != "X/Z/U*":
            return ("removed", None) if "X" in action else ("emptied", Sequence())
        elif element.keyword == "DeidentificationMethodCodeSequence":
            return "removed", None
        cleaned = [self.clean(item) for item in items if _is_standard_code(item)]
        self.actions["codes of a local scheme removed"] += len(list(items)) - len(cleaned)
        return "kept", Sequence(cleaned)

    def _moved(self, element: DataElement) -> tuple[str, object]:
        if element.VR == "TM":
            times = [str(value) for value in _values(element)]
            return ("kept", element.value) if all(map(is_time, times)) else ("emptied", "")
        shift = shift_date if element.VR == "DA" else shift_date_time
        moved = [shift(str(value), self._days) for value in _values(element)]
        if not moved or None in moved:
            return "emptied", ""
        return "date moved", moved if len(moved) > 1 else moved[0]

    def _mapped(self, element: DataElement) -> tuple[str, object]:
        values = [str(value) for value in _values(element)]
        if all(value.startswith(_STANDARD_ROOT) for value in values):
            return "kept", element.value
        mapped = [value if value.startswith(_STANDARD_ROOT) else self._names.uid(value) for value in values]
        return "UID mapped", mapped if len(mapped) > 1 else mapped[0]


def _listed(element: DataElement, action: str) -> tuple[str, object]:
    if "D" in action and element.VR in _TEXTS | {"CS", "AE", "PN"}:
        return "replaced", _DUMMY
    if "D" in action and element.VR in _NUMERIC:
        return "replaced", 0
    if "Z" in action and element.VR not in ("OB", "OW", "UN"):
        return "emptied", None if element.VR in _NUMERIC else ""
    return "removed", None


def _unlisted(element: DataElement) -> tuple[str, object]:
    """Of what the table doesn't list: numbers, codes and pixels stay, and text of technique; names and the rest go."""
    keyword, kind = element.keyword, element.VR
    values = [str(value) for value in _values(element)] if kind in _TEXTS | {"CS", "AS"} else []
    keep = (
        (kind in _NUMERIC)
        or (kind == "CS" and all(_CODE_STRING.fullmatch(value) for value in values))
        or (kind in _TEXTS and (keyword in _DEVICE_WORDS or all(is_safe_text(value) for value in values)))
        or (keyword in _PIXEL_BYTES)
    )
    if keep:
        return "kept", element.value
    # An object may have to have an attribute of text, if only an empty one.
    return ("emptied", "") if kind in _TEXTS | {"CS"} else ("removed", None)


def _elements(dataset: Dataset, actions: Counter[str]) -> Iterator[DataElement]:
    """The elements that the profile has to judge; private ones, lengths of groups and unreadable ones are left out."""
    for tag in sorted(dataset.keys()):
        if tag.is_private:
            actions["private removed"] += 1
        elif tag.element == 0 or not keyword_for_tag(tag):
            actions["removed"] += 1
        else:
            try:
                yield dataset[tag]
            except Exception:  # a damaged value raises what it likes
                actions["removed"] += 1


def _walk(dataset: Dataset) -> Iterator[DataElement]:
    for element in _elements(dataset, Counter()):
        if element.VR == "SQ":
            for item in element.value or ():
                yield from _walk(item)
        else:
            yield element


def _values(element: DataElement) -> list[object]:
    value = element.value
    if value is None or value == "":
        return []
    return list(value) if element.VM > 1 else [value]


def _capped(element: DataElement) -> str:
    found = re.fullmatch(r"(\d{3})([DWMY])", str(element.value or ""))
    if found is None:
        return ""
    years = int(found[1])
    return f"{OLDEST:03d}Y" if found[2] == "Y" and years >= OLDEST else found[0]


def _is_standard_code(item: Dataset) -> bool:
    """False for an item that is a code of a local scheme, whose value may be anything."""
    scheme = text(item, "CodingSchemeDesignator")
    return scheme is None or scheme.upper() in _STANDARD_SCHEMES


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
