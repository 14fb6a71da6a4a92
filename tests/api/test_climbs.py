"""No name that a client sends becomes a path: files lie where casekin puts them, and addresses find routes alone."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from casekin.site.books import site_folder
from made_climbs import climbs


def test_there_are_five_hundred() -> None:
    assert len(climbs()) == 500


def test_a_file_lies_where_casekin_puts_it_whatever_it_is_called(
    client: TestClient, client_index: Path, noise_png: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outside = set(client_index.parent.iterdir()), set(Path("/").iterdir())
    before = {path for path in client_index.rglob("*") if site_folder(client_index) not in path.parents}
    for climb in climbs():
        name = climb.encode("utf-8", "replace").decode().replace('"', "").replace("\r", "").replace("\n", "")
        reply = client.post("/v1/uploads", files={"image": (name or "x", noise_png)})
        assert reply.status_code in (201, 400), (climb, reply.text)
    assert {path for path in client_index.rglob("*") if site_folder(client_index) not in path.parents} == before
    assert (set(client_index.parent.iterdir()), set(Path("/").iterdir())) == outside
    assert list(tmp_path.iterdir()) == []
    kept = [path for path in (site_folder(client_index) / "uploads").rglob("*") if path.is_file()]
    assert kept and all(path.name.isalnum() or path.name == "image" for path in kept)


ADDRESSES = (
    "/v1/cases/{}",
    "/v1/uploads/{}",
    "/v1/uploads/{}/frames/0",
    "/v1/cases/{}/images/0/thumbnail",
    "/static/{}",
)


def test_an_address_that_climbs_finds_nothing(client: TestClient) -> None:
    secret = socket.gethostname()
    for number, climb in enumerate(name for name in climbs() if name not in (".", "..")):
        address = ADDRESSES[number % len(ADDRESSES)]
        reply = client.get(address.format(quote(climb.encode("utf-8", "replace"), safe="/.\\;:%")[:4000]))
        assert reply.status_code in (400, 403, 404, 405, 422), (address, climb, reply.status_code)
        assert secret not in reply.text and "Traceback" not in reply.text
