"""Promise: on a simulated archive, asking at an anatomy finds the same finding there better than any blind ranking.

Queries are (case, place) of test-split patients with a finding present at the place; the gallery is every case of every
other patient; grades 0..3 come from the archive's truth. nDCG@10 (ir-measures) with a 95 % interval by patient, for the
region-conditioned search, the global vector, metadata alone and a random order, one case a patient in every list.

    casekin world --out archive --patients 1000 --seed 777
    casekin ingest archive --index index
    python benchmarks/conditional_retrieval.py --archive archive --index index
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import P, nDCG

from casekin import CaseIndex, Place, SearchQuery, load_encoder, search_cases
from casekin.anatomy import on_radiograph, overlaps
from casekin.errors import PlaceError
from casekin.evaluation.truth import facts_in_image
from casekin.journeys.search import encode_query
from casekin.relevance import grade_at
from casekin.types import Fact
from floors import patient_interval

MEASURES = (nDCG @ 10, P(rel=2) @ 10)
DEPTH = 10
Cases = dict[str, dict[str, Any]]


def read_archive(folder: Path) -> Cases:
    """Manifest rows by case id (the first of each case), with the truth's split and facts of image and absence."""
    cases: Cases = {}
    for name in ("manifest.jsonl", "truth.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            cases[row["case_id"]] = {**row, **cases.get(row["case_id"], {})}
    for case in cases.values():
        others = [record for record in case["facts"] if not record["in_image"]]
        case["facts"] = (*facts_in_image(case["facts"]), *(_fact(record) for record in others))
    return cases


def _fact(record: dict[str, Any]) -> Fact:
    names = ("finding", "anatomy", "side", "polarity", "severity", "size_mm", "change")
    return Fact(**{name: record.get(name) for name in names})


def sample_queries(cases: Cases, *, count: int, seed: int) -> list[tuple[str, Place]]:
    """Pairs of a test-split case and a place where it has a finding that a frontal film can show."""
    pairs = []
    for case_id, case in sorted(cases.items()):
        if case["split"] == "test" and case.get("view") in ("PA", "AP", None):
            places = dict.fromkeys(f.place for f in case["facts"] if f.polarity == "present" and _is_visible(f.place))
            pairs += [(case_id, place) for place in places]
    order = np.random.default_rng(seed).permutation(len(pairs))[:count]
    return [pairs[i] for i in sorted(order)]


def _is_visible(place: Place) -> bool:
    try:
        return bool(on_radiograph(place))
    except PlaceError:
        return False


def grades(cases: Cases, query: str, place: Place) -> dict[str, int]:
    """Grade of every case of another patient for a query at a place."""
    mine = cases[query]["facts"]
    patient = cases[query]["patient_id"]
    found = {}
    for case_id, case in cases.items():
        there = [fact for fact in case["facts"] if fact.polarity != "absent" and overlaps(fact.place, place)]
        if there and case["patient_id"] != patient:
            found[case_id] = grade_at(mine, there, place)
    return {case_id: grade for case_id, grade in found.items() if grade}


def one_a_patient(order: Iterable[str], cases: Cases, query: str) -> list[str]:
    """The first case of each other patient, as the product lists them."""
    seen = {cases[query]["patient_id"]}
    kept = []
    for case_id in order:
        if cases[case_id]["patient_id"] not in seen:
            seen.add(cases[case_id]["patient_id"])
            kept.append(case_id)
    return kept[:DEPTH]


def by_metadata(cases: Cases, query: str) -> list[str]:
    """Cases by same view, sex and source, then nearest age: what a filter alone would give."""
    mine = cases[query]

    def distance(case_id: str) -> tuple[Any, ...]:
        other = cases[case_id]
        unequal = sum(other.get(name) != mine.get(name) for name in ("view", "sex", "source"))
        return unequal, abs((other.get("age") or 0) - (mine.get("age") or 0)), case_id

    return sorted(cases, key=distance)


def answer(
    archive: Path, index: CaseIndex, cases: Cases, queries: Sequence[tuple[str, Place]], model: str
) -> dict[str, list[ir_measures.ScoredDoc]]:
    """Runs of every method over the queries."""
    encoder = load_encoder(model)
    random = np.random.default_rng(0)
    runs: dict[str, list[ir_measures.ScoredDoc]] = defaultdict(list)
    names = sorted(cases)
    for case_id, place in queries:
        image = archive / cases[case_id]["image"]
        encoded = encode_query(index, image, encoder)
        lists = {
            "region": search_cases(index, SearchQuery(image=image, at=(str(place),)), encoder=encoder, encoded=encoded),
            "global": search_cases(index, SearchQuery(image=image), encoder=encoder, encoded=encoded),
        }
        orders = {name: [hit.case_id for hit in result.hits] for name, result in lists.items()}
        orders["metadata"] = one_a_patient(by_metadata(cases, case_id), cases, case_id)
        orders["random"] = one_a_patient((names[i] for i in random.permutation(len(names))), cases, case_id)
        for name, order in orders.items():
            query_id = f"{case_id}@{place}"
            runs[name] += [ir_measures.ScoredDoc(query_id, other, -rank) for rank, other in enumerate(order)]
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "conditional_retrieval.json")
    args = parser.parse_args()
    cases = read_archive(args.archive)
    queries = sample_queries(cases, count=args.queries, seed=args.seed)
    judged = {f"{case_id}@{place}": grades(cases, case_id, place) for case_id, place in queries}
    queries = [(case_id, place) for case_id, place in queries if judged[f"{case_id}@{place}"]]
    qrels = [
        ir_measures.Qrel(query_id, case_id, grade)
        for query_id, found in judged.items()
        for case_id, grade in found.items()
    ]
    with CaseIndex(args.index) as index:
        runs = answer(args.archive, index, cases, queries, args.model)
        report = {
            "benchmark": "conditional_retrieval",
            "model_version": index.model_version(),
            "gallery": len(cases),
            "queries": len(queries),
            "dropped_without_relevant": len(judged) - len(queries),
            "prevalence": float(np.mean([len(judged[f"{c}@{p}"]) for c, p in queries]) / len(cases)),
        }
    report["measures"] = measure(qrels, runs, queries, cases)
    report["by_finding"] = by_finding(qrels, runs, queries, cases)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, row in report["measures"].items():
        figures = row["nDCG@10"]
        print(f"{name:20s} nDCG@10 {figures['mean']:.3f} [{figures['lo']:.3f}, {figures['hi']:.3f}] n={figures['n']}")
    for name, row in report["by_finding"].items():
        print(f"  {name:28s} n={row['n']:4d}  " + "  ".join(f"{m} {v:.3f}" for m, v in row.items() if m != "n"))


