"""A site that receives, with an empty index."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekin.journeys.receive import Site, open_site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path / "index", burned_in="keep")
