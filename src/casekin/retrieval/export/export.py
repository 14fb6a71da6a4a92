"""One draft in the form that is asked for, as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, get_args

from casekin.errors import InputError
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.export.dicom_sr import basic_text_report, measurement_report
from casekin.retrieval.export.fhir import diagnostic_report
from casekin.retrieval.export.plain_text import draft_text
from casekin.retrieval.export.subject import ReportSubject

Form = Literal["text", "json", "fhir", "sr", "sr-basic"]
FORMS: tuple[Form, ...] = get_args(Form)


def export_draft(
    draft: Draft, *, form: Form, subject: ReportSubject | None = None, written: datetime | None = None
) -> bytes:
    """A draft as plain text, as our own JSON, as a FHIR R4 DiagnosticReport, or as DICOM: TID 1500 or Basic Text SR.

    `subject`: whose it is. `written`: when, with its time zone; DICOM demands it, and nothing else tells a time. The
    same arguments give the same bytes. Sentences of other patients' reports that the draft cites are left out of FHIR
    and DICOM: only their case ids go into this patient's record.

    Raises:
        InputError: a draft that abstained is asked for as FHIR or DICOM, or `written` lacks or has no time zone.
        DependencyError: DICOM is asked for, and highdicom isn't installed (extra `export`).
    """
    if form in ("text", "json"):
        return draft_text(draft).encode() if form == "text" else _json(draft.as_record())
    if not draft.sentences:
        raise InputError(f"draft: expected sentences to export as {form}, got none ({draft.verdict}); use text or json")
    if written is not None and written.tzinfo is None:
        raise InputError("written: expected a time with its time zone, got one without")
    whose = subject or ReportSubject()
    if form == "fhir":
        return _json(diagnostic_report(draft, whose, written))
    if written is None:
        raise InputError(f"written: expected the time of writing, which DICOM demands of {form}, got none")
    return _SR[form](draft, whose, written)


_SR: Mapping[str, Callable[[Draft, ReportSubject, datetime], bytes]] = {
    "sr": measurement_report,
    "sr-basic": basic_text_report,
}


def _json(record: Mapping[str, object]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