def measure(qrels: Any, runs: Any, queries: Any, cases: Cases) -> dict[str, dict[str, Any]]:
    """Every measure of every method with its interval, and the region's lead over each other method, query by query."""
    values: dict[str, dict[str, dict[str, float]]] = {}
    for name, run in runs.items():
        values[name] = defaultdict(dict)
        for metric in ir_measures.iter_calc(MEASURES, qrels, run):
            values[name][str(metric.measure)][metric.query_id] = metric.value
    patients = [cases[case_id]["patient_id"] for case_id, _ in queries]
    ids = [f"{case_id}@{place}" for case_id, place in queries]
    table: dict[str, dict[str, Any]] = {}
    for name, by_measure in values.items():
        table[name] = {m: patient_interval([v.get(i, 0.0) for i in ids], patients) for m, v in by_measure.items()}
    for name in [name for name in values if name != "region"]:
        lead = values["region"]["nDCG@10"], values[name]["nDCG@10"]
        gaps = [lead[0].get(i, 0.0) - lead[1].get(i, 0.0) for i in ids]
        table[f"region - {name}"] = {"nDCG@10": patient_interval(gaps, patients)}
    return table


def by_finding(qrels: Any, runs: Any, queries: Any, cases: Cases) -> dict[str, dict[str, float]]:
    """nDCG@10 of each method over the queries whose place shows a finding; a query may count for several."""
    table: dict[str, dict[str, float]] = {}
    scores = {
        name: {m.query_id: m.value for m in ir_measures.iter_calc([nDCG @ 10], qrels, run)}
        for name, run in runs.items()
    }
    groups: dict[str, list[str]] = defaultdict(list)
    for case_id, place in queries:
        found = {f.finding for f in cases[case_id]["facts"] if f.polarity == "present" and f.place == place}
        for finding in found:
            groups[finding].append(f"{case_id}@{place}")
    for finding, ids in sorted(groups.items()):
        means = {name: float(np.mean([by_query.get(i, 0.0) for i in ids])) for name, by_query in scores.items()}
        table[finding] = {"n": len(ids), **means}
    return table


if __name__ == "__main__":
    main()
