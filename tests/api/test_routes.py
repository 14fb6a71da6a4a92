"""The routes answer as the command line does, and their description fits what they send."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from casekin.api.schemas.case import CaseShape
from casekin.api.schemas.search import SearchAnswerShape
from casekin.api.schemas.state import HealthShape, InfoShape
from casekin.cli import run
from casekin.imaging import read_image

QUESTIONS: dict[str, dict[str, Any]] = {
    "image": {"image": True},
    "place": {"image": True, "at": "left lower lobe"},
    "places": {"image": True, "at": ["right lung", "cardiac silhouette"], "limit": "3"},
    "box": {"image": True, "box": "60,150,200,330"},
    "mask": {"image": True, "mask": True},
    "text": {"text": "left pleural effusion"},
    "phrase": {"image": True, "phrase": "right basal effusion"},
    "both": {"image": True, "text": "cardiomegaly", "where": "age > 40"},
    "nothing": {"image": True, "where": "age > 149"},
    "own": {"image": True, "same_patient": "only"},
}


def without_clock(answer: str) -> str:
    """The document without the one value that may differ between two runs."""
    return re.sub(r'"took_ms": [0-9.]+', '"took_ms": 0', answer)


def mask_of(film: Path, folder: Path) -> Path:
    """A mask of the film's size whose lower left quarter is white."""
    rows, columns = read_image(film).pixels.shape
    picture = Image.new("L", (columns, rows))
    picture.paste(255, (0, rows // 2, columns // 2, rows))
    path = folder / "mask.png"
    picture.save(path)
    return path


def ask_by_form(client: TestClient, question: dict[str, Any], film: Path, mask: Path) -> str:
    """The reply to the question as a multipart form."""
    paths = {name: path for name, path in (("image", film), ("mask", mask)) if question.get(name)}
    fields = {name: value for name, value in question.items() if name not in paths}
    parts = [(name, (path.name, path.read_bytes())) for name, path in paths.items()]
    forced = [("text", (None, ""))]  # a form without a file would be sent as another content type
    reply = client.post("/v1/searches", data=fields, files=[*parts, *(forced if not parts else [])])
    assert reply.status_code == 200, reply.text
    return reply.text


def ask_by_command(index: Path, question: dict[str, Any], film: Path, mask: Path, capsys: Any) -> str:
    """What the command line prints for the same question."""
    argv = ["search", "--index", str(index), "--json"]
    for name, value in question.items():
        if name == "image":
            argv.append(str(film))
            continue
        for one in value if isinstance(value, list) else [value]:
            argv += ["--" + name.replace("_", "-"), str(mask) if name == "mask" else str(one)]
    assert run(argv) == 0
    return str(capsys.readouterr().out)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_search_gives_the_bytes_that_the_command_line_prints(
    name: str, client: TestClient, small_index: Path, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask, question = mask_of(film, tmp_path), QUESTIONS[name]
    answer = ask_by_form(client, question, film, mask)
    assert without_clock(answer) == without_clock(ask_by_command(small_index, question, film, mask, capsys))
    SearchAnswerShape.model_validate_json(answer)


def test_json_and_form_ask_the_same_question(client: TestClient) -> None:
    fields = {"text": "pleural effusion", "at": ["left lung"], "where": "age > 20", "limit": 4}
    by_json = client.post("/v1/searches", json=fields)
    by_form = client.post("/v1/searches", data={**fields, "limit": "4"}, files=[("patient", (None, ""))])
    assert without_clock(by_json.text) == without_clock(by_form.text)
    assert by_json.json()["query"]["limit"] == 4


def test_an_image_is_echoed_by_its_base_name_and_never_finds_itself(
    client: TestClient, film: Path, rows: list[dict[str, Any]]
) -> None:
    reply = client.post("/v1/searches", files={"image": ("..\\..\\/etc/\u202efilm.dcm", film.read_bytes())})
    answer = reply.json()
    assert answer["query"]["image"] == "film.dcm"
    assert answer["query"]["matched_cases"] == [rows[0]["case_id"]]
    assert rows[0]["case_id"] not in [hit["case_id"] for hit in answer["hits"]]


def test_a_case_holds_its_report_and_the_facts_in_it(client: TestClient, rows: list[dict[str, Any]]) -> None:
    with_report = next(row for row in rows if row.get("report"))
    record = client.get(f"/v1/cases/{quote(with_report['case_id'])}").json()
    CaseShape.model_validate(record)
    assert record["report"] == with_report["report"]
    assert record["images"]
    for fact in record["facts"]:
        start, end = fact["span"]
        assert 0 <= start < end <= len(record["report"])


def test_a_preview_is_the_stored_jpeg_of_the_image_asked_for(client: TestClient, rows: list[dict[str, Any]]) -> None:
    address = f"/v1/cases/{quote(rows[0]['case_id'])}/preview"
    reply = client.get(address)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(reply.content)).format == "JPEG"
    assert client.get(f"{address}?image=99").status_code == 404
    assert client.get(f"{address}?image=-1").status_code == 422
    assert client.get(f"{address}?image={2**70}").status_code in (404, 422)


def test_info_is_what_the_command_line_prints(
    client: TestClient, client_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["info", str(client_index), "--json"]) == 0
    reply = client.get("/v1/info")
    assert reply.text == capsys.readouterr().out
    InfoShape.model_validate_json(reply.text)


def test_health_answers(client: TestClient) -> None:
    HealthShape.model_validate(client.get("/v1/health").json())


def test_the_description_names_every_route_and_both_forms_of_a_question(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    body = described["paths"]["/v1/searches"]["post"]["requestBody"]["content"]
    fields = set(body["application/json"]["schema"]["properties"])
    assert fields == {
        "text", "at", "phrase", "box", "where", "with", "without", "limit", "patient", "same_patient", "combine",
        "like", "unlike", "text_weight", "facts_weight", "relax", "counter", "board", "follow_up", "recipe", "anyway",
        "upload", "case", "image",
    }  # fmt: skip
    assert set(body["multipart/form-data"]["schema"]["properties"]) == fields | {"mask"}
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert named <= set(described["components"]["schemas"])
    for methods in described["paths"].values():
        for route in methods.values():
            assert route["summary"]
            failures = [reply for status, reply in route["responses"].items() if status[0] != "2"]
            told = {"application/problem+json"}
            if route["tags"] == ["dicomweb"]:
                told |= {"application/dicom+json", "application/dicom+xml"}
            assert all(told.issuperset(reply["content"]) for reply in failures)


def test_the_documentation_lists_every_route(client: TestClient) -> None:
    folder = Path(__file__).parents[2] / "docs" / "concepts"
    page = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md")))
    for address, methods in client.get("/openapi.json").json()["paths"].items():
        assert all(f"`{method.upper()} {address}`" in page for method in methods), address
