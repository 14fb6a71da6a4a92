"""Promise: of 100 intervals by patient, 50 patients or more, 93 to 96 hold the truth (88, of rare gains); p keeps 5 %.

Made-up experiments whose truth is known in closed form: values as measures give them (normal; like nDCG; hit or miss by
patients of unequal size; patients with more queries score lower; rare gains over an equal baseline; paired differences,
mostly 0), with 10 to 200 patients. Intervals: the product's (percentiles widened for few patients), plain percentiles,
BCa, Student's t of the jackknife error, and percentiles over queries as if each were a patient. Tests where the true
difference is zero: the product's sign flips by patient, and a paired t test over queries. Figures: the share of
intervals that hold the truth, their mean width against the product's, and the share of p <= 0.05.

    python benchmarks/interval_coverage.py
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from casekin.evaluation.statistics import (
    PatientTotals,
    bootstrap_means,
    draw_weights,
    permutation_p_values,
)

Floats = NDArray[np.float64]
Maker = Callable[[np.random.Generator, NDArray[np.intp], int], Floats]
"""`(generator, owner of each query, experiments)` to values, `(queries, experiments)`."""

MOST_QUERIES = 12
MORE = 0.35  # that an exam is a patient's last one
RESAMPLES = 1_000
BATCH = 50  # experiments that share their patients' numbers of queries


def levels(generator: np.random.Generator, owners: NDArray[np.intp], columns: int, a: float, b: float) -> Floats:
    """A level by patient, beta distributed, for each query."""
    return generator.beta(a, b, (int(owners.max()) + 1, columns))[owners]


def normal(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    means = generator.normal(0.5, 0.1, (int(owners.max()) + 1, columns))[owners]
    return means + generator.normal(0, 0.1, means.shape)


def like_ndcg(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    level = levels(generator, owners, columns, 1, 2)
    return generator.beta(10 * level + 0.01, 10 * (1 - level) + 0.01)


def hit_or_miss(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    level = levels(generator, owners, columns, 0.5, 2)
    return (generator.random(level.shape) < level).astype(float)


def large_patients_are_hard(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    size = np.bincount(owners)[:, None]
    level = generator.beta(2, 1 + size / 2, (len(size), columns))[owners]
    return (generator.random(level.shape) < level).astype(float)


def rare_gain(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    shape = (int(owners.max()) + 1, columns)
    return np.where(generator.random(shape) < 0.15, generator.beta(2, 2, shape), 0.0)[owners]


def sparse_difference(generator: np.random.Generator, owners: NDArray[np.intp], columns: int) -> Floats:
    shape = (int(owners.max()) + 1, columns)
    return np.where(generator.random(shape) < 0.4, generator.normal(0, 0.3, shape), 0.0)[owners]


def truth_where_large_are_hard() -> float:
    """The mean over queries: sizes as `draw_owners` draws them, levels as `large_patients_are_hard` does."""
    sizes = np.arange(1, MOST_QUERIES + 1)
    shares = stats.geom.pmf(sizes, MORE)
    shares[-1] = stats.geom.sf(MOST_QUERIES - 1, MORE)
    return float((shares * sizes * 2 / (3 + sizes / 2)).sum() / (shares * sizes).sum())


MAKERS: dict[str, tuple[Maker, float]] = {
    "normal": (normal, 0.5),
    "like nDCG": (like_ndcg, (10 / 3 + 0.01) / 10.02),
    "hit or miss": (hit_or_miss, 0.2),
    "large patients are hard": (large_patients_are_hard, truth_where_large_are_hard()),
    "rare gain": (rare_gain, 0.15 * 0.5),
    "sparse difference": (sparse_difference, 0.0),
}


def draw_owners(generator: np.random.Generator, patients: int) -> NDArray[np.intp]:
    """One to MOST_QUERIES queries a patient, geometric as exams in an archive are."""
    return np.repeat(np.arange(patients), np.minimum(generator.geometric(MORE, patients), MOST_QUERIES))


def intervals(values: Floats, owners: NDArray[np.intp], generator: np.random.Generator) -> dict[str, Floats]:
    """Lower and upper ends by method, `(2, experiments)` each."""
    totals = PatientTotals.by_query(values, owners)
    patients, means = len(totals.sums), totals.means
    found = bootstrap_means(totals, generator=generator, resamples=RESAMPLES)
    over_queries = bootstrap_means(
        PatientTotals.by_query(values, np.arange(len(owners))), generator=generator, resamples=RESAMPLES
    )
    weights = np.vstack(list(draw_weights(patients, RESAMPLES, generator)))
    drawn = np.sort((weights @ totals.sums) / (weights @ totals.counts), axis=0)
    reach = stats.t.ppf(0.975, patients - 1) * totals.standard_errors
    return {
        "product": np.array([[i.lo for i in found], [i.hi for i in found]], dtype=float),
        "percentile": np.quantile(drawn, (0.025, 0.975), axis=0),
        "BCa": corrected(drawn, totals),
        "Student's t": np.stack([means - reach, means + reach]),
        "over queries": np.array([[i.lo for i in over_queries], [i.hi for i in over_queries]], dtype=float),
    }


def corrected(drawn: Floats, totals: PatientTotals) -> Floats:
    """Bias-corrected and accelerated percentiles (Efron, JASA 1987), the acceleration from leaving out each patient."""
    sums, counts, means = totals.sums, totals.counts, totals.means
    left = (sums.sum(axis=0) - sums) / (counts.sum(axis=0) - counts)
    apart = left.mean(axis=0) - left
    cube = 6 * (apart**2).sum(axis=0) ** 1.5
    pull = np.where(cube > 0, (apart**3).sum(axis=0) / np.where(cube > 0, cube, 1), 0)
    below = ((drawn < means - 1e-12).mean(axis=0) + (drawn <= means + 1e-12).mean(axis=0)) / 2
    shift = stats.norm.ppf(np.clip(below, 1 / RESAMPLES, 1 - 1 / RESAMPLES))
    ends = []
    for reach in stats.norm.ppf((0.025, 0.975)):
        level = stats.norm.cdf(shift + (shift + reach) / (1 - pull * (shift + reach)))
        rows = np.clip(np.round(level * (RESAMPLES - 1)), 0, RESAMPLES - 1).astype(int)
        ends.append(drawn[rows, np.arange(drawn.shape[1])])
    return np.stack(ends)


def coverage(maker: Maker, truth: float, patients: int, experiments: int) -> dict[str, Any]:
    """Coverage and relative width by method over `experiments` made-up experiments."""
    generator = np.random.default_rng(patients)
    held: dict[str, list[float]] = {}
    widths: dict[str, list[float]] = {}
    for _ in range(experiments // BATCH):
        owners = draw_owners(generator, patients)
        for name, (low, high) in intervals(maker(generator, owners, BATCH), owners, generator).items():
            held.setdefault(name, []).append(float(((low <= truth + 1e-12) & (truth - 1e-12 <= high)).mean()))
            widths.setdefault(name, []).append(float((high - low).mean()))
    ours = np.mean(widths["product"])
    return {
        name: {"coverage": round(float(np.mean(held[name])), 4), "width": round(float(np.mean(widths[name]) / ours), 3)}
        for name in held
    }


def false_alarms(patients: int, experiments: int) -> dict[str, float]:
    """Share of p <= 0.05 where the true difference is 0, by test."""
    generator = np.random.default_rng(patients)
    found: dict[str, list[float]] = {"product": [], "paired t over queries": []}
    for _ in range(experiments // BATCH):
        owners = draw_owners(generator, patients)
        values = sparse_difference(generator, owners, BATCH)
        p_values, _ = permutation_p_values(
            PatientTotals.by_query(values, owners), generator=generator, permutations=RESAMPLES
        )
        found["product"].append(float((p_values <= 0.05).mean()))
        plain = stats.ttest_1samp(values, 0).pvalue
        found["paired t over queries"].append(float((plain <= 0.05).mean()))
    return {name: round(float(np.mean(shares)), 4) for name, shares in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, nargs="+", default=[10, 20, 50, 200])
    parser.add_argument("--experiments", type=int, default=4_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "interval_coverage.json")
    args = parser.parse_args()
    report: dict[str, Any] = {
        "benchmark": "interval_coverage",
        "experiments": args.experiments,
        "resamples": RESAMPLES,
        "coverage": {},
        "false_alarms": {str(patients): false_alarms(patients, args.experiments) for patients in args.patients},
    }
    for name, (maker, truth) in MAKERS.items():
        report["coverage"][name] = {str(n): coverage(maker, truth, n, args.experiments) for n in args.patients}
        for n, row in report["coverage"][name].items():
            print(f"{name:24s} {n:>4s}  " + "  ".join(f"{m} {v['coverage']:.3f}" for m, v in row.items()), flush=True)
    print(report["false_alarms"])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
