"""The drawn chest, located once."""

from __future__ import annotations

import pytest

from casekin.models.ct import EncodedCT, LocatedCT, encode_ct, locate_ct
from made_ct import Phantom, draw_chest


@pytest.fixture(scope="session")
def chest() -> Phantom:
    return draw_chest()


@pytest.fixture(scope="session")
def located(chest: Phantom) -> LocatedCT:
    return locate_ct(chest.image)


@pytest.fixture(scope="session")
def sick_chest() -> Phantom:
    return draw_chest(dense_right_base=True)


@pytest.fixture(scope="session")
def encoded(sick_chest: Phantom) -> EncodedCT:
    return encode_ct(sick_chest.image)
