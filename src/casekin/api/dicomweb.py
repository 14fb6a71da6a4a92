"""What DICOMweb's routes answer with: results of a store, rows of a search, parts of a retrieval (PS3.18)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pydicom
from fastapi import HTTPException, Response
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames

from casekin.imaging import Pseudonymizer
from casekin.imaging.arrival import Arrival
from casekin.imaging.dicom import quiet_pydicom
from casekin.index import CaseIndex
from casekin.site.files import KeptFiles, KeptInstance

CANNOT_UNDERSTAND, DOES_NOT_MATCH, CLASS_NOT_SUPPORTED, SYNTAX_NOT_SUPPORTED = 0xC000, 0xA900, 0x0122, 0xC122
"""Why an instance wasn't stored: statuses of C-STORE (PS3.4 B.2.3, PS3.7 C.5.6), and one of STOW's (PS3.18 I.2)."""
_BIG = 1024
"""Bytes of a value that is left out of metadata, as PS3.18 lets a bulk value be."""
_PATIENT = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex")
_STUDY = ("StudyInstanceUID", "StudyDate", "StudyTime", "AccessionNumber", "StudyID", "StudyDescription")
_SERIES = ("SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription", "BodyPartExamined")
_INSTANCE = ("SOPClassUID", "SOPInstanceUID", "InstanceNumber", "Rows", "Columns", "NumberOfFrames", "BitsAllocated")
_LEVELS: Mapping[str, tuple[str, ...]] = {"study": (*_STUDY, *_PATIENT), "series": _SERIES, "instance": _INSTANCE}
_QUERY_UIDS = {
    "StudyInstanceUID": 0, "0020000D": 0, "SeriesInstanceUID": 1, "0020000E": 1, "SOPInstanceUID": 2, "00080018": 2,
}  # fmt: skip
_QUERY_CASES = {"PatientID": "patient", "00100020": "patient", "AccessionNumber": "accession", "00080050": "accession"}
_QUERY_MODALITIES = frozenset({"ModalitiesInStudy", "00080061", "Modality", "00080060"})
_OTHER_QUERIES = frozenset({"limit", "offset", "includefield", "fuzzymatching", *_QUERY_CASES, *_QUERY_MODALITIES})
_MOST_ROWS = 1000


class StoreResults:
    """What became of the instances of a store, as it is told to their sender."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.stored: list[dict[str, Any]] = []
        self.failed: list[dict[str, Any]] = []

    def store(self, found: Arrival) -> None:
        where = (
            f"{self._root}dicom-web/studies/{found.study_instance_uid}/series/{found.series_instance_uid}/instances/"
            f"{found.sop_instance_uid}"
        )
        self.stored.append({**_reference(found), "00081190": {"vr": "UR", "Value": [where]}})

    def fail(self, found: Arrival | None, reason: int) -> None:
        """`reason` is a status of C-STORE; `found` None: it could not be read."""
        reference = {} if found is None else _reference(found)
        self.failed.append({**reference, "00081197": {"vr": "US", "Value": [reason]}})

    @property
    def status(self) -> int:
        """200 all are kept, 202 some, 409 none."""
        if not self.failed:
            return 200 if self.stored else 400
        return 202 if self.stored else 409

    def as_record(self) -> dict[str, Any]:
        """In the DICOM JSON model (PS3.18, Table 10.5.3-1)."""
        record: dict[str, Any] = {}
        if self.stored:
            record["00081199"] = {"vr": "SQ", "Value": self.stored}
        if self.failed:
            record["00081198"] = {"vr": "SQ", "Value": self.failed}
        return record


def find_instances(
    files: KeptFiles, names: Pseudonymizer, uids: Sequence[str], *, query: Mapping[str, str] | None = None
) -> list[KeptInstance]:
    """Kept instances below these UIDs of study, series and instance, raw or mapped, and those that a query names.

    Patients and accession numbers of a query are `find_cases`'s, modalities `rows_of`'s. Raises `HTTPException` 422 for
    a query by anything else: nothing more of a patient is kept to be found by.
    """
    asked = dict(enumerate(uids))
    for name, value in (query or {}).items():
        if name in _QUERY_UIDS:
            asked[_QUERY_UIDS[name]] = value
        elif name not in _OTHER_QUERIES:
            raise HTTPException(422, "expected a query by UIDs, PatientID, AccessionNumber or modality, got another")
    keywords = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
    for mapped in (str, names.uid):
        found = files.instances(**{keywords[level]: mapped(uid) for level, uid in asked.items()})
        if found or not asked:
            return found
    return []


def find_cases(handle: CaseIndex, names: Pseudonymizer, *, query: Mapping[str, str]) -> frozenset[str] | None:
    """The cases of the patient and with the accession number that a query names, raw or as pseudonyms; None: neither.

    A merged patient's number finds the survivor's cases. `*` around a value, as viewers put it, changes nothing.
    """
    found: frozenset[str] | None = None
    for name, value in query.items():
        told = value.strip().strip("*")
        if name not in _QUERY_CASES or not told:
            continue
        cases: set[str] = set()
        if _QUERY_CASES[name] == "accession":
            cases.update(*(handle.cases_of_accession(one) for one in (told, names.accession(told))))
        else:
            groups = {group for one in (told, names.patient(told)) for group in handle.patients_of(patient_id=one)}
            catalog = handle.catalog()
            numbers = (number for number, one in enumerate(catalog.patient_of_case) if one and one in groups)
            cases.update(catalog.case_id(number) for number in numbers)
        found = frozenset(cases) if found is None else found & cases
    return found


