"""Whether confidence means what it says: calibration, refusing hard ones, promises of coverage, telling sets apart.

Every measure takes two vectors of equal length, finite numbers and what came of them, and knows its value when the
numbers are shuffled among the cases.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.measures.chance import log_choose


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceMeasure(ABC):
    """A measure of confidences and outcomes; InputError when they don't match, aren't finite, or there are none."""

    label: ClassVar[str]
    plain: ClassVar[str]
    binary: ClassVar[bool] = True  # outcomes are 0 or 1, InputError on others

    @property
    def name(self) -> str:
        """The label, with parameters that aren't the default."""
        return self.label

    def value(self, confidences: NDArray[Any], outcomes: NDArray[Any]) -> float:
        """The value; NaN where it isn't defined (see each)."""
        return self._value(*_checked(confidences, outcomes, binary=self.binary))

    def expected_by_chance(self, confidences: NDArray[Any], outcomes: NDArray[Any]) -> float:
        """The expected value with the confidences shuffled among the cases."""
        return self._expected(*_checked(confidences, outcomes, binary=self.binary))

    @abstractmethod
    def _value(self, confidences: Floats, outcomes: Floats) -> float: ...

    @abstractmethod
    def _expected(self, confidences: Floats, outcomes: Floats) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalibrationError(ConfidenceMeasure):
    """ECE = Σ over bins n_b / n · |mean outcome - mean confidence|, bins of equal width over [0, 1].

    Outcomes are 0 or 1. It isn't 0 for a perfectly calibrated sample. By chance: exact, the outcomes of a bin being
    hypergeometric. InputError when a confidence is outside [0, 1]. Source: Naeini et al., AAAI 2015; Guo et al., ICML
    2017.
    """

    bins: int = 15

    label: ClassVar[str] = "ECE"
    plain: ClassVar[str] = "How far stated confidence and actual success lie apart, on average."

    @property
    def name(self) -> str:
        return self.label if self.bins == 15 else f"{self.label}(bins={self.bins})"

    def _value(self, confidences: Floats, outcomes: Floats) -> float:
        bins = self._bins(confidences)
        gaps = np.bincount(bins, outcomes, self.bins) - np.bincount(bins, confidences, self.bins)
        return float(np.abs(gaps).sum() / len(outcomes))

    def _expected(self, confidences: Floats, outcomes: Floats) -> float:
        bins, cases, right = self._bins(confidences), len(outcomes), int(outcomes.sum())
        sums, sizes = np.bincount(bins, confidences, self.bins), np.bincount(bins, minlength=self.bins)
        total = 0.0
        for size, told in zip(sizes.tolist(), sums.tolist(), strict=True):
            hits = np.arange(max(0, size + right - cases), min(size, right) + 1, dtype=np.float64)
            ways = log_choose(right, hits) + log_choose(cases - right, size - hits) - log_choose(cases, size)
            total += float(np.exp(ways) @ np.abs(hits - told))
        return total / cases

    def _bins(self, confidences: Floats) -> NDArray[np.intp]:
        if confidences.min() < 0 or confidences.max() > 1:
            raise InputError("confidences: expected numbers from 0 to 1, got others; calibrate scores first")
        return np.minimum((confidences * self.bins).astype(np.intp), self.bins - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverageArea(ConfidenceMeasure):
    """AURC = mean over i = 1…n of the error among the i most confident answers; outcomes are losses, 0 for right.

    Equal confidences are taken in random order (the expectation over it). By chance: the mean loss.
    Source: Geifman and El-Yaniv, NeurIPS 2017; Geifman et al., ICLR 2019.
    """

    label: ClassVar[str] = "AURC"
    binary: ClassVar[bool] = False
    plain: ClassVar[str] = "How many errors remain when only the surest answers are given, averaged over how many are."

    def _value(self, confidences: Floats, outcomes: Floats) -> float:
        return float(risk_coverage(confidences, outcomes)[1].mean())

    def _expected(self, confidences: Floats, outcomes: Floats) -> float:
        return float(outcomes.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaUnderROC(ConfidenceMeasure):
    """AUROC = P(a positive has the higher confidence) + half the ties; outcomes are 1 (positive) or 0.

    NaN where a class is missing. By chance: 1/2. Source: Hanley and McNeil, Radiology 143 (1982) 29.
    """

    label: ClassVar[str] = "AUROC"
    plain: ClassVar[str] = "How often the one that should get the higher number does."

    def _value(self, confidences: Floats, outcomes: Floats) -> float:
        positives, negatives = outcomes.sum(), (1 - outcomes).sum()
        if not (positives and negatives):
            return float("nan")
        ranks = rankdata(confidences)[outcomes == 1].sum()
        return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))

    def _expected(self, confidences: Floats, outcomes: Floats) -> float:
        return 0.5 if 0 < outcomes.sum() < len(outcomes) else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePositivesAt95(ConfidenceMeasure):
    """FPR95 = share of negatives at or above the highest threshold that keeps 95 % of the positives.

    Outcomes are 1 (positive) or 0; NaN where a class is missing. By chance, P positives and no ties: k / (P + 1) with
    k = ⌈0.95 P⌉. Source: Hendrycks and Gimpel, ICLR 2017.
    """

    label: ClassVar[str] = "FPR95"
    plain: ClassVar[str] = "False alarms that remain when 95 of 100 true ones have to be caught."

    def _value(self, confidences: Floats, outcomes: Floats) -> float:
        positives = np.sort(confidences[outcomes == 1])[::-1]
        negatives = confidences[outcomes == 0]
        if not (len(positives) and len(negatives)):
            return float("nan")
        return float((negatives >= positives[_share(len(positives)) - 1]).mean())

    def _expected(self, confidences: Floats, outcomes: Floats) -> float:
        positives = int(outcomes.sum())
        return _share(positives) / (positives + 1) if 0 < positives < len(outcomes) else float("nan")


