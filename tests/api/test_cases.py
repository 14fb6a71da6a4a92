"""Cases by list and look-up, a stored case as the question, and cards."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from casekin.api.schemas.case import CaseListShape, ExamsShape
from casekin.api.schemas.search import CardsShape, SearchAnswerShape
from made_service import CASES, MadeSite


@pytest.fixture(scope="module")
def reader(site: MadeSite) -> TestClient:
    return site.client("reader of cases")


def test_cases_are_listed_page_by_page(reader: TestClient) -> None:
    first = reader.get("/v1/cases", params={"limit": 4}).json()
    CaseListShape.model_validate(first)
    rest = reader.get("/v1/cases", params={"limit": 4, "after": first["after"]}).json()
    assert [case["case_id"] for case in first["cases"] + rest["cases"]] == list(CASES)
    assert (first["total"], rest["after"]) == (len(CASES), None)
    effusion = reader.get("/v1/cases", params={"where": "pleural effusion"}).json()["cases"]
    assert [(case["case_id"], case["findings"]) for case in effusion] == [("case-1", ["pleural_effusion"])]


def test_a_look_up_in_a_body_lists_what_the_address_would(reader: TestClient) -> None:
    by_address = reader.get("/v1/cases", params={"patient": "p3"})
    by_body = reader.post("/v1/cases/lookups", json={"patient": "p3"})
    assert by_body.text == by_address.text
    assert [case["case_id"] for case in by_body.json()["cases"]] == ["case-3"]
    assert reader.post("/v1/cases/lookups", json={"name": "Doe"}).status_code == 422
    assert reader.get("/v1/cases", params={"limit": 0}).status_code == 422


def test_exams_of_a_case_are_its_patients(reader: TestClient) -> None:
    reply = reader.get("/v1/cases/case-2/exams")
    ExamsShape.model_validate_json(reply.text)
    assert [exam["case_id"] for exam in reply.json()["exams"]] == ["case-2"]
    assert reader.get("/v1/cases/nobody/exams").status_code == 404


def test_a_stored_case_asks_with_its_pixels_and_its_patient_is_left_out(reader: TestClient) -> None:
    asked = {"case": "case-0", "at": ["left lower lobe"]}
    answer = reader.post("/v1/searches", json=asked).json()
    SearchAnswerShape.model_validate(answer)
    assert answer["query"]["matched_cases"] == ["case-0"]
    assert sorted(hit["case_id"] for hit in answer["hits"]) == list(CASES[1:])
    assert answer["recipe"]["image"] == {"case_id": "case-0", "image": 0}
    again = reader.post("/v1/searches", json={"recipe": answer["recipe"]}).json()
    assert {**again, "took_ms": 0} == {**answer, "took_ms": 0}
    parts = [(name, (None, value)) for name, value in (("case", "case-0"), ("image", "0"), ("at", "left lower lobe"))]
    form = reader.post("/v1/searches", files=parts).json()
    assert {**form, "took_ms": 0} == {**answer, "took_ms": 0}
    assert reader.post("/v1/searches", json={**asked, "image": 1}).status_code == 422


def test_cards_hold_the_answers_hits_with_pairs_and_maps(reader: TestClient) -> None:
    question = {"case": "case-0", "at": ["left lower lobe"], "limit": 2}
    answer = reader.post("/v1/searches", json=question).json()
    cards = reader.post("/v1/searches/cards", json=question)
    CardsShape.model_validate_json(cards.text)
    for card, hit in zip(cards.json()["hits"], answer["hits"], strict=True):
        assert {name: card[name] for name in hit} == hit
        assert card["pairs"][0]["query_region"]["anatomy"]
