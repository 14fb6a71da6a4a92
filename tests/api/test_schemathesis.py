"""Every operation asked by what the description says of it: no failure of ours, and replies as described."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from made_service import MadeSite

EXAMPLES = int(os.environ.get("CASEKIN_TEST_EXAMPLES", "4"))
LONGEST_S = 5.0
DESCRIPTION = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
SCHEMA = schemathesis.openapi.from_dict(json.loads(DESCRIPTION.read_text(encoding="utf-8")))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@schemathesis.serializer("multipart/related")
def write_parts(context: schemathesis.SerializationContext, value: Any) -> Any:
    """One DICOM part, whatever is in it."""
    return b"--b\r\nContent-Type: application/dicom\r\n\r\n" + str(value).encode() + b"\r\n--b--"


@pytest.fixture(scope="module")
def asking(site: MadeSite) -> TestClient:
    """An administrator's client, whom nothing but the request itself can be refused for."""
    return site.client("schemathesis", "admin")


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_any_request_is_answered_as_described(label: str, asking: TestClient) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        began = time.process_time()
        reply = send(asking, case)
        checks = [not_a_server_error, content_type_conformance, response_schema_conformance]
        case.validate_response(reply, checks=checks)
        assert "Traceback" not in reply.text
        assert time.process_time() - began < LONGEST_S

    ask()


def send(client: TestClient, case: schemathesis.Case) -> Response:
    """Send a made request as `requests` would have written it."""
    written = requests.Request(**case.as_transport_kwargs(base_url="http://localhost")).prepare()
    headers = dict(written.headers)
    if case.media_type == "multipart/related":
        headers["Content-Type"] = 'multipart/related; type="application/dicom"; boundary=b'
    return client.request(str(written.method), str(written.url), headers=headers, content=written.body or b"")