CONFIDENCE_MEASURES: Mapping[str, type[ConfidenceMeasure]] = {
    kind.label: kind for kind in (ExpectedCalibrationError, RiskCoverageArea, AreaUnderROC, FalsePositivesAt95)
}
"""Kinds of confidence measures by label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformalCoverage:
    """ConformalCoverage = share of new cases whose score is within the bound that earlier cases set for `error`.

    Scores are nonconformities (high is strange). By chance, n exchangeable earlier cases without ties: exactly
    ⌈(n + 1)(1 - error)⌉ / (n + 1), 1 where that bound is infinite.
    Source: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); Lei et al., JASA 113 (2018) 1094.
    """

    error: float = 0.1

    label: ClassVar[str] = "ConformalCoverage"
    plain: ClassVar[str] = "How often the promise 'wrong in at most one of ten' was kept on new cases."

    def __post_init__(self) -> None:
        if not 0 < self.error < 1:
            raise InputError(f"error: expected a share between 0 and 1, got {self.error}")

    @property
    def name(self) -> str:
        """`ConformalCoverage(error=0.1)`."""
        return f"{self.label}(error={self.error!r})"

    def bound(self, earlier: Floats) -> float:
        """The ⌈(n + 1)(1 - error)⌉-th smallest of the earlier scores; infinite where n is too small for it."""
        place = self._place(len(earlier))
        return float(np.sort(earlier)[place - 1]) if place <= len(earlier) else float("inf")

    def value(self, earlier: Floats, new: Floats) -> float:
        """Share of `new` at or below the bound; NaN where there is none."""
        return float((new <= self.bound(earlier)).mean()) if len(new) else float("nan")

    def expected_by_chance(self, earlier: Floats) -> float:
        """The coverage that the bound promises, new cases being like the earlier ones."""
        return min(1.0, self._place(len(earlier)) / (len(earlier) + 1))

    def _place(self, cases: int) -> int:
        return int(np.ceil(round((cases + 1) * (1 - self.error), 9)))  # rounded, so that 10 · 0.9 is 9


def risk_coverage(confidences: Floats, losses: Floats) -> tuple[Floats, Floats]:
    """Coverage i/n and mean loss of the i most confident answers, i = 1…n, ties in expectation over their orders."""
    _, tie, sizes = np.unique(-confidences, return_inverse=True, return_counts=True)
    mean_loss = np.bincount(tie, losses) / sizes
    ranks = np.arange(1, len(losses) + 1)
    return ranks / len(losses), np.cumsum(np.repeat(mean_loss, sizes)) / ranks


def _share(positives: int) -> int:
    """⌈0.95 P⌉ in whole numbers."""
    return -(-95 * positives // 100)


def _checked(confidences: NDArray[Any], outcomes: NDArray[Any], *, binary: bool) -> tuple[Floats, Floats]:
    told, came = np.asarray(confidences, dtype=np.float64), np.asarray(outcomes, dtype=np.float64)
    if told.shape != came.shape or told.ndim != 1 or not len(told):
        raise InputError(f"confidences: expected two equal, filled vectors, got shapes {told.shape} and {came.shape}")
    if not (np.isfinite(told).all() and np.isfinite(came).all()):
        raise InputError(
            "confidences: expected finite numbers, got NaN or infinity; leave such cases out and count them"
        )
    if binary and not np.isin(came, (0.0, 1.0)).all():
        raise InputError("outcomes: expected 0 or 1 for each case, got other numbers; set a threshold first")
    return told, came
