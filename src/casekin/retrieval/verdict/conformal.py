"""Promises that hold for whatever model: p-values of strangeness, and how often questions like this one succeed.

Both compare a new case with earlier ones and hold on average over draws of both, as long as the new one is drawn like
them: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); Angelopoulos et al., "Conformal Risk
Control", ICLR 2024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError

Values = NDArray[np.floating[Any]]


def p_value(earlier: Values, value: float) -> float:
    """Of strangeness: share of earlier values and the new one itself that are at least as large, in (0, 1].

    `earlier` ascends. A new case that is like the earlier ones gets a p-value ≤ e with probability ≤ e.
    """
    return float((len(earlier) - np.searchsorted(earlier, value, side="left") + 1) / (len(earlier) + 1))


def least_strange(earlier: Values, error: float) -> float:
    """The value from which `p_value` is at most `error`, just above an earlier one; infinite with too few of those."""
    beyond = int(np.floor(round(error * (len(earlier) + 1), 9)))
    return float(np.nextafter(earlier[len(earlier) - beyond], np.inf)) if beyond >= 1 else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """How often questions succeeded, by a statistic that is known when they are asked; more of it never promises less.

    Bin `i` holds values from `starts[i]` to the next one; `promised[i]` is what it promises, made of `counts[i]`
    earlier questions.
    """

    starts: tuple[float, ...]
    promised: tuple[float, ...]
    counts: tuple[int, ...]

    def read(self, value: float) -> float:
        """The promise for a statistic."""
        return self.promised[self._bin(value)]

    def count(self, value: float) -> int:
        """How many earlier questions it was made of."""
        return self.counts[self._bin(value)]

    @property
    def total(self) -> int:
        return sum(self.counts)

    def least(self, level: float) -> float:
        """The statistic from which at least `level` is promised; infinite where it never is."""
        return next((s for s, p in zip(self.starts, self.promised, strict=True) if p >= level), float("inf"))

    def _bin(self, value: float) -> int:
        return max(int(np.searchsorted(self.starts, value, side="right")) - 1, 0)

    def as_record(self) -> dict[str, Any]:
        """A plain form for JSON; `promises_of` reads it."""
        return {"starts": list(self.starts), "promised": list(self.promised), "counts": list(self.counts)}


def promises_of(record: Mapping[str, Any]) -> Promises:
    """The promises of their plain form."""
    return Promises(**{name: tuple(record[name]) for name in ("starts", "promised", "counts")})


def fit_promises(statistics: Values, successes: NDArray[Any], *, smallest: int) -> Promises:
    """Promises from earlier questions' statistics and whether each succeeded; bins hold at least `smallest` of them.

    Bins are cut by the statistic alone. One with k successes in n questions promises k / (n + 1): the new question is
    counted as a failure, so that the expected error is no larger than promised (conformal risk control within a bin).
    Neighbours whose success falls as the statistic grows are joined. InputError for fewer than `smallest` questions.
    """
    if len(statistics) < smallest:
        raise InputError(f"questions: expected at least {smallest} to promise anything, got {len(statistics)}")
    values, inverse = np.unique(statistics, return_inverse=True)
    counts = np.bincount(inverse)
    won = np.bincount(inverse, np.asarray(successes, dtype=np.float64))
    bins: list[list[float]] = []  # start, successes, count
    for start, some, count in zip(values.tolist(), won.tolist(), counts.tolist(), strict=True):
        if bins and bins[-1][2] < smallest:
            bins[-1][1:] = [bins[-1][1] + some, bins[-1][2] + count]
        else:
            bins.append([start, some, count])
    if len(bins) > 1 and bins[-1][2] < smallest:
        _join_last(bins)
    joined: list[list[float]] = []
    for one in bins:
        joined.append(one)
        while len(joined) > 1 and joined[-2][1] * joined[-1][2] >= joined[-1][1] * joined[-2][2]:
            _join_last(joined)
    return Promises(
        starts=tuple(start for start, _, _ in joined),
        promised=tuple(some / (count + 1) for _, some, count in joined),
        counts=tuple(int(count) for _, _, count in joined),
    )


def _join_last(bins: list[list[float]]) -> None:
    _, some, count = bins.pop()
    bins[-1][1:] = [bins[-1][1] + some, bins[-1][2] + count]
