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


@pytest.fixture(scope="session")
def client(small_index: Path) -> Iterator[TestClient]:
    """A client of the service; tests that use it share the archive's `xdist_group`."""
    with TestClient(create_app(small_index), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def small_client(small_index: Path) -> Iterator[TestClient]:
    """The same service with an upload cap of 100 000 bytes."""
    with TestClient(create_app(small_index, max_upload_bytes=100_000), base_url="http://localhost") as client:
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
