"""Figures that are one sum over cases divided by another: intervals by patient, and paired tests of two systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.evaluation.drafts.agreement import Parts
from casekin.evaluation.statistics import PERMUTATIONS, RESAMPLES, Floats, Interval, draw_weights, tail_level

AVERAGED: Mapping[str, tuple[str, str]] = {
    "F1(polarity)": ("F1(present)", "F1(absent)"),
    "F1(polarity,kin)": ("F1(present,kin)", "F1(absent,kin)"),
}
"""Figures that are the mean of two others: of both polarities alike, however many denials a writer lists."""
_BLOCK = 1_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratios:
    """What each patient adds to the two sums of each figure: `sums` and `counts`, `(patients, columns)`.

    `columns` names the columns, `cases` counts the cases with a part in each. `names` are the columns and what is
    averaged of them.
    """

    columns: tuple[str, ...]
    sums: Floats
    counts: Floats
    cases: NDArray[np.intp]

    @classmethod
    def of(cls, parts: Mapping[str, Parts], patients: Mapping[str, str], columns: Sequence[str]) -> Ratios:
        """From what each case adds; `parts` and `patients` by case."""
        rows = {patient: row for row, patient in enumerate(sorted({patients[case] for case in parts}))}
        sums, counts = np.zeros((2, len(rows), len(columns)))
        cases = np.zeros(len(columns), dtype=np.intp)
        for case in sorted(parts):
            added = np.array([parts[case].get(name, (0.0, 0.0)) for name in columns], dtype=np.float64).reshape(-1, 2)
            sums[rows[patients[case]]] += added[:, 0]
            counts[rows[patients[case]]] += added[:, 1]
            cases += added[:, 1] > 0
        return cls(columns=tuple(columns), sums=sums, counts=counts, cases=cases)

    @property
    def names(self) -> tuple[str, ...]:
        averaged = (name for name, of in AVERAGED.items() if set(of) <= set(self.columns))
        return (*self.columns, *averaged)

    def figures(self, weights: Floats) -> Floats:
        """The figures when patients count as often as `weights` `(draws, patients)` says: `(draws, names)`."""
        return self.of_sums(weights @ self.sums, weights @ self.counts)

    def of_sums(self, sums: Floats, counts: Floats) -> Floats:
        """Quotients `(draws, columns)`, NaN where the count is 0, and their averages."""
        found = np.where(counts > 0, sums / np.where(counts > 0, counts, 1.0), np.nan)
        averaged = [found[:, [self.columns.index(one) for one in AVERAGED[name]]] for name in self._averaged]
        return np.column_stack([found, *(pair.mean(axis=1) for pair in averaged)])

    def intervals(self, *, seed: int, resamples: int = RESAMPLES) -> dict[str, Interval]:
        """Each figure with its 95 % interval over resampled patients."""
        return self._intervals(self.figures(self._everyone)[0], self._drawn(seed, resamples))

    def minus(
        self, other: Ratios, *, seed: int, resamples: int = RESAMPLES
    ) -> dict[str, tuple[Interval, float | None]]:
        """This minus another system's figures with intervals, and a two-sided p; same patients and columns.

        p is of approximate randomisation (Noreen, 1989): were both alike, their names could be exchanged for any
        patient. None where a figure isn't there.
        """
        observed = (self.figures(self._everyone) - other.figures(self._everyone))[0]
        gaps = self._intervals(observed, self._drawn(seed, resamples) - other._drawn(seed, resamples))
        p_values = self._exchange(other, np.abs(observed), np.random.default_rng(seed))
        return {name: (gaps[name], _known(p)) for name, p in zip(self.names, p_values, strict=True)}

    def distance(self, peer: Ratios, floor: Ratios, *, seed: int, resamples: int = RESAMPLES) -> dict[str, Interval]:
        """(this - floor) / (peer - floor): how many times as far as a peer it gets from a floor.

        Resamples in which the peer isn't above the floor are left out of the interval; None where it isn't at all.
        """
        systems = (self, peer, floor)
        observed = _over(*(one.figures(self._everyone) for one in systems))[0]
        return self._intervals(observed, _over(*(one._drawn(seed, resamples) for one in systems)))

    @property
    def _averaged(self) -> tuple[str, ...]:
        return self.names[len(self.columns) :]

    @property
    def _everyone(self) -> Floats:
        return np.ones((1, len(self.sums)))

    def _drawn(self, seed: int, resamples: int) -> Floats:
        """The figures of each resample of patients, `(resamples, names)`: the same resamples for every system."""
        blocks = draw_weights(len(self.sums), resamples, np.random.default_rng(seed))
        return np.vstack([self.figures(weights) for weights in blocks])

    def _intervals(self, observed: Floats, drawn: Floats) -> dict[str, Interval]:
        """Observed figures with the percentiles of drawn ones; no interval of one patient alone."""
        low, high = np.full((2, len(observed)), np.nan)
        known = ~np.isnan(drawn).all(axis=0)
        if len(self.sums) > 1 and known.any():
            level = tail_level(len(self.sums))
            low[known], high[known] = np.nanquantile(drawn[:, known], (level, 1 - level), axis=0)
        return {
            name: Interval(mean=_known(mean), lo=_known(lo), hi=_known(hi), n=n, patients=patients)
            for name, mean, lo, hi, (n, patients) in zip(self.names, observed, low, high, self._sizes(), strict=True)
        }

    def _sizes(self) -> list[tuple[int, int]]:
        """Cases and patients behind each figure; of an average, those of its part that has more."""
        patients = np.count_nonzero(self.counts, axis=0)
        sizes = dict(zip(self.columns, zip(self.cases.tolist(), patients.tolist(), strict=True), strict=True))
        return [sizes[name] if name in sizes else max(sizes[one] for one in AVERAGED[name]) for name in self.names]

    def _exchange(self, other: Ratios, observed: Floats, generator: np.random.Generator) -> Floats:
        """The share of exchanges of names between two systems that part them as far as they are."""
        reached = np.zeros(len(observed))
        for _ in range(PERMUTATIONS // _BLOCK):
            kept = generator.integers(0, 2, size=(_BLOCK, len(self.sums))).astype(np.float64)
            first, second = (
                self.of_sums(
                    share @ self.sums + (1 - share) @ other.sums, share @ self.counts + (1 - share) @ other.counts
                )
                for share in (kept, 1 - kept)
            )
            reached += (np.abs(first - second) >= observed - _ROUNDING).sum(axis=0)
        return np.where(np.isnan(observed), np.nan, (reached + 1) / (PERMUTATIONS + 1))


def _over(subject: Floats, peer: Floats, floor: Floats) -> Floats:
    above = peer - floor
    return np.where(above > 0, (subject - floor) / np.where(above > 0, above, 1.0), np.nan)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
