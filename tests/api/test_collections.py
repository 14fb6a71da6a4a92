"""Collections over REST: whose they are, who may share, what leaves the house."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from casekin.api.schemas.collections import AttemptShape, CollectionListShape, FullCollectionShape, QuizShape
from casekin.site.audit import AuditFilter, AuditLog
from made_service import CASES, MadeSite


@pytest.fixture(scope="module")
def people(site: MadeSite) -> dict[str, TestClient]:
    """A reader, another, and a curator."""
    return {"ann": site.client("ann"), "bob": site.client("bob"), "cora": site.client("cora", "curator")}


def made(client: TestClient, **fields: Any) -> str:
    """A new collection's id."""
    reply = client.post("/v1/collections", json={"title": "Chest", **fields})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["collection_id"])


def test_a_private_collection_is_nowhere_for_others_and_a_reader_cannot_share(people: dict[str, TestClient]) -> None:
    home = made(people["ann"])
    others = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/export"), ("GET", "/quiz")]
    for method, rest in others:
        reply = people["bob"].request(method, f"/v1/collections/{home}{rest}", json={"note": "x"})
        assert reply.status_code == 404, (method, rest)
    assert home not in people["bob"].get("/v1/collections").text
    assert people["ann"].patch(f"/v1/collections/{home}", json={"shared": True}).status_code == 403
    assert people["ann"].post("/v1/collections", json={"title": "x", "shared": True}).status_code == 403
    assert people["cora"].get(f"/v1/collections/{home}").status_code == 404


def test_what_a_curator_shares_all_may_see_and_only_curators_change(people: dict[str, TestClient]) -> None:
    home = made(people["cora"], shared=True, note="for all")
    listed = people["bob"].get("/v1/collections").json()
    CollectionListShape.model_validate(listed)
    assert [one["note"] for one in listed["collections"] if one["collection_id"] == home] == ["for all"]
    assert people["bob"].patch(f"/v1/collections/{home}", json={"title": "mine"}).status_code == 403
    assert people["bob"].delete(f"/v1/collections/{home}").status_code == 403
    assert people["cora"].delete(f"/v1/collections/{home}").status_code == 204
    assert people["cora"].get(f"/v1/collections/{home}").status_code == 404


def test_entries_are_added_changed_ordered_and_taken_out(people: dict[str, TestClient], site: MadeSite) -> None:
    ann, home = people["ann"], made(people["ann"])
    address = f"/v1/collections/{home}"
    first, second = (
        ann.post(f"{address}/entries", json={"case_id": case_id, "place": "left lung", "box": [1, 2, 30, 40]}).json()
        for case_id in CASES[:2]
    )
    assert (first["position"], second["position"], first["box"]) == (0, 1, [1.0, 2.0, 30.0, 40.0])
    changed = ann.put(f"{address}/entries/{first['entry_id']}", json={"case_id": CASES[0], "note": "look"}).json()
    assert (changed["note"], changed["place"]) == ("look", None)
    order = [second["entry_id"], first["entry_id"]]
    full = ann.put(f"{address}/order", json={"entries": order}).json()
    FullCollectionShape.model_validate(full)
    assert [entry["entry_id"] for entry in full["entries"]] == order
    assert ann.put(f"{address}/order", json={"entries": order[:1]}).status_code == 422
    assert ann.delete(f"{address}/entries/{order[0]}").status_code == 204
    assert ann.delete(f"{address}/entries/{order[0]}").status_code == 404
    assert [entry["position"] for entry in ann.get(address).json()["entries"]] == [0]
    told = AuditLog(site.tenant.books).records(AuditFilter(subject="ann", event="collect"))
    assert [record.objects for record in told if record.objects] == [(CASES[0],), (CASES[1],), (CASES[0],)]
    assert [record.route for record in told[-2:]] == ["/v1/collections/{collection_id}/entries/{entry_id}"] * 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"case_id": "nobody"}, 404),
        ({"case_id": CASES[0], "image": 5}, 404),
        ({"case_id": CASES[0], "place": "left knee of hope"}, 422),
        ({"case_id": CASES[0], "box": [5, 5, 5, 9]}, 422),
        ({"case_id": CASES[0], "unknown": 1}, 422),
        ({"case_id": CASES[0], "note": "SECRET" * 1000}, 422),
    ],
)
def test_entries_that_do_not_fit_are_refused_and_not_repeated(
    fields: dict[str, Any], status: int, people: dict[str, TestClient]
) -> None:
    reply = people["ann"].post(f"/v1/collections/{made(people['ann'])}/entries", json=fields)
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
    assert "SECRET" not in reply.text


def test_the_quiz_shows_no_answer_before_one_was_given(people: dict[str, TestClient]) -> None:
    home = made(people["cora"], shared=True)
    address = f"/v1/collections/{home}"
    for case_id, answer in ((CASES[2], "pneumothorax"), (CASES[4], "nodule"), (CASES[5], None)):
        fields = {"case_id": case_id, "answer": answer, "note": f"because of {answer}"}
        assert people["cora"].post(f"{address}/entries", json=fields).status_code == 201
    asked = people["bob"].get(f"{address}/quiz")
    QuizShape.model_validate(asked.json())
    assert "pneumothorax" not in asked.text
    assert "because" not in asked.text
    questions = asked.json()["questions"]
    assert [one["case_id"] for one in questions] == [CASES[2], CASES[4]]
    tried = people["bob"].post(f"{address}/quiz/{questions[0]['entry_id']}", json={"answer": "PTX"}).json()
    AttemptShape.model_validate(tried)
    assert (tried["right"], tried["answer"], tried["note"]) == (True, "pneumothorax", "because of pneumothorax")
    assert tried["score"] == {"questions": 2, "answered": 1, "right": 1}
    assert people["bob"].post(f"{address}/quiz/none", json={"answer": "PTX"}).status_code == 404


def test_an_export_is_the_collection_or_one_page_that_needs_nothing_else(people: dict[str, TestClient]) -> None:
    ann, home = people["ann"], made(people["ann"], note="<script>alert(1)</script>")
    address = f"/v1/collections/{home}"
    ann.post(f"{address}/entries", json={"case_id": CASES[0], "box": [8, 9, 20, 30], "answer": "consolidation"})
    assert ann.get(f"{address}/export").json() == ann.get(address).json()
    page = ann.get(f"{address}/export?form=html")
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="data:image/jpeg;base64,' in page.text
    assert '<rect x="8.0" y="9.0" width="12.0" height="21.0"' in page.text
    assert page.text.index("<details>") < page.text.index("consolidation")
    assert "<script>" not in page.text
    assert "http" not in page.text.replace("http-equiv", "")


def test_bodies_of_another_type_or_size_are_refused(people: dict[str, TestClient]) -> None:
    ann = people["ann"]
    assert ann.post("/v1/collections", data={"title": "x"}).status_code == 415
    assert ann.post("/v1/collections", json={"title": "x", "note": "y" * 2_000_000}).status_code == 413
    entries = f"/v1/collections/{made(ann)}/entries"
    start = b'{"case_id": "case-0", '
    for body in (
        b"[",
        start + b'"box": [1, 1, 1e999, 9]}',
        start + b'"note": "\\ud800"}',
        start + b'"box": [NaN, 1, 2, 3]}',
    ):
        reply = ann.post(entries, content=body, headers={"content-type": "application/json"})
        assert reply.status_code == 422, body
