"""Votes over REST, and the judgements that curators take along."""

from __future__ import annotations

import json

from casekin.api.schemas.recipes import VotesShape
from made_service import MadeSite


def test_votes_of_readers_become_judged_pairs(site: MadeSite) -> None:
    ann, bob, cora = site.client("fay"), site.client("fred"), site.client("frida", "curator")
    answer = ann.post("/v1/searches", json={"text": "pleural effusion"}).json()
    best, other = (hit["case_id"] for hit in answer["hits"][:2])
    for client, case_id, helpful in ((ann, best, True), (bob, best, True), (ann, other, False)):
        reply = client.post("/v1/feedback", json={"recipe": answer["recipe"], "case_id": case_id, "helpful": helpful})
        VotesShape.model_validate(reply.json())
    assert reply.json()["votes"] == {best: True, other: False}
    taken = cora.get("/v1/feedback/judgements")
    assert taken.headers["content-type"].startswith("application/jsonl")
    rows = [json.loads(line) for line in taken.text.splitlines()]
    assert {row["case_id"]: (row["grade"], row["helpful"], row["not_helpful"]) for row in rows} == {
        best: (1, 2, 0),
        other: (0, 0, 1),
    }
    assert all(row["recipe"]["question"]["text"] == "pleural effusion" for row in rows)
    back = ann.post("/v1/feedback", json={"recipe": answer["recipe"], "case_id": other, "helpful": None})
    assert back.json()["votes"] == {best: True}


def test_votes_that_lead_nowhere_are_refused(site: MadeSite) -> None:
    ann = site.client("fay")
    recipe = ann.post("/v1/searches", json={"text": "nodule"}).json()["recipe"]
    for fields, status in (
        ({"recipe": recipe, "case_id": "nobody", "helpful": True}, 404),
        ({"recipe": {}, "case_id": "case-0", "helpful": True}, 422),
        ({"recipe": recipe, "case_id": "case-0"}, 422),
    ):
        assert ann.post("/v1/feedback", json=fields).status_code == status
    assert ann.get("/v1/feedback/judgements").status_code == 403
