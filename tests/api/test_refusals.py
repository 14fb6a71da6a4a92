"""What the service refuses, and that a refusal says why, as a problem document, without repeating what was sent."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from casekin import errors
from casekin.api import create_app
from casekin.api.archive import Archive
from casekin.api.problems import PROBLEMS, problem_of
from casekin.errors import CasekinError, IndexStoreError
from made_loops import run_apart

TRAVERSALS = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//etc/passwd",
    "/etc/passwd",
    "a\0b",
)


def problem(reply: Any, status: int) -> str:
    """The detail of a reply that must be a problem document of this status."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    record = reply.json()
    assert set(record) == {"type", "title", "status", "detail"}
    assert record["status"] == status
    assert "Traceback" not in reply.text
    return str(record["detail"])


def subclasses(kind: type[CasekinError]) -> Iterator[type[CasekinError]]:
    """A class and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def test_every_error_class_has_a_row_and_no_row_is_left_over() -> None:
    defined = {kind for kind in subclasses(CasekinError) if kind.__module__ == errors.__name__}
    assert set(PROBLEMS) == defined
    assert len({name for _, name, _ in PROBLEMS.values()}) == len(PROBLEMS)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_an_error_becomes_its_rows_problem_and_a_new_subclass_its_parents(kind: type[CasekinError]) -> None:
    below = type("Below", (kind,), {})
    assert problem_of(kind("why")) == problem_of(below("why"))
    assert problem_of(kind("why")).detail == "why"
    is_asker = issubclass(kind, errors.InputError)
    assert (400 <= problem_of(kind("why")).status < 500) == is_asker


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "x", "at": ["flurb"]}, "no known anatomy"),
        ({"text": "x", "where": "age >"}, "where"),
        ({"text": "x", "limit": 0}, "limit"),
        ({"text": "x", "limit": 10**30}, "limit"),
        ({"text": "x", "surname": "Canary"}, "surname"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": ["Canary"]}, "text"),
        ({"text": "x", "same_patient": "Canary"}, "same_patient"),
        ({"text": "x", "box": [0, 0, 10, 10]}, "image"),
        ({"text": "x", "box": "0,0,nan,10"}, "box"),
        ({"text": "x", "box": [10, 0, 5, 10]}, "box"),
        ({"text": "x", "same_patient": "only"}, "patient"),
        ({}, "image"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_by_the_name_of_its_field(
    client: TestClient, fields: dict[str, Any], words: str
) -> None:
    detail = problem(client.post("/v1/searches", json=fields), 422)
    assert words in detail
    assert "Canary" not in detail


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": "\\ud800"}', b"\xff\xfe", b"null"])
def test_a_body_that_is_no_json_object_is_refused(client: TestClient, body: bytes) -> None:
    problem(client.post("/v1/searches", content=body, headers={"content-type": "application/json"}), 422)


def test_bodies_of_other_types_or_without_form_are_refused(client: TestClient) -> None:
    problem(client.post("/v1/searches", content=b"x", headers={"content-type": "text/plain"}), 415)
    problem(client.post("/v1/searches"), 415)
    problem(client.post("/v1/searches", content=b"x", headers={"content-type": "multipart/form-data"}), 400)
    broken = {"content-type": "multipart/form-data; boundary=b"}
    problem(client.post("/v1/searches", content=b"--b\r\nnonsense", headers=broken), 400)


def test_a_field_given_twice_and_a_file_of_another_name_are_refused(client: TestClient, noise_png: bytes) -> None:
    twice = [("image", ("a.png", noise_png)), ("limit", (None, "3")), ("limit", (None, "4"))]
    assert "limit" in problem(client.post("/v1/searches", files=twice), 422)
    problem(client.post("/v1/searches", files={"report": ("a.txt", b"Canary")}), 400)
    problem(client.post("/v1/searches", files=[("image", ("a.png", noise_png)), ("image", ("b.png", noise_png))]), 400)


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"not an image", "unknown format"), (b"\x89PNG\r\n\x1a\n" + bytes(100), "damaged"), (b"PK\x03\x04", "ZIP")],
)
def test_a_file_that_is_no_image_is_refused_with_the_reason(client: TestClient, body: bytes, words: str) -> None:
    for address in ("/v1/searches", "/v1/uploads"):
        detail = problem(client.post(address, files={"image": ("Canary^Name.dcm", body)}), 422)
        assert words in detail or "decoded" in detail
        assert "Canary" not in detail


def test_an_upload_over_the_cap_is_refused_whether_or_not_it_says_its_length(small_client: TestClient) -> None:
    problem(small_client.post("/v1/searches", files={"image": ("a.png", bytes(100_001))}), 413)

    def streamed() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        for _ in range(1000):
            yield bytes(1000)
            sent.append(1000)

    sent: list[int] = []
    headers = {"content-type": "multipart/form-data; boundary=b"}
    problem(small_client.post("/v1/searches", content=streamed(), headers=headers), 413)
    problem(small_client.post("/evidence-of-nothing", content=b"x"), 404)


def test_json_and_single_fields_have_caps_of_their_own(client: TestClient) -> None:
    problem(client.post("/v1/searches", json={"text": "x" * 2_000_000}), 413)
    problem(client.post("/v1/searches", data={"text": "x" * 2_000_000}, files=[("at", (None, ""))]), 400)
    problem(client.post("/v1/searches", files=[("at", (None, "left lung"))] * 300), 400)


def test_uploads_lie_under_names_of_ours_and_are_gone_afterwards(
    client: TestClient, noise_png: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[str] = []
    search = Archive.search

    def spy(self: Archive, query: Any, **more: Any) -> Any:
        seen.extend(path.name for path in tmp_path.rglob("*") if path.is_file())
        return search(self, query, **more)

    monkeypatch.setattr(Archive, "search", spy)
    big = noise_png + bytes(2_000_000)
    assert client.post("/v1/searches", files={"image": ("../../Canary^Name.png", big)}).status_code == 200
    problem(client.post("/v1/searches", files={"image": ("Canary.png", b"broken")}), 422)
    assert seen == ["image", "image"]
    assert not list(tmp_path.iterdir())


def test_an_upload_that_breaks_off_leaves_nothing_and_is_no_error(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
    messages = [
        {"type": "http.request", "body": head + bytes(2_000_000), "more_body": True},
        {"type": "http.disconnect"},
    ]
    headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {"type": "http", "method": "POST", "path": "/v1/searches", "query_string": b"", "headers": headers}
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    with caplog.at_level(logging.WARNING):
        run_apart(client.app(scope, receive, send))  # type: ignore[arg-type]
    assert (sent, messages, caplog.text) == ([], [], "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", TRAVERSALS)
def test_addresses_that_climb_find_nothing(client: TestClient, text: str) -> None:
    quoted = text.replace("\0", "%00")
    for address in (f"/v1/cases/{quoted}", f"/v1/cases/{quoted}/preview", f"/static/{quoted}"):
        assert "root:" not in problem(client.get(address), 404)


def test_what_is_not_there_or_not_allowed_is_a_problem_document_too(client: TestClient) -> None:
    problem(client.get("/v1/nothing"), 404)
    assert client.delete("/v1/searches").headers["allow"] == "POST"
    problem(client.delete("/v1/searches"), 405)
    assert client.get("/docs").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "", "[", "127.0.0.1.nip.io"])
def test_a_request_addressed_to_another_host_is_refused(client: TestClient, host: str) -> None:
    problem(client.get("/v1/info", headers={"host": host}), 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_a_request_addressed_to_this_machine_is_let_in(client: TestClient, host: str) -> None:
    assert client.get("/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "http://["])
def test_a_page_of_another_site_cannot_ask(client: TestClient, origin: str) -> None:
    problem(client.post("/v1/searches", json={"text": "x"}, headers={"origin": origin}), 403)
    own = client.post("/v1/searches", json={"text": "x"}, headers={"origin": "http://localhost"})
    assert own.status_code == 200


@pytest.mark.parametrize("address", ["/", "/v1/health", "/v1/nothing", "/openapi.json", "/static/page.js"])
def test_every_reply_carries_a_strict_policy_and_is_not_stored_unless_it_is_a_file_of_our_own(
    client: TestClient, address: str
) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if address.startswith("/static/") else "no-store")
    assert "access-control-allow-origin" not in headers


def test_an_unforeseen_error_is_a_bare_500_and_its_text_reaches_neither_reply_nor_log(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("Canary^Name born 1950")

    monkeypatch.setattr(Archive, "search", fail)
    with caplog.at_level(logging.INFO):
        detail = problem(client.post("/v1/searches", json={"text": "effusion"}), 500)
    assert "Canary" not in detail + caplog.text
    assert "error=RuntimeError at=" in caplog.text


def test_the_log_names_routes_and_never_what_was_asked(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="casekin"):
        client.get("/v1/cases/Canary-1?image=Canary-2")
        client.post("/v1/searches", json={"text": "Canary-3", "patient": "Canary-4"})
    assert "route=/v1/cases/{case_id:path} status=404" in caplog.text
    assert "Canary" not in caplog.text


def test_an_index_of_another_model_or_no_index_is_refused_at_once(
    small_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IndexStoreError, match="casekin ingest"):
        create_app(tmp_path)
    monkeypatch.setattr("casekin.index.CaseIndex.model_version", lambda *_: "another")
    with pytest.raises(IndexStoreError, match="another"):
        create_app(small_index)


@pytest.mark.parametrize("box", [[5, 5, 1, 1], [0, 0, 1, 1, 1], ["NaN", 0, 1, 1]])
def test_a_box_without_area_is_no_region_of_an_export(client: TestClient, box: list[object]) -> None:
    asked = {"form": "region-report", "targets": [{"case_id": "x", "boxes": [box]}]}
    assert "boxes" in problem(client.post("/v1/exports", json=asked), 422)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
def test_a_body_that_would_have_to_be_unfolded_is_refused_unread(encoding: str, client: TestClient) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    assert "Content-Encoding" in problem(client.post("/v1/searches", content=b"{}", headers=headers), 415)
