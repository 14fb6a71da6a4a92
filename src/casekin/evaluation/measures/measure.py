"""What a measure is: a name as ir-measures prints it, a value for every query, and what a random ranking would get."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, Literal

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats
from casekin.evaluation.runs import JudgedRun

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(ABC):
    """A measure with its parameters: `rel` is the least grade that counts as relevant, `cutoff` the ranks looked at.

    Values and expectations are aligned with `run.query_ids`; NaN where the measure doesn't apply to a query. The
    random ranking is one of all documents of the query's gallery in any order alike, as deep as the run
    (`run.depth`). InputError when `cutoff` is missing, not allowed or below 1.
    """

    rel: float = 1
    cutoff: int | None = None

    label: ClassVar[str]
    plain: ClassVar[str]
    better: ClassVar[Better] = "higher"
    takes_cutoff: ClassVar[Literal["always", "maybe", "never"]] = "always"

    def __post_init__(self) -> None:
        if isinstance(self.rel, str) or not 0 < self.rel < np.inf:
            raise InputError(f"measure: expected a least grade above 0, got {self.label} with rel={self.rel!r}")
        if self.takes_cutoff == "always" and self.cutoff is None:
            raise InputError(
                f"measure: expected {self.label}@k, got {self.label}; say at which rank, as {self.label}@10"
            )
        if self.takes_cutoff == "never" and self.cutoff is not None:
            raise InputError(f"measure: expected {self.label} without a rank, got {self.label}@{self.cutoff}")
        if self.cutoff is not None and self.cutoff < 1:
            raise InputError(f"measure: expected a rank of 1 or more, got {self.label}@{self.cutoff}")

    @property
    def name(self) -> str:
        """`nDCG@10`, `P(rel=2)@5`: parameters that aren't the default, then the rank."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("cutoff",)}
        defaults = {f.name: f.default for f in fields(self)}
        told = ",".join(f"{name}={value!r}" for name, value in given.items() if value != defaults[name])
        return f"{self.label}{f'({told})' if told else ''}{'' if self.cutoff is None else f'@{self.cutoff}'}"

    @abstractmethod
    def value_per_query(self, run: JudgedRun) -> Floats:
        """The value of each query, `(queries,)`."""

    @abstractmethod
    def expected_by_chance(self, run: JudgedRun) -> Floats:
        """The expected value of each query under a random ranking, `(queries,)`."""

    def over_queries(self, values: Floats) -> float:
        """One figure of many queries: the mean of the values, those that don't apply left out; NaN where none does."""
        known = values[~np.isnan(values)]
        return float(known.mean()) if len(known) else float("nan")

    def chance(self, run: JudgedRun) -> float:
        """What `over_queries` of a random ranking would be."""
        return self.over_queries(self.expected_by_chance(run))

    def ranks(self, run: JudgedRun) -> int:
        """How many columns of the run are looked at."""
        return run.depth if self.cutoff is None else min(self.cutoff, run.depth)

    def reach(self, run: JudgedRun) -> Floats:
        """How many ranks a random ranking fills for each query: never more than its gallery has, `(queries,)`."""
        return np.minimum(run.gallery_sizes, self.ranks(run))

    def hits(self, run: JudgedRun) -> Floats:
        """1 where a relevant document stands among the ranks looked at, else 0, `(queries, ranks)`."""
        return (run.grades[:, : self.ranks(run)] >= self.rel).astype(np.float64)


def ratio(part: Floats, whole: Floats, *, empty: float = 0.0) -> Floats:
    """`part / whole` by query, `empty` where the whole is 0."""
    safe = np.where(whole == 0, 1.0, whole)
    return np.where(whole == 0, empty, part / safe)
