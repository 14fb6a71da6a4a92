"""Whether a draft's stated likelihoods mean what they say: of claims with support 0.8, are eight in ten true?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from casekin.evaluation.measures.calibration import AreaUnderROC, ExpectedCalibrationError
from casekin.evaluation.statistics import PatientTotals, bootstrap_means, bootstrap_statistic

BINS = 10
_RESAMPLES = 500  # of figures that are no means: their ends move by less than a tenth of the interval


class StatedLikelihood(NamedTuple):
    """A claim's stated `p`, whether it is true, and whose it is."""

    p: float
    is_true: bool
    patient: str


def describe_reliability(stated: Sequence[StatedLikelihood], *, seed: int) -> dict[str, Any] | None:
    """Expected calibration error over ten bins, AUROC, and the share of true claims in each bin; None without claims.

    Each has its interval by patient. A bin holds claims with `low` <= p < `high`, the last one p = 1 as well; those
    without claims aren't listed.
    """
    if not stated:
        return None
    p = np.array([one.p for one in stated])
    true = np.array([float(one.is_true) for one in stated])
    patients = np.array([one.patient for one in stated])
    bins = np.minimum((p * BINS).astype(np.intp), BINS - 1)
    columns = np.where(bins[:, None] == np.arange(BINS), true[:, None], np.nan)
    shares = bootstrap_means(PatientTotals.by_query(columns, patients), generator=np.random.default_rng(seed))
    record: dict[str, Any] = {"claims": len(stated), "mean_p": float(p.mean()), "true": float(true.mean())}
    for measure in (ExpectedCalibrationError(bins=BINS), AreaUnderROC()):
        interval = bootstrap_statistic(
            lambda rows, measure=measure: measure.value(p[rows], true[rows]),  # type: ignore[misc]
            patients,
            generator=np.random.default_rng(seed),
            resamples=_RESAMPLES,
        )
        record[measure.name] = {**interval.as_record(), "chance": measure.expected_by_chance(p, true)}
    record["bins"] = [
        {
            "low": number / BINS,
            "high": (number + 1) / BINS,
            "mean_p": float(p[bins == number].mean()),
            "true": shares[number].as_record(),
        }
        for number in range(BINS)
        if (bins == number).any()
    ]
    return record
