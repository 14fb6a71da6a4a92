"""Chosen images of one study as a DICOM key object note (PS3.3 A.35.4), as viewers and teaching archives take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module

from pydicom.dataset import Dataset

from casekin.errors import InputError
from casekin.retrieval.export.concepts import Concept
from casekin.retrieval.export.dicom_sr import coded, load_highdicom
from casekin.retrieval.export.document import PROGRAM_UID
from casekin.retrieval.export.marks import as_source, file_of, made_uid

_TITLE = Concept("113000", "DCM", "Of Interest")


def key_object_note(images: Sequence[Dataset], *, description: str, written: datetime) -> bytes:
    """A note that images (headers of one study's files) are of interest, and why.

    The same arguments give the same bytes. Raises `InputError` for images of several studies or none, `DependencyError`
    without highdicom.
    """
    if len({str(image.StudyInstanceUID) for image in images}) != 1:
        raise InputError("key objects: expected images of one study, got none or several; make one note for each")
    sr = load_highdicom()
    ko = import_module("highdicom.ko")
    device = sr.ObserverContext(
        observer_type=coded(sr, Concept("121007", "DCM", "Device")),
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(uid=PROGRAM_UID, name="casekin"),
    )
    content = ko.KeyObjectSelection(
        document_title=coded(sr, _TITLE),
        referenced_objects=list(images),
        observer_device_context=device,
        description=description[:1024],
    )
    uids = [str(image.SOPInstanceUID) for image in images]
    note = ko.KeyObjectSelectionDocument(
        evidence=[as_source(image) for image in images],
        content=content,
        series_instance_uid=made_uid("key objects series", *uids, description, written),
        series_number=9001,
        sop_instance_uid=made_uid("key objects", *uids, description, written),
        instance_number=1,
        manufacturer="casekin",
    )
    return file_of(note, written)
