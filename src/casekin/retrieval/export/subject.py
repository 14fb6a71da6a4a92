"""Whose report it would be: pseudonyms alone, and identifiers made from what is said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from casekin.retrieval.compose.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubject:
    """The patient and the image that a draft is about. All ids are pseudonyms, as an index has them; None is unknown.

    An image is referred to where its study, series, class and instance are all known. `modality` as DICOM has it.
    """

    patient_id: str | None = None
    accession_number: str | None = None
    study_instance_uid: str | None = None
    series_instance_uid: str | None = None
    sop_class_uid: str | None = None
    sop_instance_uid: str | None = None
    modality: str | None = None

    @property
    def has_image(self) -> bool:
        return None not in (
            self.study_instance_uid,
            self.series_instance_uid,
            self.sop_class_uid,
            self.sop_instance_uid,
        )


def software_of(draft: Draft) -> str:
    """What made the draft, for a field of 64 characters."""
    return f"model {draft.model_version}, index {draft.index_version}"[:64]


def uid_of(draft: Draft, subject: ReportSubject, *what: str) -> str:
    """A UID under `2.25.` (PS3.5 B.2) of a draft of a subject: the same for the same bytes, another one for others."""
    said = [draft.as_record(), asdict(subject), *what]
    number = bytearray(hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()[:16])
    number[6] = (number[6] & 0x0F) | 0x80  # RFC 9562 version 8, a custom UUID
    number[8] = (number[8] & 0x3F) | 0x80
    return f"2.25.{int.from_bytes(number, 'big')}"