def rows_of(files: KeptFiles, found: Sequence[KeptInstance], level: str, *, query: Mapping[str, str]) -> str:
    """A row for each study, series or instance of the modalities asked for, from the header of its first file."""
    keys = {
        "study": lambda one: one.file.study_instance_uid,
        "series": lambda one: one.file.series_instance_uid,
        "instance": lambda one: one.file.sop_instance_uid,
    }
    groups = [list(group) for _, group in groupby(found, key=keys[level])]
    told = ",".join(value for name, value in query.items() if name in _QUERY_MODALITIES)
    wanted = {one.strip().upper() for one in told.replace("\\", ",").split(",")} - {""}
    if wanted:
        groups = [group for group in groups if not wanted.isdisjoint(_modalities(files, group))]
    start, limit = (_number(query.get(name), default) for name, default in (("offset", 0), ("limit", _MOST_ROWS)))
    rows = [_row(files, group, level) for group in groups[start : start + min(limit, _MOST_ROWS)]]
    return json.dumps(rows)


def metadata_of(files: KeptFiles, found: Sequence[KeptInstance]) -> str:
    """The headers of instances as DICOM JSON; large values are left out."""
    rows = []
    for one in found:
        header = _header(files, one)
        record = header.to_json_dict(bulk_data_threshold=_BIG, bulk_data_element_handler=lambda _: "")
        rows.append({tag: value for tag, value in record.items() if value.get("BulkDataURI") != ""})
    return json.dumps(rows)


def multipart_of(files: KeptFiles, found: Sequence[KeptInstance]) -> tuple[str, Iterator[bytes]]:
    """The boundary and the body of the files of instances, read one after the other."""
    boundary = _boundary([one.file.file_sha256 for one in found])

    def body() -> Iterator[bytes]:
        for one in found:
            yield f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
            yield files.path_of(one.file).read_bytes()
            yield b"\r\n"
        yield f"--{boundary}--\r\n".encode()

    return boundary, body()


def frame_parts(files: KeptFiles, one: KeptInstance, numbers: Sequence[int]) -> list[tuple[str, bytes]] | None:
    """Frames of an instance by their numbers from 1, each with the media type of its transfer syntax; None: no such."""
    with quiet_pydicom():
        dataset = pydicom.dcmread(files.path_of(one.file))
        count = int(dataset.get("NumberOfFrames") or 1)
        if not all(1 <= number <= count for number in numbers) or "PixelData" not in dataset:
            return None
        syntax = dataset.file_meta.TransferSyntaxUID
        if syntax.is_encapsulated:
            frames = list(generate_frames(dataset.PixelData, number_of_frames=count))
        else:
            size = int(dataset.Rows) * int(dataset.Columns) * int(dataset.SamplesPerPixel) * int(dataset.BitsAllocated)
            frames = [dataset.PixelData[number * size // 8 : (number + 1) * size // 8] for number in range(count)]
        media_type = f"application/octet-stream; transfer-syntax={syntax}"
        return [(media_type, frames[number - 1]) for number in numbers]


def single_part(parts: Sequence[tuple[str, bytes]]) -> Response:
    """Parts as one reply."""
    boundary = _boundary([hashlib.sha256(data).hexdigest() for _, data in parts])
    pieces = [f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n" for kind, data in parts]
    body = b"".join([*pieces, f"--{boundary}--\r\n".encode()])
    return Response(body, media_type=f'multipart/related; type="application/octet-stream"; boundary={boundary}')


def _row(files: KeptFiles, group: Sequence[KeptInstance], level: str) -> dict[str, Any]:
    header = _header(files, group[0])
    row = Dataset()
    for keyword in _LEVELS[level]:
        if keyword in header:
            row[keyword] = header[keyword]
    row.StudyInstanceUID = group[0].file.study_instance_uid
    if level == "study":
        row.ModalitiesInStudy = sorted(_modalities(files, group))
        row.NumberOfStudyRelatedSeries = len({one.file.series_instance_uid for one in group})
        row.NumberOfStudyRelatedInstances = len(group)
    else:
        row.SeriesInstanceUID = group[0].file.series_instance_uid
    if level == "series":
        row.NumberOfSeriesRelatedInstances = len(group)
    with quiet_pydicom():
        record: dict[str, Any] = row.to_json_dict()
    return record


def _modalities(files: KeptFiles, group: Sequence[KeptInstance]) -> set[str]:
    """Those of the series of some instances."""
    series = groupby(group, key=lambda one: one.file.series_instance_uid)
    return {_modality(files.path_of(next(held).file)) for _, held in series}


@lru_cache(maxsize=1 << 16)
def _modality(path: Path) -> str:
    """A file is named by the hash of its bytes: what it says never changes."""
    return str(_read_header(path).get("Modality") or "OT")


def _header(files: KeptFiles, one: KeptInstance) -> Dataset:
    return _read_header(files.path_of(one.file))


def _read_header(path: Path) -> Dataset:
    with quiet_pydicom():
        return pydicom.dcmread(path, stop_before_pixels=True)


def _reference(found: Arrival) -> dict[str, Any]:
    return {
        "00081150": {"vr": "UI", "Value": [found.sop_class_uid]},
        "00081155": {"vr": "UI", "Value": [found.sop_instance_uid]},
    }


def _boundary(hashes: Sequence[str]) -> str:
    """The same for the same files, and in none of them but by an accident that never happens."""
    return "casekin-" + hashlib.sha256("".join(hashes).encode()).hexdigest()[:32]


def _number(told: str | None, default: int) -> int:
    return int(told) if told is not None and told.isascii() and told.isdigit() and len(told) < 10 else default
