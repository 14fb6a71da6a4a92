"""History and recipes over REST: one's own steps, and links that others of the tenant may open."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from casekin.api.schemas.recipes import HistoryShape, LinkShape
from made_service import MadeSite


def asked(client: TestClient, **fields: Any) -> dict[str, Any]:
    """The answer to a question."""
    reply = client.post("/v1/searches", json=fields)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def test_every_search_is_a_step_that_its_asker_can_undo_and_repeat(site: MadeSite) -> None:
    ann, bob = site.client("hal"), site.client("hugo")
    first, second = (asked(ann, text=text) for text in ("pleural effusion", "nodule"))
    steps = ann.get("/v1/history").json()
    HistoryShape.model_validate(steps)
    assert [step["recipe"] for step in steps["steps"]] == [second["recipe"], first["recipe"]]
    assert [step["verdict"] for step in steps["steps"]] == [second["verdict"], first["verdict"]]
    assert bob.get("/v1/history").json() == {"steps": []}
    undone = ann.post("/v1/history/undo").json()["step"]
    again = asked(ann, recipe=undone["recipe"])
    assert [hit["case_id"] for hit in again["hits"]] == [hit["case_id"] for hit in first["hits"]]
    assert len(ann.get("/v1/history").json()["steps"]) == 1
    assert ann.post("/v1/history/undo").json() == {"step": None}
    asked(ann, text="nodule")
    assert ann.delete("/v1/history").status_code == 204
    assert ann.get("/v1/history").json() == {"steps": []}


def test_a_question_that_fails_is_no_step(site: MadeSite) -> None:
    carl = site.client("carl")
    assert carl.post("/v1/searches", json={"text": "nodule", "where": "age >"}).status_code == 422
    assert carl.get("/v1/history").json() == {"steps": []}


def test_a_link_opens_its_recipe_for_the_tenant(site: MadeSite) -> None:
    ann, bob = site.client("hal"), site.client("hugo")
    recipe = asked(ann, text="cardiomegaly")["recipe"]
    reply = ann.post("/v1/recipes", json={"recipe": recipe})
    assert reply.status_code == 201
    LinkShape.model_validate(reply.json())
    opened = bob.get(f"/v1/recipes/{reply.json()['link_id']}")
    assert opened.json()["recipe"] == recipe
    assert bob.get("/v1/recipes/nothing").status_code == 404
    assert ann.post("/v1/recipes", json={"recipe": {"text": "x"}}).status_code == 422
    assert ann.post("/v1/recipes", json={"recipe": recipe, "days": 0}).status_code == 422
