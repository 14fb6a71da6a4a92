"""A protocol applied to data: labels that a run is laid over, counts of what was dropped, figures beside chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from casekin.errors import InputError
from casekin.evaluation.judgements import Floats, Judgements, Listed
from casekin.evaluation.measures import Measure
from casekin.evaluation.overlay import judge_run
from casekin.evaluation.protocols.protocol import Protocol
from casekin.evaluation.runs import JudgedRun, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure's value with what it has to be read beside.

    `n`: queries that it applies to. `gallery`: documents a query could find, the median over queries. `prevalence`: the
    mean share of them that is relevant. `chance`: the value of a random ranking.
    """

    measure: str
    value: float
    chance: float
    n: int
    gallery: float
    prevalence: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """One question of a protocol: `name` tells it from the protocol's others (an anatomy, a direction).

    `dropped`: rows and queries left out, by the protocol's words. `groups`: documents whose text is the same share one.
    """

    protocol: Protocol
    name: str
    judgements: Judgements
    dropped: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def judge(self, run: Run) -> JudgedRun:
        """The run laid over the labels. InputError as `judge_run`."""
        return judge_run(run, self.judgements, groups=self.groups or None)

    def score(self, run: Run) -> tuple[Figure, ...]:
        """The protocol's measures of a run. InputError as `judge_run`."""
        judged = self.judge(run)
        return tuple(_figure(measure, judged) for measure in self.protocol.parsed_measures())

    def without(self, documents: Collection[str], *, reason: str) -> Task:
        """The same task without some documents and the queries of theirs, such as near-duplicates; both are counted.

        InputError when no query is left.
        """
        labels = self.judgements
        gone = set(documents)
        kept = [name for name in labels.documents if name not in gone]
        queries = [query for query in labels.listed if query.partition("@")[0] not in gone]
        if not queries:
            raise InputError(f"protocol {self.protocol.name}: expected a query to be left without {reason}, got none")
        numbers = np.cumsum([name not in gone for name in labels.documents], dtype=np.int32) - 1
        there = np.array([name not in gone for name in labels.documents], dtype=np.bool_)
        cut = {query: labels.listed[query] for query in queries}
        listed = {
            q: Listed(numbers[one.numbers[there[one.numbers]]], one.grades[there[one.numbers]])
            for q, one in cut.items()
        }
        counts = Counter(self.dropped) + Counter(
            {reason: len(labels.documents) - len(kept), f"{reason}_queries": len(labels.listed) - len(queries)}
        )
        smaller = replace(
            labels,
            documents=tuple(kept),
            listed=listed,
            judged=None if labels.judged is None else {p: numbers[n[there[n]]] for p, n in labels.judged.items()},
            normal={place: numbers[n[there[n]]] for place, n in labels.normal.items()},
            patients=_kept(labels.patients, there.tolist()),
            splits=_kept(labels.splits, there.tolist()),
        )
        return replace(self, judgements=smaller, dropped=dict(sorted(counts.items())))


def judge_square(
    names: Sequence[str], values: Floats, *, place: str, patients: Mapping[str, str] | None = None
) -> Judgements:
    """Labels of a square table: `values[i, j]` is how relevant `names[j]` is to the query `names[i]@place`.

    Without `patients` a query leaves out itself alone. InputError when a name comes twice, or holds white space or `@`.
    """
    odd = next((name for name in names if not name or "@" in name or name.split() != [name]), None)
    if odd is not None or len(set(names)) != len(names):
        raise InputError(f"table: expected names once each, without space or @, got {odd or 'a name twice'!r:.80}")
    order = sorted(range(len(names)), key=names.__getitem__)
    documents = tuple(names[i] for i in order)
    numbers = np.arange(len(names), dtype=np.int32)
    sorted_values = np.asarray(values, dtype=np.float64)[np.ix_(order, order)]
    return Judgements(
        documents=documents,
        listed={f"{name}@{place}": Listed(numbers, sorted_values[row]) for row, name in enumerate(documents)},
        judged={place: numbers},
        patients=None if patients is None else tuple(patients.get(name) for name in documents),
        closed=True,
    )


def _figure(measure: Measure, run: JudgedRun) -> Figure:
    values = measure.value_per_query(run)
    shares = run.relevant_counts(measure.rel) / np.maximum(run.gallery_sizes, 1)
    return Figure(
        measure=measure.name,
        value=measure.over_queries(values),
        chance=measure.chance(run),
        n=int((~np.isnan(values)).sum()),
        gallery=float(np.median(run.gallery_sizes)),
        prevalence=float(shares.mean()),
    )


def _kept(values: tuple[Any, ...] | None, there: list[bool]) -> tuple[Any, ...] | None:
    return None if values is None else tuple(value for value, stays in zip(values, there, strict=True) if stays)
