"""What a large archive needs, computed from measured figures: prints the tables of `docs/capacity.md`.

Every price and assumption is an option; the defaults are those of the page.

    python tools/capacity.py
    python tools/capacity.py --jpeg2000-share 0 --core-hour 0.02
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"
SIZES = {"1 million": 10**6, "10 million": 10**7, "1 billion": 10**9}
_HOUR_MS = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What nobody measured here. Prices are US dollars; rented ones of 2026 lie around these."""

    images_per_study: float = 1.5
    jpeg2000_share: float = 1.0
    core_hour: float = 0.04
    disk_gb_month: float = 0.08
    memory_gb_month: float = 2.5
    cores_per_node: int = 32
    memory_gb_per_node: int = 128
    days: float = 7.0
    source_mb_per_s: float = 1000.0
    memory_gb_per_s: float = 25.0


def needs(studies: int, rate: Mapping[str, Any], given: Assumptions) -> dict[str, float]:
    """The needs of so many studies; `rate` is what `benchmarks/ingest_rate.py` stored."""
    images = studies * given.images_per_study
    films = rate["films"]
    extra = films["jpeg2000_read_cpu_ms"] - films["plain_read_cpu_ms"]
    read_ms = films["plain_read_cpu_ms"] + given.jpeg2000_share * extra
    report_ms = rate["ingest_cpu_ms_per_image"] - rate["decode_encode_cpu_ms_per_image"]
    encode_ms = films["encode_cpu_ms"] + report_ms
    driver_ms = (
        sum(rate["plan"].values()) + rate["shard"]["read_cpu_ms_per_case"] + rate["writer"]["store_cpu_ms_per_case"]
    )
    film_bytes = films["plain_bytes"] + given.jpeg2000_share * (films["jpeg2000_bytes"] - films["plain_bytes"])
    cores = images * (read_ms + encode_ms) / _HOUR_MS
    disk_gb = images * rate["bytes_per_image"] / 1e9
    vectors_gb = images * rate["bytes_by_part"]["vectors"] / 1e9
    regions = rate["regions_per_image"]
    return {
        "read_core_hours": images * read_ms / _HOUR_MS,
        "encode_core_hours": images * encode_ms / _HOUR_MS,
        "core_hours": cores,
        "nodes": cores / (given.cores_per_node * given.days * 24),
        "ingest_cost": cores * given.core_hour,
        "source_tb": images * film_bytes / 1e12,
        "source_days": images * film_bytes / (given.source_mb_per_s * 1e6) / 86400,
        "driver_days": studies * driver_ms / _HOUR_MS / 24,
        "disk_gb": disk_gb,
        "disk_cost_month": disk_gb * given.disk_gb_month,
        "vectors_gb": vectors_gb,
        "codes_gb": vectors_gb / 16,  # one bit for each 16-bit number
        "memory_cost_month": vectors_gb / 16 * given.memory_gb_month,
        "search_nodes": vectors_gb / 16 / (given.memory_gb_per_node * 0.75),
        "region_scan_ms": vectors_gb / regions / given.memory_gb_per_s * 1000,
        "code_scan_ms": vectors_gb / regions / 16 / given.memory_gb_per_s * 1000,
    }


LINES = (
    ("reading films, core hours", "read_core_hours"),
    ("encoding and packing, core hours", "encode_core_hours"),
    ("price of both, $", "ingest_cost"),
    ("machines to be done in the days given", "nodes"),
    ("films, TB", "source_tb"),
    ("days to fetch them", "source_days"),
    ("days of the one writer and planner", "driver_days"),
    ("index on disk, GB", "disk_gb"),
    ("the disk a month, $", "disk_cost_month"),
    ("of it vectors, GB", "vectors_gb"),
    ("1-bit codes of all vectors in memory, GB", "codes_gb"),
    ("that memory a month, $", "memory_cost_month"),
    ("machines that hold it", "search_nodes"),
    ("exact scan of one region, ms at least", "region_scan_ms"),
    ("scan of its 1-bit codes, ms at least", "code_scan_ms"),
)


def needs_table(rate: Mapping[str, Any], given: Assumptions) -> str:
    """The table of needs by size, as Markdown."""
    columns = [needs(studies, rate, given) for studies in SIZES.values()]
    lines = [f"| studies | {' | '.join(SIZES)} |", "|---" * (len(SIZES) + 1) + "|"]
    for name, key in LINES:
        lines.append(f"| {name} | {' | '.join(_short(column[key]) for column in columns)} |")
    return "\n".join(lines)


def assumptions_table(given: Assumptions) -> str:
    """The assumptions, as Markdown."""
    lines = ["| option | value |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{_option(one.name)}` | {getattr(given, one.name):g} |" for one in fields(given))])


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _short(value: float) -> str:
    """Two significant digits, with thousands set apart."""
    if value >= 100:
        digits = len(str(int(value))) - 2
        return f"{round(value / 10**digits) * 10**digits:,}"
    return f"{value:.2g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=Path, default=RESULTS / "ingest_rate.json")
    for one in fields(Assumptions):
        parser.add_argument(_option(one.name), type=float, default=one.default)
    args = vars(parser.parse_args())
    rate = json.loads(args.pop("rate").read_text(encoding="utf-8"))
    given = Assumptions(**args)
    print(f"{assumptions_table(given)}\n\n{needs_table(rate, given)}")


if __name__ == "__main__":
    main()
