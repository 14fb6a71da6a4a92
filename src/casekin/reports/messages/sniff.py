"""Which language a message speaks, told by its first bytes."""

from __future__ import annotations

import io
import logging
import warnings

from casekin.errors import InputError
from casekin.reports.messages.arrived import MAX_MESSAGE, ArrivedReport, Told
from casekin.reports.messages.fhir import read_fhir
from casekin.reports.messages.hl7 import parse_hl7, read_hl7
from casekin.reports.messages.sr import read_sr

_MARKS = b"\x0b\r\n\xef\xbb\xbf \t"


def is_message(head: bytes) -> bool:
    """Whether a file that begins so (2 KiB) is HL7 v2, FHIR JSON or DICOM; JSON Lines of our own rows are not."""
    start = head.lstrip(_MARKS)
    return start.startswith(b"MSH") or head[128:132] == b"DICM" or (start[:1] == b"{" and b'"resourceType"' in head)


def read_message(data: bytes) -> list[Told]:
    """What a message or document says. Raises `InputError` for another language, and where it can't be used."""
    if len(data) > MAX_MESSAGE:
        raise InputError(f"message: expected at most {MAX_MESSAGE} bytes, got {len(data)}; send one at a time")
    start = data[:64].lstrip(_MARKS)
    if start.startswith(b"MSH"):
        return read_hl7(parse_hl7(data))
    if start[:1] == b"{":
        return [*read_fhir(data)]
    if data[128:132] == b"DICM":
        return [_read_document(data)]
    raise InputError("message: expected HL7 v2, FHIR JSON or DICOM SR, got something else; export it as one of these")


def _read_document(data: bytes) -> ArrivedReport:
    import pydicom

    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)  # its messages quote values, and so do its warnings
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read_sr(pydicom.dcmread(io.BytesIO(data)))
    except InputError:
        raise
    except Exception:  # a damaged file raises anything, some of it only where a value is looked at
        raise InputError("DICOM SR: expected a whole DICOM file, got a damaged one; send it again") from None
