"""Drafts over HTTP: their shape, and questions that can't be drafted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casekin.api.schemas.draft import DraftShape
from casekin.cli import run


def test_a_draft_has_the_shape_of_its_description(client: TestClient, film: Path) -> None:
    reply = client.post("/v1/drafts", files={"image": (film.name, film.read_bytes())})
    assert reply.status_code == 200, reply.text
    draft = DraftShape.model_validate_json(reply.text)
    assert draft.query.image == film.name
    assert draft.sentences or draft.verdict != "answered"


def test_a_draft_from_the_patients_own_cases_is_refused(client: TestClient) -> None:
    reply = client.post("/v1/drafts", json={"text": "effusion", "same_patient": "only", "patient": "x"})
    assert reply.status_code == 422


def test_a_draft_comes_in_the_form_that_is_asked_for(
    client: TestClient, small_index: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = {"image": (film.name, film.read_bytes())}
    page = client.post("/v1/drafts", files=image, headers={"accept": "text/html,*/*"})
    assert page.headers["content-type"].startswith("text/html") and "<html" in page.text
    assert "script" not in page.headers["content-security-policy"]
    assert run(["draft", str(film), "--index", str(small_index)]) == 0
    text = client.post("/v1/drafts?form=text", files=image, headers={"accept": "text/html"})
    assert text.text == capsys.readouterr().out
    fhir = client.post("/v1/drafts", files=image, headers={"accept": "application/fhir+json"})
    if fhir.status_code == 200:
        assert fhir.json()["resourceType"] == "DiagnosticReport"
    else:
        assert "expected sentences" in fhir.json()["detail"]
    assert client.post("/v1/drafts?form=pdf", files=image).status_code == 422
