"""Capacity on paper: the page shows what the script computes, and the script computes what a pencil does."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RATE = {
    "ingest_cpu_ms_per_image": 60.0,
    "decode_encode_cpu_ms_per_image": 40.0,
    "bytes_per_image": 50_000,
    "bytes_by_part": {"vectors": 3_200},
    "regions_per_image": 32.0,
    "films": {
        "plain_read_cpu_ms": 100.0,
        "jpeg2000_read_cpu_ms": 900.0,
        "encode_cpu_ms": 80.0,
        "plain_bytes": 10_000_000,
        "jpeg2000_bytes": 4_000_000,
    },
    "plan": {"find_cpu_ms_per_case": 0.5, "screen_cpu_ms_per_case": 0.5},
    "shard": {"read_cpu_ms_per_case": 1.0},
    "writer": {"store_cpu_ms_per_case": 2.32},
}


@pytest.fixture(scope="module")
def capacity() -> ModuleType:
    spec = importlib.util.spec_from_file_location("capacity", ROOT / "tools" / "capacity.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["capacity"] = module
    spec.loader.exec_module(module)
    return module


def test_needs_are_what_a_pencil_gives(capacity: ModuleType) -> None:
    given = capacity.Assumptions(
        images_per_study=2, jpeg2000_share=0.5, core_hour=0.1, disk_gb_month=0.01, memory_gb_month=2, cores_per_node=10,
        memory_gb_per_node=1, days=10, source_mb_per_s=100, memory_gb_per_s=20,
    )  # fmt: skip
    found = capacity.needs(9_000_000, RATE, given)
    expected: dict[str, Any] = {
        "read_core_hours": 18e6 * 0.5 / 3600,
        "encode_core_hours": 18e6 * 0.1 / 3600,
        "core_hours": 3000,
        "nodes": 3000 / 2400,
        "ingest_cost": 300,
        "source_tb": 126,
        "source_days": 126e6 / 100 / 86400,
        "driver_days": 0.45,
        "disk_gb": 900,
        "disk_cost_month": 9,
        "vectors_gb": 57.6,
        "codes_gb": 3.6,
        "memory_cost_month": 7.2,
        "search_nodes": 4.8,
        "region_scan_ms": 90,
        "code_scan_ms": 5.625,
    }
    assert found == pytest.approx(expected)
    assert {key for _, key in capacity.LINES} <= set(found)


def test_the_page_shows_the_tables_that_the_script_prints(capacity: ModuleType) -> None:
    rate = json.loads((ROOT / "benchmarks" / "results" / "ingest_rate.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    assert capacity.needs_table(rate, capacity.Assumptions()) in page, "run tools/capacity.py"
    assert capacity.assumptions_table(capacity.Assumptions()) in page, "run tools/capacity.py"
