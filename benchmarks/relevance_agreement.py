"""Promise: grades from mined reports agree with the truth's, Kendall tau ≥ 0.9; what other labellers make of the same.

The truth is that of simulated reports by the test split's writers, graded by a second implementation of the contract
(`tests/relevance/naive_grades.py`). "Told" is what the text says, with the truth's severities; "truth" adds what the
text leaves out and has places exactly: no reader can know that. Queries: cases at the places where they have a
finding, among the 29 locations and the whole case; a hundred cases of other patients for each, half of them relevant
where there are as many.

- tau: Kendall's tau-b over all pairs, and the mean over queries with a 95 % interval by patient; no score counts as 0.
- contradictions: pairs where one case states at the place what the other denies, and the two share nothing; from the
  told facts, so that the labeller is measured and not the reader. How many get a score above 0.9, the threshold of
  published labels.
- normal with normal: share of pairs without a finding at the place among all random pairs that score above 0.9; our
  similarity tells such pairs apart and doesn't rank them.
- real reports, where their folder is given: whole reports against the Jaccard index of what human coders gave both
  (heads of codes with sides), and normal pairs as above.

The RaTEScore-style measure runs on a bag of letter trigrams here; any sentence encoder fits in its place.

    python benchmarks/relevance_agreement.py
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from casekin.relevance import CaseFindings, RelevanceTable, compare_cases, grade_at, is_normal_at
from casekin.relevance.labellers import (
    LONG_SINCE_MAY_2025,
    LONG_UNTIL_MAY_2025,
    SHORT,
    EntityMatch,
    LabelJaccard,
    TokenOverlap,
    view_at,
)
from casekin.relevance.similarity import contradicts
from casekin.relevance.trec import QUERY_PLACES
from casekin.reports import read_report
from casekin.settings import read_settings
from casekin.types import Place
from floors import patient_interval
from relevance_cases import SimulatedCase, simulated_cases
from report_reader import load_all_rows, report_text

Score = Callable[[CaseFindings, CaseFindings, Place | None], float | None]
Pair = tuple[int, int, Place | None]
_HIGH = 0.9
_PER_QUERY = 100


def naive_grades() -> ModuleType:
    """The second implementation, from the tests."""
    path = Path(__file__).parents[1] / "tests" / "relevance" / "naive_grades.py"
    spec = importlib.util.spec_from_file_location("naive_grades", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mined(case: SimulatedCase) -> CaseFindings:
    """The case as the reader reads its report."""
    read = read_report(case.text)
    return replace(case.told, facts=read.facts, normal_anatomies=read.normal_anatomies)


def trigrams(texts: Sequence[str]) -> NDArray[np.float64]:
    """Unit vectors of hashed letter trigrams, `(texts, 512)`."""
    vectors = np.zeros((len(texts), 512))
    for row, text in enumerate(texts):
        padded = f"  {text.lower()} "
        for start in range(len(padded) - 2):
            vectors[row, zlib.crc32(padded[start : start + 3].encode()) % 512] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def labellers() -> dict[str, Score]:
    """Every way to score a pair, by name."""
    others = [LabelJaccard(), TokenOverlap()]
    others += [EntityMatch(trigrams, weights=w) for w in (LONG_UNTIL_MAY_2025, LONG_SINCE_MAY_2025, SHORT)]

    def by_view(labeller: Any) -> Score:
        return lambda a, b, place: labeller.score(view_at(a, place), view_at(b, place))

    def similarity(a: CaseFindings, b: CaseFindings, place: Place | None) -> float | None:
        compared = compare_cases(a, b, place)
        return None if compared is None or compared.both_normal else compared.value

    def grade(a: CaseFindings, b: CaseFindings, place: Place | None) -> float:
        return grade_at(a.facts, b.facts, place) / 3

    return {"grades": grade, "similarity": similarity} | {other.name: by_view(other) for other in others}


def sample_pairs(cases: Sequence[CaseFindings], queries: int, seed: int) -> list[Pair]:
    """Queries with their candidates: up to half are relevant by the truth, the rest anyone of another patient."""
    random = np.random.default_rng(seed)
    table = RelevanceTable.build(cases)
    patients = np.array(table.patients)
    there = {place: table.abnormal(place) for place in QUERY_PLACES}
    asked = [place for place in QUERY_PLACES if len(there[place])]
    pairs: list[Pair] = []
    for _ in range(queries):
        place = asked[int(random.integers(len(asked)))]
        query = int(random.choice(there[place]))
        relevant, _ = table.relevant(cases[query].case_id, place)
        others = np.flatnonzero(patients != patients[query])
        chosen = set(random.permutation(relevant)[: _PER_QUERY // 2].tolist())
        chosen |= set(random.permutation(others)[: _PER_QUERY - len(chosen)].tolist())
        pairs += [(query, other, place) for other in sorted(chosen)]
    return pairs


def taus(grades: Sequence[float], scores: Sequence[float | None], pairs: Sequence[Pair], patients: list[str]) -> Any:
    """Tau-b over all pairs together, and over those of a query."""
    filled = [score or 0.0 for score in scores]
    by_query: dict[tuple[int, Place | None], list[int]] = {}
    for i, (query, _, place) in enumerate(pairs):
        by_query.setdefault((query, place), []).append(i)
    values, owners = [], []
    for (query, _), rows in by_query.items():
        if len({grades[i] for i in rows}) > 1:
            tau = kendalltau([grades[i] for i in rows], [filled[i] for i in rows]).statistic
            values.append(0.0 if np.isnan(tau) else float(tau))
            owners.append(patients[query])
    return {
        "tau": float(kendalltau(grades, filled).statistic),
        "by_query": patient_interval(values, owners),
        "scored": float(np.mean([score is not None for score in scores])),
    }


def draw_pair(cases: int, random: np.random.Generator) -> Pair:
    """Two case numbers, perhaps the same, and a place."""
    a, b = (int(i) for i in random.integers(cases, size=2))
    return a, b, QUERY_PLACES[int(random.integers(len(QUERY_PLACES)))]


def contradictions(cases: Sequence[CaseFindings], naive: ModuleType, count: int, seed: int) -> list[Pair]:
    """Random pairs where one case denies what the other states at the place, and their grade there is 0."""
    random = np.random.default_rng(seed)
    found: list[Pair] = []
    while len(found) < count:
        a, b, place = draw_pair(len(cases), random)
        first, second = cases[a], cases[b]
        ours = [fact for fact in first.facts if fact.polarity == "present" and naive.is_there(fact, place)]
        opposed = any(contradicts(fact, other) for fact in ours for other in second.facts)
        if first.patient != second.patient and opposed and not naive.naive_grade(first.facts, second.facts, place):
            found.append((a, b, place))
    return found


def random_pairs(cases: Sequence[CaseFindings], naive: ModuleType, count: int, seed: int) -> list[Pair]:
    """Random pairs of cases whose reports both speak of the place."""
    random = np.random.default_rng(seed)
    found: list[Pair] = []
    while len(found) < count:
        a, b, place = draw_pair(len(cases), random)
        spoken = all(naive.naive_judged(cases[i].facts, cases[i].normal_anatomies, place) for i in (a, b))
        if cases[a].patient != cases[b].patient and spoken:
            found.append((a, b, place))
    return found


def real_cases(folder: Path) -> tuple[list[CaseFindings], list[frozenset[tuple[str, str]]]]:
    """Public chest reports as the reader reads them, and what human coders gave each: heads with their sides."""
    cases, codes = [], []
    for row in sorted(load_all_rows(folder), key=lambda row: str(row["report_id"])):
        read = read_report(report_text(row))
        cases.append(
            CaseFindings(
                case_id=row["report_id"],
                patient=row["patient_id"],
                facts=read.facts,
                normal_anatomies=read.normal_anatomies,
            )
        )
        codes.append(frozenset((code["head"], code["side"] or "") for code in row["mesh_parsed"]))
    return cases, codes


def measure_real(folder: Path, naive: ModuleType, queries: int) -> dict[str, Any]:
    """Each labeller over whole reports against the coders' codes, and its normal pairs at places."""
    cases, codes = real_cases(folder)
    random = np.random.default_rng(5)
    coded = [i for i, code in enumerate(codes) if code]
    heads = [{head for head, _ in code} for code in codes]
    pairs: list[Pair] = []
    for query in random.choice(coded, size=queries, replace=False).tolist():
        sharing = [i for i in coded if i != query and heads[i] & heads[query]]
        chosen = set(random.permutation(sharing)[: _PER_QUERY // 2].tolist())
        chosen |= set(random.permutation(coded)[: _PER_QUERY - len(chosen)].tolist()) - {query}
        pairs += [(query, other, None) for other in sorted(chosen)]
    shared = [len(codes[a] & codes[b]) / len(codes[a] | codes[b]) for a, b, _ in pairs]
    anyone = random_pairs(cases, naive, 4000, seed=6)
    normal = [all(is_normal_at(cases[i], place) for i in (a, b)) for a, b, place in anyone]
    patients = [case.patient for case in cases]
    rows = {}
    for name, score in labellers().items():
        of_anyone = [score(cases[a], cases[b], place) for a, b, place in anyone]
        high = [both for both, value in zip(normal, of_anyone, strict=True) if value is not None and value > _HIGH]
        rows[name] = {
            "codes": taus(shared, [score(cases[a], cases[b], None) for a, b, _ in pairs], pairs, patients),
            "normal_share_above_0.9": {"share": float(np.mean(high)) if high else 0.0, "n": len(high)},
        }
    return {"reports": len(cases), "normal_share_of_random_pairs": float(np.mean(normal)), "labellers": rows}


def high_share(scores: Sequence[float | None]) -> dict[str, float]:
    """How many scores pass the threshold, and their mean."""
    known = [score for score in scores if score is not None]
    return {"above_0.9": float(np.mean([s > _HIGH for s in known])), "mean": float(np.mean(known)), "n": len(known)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1500)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--split", default="test")
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "relevance_agreement.json")
    args = parser.parse_args()
    naive = naive_grades()
    simulated = list(simulated_cases(patients=args.patients, seed=args.seed, split=args.split))
    read, told, truth = [mined(c) for c in simulated], [c.told for c in simulated], [c.truth for c in simulated]
    patients = [case.patient for case in told]
    pairs = sample_pairs(told, args.queries, seed=1)
    by_told, by_truth = (
        [naive.naive_grade(cases[a].facts, cases[b].facts, place) for a, b, place in pairs] for cases in (told, truth)
    )
    opposed = contradictions(told, naive, 2000, seed=2)
    anyone = random_pairs(read, naive, 4000, seed=3)
    normal = [all(is_normal_at(read[i], place) for i in (a, b)) for a, b, place in anyone]
    rows: dict[str, Any] = {}
    for name, score in labellers().items():
        scores = [score(read[a], read[b], place) for a, b, place in pairs]
        of_anyone = [score(read[a], read[b], place) for a, b, place in anyone]
        high = [both for both, value in zip(normal, of_anyone, strict=True) if value is not None and value > _HIGH]
        rows[name] = {
            "told": taus(by_told, scores, pairs, patients),
            "truth": taus(by_truth, scores, pairs, patients),
            "contradictions": high_share([score(told[a], told[b], place) for a, b, place in opposed]),
            "normal_share_above_0.9": {"share": float(np.mean(high)) if high else 0.0, "n": len(high)},
        }
    exact = [grade_at(told[a].facts, told[b].facts, place) for a, b, place in pairs]
    report = {
        "benchmark": "relevance_agreement",
        "split": args.split,
        "cases": len(told),
        "pairs": len(pairs),
        "grades_of_pairs": {str(grade): by_told.count(grade) for grade in range(4)},
        "normal_share_of_random_pairs": float(np.mean(normal)),
        "same_facts": {
            "equal": float(np.mean(np.array(exact) == np.array(by_told))),
            "tau": float(kendalltau(exact, by_told).statistic),
        },
        "told_against_truth": float(kendalltau(by_told, by_truth).statistic),
        "labellers": rows,
    }
    if args.data is None:
        print("real reports are left out: give --data or set CASEKIN_REAL_DATA", file=sys.stderr)
    else:
        report["real"] = measure_real(args.data, naive, args.queries)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"same facts: {report['same_facts']}, told against truth: tau {report['told_against_truth']:.3f}")
    for name, row in rows.items():
        told_tau, q = row["told"]["tau"], row["told"]["by_query"]
        print(
            f"{name:40s} tau {told_tau:.3f} (query {q['mean']:.3f} [{q['lo']:.3f}, {q['hi']:.3f}]) "
            f"truth {row['truth']['tau']:.3f} scored {row['told']['scored']:.2f} "
            f"contradictions {row['contradictions']} normal {row['normal_share_above_0.9']}"
        )


if __name__ == "__main__":
    main()
