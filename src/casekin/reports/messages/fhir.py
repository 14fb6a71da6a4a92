"""FHIR: DiagnosticReport as reports; R4, R4B and R5, alone, in a Bundle, or one resource a line (bulk data).

The words come from `presentedForm` (text or HTML), else from `conclusion` and the narrative. What names the study may
stand in the report or in a resource that it refers to (ImagingStudy, ServiceRequest, Patient), contained or beside it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from casekin.errors import InputError
from casekin.reports.messages.arrived import (
    MAX_MESSAGE,
    ArrivedReport,
    Status,
    distinct,
    report_of,
    sortable_time,
    words_of_page,
)

Resource = Mapping[str, Any]
_STATUSES: dict[str, Status] = {
    "registered": "preliminary", "partial": "preliminary", "preliminary": "preliminary", "modified": "preliminary",
    "final": "final", "amended": "corrected", "corrected": "corrected", "appended": "corrected",
    "cancelled": "cancelled", "entered-in-error": "cancelled", "unknown": "preliminary",
}  # fmt: skip
"""An appended report holds all of its text, unlike an addendum of HL7 v2."""
_DRAFTS = "urn:casekin:tag"
_LINKS = ("imagingStudy", "study", "basedOn", "subject")
_MOST_RESOURCES = 100_000


def read_fhir(data: bytes) -> list[ArrivedReport]:
    """The reports of a JSON document, or of lines of them.

    Raises `InputError` where it is no FHIR JSON or holds no report, for one without text or study, for our own drafts.
    """
    if len(data) > MAX_MESSAGE:
        raise InputError(f"FHIR: expected at most {MAX_MESSAGE} bytes, got {len(data)}; send one Bundle at a time")
    resources = list(_unfold(_load(data)))
    if len(resources) > _MOST_RESOURCES:
        raise InputError(f"FHIR: expected at most {_MOST_RESOURCES} resources, got more; send fewer at a time")
    known = {name: resource for resource, names in resources for name in names}
    reports = [
        report_of(_report(resource, known))
        for resource, _ in resources
        if resource.get("resourceType") == "DiagnosticReport"
    ]
    if not reports:
        raise InputError("FHIR: expected a DiagnosticReport, got none; send reports, alone or in a Bundle")
    return reports


def _load(data: bytes) -> list[Resource]:
    try:
        text = data.decode("utf-8-sig")
        try:
            loaded = [json.loads(text)]
        except json.JSONDecodeError:
            loaded = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise InputError("FHIR: expected JSON in UTF-8, got something else; export it as JSON") from None
    return [one for one in loaded if isinstance(one, dict)]


def _unfold(resources: list[Resource]) -> Iterator[tuple[Resource, tuple[str, ...]]]:
    """Every resource of the Bundles, with the names by which others refer to it."""
    for resource in resources:
        if resource.get("resourceType") != "Bundle":
            yield resource, _names(resource)
            continue
        for entry in _list(resource, "entry"):
            inner = entry.get("resource")
            if isinstance(inner, dict):
                yield inner, (*_names(inner), *distinct([_text(entry, "fullUrl")]))


def _names(resource: Resource) -> tuple[str, ...]:
    kind, ident = _text(resource, "resourceType"), _text(resource, "id")
    return (f"{kind}/{ident}",) if kind and ident else ()


def _report(report: Resource, known: Mapping[str, Resource]) -> ArrivedReport:
    meta = report.get("meta")
    if any(_text(tag, "system") == _DRAFTS for tag in _list(meta if isinstance(meta, dict) else {}, "tag")):
        raise InputError("FHIR: expected a radiologist's report, got a draft of ours; send what was signed")
    linked = {name: [*_linked(report, name, known)] for name in _LINKS}
    studies = [report, *linked["imagingStudy"], *linked["study"]]
    accessions = [one for resource in (*studies, *linked["basedOn"]) for one in _accessions(resource)]
    uids = [one for resource in studies for one in _study_uids(resource)]
    owned = [_text(one, "value") for one in _identifiers(report)]
    return ArrivedReport(
        text=_words(report),
        status=_STATUSES.get((_text(report, "status") or "").lower(), "preliminary"),
        report_id=next(iter(distinct([*owned, _text(report, "id")])), None),
        accession_numbers=distinct(accessions),
        study_instance_uids=distinct(uids),
        patient_ids=distinct(_text(one, "value") for who in linked["subject"] for one in _identifiers(who)),
        person_names=distinct(name for who in linked["subject"] for name in _person_names(who)),
        birth_dates=distinct((_text(who, "birthDate") or "").replace("-", "") for who in linked["subject"]),
        stated_at=sortable_time(_text(report, "issued"))
        or sortable_time(_text(meta, "lastUpdated") if isinstance(meta, dict) else None)
        or sortable_time(_text(report, "effectiveDateTime")),
    )


def _linked(report: Resource, name: str, known: Mapping[str, Resource]) -> Iterator[Resource]:
    """What a report refers to: contained, in the Bundle, and the reference itself, which may hold an identifier."""
    value = report.get(name)
    contained = {f"#{_text(one, 'id')}": one for one in _list(report, "contained")}
    for reference in value if isinstance(value, list) else [value]:
        if isinstance(reference, dict):
            yield reference
            target = _text(reference, "reference") or ""
            found = contained.get(target) or known.get(target) or known.get("/".join(target.split("/")[-2:]))
            if found is not None:
                yield found


def _identifiers(resource: Resource) -> list[Resource]:
    value = resource.get("identifier")
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _person_names(who: Resource) -> Iterator[str | None]:
    yield _text(who, "display")
    for name in _list(who, "name"):
        given = name.get("given")
        parts = [_text(name, "text"), _text(name, "family"), *(given if isinstance(given, list) else ())]
        yield " ".join(part for part in parts if isinstance(part, str))


def _accessions(resource: Resource) -> Iterator[str | None]:
    """Identifiers that are said to be accession numbers (ACSN of table 0203); a report's own identifiers too."""
    for one in _identifiers(resource):
        kind = one.get("type")
        codes = {_text(code, "code") for code in _list(kind if isinstance(kind, dict) else {}, "coding")}
        if "ACSN" in codes or "accession" in (_text(one, "system") or "").lower():
            yield _text(one, "value")
    if resource.get("resourceType") == "DiagnosticReport":
        yield from (_text(one, "value") for one in _identifiers(resource) if _text(one, "system") != "urn:dicom:uid")


