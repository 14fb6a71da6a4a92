"""Every published format, written once, and views of several shapes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.models.adapters import load_backbone
from casekin.models.adapters.network import NetworkBackbone

from .published import PUBLISHED


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Path of each published model by its short name; read only."""
    base = tmp_path_factory.mktemp("published")
    return {name: write(base / name) for name, write in PUBLISHED.items()}


@pytest.fixture(scope="session")
def backbones(written: dict[str, Path]) -> dict[str, NetworkBackbone]:
    """Each of them, loaded."""
    return {name: load_backbone(path) for name, path in written.items()}


@pytest.fixture(scope="session")
def views() -> list[NDArray[np.float64]]:
    """Four smooth views: upright, lying, square, small."""
    made = []
    for number, (height, width) in enumerate([(90, 70), (64, 100), (80, 80), (20, 24)]):
        y, x = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
        made.append(0.5 + 0.4 * np.sin(5 * y + number) * np.cos(4 * x - number))
    return made
