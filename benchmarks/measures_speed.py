"""Promise: 20 TREC measures of 10,000 queries × 100 documents within a second once judged, equal to ir-measures'.

And the whole evaluation record of such a run beside one baseline, with 2,000 resamples, within a minute. Random lists
out of 10,000 documents, 300 relevant ones a query in three grades. Timed on one core: a run and its labels from rows to
arrays, once; the measures; their values by chance; the record, with a patient for every query and with four queries a
patient at 30 places, the judging of both runs included. The peer, in the same run, is ir-measures (trec_eval's code)
given its own dictionaries. The largest difference of any value is stored beside the times.

    python benchmarks/measures_speed.py
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np

from casekin.evaluation import Judgements, Run, judge_run
from casekin.evaluation.measures import parse_measures
from casekin.evaluation.protocols import Task, load_protocol
from casekin.evaluation.scoring import score

NAMES = (
    "nDCG", "nDCG@5", "nDCG@10", "nDCG@100", "AP", "AP@10", "AP(rel=2)", "P@1", "P@5", "P@10", "P(rel=2)@10", "R@10",
    "R@100", "R(rel=2)@10", "RR", "RR@10", "Success@1", "Success@5", "Success@10", "Rprec",
)  # fmt: skip
_DEPTH, _RELEVANT = 100, 300
Rows = list[tuple[str, str, float]]


def sample_rows(queries: int, documents: int, seed: int) -> tuple[Rows, Rows]:
    """Rows of a random run and of random labels."""
    random = np.random.default_rng(seed)
    names = [f"d{number:06d}" for number in range(documents)]
    listed: Rows = []
    labelled: Rows = []
    for query in (f"q{number:06d}" for number in range(queries)):
        shown, relevant = (random.choice(documents, size, replace=False) for size in (_DEPTH, _RELEVANT))
        listed += [(query, names[document], -float(rank)) for rank, document in enumerate(shown.tolist())]
        grades = random.integers(1, 4, _RELEVANT).tolist()
        labelled += [(query, names[d], float(grade)) for d, grade in zip(relevant.tolist(), grades, strict=True)]
    return listed, labelled


def time_arrays(listed: Rows, labelled: Rows, documents: list[str]) -> tuple[dict[str, float], np.ndarray[Any, Any]]:
    """Seconds of each step, and the values `(queries, measures)`."""
    measures = parse_measures(NAMES)
    began = time.perf_counter()
    judged = judge_run(Run.build("random", listed), Judgements.build(labelled, documents=documents))
    laid = time.perf_counter()
    values = np.stack([measure.value_per_query(judged) for measure in measures], axis=1)
    scored = time.perf_counter()
    for measure in measures:
        measure.expected_by_chance(judged)
    ended = time.perf_counter()
    return {"to_arrays_s": laid - began, "measures_s": scored - laid, "chance_s": ended - scored}, values


def time_record(listed: Rows, labelled: Rows, documents: list[str]) -> float:
    """Seconds of everything that is told of a run beside one whose scores are the other way round."""
    run, turned = Run.build("random", listed), Run.build("turned", [(q, d, -value) for q, d, value in listed])
    task = Task(
        protocol=load_protocol("trec"), name="random", judgements=Judgements.build(labelled, documents=documents)
    )
    began = time.perf_counter()
    score(task, run, baselines=[turned], measures=NAMES)
    return time.perf_counter() - began


def at_places(rows: Rows) -> Rows:
    """The same with four queries a case, at four of 30 places."""
    numbers = ((int(query[1:]), document, value) for query, document, value in rows)
    return [(f"q{n // 4:06d}@place_{(n // 4 * 7 + n % 4) % 30}", d, value) for n, d, value in numbers]


def time_peer(listed: Rows, labelled: Rows) -> tuple[dict[str, float], np.ndarray[Any, Any]]:
    """The same of ir-measures, queries ascending."""
    began = time.perf_counter()
    run: dict[str, dict[str, float]] = {}
    qrels: dict[str, dict[str, int]] = {}
    for query, document, value in listed:
        run.setdefault(query, {})[document] = value
    for query, document, grade in labelled:
        qrels.setdefault(query, {})[document] = int(grade)
    built = time.perf_counter()
    asked = [ir_measures.parse_measure(name) for name in NAMES]
    found = {(m.query_id, str(m.measure)): m.value for m in ir_measures.iter_calc(asked, qrels, run)}
    ended = time.perf_counter()
    values = np.array([[found[query, name] for name in NAMES] for query in sorted(qrels)])
    return {"to_dictionaries_s": built - began, "measures_s": ended - built}, values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "measures_speed.json")
    args = parser.parse_args()
    load = os.getloadavg()[0]
    listed, labelled = sample_rows(args.queries, args.documents, args.seed)
    documents = sorted({document for _, document, _ in (*listed, *labelled)})
    arrays, ours = time_arrays(listed, labelled, documents)
    records = {
        "a patient a query": time_record(listed, labelled, documents),
        "four queries a patient, 30 places": time_record(at_places(listed), at_places(labelled), documents),
    }
    peer, theirs = time_peer(listed, labelled)
    report = {
        "benchmark": "measures_speed",
        "queries": args.queries,
        "documents": args.documents,
        "measures": len(NAMES),
        "load_before": round(load, 2),
        "casekin": {name: round(value, 3) for name, value in arrays.items()},
        "record_s": {name: round(value, 1) for name, value in records.items()},
        "ir_measures": {name: round(value, 3) for name, value in peer.items()},
        "largest_difference": float(np.abs(ours - theirs).max()),
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
