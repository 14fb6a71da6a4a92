"""The report reader: radiology text → facts with sentence and span, normal places, and what could not be placed."""

from casekin.reports.assertions import LikelyPolicy
from casekin.reports.findings import Unplaced
from casekin.reports.reader import ReadReport, ReportReader, read_phrase, read_report
from casekin.reports.sections import SILENT_SECTIONS, Section, Sentence, split_sections, split_sentences

__all__ = [
    "SILENT_SECTIONS",
    "LikelyPolicy",
    "ReadReport",
    "ReportReader",
    "Section",
    "Sentence",
    "Unplaced",
    "read_phrase",
    "read_report",
    "split_sections",
    "split_sentences",
]
