"""What de-identification leaves of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from casekin.imaging.deidentify.identity import Identity
from casekin.types import Box


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
