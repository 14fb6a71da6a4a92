"""The hub is asked for one commit: a server on this machine answers as the hub does, and a cache answers without it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import huggingface_hub
import huggingface_hub.constants
import pytest

from casekin.errors import ModelError
from casekin.models.adapters import load_backbone
from made_http import http_server

from .published import rad_dino

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """The part of the hub that fetching a public or gated model at a commit needs."""

    def __init__(self, *given: object, folder: Path, asked: list[str], gated: bool) -> None:
        self.folder, self.asked, self.gated = folder, asked, gated
        super().__init__(*given)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        self.asked.append(self.path)
        if self.path.startswith(f"/microsoft/rad-dino/resolve/{COMMIT}/"):
            if self.gated:
                self.send_response(403)
                self.send_header("X-Error-Code", "GatedRepo")
                self.send_header("X-Error-Message", "Access to this model is restricted")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = (self.folder / self.path.rsplit("/", 1)[1]).read_bytes()
        elif "/api/models/microsoft/rad-dino/" in self.path and COMMIT in self.path:
            files = sorted(path.name for path in self.folder.iterdir())
            listed = [{"type": "file", "path": n, "size": 1, "oid": "0" * 40} for n in files]
            info = {"id": "microsoft/rad-dino", "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
            content = json.dumps(listed if "/tree/" in self.path else info).encode()
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json" if "/api/" in self.path else "application/octet-stream")
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *given: object) -> None:
        """Say nothing."""


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch, *, gated: bool) -> Iterator[list[str]]:
    asked: list[str] = []
    with http_server(partial(Hub, folder=folder, asked=asked, gated=gated)) as address:
        for name in ("ENDPOINT", "_HF_DEFAULT_ENDPOINT"):
            monkeypatch.setattr(huggingface_hub.constants, name, address)
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        for name in ("HF_HUB_DISABLE_XET", "HF_HUB_DISABLE_PROGRESS_BARS"):
            monkeypatch.setattr(huggingface_hub.constants, name, True)
        yield asked


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub's client."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub._snapshot_download.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub that has RAD-DINO and a file nobody needs; the addresses it was asked for."""
    folder = rad_dino(tmp_path / "served")
    (folder / "dino_head.safetensors").write_bytes(b"large")
    (folder / "training_images.csv").write_bytes(b"large")
    yield from serve(folder, monkeypatch, gated=False)


@pytest.fixture
def gated_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub that has it and gives nothing."""
    yield from serve(rad_dino(tmp_path / "served"), monkeypatch, gated=True)


def test_a_model_is_fetched_at_its_commit_and_then_comes_from_the_cache(
    hub: list[str], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone = load_backbone("microsoft/rad-dino", revision=COMMIT, allow_hub=True)
    assert (backbone.card.source, backbone.card.revision) == ("microsoft/rad-dino", COMMIT)
    assert (backbone.card.name, backbone.card.licence) == ("rad-dino", "mit")
    here = (tmp_path / "served" / "model.safetensors").read_bytes()
    assert backbone.card.files == {"model.safetensors": hashlib.sha256(here).hexdigest()}
    assert not [path for path in hub if "dino_head" in path or ".csv" in path]
    hub.clear()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert load_backbone("microsoft/rad-dino", revision=COMMIT, allow_hub=True).version == backbone.version
    assert hub == []


def test_a_gated_model_says_what_to_accept(gated_hub: list[str], cache: Path) -> None:
    with pytest.raises(ModelError, match="accept its terms"):
        load_backbone("microsoft/rad-dino", revision=COMMIT, allow_hub=True)


def test_a_model_that_the_hub_has_not_is_refused(hub: list[str], cache: Path) -> None:
    with pytest.raises(ModelError, match="can't be fetched"):
        load_backbone("microsoft/other", revision=COMMIT, allow_hub=True)


def test_a_cache_in_the_published_layout_needs_no_hub(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rad_dino(cache / "models--microsoft--rad-dino" / "snapshots" / COMMIT)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    expected = load_backbone(rad_dino(tmp_path / "rad-dino")).version
    assert load_backbone("microsoft/rad-dino", revision=COMMIT, allow_hub=True).version == expected
