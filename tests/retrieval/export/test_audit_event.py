"""Audit records as FHIR, read by a model of the standard that knows nothing of casekin."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle

from casekin.retrieval.export.audit_event import audit_bundle, audit_event

RECORD: dict[str, Any] = {
    "seq": 7, "time": "2026-05-04T12:01:00.000Z", "tenant": "default", "subject": "ada", "event": "view",
    "route": "/v1/cases/{case_id:path}", "status": 200, "request": "r1", "detail": "", "objects": ("a/1", "b"),
    "erased": ("0" * 32,), "marks": ("1" * 32, "0" * 32, "2" * 32), "digest": "ab" * 32,
}  # fmt: skip


def test_an_event_says_who_did_what_to_which_cases() -> None:
    event = AuditEvent.model_validate(audit_event(RECORD))
    assert (event.type.code, event.subtype[0].code, event.action, event.outcome) == ("110103", "view", "R", "0")
    assert event.agent[0].who.identifier.value == "ada" and event.agent[0].requestor
    assert event.recorded.isoformat() == "2026-05-04T12:01:00+00:00"
    named = [(entity.what.identifier.system, entity.what.identifier.value) for entity in event.entity]
    assert named[:3] == [("urn:casekin:case", "a/1"), ("urn:casekin:case", "b"), ("urn:casekin:erased-case", "0" * 32)]
    assert {detail.type: detail.valueString for detail in event.entity[3].detail}["digest"] == "ab" * 32


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"status": 403}, ("110113", "E", "4")),
        ({"status": 404}, ("110103", "R", "4")),
        ({"status": 503, "event": "search"}, ("110112", "E", "8")),
        ({"status": 0, "event": "erasure", "route": "", "objects": ()}, ("110105", "D", "0")),
        ({"event": "something new"}, ("110100", "E", "0")),
    ],
)
def test_type_action_and_outcome_follow_event_and_status(changed: dict[str, Any], told: tuple[str, str, str]) -> None:
    event = AuditEvent.model_validate(audit_event(RECORD | changed))
    assert (event.type.code, event.action, event.outcome) == told


def test_a_bundle_holds_the_events_in_their_order() -> None:
    bundle = Bundle.model_validate(audit_bundle([RECORD, RECORD | {"seq": 8}]))
    assert [entry.resource.id for entry in bundle.entry] == ["audit-7", "audit-8"]
    assert Bundle.model_validate(audit_bundle([])).entry is None
