"""Drafts over HTTP: their shape, and questions that can't be drafted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casekin.api.schemas.draft import DraftShape

pytestmark = pytest.mark.xdist_group("archive")


def test_a_draft_has_the_shape_of_its_description(client: TestClient, film: Path) -> None:
    reply = client.post("/v1/drafts", files={"image": (film.name, film.read_bytes())})
    assert reply.status_code == 200, reply.text
    draft = DraftShape.model_validate_json(reply.text)
    assert draft.query.image == film.name
    assert draft.sentences or draft.verdict != "answered"


def test_a_draft_from_the_patients_own_cases_is_refused(client: TestClient) -> None:
    reply = client.post("/v1/drafts", json={"text": "effusion", "same_patient": "only", "patient": "x"})
    assert reply.status_code == 422
