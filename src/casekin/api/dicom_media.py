"""How a data set is sent as a client can take it: DICOM JSON (PS3.18 Annex F), or the Native DICOM Model in XML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import HTTPException
from pydicom.datadict import keyword_for_tag

JSON, XML = "application/dicom+json", "application/dicom+xml"
_ALSO = {JSON: ("application/json",), XML: ("application/xml", "text/xml")}
_NATIVE = "http://dicom.nema.org/PS3.19/models/NativeDICOM"


def accepted(accept: str | None, offers: Sequence[str] = (JSON,)) -> str:
    """Which of the offered media types an Accept header likes best, the first among equals; no header takes all.

    Raises `HTTPException` 406 where it takes none.
    """
    ranges = [_range(one) for one in (accept or "*/*").split(",") if one.strip()] or [("*/*", 1.0)]
    likes = {offer: _like(ranges, offer) for offer in offers}
    best = max(offers, key=lambda offer: likes[offer])
    if not likes[best] > 0.0:
        raise HTTPException(406, f"expected an Accept that takes {' or '.join(offers)}, got another")
    return best


def packed(record: Mapping[str, Any], media_type: str) -> bytes:
    """A data set in the DICOM JSON model as JSON, or in XML (PS3.19 A.1.6)."""
    if media_type == JSON:
        return json.dumps(record).encode()
    root = Element("NativeDicomModel", {"xmlns": _NATIVE, "xml:space": "preserve"})
    _fill(root, record)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _range(told: str) -> tuple[str, float]:
    """A media range and how much it is liked; of parts, the type of theirs."""
    message = Message()
    message["Content-Type"] = told.strip()
    kind = told.split(";")[0].strip().lower()
    if kind == "multipart/related":
        kind = str(message.get_param("type", kind)).strip().lower()
    try:
        return kind, float(str(message.get_param("q", "1")))
    except ValueError:
        return kind, 0.0


def _like(ranges: Sequence[tuple[str, float]], offer: str) -> float:
    """By the most specific range that holds the offer (RFC 9110, 12.5.1)."""
    for names in ((offer,), _ALSO[offer], ("application/*",), ("*/*",)):
        found = [liking for kind, liking in ranges if kind in names]
        if found:
            return max(found)
    return 0.0


def _fill(parent: Element, record: Mapping[str, Any]) -> None:
    for tag, attribute in sorted(record.items()):
        told = {"tag": tag, "vr": attribute["vr"], "keyword": keyword_for_tag(tag)}
        element = SubElement(parent, "DicomAttribute", told)
        for number, value in enumerate(attribute.get("Value", ()), start=1):
            if attribute["vr"] == "SQ":
                _fill(SubElement(element, "Item", number=str(number)), value)
            else:
                SubElement(element, "Value", number=str(number)).text = str(value)
