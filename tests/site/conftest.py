"""Books in a folder of their own, and a clock that a test turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekin.site.books import Books
from made_clocks import Clock


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Empty books."""
    return Books(tmp_path / "site")


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock(1_780_000_000.0)
