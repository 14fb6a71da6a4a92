"""Whatever bytes arrive, the service answers: 200 or a problem document that blames the asker, never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

BOUNDARY = "b0undary"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("text", "at", "phrase", "box", "mask", "image", "where", "limit", "patient", "same_patient", "like")
QUICK = settings(max_examples=60, derandomize=True)


def blames_the_asker(client: TestClient, body: bytes, kind: str) -> None:
    """Hold one reply against the promise."""
    reply = client.post("/v1/searches", content=body, headers={"content-type": kind})
    if reply.status_code != 200:
        assert reply.status_code in (400, 413, 415, 422), reply.text
        assert reply.json()["status"] == reply.status_code


def form(fields: dict[str, tuple[str | None, bytes]]) -> bytes:
    """A well-formed multipart body: field name → file name (None for text) and content."""
    parts = []
    for name, (file, content) in fields.items():
        of_file = "" if file is None else f'; filename="{file}"'
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'
        parts.append(head.encode("utf-8", "replace") + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@QUICK
@given(question=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4))
def test_any_json_is_answered_or_refused(client: TestClient, question: dict[str, object]) -> None:
    blames_the_asker(client, json.dumps(question).encode(), "application/json")


@QUICK
@given(
    fields=st.dictionaries(
        st.sampled_from(FIELDS), st.tuples(st.none() | st.text(max_size=12), st.binary(max_size=60)), max_size=5
    )
)
def test_any_form_is_answered_or_refused(client: TestClient, fields: dict[str, tuple[str | None, bytes]]) -> None:
    blames_the_asker(client, form(fields), f"multipart/form-data; boundary={BOUNDARY}")


@QUICK
@given(data=st.data())
def test_a_good_form_with_bytes_changed_or_cut_is_answered_or_refused(
    client: TestClient, data: st.DataObject, noise_png: bytes
) -> None:
    body = bytearray(
        form({"text": (None, b"effusion"), "at": (None, b"left lung"), "image": ("a.png", noise_png[:200])})
    )
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    blames_the_asker(client, bytes(body[:cut]), f"multipart/form-data; boundary={BOUNDARY}")


@pytest.mark.parametrize("address", ["/", "/history", "/v1/cases", "/nowhere"])
def test_a_query_of_raw_bytes_is_refused_and_never_a_failure(client: TestClient, address: str) -> None:
    """The client would encode it: the application is asked as a lenient server asks it."""
    sent: list[Any] = []

    async def ask() -> None:
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": address,
            "raw_path": address.encode(), "query_string": b"x=\xc1", "root_path": "", "state": {},
            "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
            "client": ("127.0.0.1", 9), "server": ("localhost", 80),
        }  # fmt: skip

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await client.app(scope, receive, send)

    assert client.portal is not None
    client.portal.call(ask)
    assert sent[0]["status"] == 400
