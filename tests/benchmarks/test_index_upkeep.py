"""The benchmark of upkeep says how many lists a restore left identical, and by a copy what the rest cost."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmark() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        return importlib.import_module("index_upkeep")


def test_a_restore_leaves_every_list_as_it_was(benchmark: Any, tmp_path: Path) -> None:
    report = benchmark.measure(tmp_path, cases=70, queries=5)
    assert report["identical_lists_after_restore"] == report["queries"] == 5
    assert report["bytes_per_case"] > benchmark._TOKENS + benchmark._PREVIEW
    assert set(report["wall_over_copy"]) == set(report["seconds"])
    assert report["wall_over_copy"]["copy"] == 1.0
