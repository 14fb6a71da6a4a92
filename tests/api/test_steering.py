"""Steering over HTTP: the fields of the command line, recipes as JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from casekin.api.schemas.search import SearchAnswerShape

QUESTION = {"text": "nodule", "at": ["left lower lobe"], "with": ["nodule at left lower lobe"], "board": 20}


def asked(client: TestClient, **fields: Any) -> dict[str, Any]:
    reply = client.post("/v1/searches", json=fields)
    assert reply.status_code == 200, reply.text
    answer = reply.json()
    del answer["took_ms"]
    assert isinstance(answer, dict)
    return answer


def test_a_steered_answer_has_the_shape_of_its_description(client: TestClient) -> None:
    reply = client.post("/v1/searches", json={**QUESTION, "counter": 2, "follow_up": 20})
    SearchAnswerShape.model_validate(reply.json())
    assert reply.json()["query"]["with"] == ["nodule at left_lower_lobe"]


def test_a_recipe_comes_back_as_json_or_in_a_form(client: TestClient, film: Path) -> None:
    answer = asked(client, **QUESTION)
    assert asked(client, recipe=answer["recipe"]) == answer
    files = {"image": (film.name, film.read_bytes())}
    first = client.post("/v1/searches", files=files, data={"at": "left lung", "limit": "2"}).json()
    again = client.post("/v1/searches", files=files, data={"recipe": json.dumps(first["recipe"])}).json()
    assert again["hits"] == first["hits"]


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"recipe": {}}, 422, "recipe"),
        ({"recipe": "no JSON"}, 422, "recipe"),
        ({"recipe": "[" * 100_000}, 422, "recipe"),
        ({"recipe": {"recipe": 1}, "limit": 3}, 422, "limit beside it"),
        ({"text": "x", "with": ["nodul"]}, 422, "--with"),
        ({"text": "x", "with_": ["nodule"]}, 422, "with_"),
        ({"text": "x", "text_weight": 2}, 422, "text_weight"),
        ({"text": "x", "board": -1}, 422, "board"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_can_t_be_asked_is_refused(client: TestClient, fields: dict[str, Any], status: int, told: str) -> None:
    reply = client.post("/v1/searches", json=fields)
    assert reply.status_code == status
    assert told in reply.json()["detail"]


def test_a_recipe_of_another_index_is_refused_and_asked_anyway(client: TestClient) -> None:
    recipe = {**asked(client, **QUESTION)["recipe"], "index_version": "0.0"}
    assert client.post("/v1/searches", json={"recipe": recipe}).status_code == 422
    assert asked(client, recipe=recipe, anyway=True)["hits"]
