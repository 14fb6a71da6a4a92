"""What a model's rankings come to, question by question; means over seeds, intervals by patient, paired differences.

Values of one task are a matrix `(queries, measures)`, NaN where a measure doesn't apply. Seeds of a preset are averaged
query by query before anything else, so that an interval is over patients alone; what seeds differ by stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.evaluation import JudgedRun, Judgements, Run
from casekin.evaluation.baselines import BASELINES, rank_with
from casekin.evaluation.measures import parse_measures
from casekin.evaluation.overlay import judge_normal, judge_run
from casekin.evaluation.statistics import (
    Comparison,
    PatientTotals,
    adjust_holm,
    bootstrap_means,
    compare_paired,
    query_patients,
)
from casekin.relevance.cases import stands_at
from casekin.relevance.trec import ANYWHERE
from casekin.types import Place
from preset_questions import Questions, Scorer, Vectors, by_region, by_whole, rank

Floats = NDArray[np.float64]
AT_PLACES = (
    "nDCG@10", "P@1", "P@5", "P@10", "GradedR@1", "GradedR@5", "GradedR@10", "SideError@5", "Contradiction@5",
    "ConditionSensitivity@10",
)  # fmt: skip
WHOLE = ("nDCG@10", "P@1", "P@5", "P@10", "GradedR@1", "GradedR@5", "GradedR@10", "Contradiction@5")
NORMAL = ("nDCG@10", "P@10")
OWN = ("R@1", "R@5", "R@10")
DEPTH = 10
LEAD = "nDCG@10"
FEWEST = 30
"""Queries of a finding or an anatomy below which it isn't shown."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """One ranking of one task: `values` `(queries, measures)`; `chance`: of a random ranking, by measure.

    `gallery`: documents a query could find, the median; `prevalence`: the mean share of them that is relevant.
    """

    query_ids: tuple[str, ...]
    patients: NDArray[np.int64]
    measures: tuple[str, ...]
    values: Floats
    chance: Mapping[str, float]
    gallery: float
    prevalence: float

    def column(self, measure: str = LEAD) -> Floats:
        return self.values[:, self.measures.index(measure)]

    def select(self, rows: NDArray[np.bool_]) -> Table:
        """Some of the queries; chance, gallery and prevalence stay those of all."""
        return Table(
            query_ids=tuple(query for query, kept in zip(self.query_ids, rows, strict=True) if kept),
            patients=self.patients[rows],
            measures=self.measures,
            values=self.values[rows],
            chance=self.chance,
            gallery=self.gallery,
            prevalence=self.prevalence,
        )


Tables = Mapping[str, Table]


def measure_model(questions: Questions, vectors: Vectors) -> dict[str, Table]:
    """Every task that a model's vectors can answer, by name."""
    vectors = vectors.over(questions.case_ids)
    run = rank(vectors.preset, questions, by_region(vectors))
    tables = measure_lists(questions, run)
    if vectors.text is not None and not np.isnan(vectors.text).all():
        directions = {
            "image→report": by_whole(vectors.whole, vectors.text),
            "report→image": by_whole(vectors.text, vectors.whole),
        }
        for name, score in directions.items():
            tables |= {name: _whole_case(questions, score), f"{name}, own": own_report(questions, score)}
    for name, asking in vectors.pointed.items():
        other = rank(name, questions, by_region(vectors, asking=asking))
        tables[f"pointing by {name}"] = agreement(questions, run, other)
    return tables


def measure_global(questions: Questions, vectors: Vectors) -> dict[str, Table]:
    """The same questions answered by the global vector, whatever the place."""
    vectors = vectors.over(questions.case_ids)
    tables = measure_lists(questions, rank("global", questions, by_whole(vectors.whole, vectors.whole)))
    return {task: table for task, table in tables.items() if task != "whole case"}


