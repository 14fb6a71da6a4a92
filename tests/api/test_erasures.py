"""Erasure through a running service: what is gone from disk is gone from its answers, without a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casekin.api.schemas.admin import ErasureShape
from made_service import CASES, MadeSite, made_site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    """A site that nobody else's tests need whole."""
    with made_site(tmp_path_factory.mktemp("erasing")) as made:
        yield made


def test_an_erased_case_is_in_no_answer_collection_or_history(own_site: MadeSite) -> None:
    gone, kept = CASES[0], CASES[1]
    admin, reader = own_site.client("eve", "admin"), own_site.client("ed")
    home = reader.post("/v1/collections", json={"title": "Mine"}).json()["collection_id"]
    for case_id in (gone, kept):
        reader.post(f"/v1/collections/{home}/entries", json={"case_id": case_id, "note": "SECRET" + case_id})
        answer = reader.post("/v1/searches", json={"text": "effusion", "like": [case_id]}).json()
        reader.post("/v1/feedback", json={"recipe": answer["recipe"], "case_id": gone, "helpful": True})
    assert reader.post("/v1/admin/erasures", json={"case_ids": [gone]}).status_code == 403
    reply = admin.post("/v1/admin/erasures", json={"case_ids": [gone]})
    assert reply.status_code == 200, reply.text
    ErasureShape.model_validate(reply.json())
    assert (reply.json()["cases"], reply.json()["erased"]) == ([gone], True)
    assert reader.get(f"/v1/cases/{gone}").status_code == 404
    assert reader.get("/v1/info").json()["cases"] == len(CASES) - 1
    hits = reader.post("/v1/searches", json={"text": "consolidation", "relax": False}).json()["hits"]
    assert gone not in [hit["case_id"] for hit in hits]
    assert [entry["case_id"] for entry in reader.get(f"/v1/collections/{home}").json()["entries"]] == [kept]
    assert [step["recipe"]["question"]["like"] for step in reader.get("/v1/history").json()["steps"][1:]] == [[kept]]
    assert own_site.client("carl", "curator").get("/v1/feedback/judgements").text == ""
    assert admin.post("/v1/admin/erasures", json={}).status_code == 422
    by_patient = admin.post("/v1/admin/erasures", json={"patients": ["p1"]}).json()
    assert by_patient["cases"] == [kept]
