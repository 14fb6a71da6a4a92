"""A small site for the client to ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from made_service import MadeSite, made_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    """A site of these tests' own."""
    with made_site(tmp_path_factory.mktemp("site")) as made:
        yield made