def measure_lists(questions: Questions, run: Run) -> dict[str, Table]:
    """The tasks of one ranking of all questions: at places, of whole cases, at normal places, and all at findings."""
    labels = questions.task.judgements
    judged = judge_run(run, labels, relations=questions.relations)
    at_places = np.array([place != ANYWHERE for place in judged.places])
    calm = judge_normal(run, labels)
    tables = {
        "at places": _table(judged.select(np.flatnonzero(at_places)), AT_PLACES),
        "whole case": _table(judged.select(np.flatnonzero(~at_places)), WHOLE),
        "protocol": _table(judged, AT_PLACES),
    }
    return tables if calm is None else {**tables, "normal": _table(calm, NORMAL)}


def measure_baselines(questions: Questions, names: Sequence[str] = ("metadata", "report BM25")) -> dict[str, Tables]:
    """Rankings that need no model, by name."""
    asked = questions.as_baselines_ask()
    runs = {name: rank_with(BASELINES[name], asked, questions.entries, depth=DEPTH) for name in names}
    return {name: measure_lists(questions, run) for name, run in runs.items()}


def own_report(questions: Questions, score: Scorer) -> Table:
    """Whether the other side of the same case is among the first: of all cases, the query's own patient's too."""
    names = questions.case_ids
    scores = np.nan_to_num(score(ANYWHERE, np.arange(len(names))), nan=-1e9)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    run = Run.build("own", ((names[i], names[j], -rank) for i, best in enumerate(order) for rank, j in enumerate(best)))
    judged = judge_run(run, Judgements.build([(name, name, 1.0) for name in names], documents=names))
    patients = {entry.case_id: entry.patient for entry in questions.entries}
    _, numbers = np.unique([patients[name] for name in judged.query_ids], return_inverse=True)
    return _table(judged, OWN, patients=numbers.astype(np.int64))


def agreement(questions: Questions, run: Run, other: Run) -> Table:
    """The share of the first ten that two ways of pointing have in common, at the findings' places."""
    labels = questions.task.judgements
    asked = [query for query in sorted(labels.listed) if not query.endswith(f"@{ANYWHERE}")]
    shares = [len(set(run.lists[query]) & set(other.lists[query])) / DEPTH for query in asked]
    judged = judge_run(run, labels)
    patient_of = dict(zip(judged.query_ids, query_patients(judged).tolist(), strict=True))
    return Table(
        query_ids=tuple(asked),
        patients=np.array([patient_of[query] for query in asked], dtype=np.int64),
        measures=("Overlap@10",),
        values=np.array(shares)[:, None],
        chance={"Overlap@10": DEPTH / len(questions.case_ids)},
        gallery=float(len(questions.case_ids)),
        prevalence=float("nan"),
    )


def mean_of_seeds(tables: Sequence[Table]) -> Table:
    """The same queries with the values' mean over seeds, query by query."""
    first = tables[0]
    return Table(
        query_ids=first.query_ids,
        patients=first.patients,
        measures=first.measures,
        values=np.mean([table.values for table in tables], axis=0),
        chance=first.chance,
        gallery=first.gallery,
        prevalence=first.prevalence,
    )


def summarise(seeds: Sequence[Table]) -> dict[str, Any]:
    """The record of a task: each measure's mean over seeds and queries with its interval, and each seed's mean."""
    table = mean_of_seeds(seeds)
    totals = PatientTotals.by_query(table.values, table.patients)
    intervals = bootstrap_means(totals, generator=np.random.default_rng(0))
    by_seed = [PatientTotals.by_query(one.values, one.patients).means.tolist() for one in seeds]
    return {
        "n": len(table.query_ids),
        "patients": len(np.unique(table.patients)),
        "gallery": table.gallery,
        "prevalence": None if np.isnan(table.prevalence) else table.prevalence,
        "measures": {
            name: {
                **interval.as_record(),
                "chance": table.chance[name],
                "by_seed": [means[column] for means in by_seed],
            }
            for column, (name, interval) in enumerate(zip(table.measures, intervals, strict=True))
        },
    }


