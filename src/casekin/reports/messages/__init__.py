"""Reports as hospital systems send them: HL7 v2, FHIR and DICOM SR in, what each says of which study out."""

from casekin.reports.messages.arrived import ArrivedReport, PatientMerge, PatientUnlink, Status, Told
from casekin.reports.messages.fhir import read_fhir
from casekin.reports.messages.hl7 import Hl7Message, acknowledge, parse_hl7, read_hl7
from casekin.reports.messages.sniff import is_message, read_message
from casekin.reports.messages.sr import REPORT_CLASSES, read_sr

__all__ = [
    "REPORT_CLASSES",
    "ArrivedReport",
    "Hl7Message",
    "PatientMerge",
    "PatientUnlink",
    "Status",
    "Told",
    "acknowledge",
    "is_message",
    "parse_hl7",
    "read_fhir",
    "read_hl7",
    "read_message",
    "read_sr",
]
