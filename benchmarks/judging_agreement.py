"""Promise: intervals of weighted kappa between two readers hold the truth, as they are over patients, not over pairs.

Two made-up readers grade pairs whose true grades they know up to slips. Some patients are hard (more slips) and what a
patient's pairs show resembles one another, so pairs of one patient aren't independent. Coverage of the interval that
`casekin judge collect` prints, and of the same interval over pairs, against the kappa of very many patients.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.judging import measure_agreement
from casekin.evaluation.judging.agreement import weighted_kappa

PATIENTS = (5, 10, 20, 50)
PAIRS_EACH = 8
MANY = 100_000
GRADES = 4
Grades = NDArray[np.int64]


def made_readings(random: np.random.Generator, patients: int) -> tuple[Grades, Grades]:
    """Grades of two readers, `(patients, pairs)`: a mix of true grades and a share of slips for each patient."""
    mix = random.dirichlet(np.array([2.0, 0.6, 0.6, 0.8]), size=patients).cumsum(axis=1)
    truth = (random.random((patients, PAIRS_EACH, 1)) > mix[:, None, :-1]).sum(axis=2)
    slips = random.beta(1.0, 2.0, size=(patients, 1))
    readers = []
    for _ in range(2):
        other = random.integers(0, GRADES, size=truth.shape)
        readers.append(np.where(random.random(truth.shape) < slips, other, truth))
    return readers[0], readers[1]


def count(first: Grades, second: Grades) -> NDArray[np.float64]:
    """The table of counts."""
    table = np.bincount((first * GRADES + second).ravel(), minlength=GRADES**2)
    return table.reshape(GRADES, GRADES).astype(np.float64)


def coverage(patients: int, *, truth: float, experiments: int, seed: int) -> dict[str, Any]:
    """Share of experiments whose interval holds the truth, and its mean width, over patients and over pairs."""
    random = np.random.default_rng((seed, patients))
    units = {
        "over patients": np.repeat(np.arange(patients), PAIRS_EACH).astype(str).tolist(),
        "over pairs": np.arange(patients * PAIRS_EACH).astype(str).tolist(),
    }
    held, widths = dict.fromkeys(units, 0), dict.fromkeys(units, 0.0)
    for _ in range(experiments):
        first, second = (grades.ravel().tolist() for grades in made_readings(random, patients))
        for name, owners in units.items():
            told = measure_agreement(first, second, owners, generator=random, resamples=1000)
            interval = told.statistics["weighted_kappa"]
            assert interval.lo is not None and interval.hi is not None
            held[name] += interval.lo <= truth <= interval.hi
            widths[name] += interval.hi - interval.lo
    return {
        name: {"coverage": held[name] / experiments, "width": round(widths[name] / experiments, 3)} for name in units
    }


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "judging_agreement.json")
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    truth = float(weighted_kappa(count(*made_readings(np.random.default_rng(options.seed), MANY))))
    result = {
        "experiments": options.experiments,
        "seed": options.seed,
        "pairs_each": PAIRS_EACH,
        "weighted_kappa": round(truth, 4),
        "by_patients": {
            str(n): coverage(n, truth=truth, experiments=options.experiments, seed=options.seed) for n in PATIENTS
        },
    }
    text = json.dumps(result, indent=1)
    print(text)
    options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