def compare(subject: Table, others: Mapping[str, Table]) -> dict[str, dict[str, Any]]:
    """The subject minus each other, by measure; p by Holm over the others, for each measure apart."""
    found = {name: _paired(subject.values - other.values, subject.patients) for name, other in others.items()}
    record: dict[str, dict[str, Any]] = {name: {} for name in others}
    for column, measure in enumerate(subject.measures):
        adjusted = adjust_holm([found[name][column].p_value for name in others])
        for name, p in zip(others, adjusted, strict=True):
            record[name][measure] = {**_difference(found[name][column]), "p_holm": p}
    return record


def compare_places(subject: Table, other: Table) -> dict[str, Any]:
    """nDCG@10 by anatomy, subject minus other, p by Holm over anatomies; and where the subject is better."""
    places = np.array([query.partition("@")[2] for query in subject.query_ids])
    names = [name for name in sorted(set(places.tolist())) if (places == name).sum() >= FEWEST]
    gaps = subject.column() - other.column()
    found = [_paired(gaps[places == name, None], subject.patients[places == name])[0] for name in names]
    adjusted = adjust_holm([one.p_value for one in found])
    rows = {
        name: {
            "subject": float(subject.column()[places == name].mean()),
            "other": float(other.column()[places == name].mean()),
            **_difference(one),
            "p_holm": p,
        }
        for name, one, p in zip(names, found, adjusted, strict=True)
    }
    return {
        "places": rows,
        **{f"better_of_{count}": _share_better(rows.values(), count) for count in (FEWEST, 100)},
    }


def by_finding(questions: Questions, table: Table) -> dict[str, dict[str, float]]:
    """nDCG@10 over the questions whose case shows a finding at the place, by finding; a question counts for each."""
    facts = {case.case_id: case.facts for case in questions.cases}
    rows: dict[str, list[int]] = {}
    for row, query in enumerate(table.query_ids):
        case, _, name = query.partition("@")
        place: Place | None = None if name == ANYWHERE else parse_place(name)
        for finding in {fact.finding for fact in facts[case] if stands_at(fact, place)}:
            rows.setdefault(finding, []).append(row)
    return {
        finding: {"n": len(found), LEAD: float(table.column()[found].mean())}
        for finding, found in sorted(rows.items())
        if len(found) >= FEWEST
    }


def _whole_case(questions: Questions, score: Scorer) -> Table:
    labels = questions.task.judgements
    asked = tuple(query for query in sorted(labels.listed) if query.endswith(f"@{ANYWHERE}"))
    run = rank("whole case", questions, score, queries=asked)
    judged = judge_run(run, labels, relations=questions.relations)
    rows = np.flatnonzero(np.array([place == ANYWHERE for place in judged.places]))
    return _table(judged.select(rows), WHOLE)


def _table(judged: JudgedRun, names: Sequence[str], *, patients: NDArray[np.int64] | None = None) -> Table:
    measures = parse_measures(names)
    relevant = judged.relevant_counts() / np.maximum(judged.gallery_sizes, 1)
    return Table(
        query_ids=judged.query_ids,
        patients=query_patients(judged) if patients is None else patients,
        measures=tuple(names),
        values=np.stack([measure.value_per_query(judged) for measure in measures], axis=1),
        chance={name: measure.chance(judged) for name, measure in zip(names, measures, strict=True)},
        gallery=float(np.median(judged.gallery_sizes)),
        prevalence=float(relevant.mean()),
    )


def _paired(gaps: Floats, patients: NDArray[np.int64]) -> tuple[Comparison, ...]:
    return compare_paired(PatientTotals.by_query(gaps, patients), generator=np.random.default_rng(0))


def _difference(found: Comparison) -> dict[str, Any]:
    return {
        **found.difference.as_record(),
        "p": found.p_value,
        "minimum_detectable_effect": found.minimum_detectable_effect,
    }


def _share_better(rows: Iterable[Mapping[str, Any]], count: int) -> dict[str, int]:
    """Of the anatomies with so many queries: how many there are, where the subject's mean is better, and surely so."""
    known = [row for row in rows if row["n"] >= count]
    better = [row for row in known if row["mean"] > 0]
    return {
        "anatomies": len(known),
        "better": len(better),
        "significantly": sum(row["p_holm"] is not None and row["p_holm"] < 0.05 for row in better),
    }