def _study_uids(resource: Resource) -> Iterator[str]:
    is_report = resource.get("resourceType") == "DiagnosticReport"
    for one in _identifiers(resource):
        if _text(one, "system") == "urn:dicom:uid" and not is_report:
            yield re.sub(r"^urn:oid:", "", _text(one, "value") or "")


def _words(report: Resource) -> str:
    for form in _list(report, "presentedForm"):
        kind = (_text(form, "contentType") or "").lower()
        data = _text(form, "data")
        if data is not None and kind.startswith(("text/plain", "text/html")):
            charset = re.search(r"charset=([\w.-]+)", kind)
            text = _decoded(data, charset.group(1) if charset else "utf-8")
            return words_of_page(text) if kind.startswith("text/html") else text
    narrative = report.get("text")
    page = _text(narrative, "div") if isinstance(narrative, dict) else None
    conclusion = _text(report, "conclusion")
    parts = [words_of_page(page) if page else "", conclusion or ""]
    if conclusion and conclusion.strip() in parts[0]:
        return parts[0]
    return "\n".join(part for part in (parts[0], f"IMPRESSION: {conclusion}" if conclusion else "") if part)


def _decoded(data: str, charset: str) -> str:
    try:
        return base64.b64decode("".join(data.split()), validate=True).decode(charset)
    except (binascii.Error, ValueError, LookupError):
        raise InputError("FHIR: expected base64 text in presentedForm, got something else; send it again") from None


def _list(resource: Resource, name: str) -> list[dict[str, Any]]:
    value = resource.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(resource: Resource, name: str) -> str | None:
    value = resource.get(name)
    return value if isinstance(value, str) else None
