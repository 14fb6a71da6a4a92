"""Promise: 2,000 resamples over 10,000 queries and 20 measures take under a minute on two cores, in under 512 MB.

Timed: intervals of one run, and all of a paired comparison (intervals, sign-flip test, least detectable effects), with
four queries a patient on average and with one. Beside it in the same run: a loop that gathers the sums of drawn
patients one measure at a time, and the floor, which is the product with weights that are drawn already. Memory is the
process's peak before that loop runs.

    python benchmarks/bootstrap_speed.py
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.statistics import RESAMPLES, PatientTotals, bootstrap_means, compare_paired, draw_weights

Floats = NDArray[np.float64]


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return round(time.perf_counter() - began, 2)


def gathered(totals: PatientTotals, generator: np.random.Generator) -> list[Floats]:
    """The same intervals, one measure at a time: draw patients, gather their sums and counts, divide."""
    patients = len(totals.sums)
    found = []
    for sums, counts in zip(totals.sums.T, totals.counts.T, strict=True):
        drawn = generator.integers(0, patients, size=(RESAMPLES, patients))
        found.append(np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (0.025, 0.975)))
    return found


def measure(values: Floats, others: Floats, owners: NDArray[np.intp]) -> dict[str, Any]:
    """Seconds of each part; memory is read before the slower way is tried."""
    random = np.random.default_rng(1)
    row: dict[str, Any] = {"patients": len(np.unique(owners))}
    row["intervals_s"] = seconds(
        lambda: bootstrap_means(PatientTotals.by_query(values, owners), generator=random, resamples=RESAMPLES)
    )
    row["comparison_s"] = seconds(
        lambda: compare_paired(PatientTotals.by_query(values - others, owners), generator=random)
    )
    row["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    totals = PatientTotals.by_query(values, owners)
    (block,) = draw_weights(len(totals.sums), 200, random)
    parts = np.hstack([totals.sums, totals.counts])
    row["floor_s"] = round(RESAMPLES / len(block) * seconds(lambda: block @ parts), 2)
    row["gathered_s"] = seconds(lambda: gathered(totals, random))
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--measures", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "bootstrap_speed.json")
    args = parser.parse_args()
    random = np.random.default_rng(0)
    values, others = random.random((2, args.queries, args.measures))
    owners = np.sort(random.integers(0, args.queries // 4, args.queries))
    report = {
        "benchmark": "bootstrap_speed",
        "queries": args.queries,
        "measures": args.measures,
        "resamples": RESAMPLES,
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 1),
        "several queries a patient": measure(values, others, owners),
        "one query a patient": measure(values, others, np.arange(args.queries)),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
