"""Records of the audit log as FHIR R4 AuditEvents, with the codes of DICOM's audit messages (PS3.15 A.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Resource = dict[str, Any]
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_QUERY, _ACCESS, _USE = ("110112", "Query"), ("110103", "DICOM Instances Accessed"), ("110101", "Audit Log Used")
_SIGN_IN = ("110114", "User Authentication")
_TYPES: Mapping[str, tuple[tuple[str, str], str]] = {
    "search": (_QUERY, "E"),
    "list": (_QUERY, "E"),
    "view": (_ACCESS, "R"),
    "export": (("110106", "Export"), "R"),
    "share": (("110106", "Export"), "C"),
    "backup": (("110106", "Export"), "R"),
    "ingest": (("110107", "Import"), "C"),
    "receive": (("110107", "Import"), "C"),
    "restore": (("110107", "Import"), "C"),
    "erasure": (("110105", "DICOM Study Deleted"), "D"),
    "read_audit": (_USE, "R"),
    "expiry": (_USE, "D"),
    "sign_in": (_SIGN_IN, "E"),
    "sign_out": (_SIGN_IN, "E"),
}
"""Type and action (create, read, delete, execute) of the events that DICOM has a word for."""
_OTHER = (("110100", "Application Activity"), "E")
_DENIALS = (401, 403)
_SECURITY_ALERT = (("110113", "Security Alert"), "E")


def audit_bundle(records: Iterable[Mapping[str, Any]]) -> Resource:
    """A Bundle (`collection`) of the events, in the order given. A record has the fields of `AuditRecord`."""
    entries = []
    for record in records:
        resource = audit_event(record)
        entries.append({"fullUrl": f"urn:casekin:audit:{record['tenant']}:{record['seq']}", "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", **({"entry": entries} if entries else {})}


def audit_event(record: Mapping[str, Any]) -> Resource:
    """The resource of one record; a case that was erased since stands in it by its mark alone."""
    is_denied = record["status"] in _DENIALS
    (code, display), action = _SECURITY_ALERT if is_denied else _TYPES.get(record["event"], _OTHER)
    return {
        "resourceType": "AuditEvent",
        "id": f"audit-{record['seq']}",
        "type": {"system": _DCM, "code": code, "display": display},
        "subtype": [{"system": "urn:casekin:audit-event", "code": record["event"]}],
        "action": action,
        "recorded": record["time"],
        "outcome": _outcome(record["status"]),
        "agent": [
            {"who": {"identifier": {"system": "urn:casekin:subject", "value": record["subject"]}}, "requestor": True}
        ],
        "source": {"site": record["tenant"], "observer": {"display": "casekin"}},
        "entity": [*_cases(record), _call(record)],
    }


def _cases(record: Mapping[str, Any]) -> list[Resource]:
    named = [("urn:casekin:case", case_id) for case_id in record["objects"]]
    return [
        {
            "what": {"identifier": {"system": system, "value": value}},
            "type": {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "2"},
        }
        for system, value in (*named, *(("urn:casekin:erased-case", mark) for mark in record["erased"]))
    ]


def _call(record: Mapping[str, Any]) -> Resource:
    """What was called, and the record's digest in the log's chain."""
    told = {name: str(record[name]) for name in ("route", "status", "request", "detail", "digest") if record[name]}
    return {
        "what": {"identifier": {"system": "urn:casekin:audit", "value": str(record["seq"])}},
        "detail": [{"type": name, "valueString": value} for name, value in told.items()],
    }


def _outcome(status: int) -> str:
    """FHIR's outcome: success, minor failure (refused), serious failure (of ours)."""
    return "0" if status < 400 else "4" if status < 500 else "8"
