"""A draft as other systems take it: plain text, FHIR, DICOM SR; each says that it is preliminary and unverified."""

from casekin.retrieval.export.export import FORMS, Form, export_draft
from casekin.retrieval.export.plain_text import draft_text
from casekin.retrieval.export.subject import ReportSubject

__all__ = ["FORMS", "Form", "ReportSubject", "draft_text", "export_draft"]
