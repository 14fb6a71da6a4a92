"""The service over the small simulated archive, asked in the same process."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from casekin.api import create_app
from made_service import MadeSite, made_site
from made_sites import copied_index


@pytest.fixture(scope="session")
def client_index(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small index, copied for this process: what its service keeps beside it nobody else writes."""
    return copied_index(small_index, tmp_path_factory.mktemp("client") / "index")


@pytest.fixture(scope="session")
def client(client_index: Path) -> Iterator[TestClient]:
    """A client of the service."""
    with TestClient(create_app(client_index), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def small_client(client_index: Path) -> Iterator[TestClient]:
    """The same service with an upload cap of 100 000 bytes."""
    with TestClient(create_app(client_index, max_upload_bytes=100_000), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def noise_png() -> bytes:
    """A small picture of a patient that no archive knows."""
    pixels = np.random.default_rng(7).integers(0, 255, (96, 80), dtype=np.uint8)
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "PNG")
    return packed.getvalue()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    """A small site to write to, a new one for each file of tests."""
    with made_site(tmp_path_factory.mktemp("site")) as made:
        yield made
