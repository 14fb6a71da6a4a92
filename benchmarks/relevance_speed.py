"""Promise: all cases relevant to a case at a place, with grades, in milliseconds at 100,000 cases; qrels in minutes.

Facts come from the simulated archive's patients, without pictures and reports. Questions are random cases at random
places where they have a finding, the 29 locations and the whole case. Floors, in the same run: a loop of `grade_at`
over 1,000 cases, scaled to all; a scan of one byte a case that picks the relevant ones; for qrels, writing and hashing
the same bytes.

    python benchmarks/relevance_speed.py
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from casekin.relevance import CaseFindings, RelevanceTable, grade_at, write_qrels
from casekin.relevance.trec import QUERY_PLACES
from casekin.types import Place
from casekin.world.patients import sample_patient
from relevance_cases import case_in_picture

_LOOP = 1000


def sample_cases(count: int, seed: int) -> list[CaseFindings]:
    """The first `count` examinations of simulated patients."""
    cases: list[CaseFindings] = []
    number = 0
    while len(cases) < count:
        patient = sample_patient(number, seed=seed)
        cases += [case_in_picture(patient, exam) for exam in patient.exams]
        number += 1
    return cases[:count]


def milliseconds(samples: Sequence[float]) -> dict[str, float]:
    """Percentiles of seconds, in milliseconds."""
    p50, p95, p99 = np.percentile(np.array(samples) * 1000, (50, 95, 99))
    return {"p50_ms": round(p50, 3), "p95_ms": round(p95, 3), "p99_ms": round(p99, 3), "n": len(samples)}


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def sample_questions(table: RelevanceTable, count: int, seed: int) -> list[tuple[str, Place | None]]:
    """Cases and places where they have a finding: a place first, then a case, so that rare places are asked as well."""
    random = np.random.default_rng(seed)
    there = {place: table.abnormal(place) for place in QUERY_PLACES}
    asked = [place for place in QUERY_PLACES if len(there[place])]
    places = [asked[int(random.integers(len(asked)))] for _ in range(count)]
    return [(table.case_ids[int(random.choice(there[place]))], place) for place in places]


def measure_questions(cases: list[CaseFindings], table: RelevanceTable, count: int) -> dict[str, object]:
    """Times of questions, first of a new table and then of a warm one, and of both floors."""
    questions = sample_questions(table, count, seed=1)
    fresh = RelevanceTable.build(cases)
    cold = [seconds(lambda q=q: fresh.relevant(*q)) for q in questions[:100]]
    warm = [seconds(lambda q=q: table.relevant(*q)) for q in questions]
    answers = [table.relevant(*question) for question in questions]
    judged = [seconds(lambda p=p: table.judged(p)) for p in QUERY_PLACES]
    by_id = {case.case_id: case for case in cases}
    part = cases[:: max(1, len(cases) // _LOOP)][:_LOOP]

    def loop(case_id: str, place: Place | None) -> None:
        facts = by_id[case_id].facts
        for case in part:
            grade_at(facts, case.facts, place)

    looped = [seconds(lambda q=q: loop(*q)) * len(cases) / len(part) for q in questions[:20]]
    scans = []
    for numbers, grades in answers[:200]:
        column = np.zeros(len(cases), dtype=np.uint8)
        column[numbers] = grades
        scans.append(seconds(lambda c=column: c[np.flatnonzero(c)]))
    return {
        "relevant": milliseconds(warm),
        "relevant, the first 100 of a new table": milliseconds(cold),
        "judged": milliseconds(judged),
        "answers_mean": round(float(np.mean([len(numbers) for numbers, _ in answers])), 1),
        "loop of grade_at, scaled": milliseconds(looped),
        "scan of a byte a case": milliseconds(scans),
    }


def measure_qrels(cases: list[CaseFindings], folder: Path) -> dict[str, object]:
    """Time to write every query of a split, and to write and hash the same bytes again."""
    table = RelevanceTable.build(cases)
    splits = {case.case_id: "test" for case in cases}
    took = seconds(lambda: write_qrels(table, folder, splits=splits))  # type: ignore[arg-type]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    raw = (folder / "test.qrels").read_bytes()

    def again() -> None:
        (folder / "again").write_bytes(raw)
        hashlib.sha256(raw).hexdigest()

    counts = manifest["counts"]["test"]
    return {
        "seconds": round(took, 1),
        "floor_seconds": round(seconds(again), 1),
        "queries": counts["queries"],
        "lines": sum(counts["grades"].values()),
        "bytes": len(raw),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--gallery", type=int, default=5_000, help="cases of the split that qrels are written for")
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "relevance_speed.json")
    args = parser.parse_args()
    cases = sample_cases(args.cases, seed=11)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    table = RelevanceTable.build(cases)
    built = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with tempfile.TemporaryDirectory() as scratch:
        saved = seconds(lambda: table.save(Path(scratch) / "table.npz"))
        loaded = seconds(lambda: RelevanceTable.load(Path(scratch) / "table.npz"))
        size = (Path(scratch) / "table.npz").stat().st_size
        questions = measure_questions(cases, table, args.questions)
        qrels = measure_qrels(cases[: args.gallery], Path(scratch) / "qrels")
    report = {
        "benchmark": "relevance_speed",
        "cases": len(cases),
        "statements_per_case": round(
            sum(len(case.facts) + len(case.normal_anatomies) for case in cases) / len(cases), 1
        ),
        "build_s": round(built, 2),
        "peak_memory_grown_mb": round(grown / 1024, 1),
        "save_s": round(saved, 2),
        "load_s": round(loaded, 2),
        "file_bytes": size,
        **questions,
        f"qrels, {args.gallery} cases at {len(QUERY_PLACES)} places": qrels,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
