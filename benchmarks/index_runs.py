"""Promise: a question asked by a case's stored vectors lists the first ten that its image file does; a baseline takes
less than a minute over 1,000 questions and 10,000 cases.

On a simulated archive: 50 questions of the test split asked both ways. Then what listing every case measures against
listing one case a patient, as a search shows it: gallery of cases, or of patients by their best case. Baselines are
timed on made cases with 256 numbers a vector and 60 words a report.

    casekin world --out archive --patients 1000 --seed 777
    casekin ingest archive --index index
    python benchmarks/index_runs.py --archive archive --index index
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from casekin import CaseIndex, SearchQuery, load_encoder, search_cases
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES, Entry, Question, rank_with
from casekin.evaluation.measures import parse_measures
from casekin.journeys.evaluating.index import IndexTask, index_task
from casekin.journeys.evaluating.runs import answer_questions, make_baselines, search_run
from casekin.journeys.search import encode_query
from floors import patient_interval

MEASURES = ("nDCG@10", "AP", "R@10", "P(rel=2)@5", "PatientDiversity@10")
QUESTIONS, GALLERY = 1_000, 10_000


def first_of_patients(run: Run, patients: Mapping[str, str]) -> Run:
    """The first case of each patient in every list."""
    lists, scores = {}, {}
    for query, found in run.lists.items():
        firsts: dict[str, int] = {}
        for rank, case in enumerate(found):
            firsts.setdefault(patients[case], rank)
        lists[query] = tuple(found[rank] for rank in firsts.values())
        scores[query] = tuple(run.scores[query][rank] for rank in firsts.values())
    return replace(run, lists=lists, scores=scores)


def ndcg_over_patients(run: Run, asked: IndexTask, patients: Mapping[str, str]) -> dict[str, Any]:
    """nDCG@10 where what can be found is each patient's best case."""
    labels = asked.task.judgements
    discounts = 1 / np.log2(np.arange(2, 12))
    values, owners = [], []
    for query, (numbers, grades) in labels.listed.items():
        graded = {labels.documents[n]: g for n, g in zip(numbers.tolist(), grades.tolist(), strict=True)}
        own = patients[query.partition("@")[0]]
        best: dict[str, float] = {}
        for case, grade in graded.items():
            best[patients[case]] = max(best.get(patients[case], 0.0), grade)
        ideal = sorted((grade for patient, grade in best.items() if patient != own), reverse=True)[:10]
        gain = [graded.get(case, 0.0) for case in run.lists[query][:10]]
        reach = float(np.dot(ideal, discounts[: len(ideal)]))
        values.append(float(np.dot(gain, discounts[: len(gain)])) / reach if reach else 0.0)
        owners.append(own)
    return patient_interval(values, owners)


def compare_lists(asked: IndexTask, runs: list[Run]) -> dict[str, Any]:
    """Every run with all cases and with one case a patient."""
    patients = {entry.case_id: entry.patient for entry in asked.entries}
    table: dict[str, Any] = {}
    for run in runs:
        short = first_of_patients(run, patients)
        table[run.name] = {"patients": {"nDCG@10": ndcg_over_patients(short, asked, patients)}}
        for name, listed in (("cases", run), ("one a patient", short)):
            judged = asked.task.judge(listed)
            owners = [patients[query.partition("@")[0]] for query in judged.query_ids]
            table[run.name][name] = {
                measure.name: patient_interval(measure.value_per_query(judged).tolist(), owners)
                for measure in parse_measures(MEASURES)
            }
    return table


def compare_with_pixels(index: CaseIndex, asked: IndexTask, archive: Path, model: str, count: int) -> dict[str, Any]:
    """How many of the first questions list the same ten patients' cases by stored vectors and by the file."""
    lines = (archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    images = {row["case_id"]: archive / row["image"] for row in map(json.loads, lines)}
    encoder = load_encoder(model)
    some = replace(asked, questions=asked.questions[:count])
    patients = {entry.case_id: entry.patient for entry in asked.entries}
    run = first_of_patients(search_run(index, some), patients)
    same, apart = 0, 0.0
    for question in some.questions:
        image = images[question.entry.case_id]
        query = SearchQuery(image=image, at=() if question.place == "*" else (question.place,))
        answer = search_cases(index, query, encoder=encoder, encoded=encode_query(index, image, encoder))
        scores = dict(zip(run.lists[question.query_id], run.scores[question.query_id], strict=True))
        same += [hit.case_id for hit in answer.hits] == list(run.lists[question.query_id][:10])
        apart = max(apart, *(abs(hit.score - scores[hit.case_id]) for hit in answer.hits if hit.case_id in scores))
    return {"questions": len(some.questions), "same_first_ten": same, "largest_difference_of_score": apart}


def time_baselines(seed: int) -> dict[str, float]:
    """Seconds of each baseline over made cases."""
    rng = np.random.default_rng(seed)
    words = np.array([f"word{number}" for number in range(3_000)])
    entries = [
        Entry(
            case_id=f"c{number:05d}",
            patient=f"p{number // 2}",
            modality="DX",
            view=("PA", "AP")[number % 2],
            age=float(rng.integers(20, 90)),
            header={"sex": "FM"[number % 3 == 0], "site": "abc"[number % 3]},
            vector=rng.normal(size=256).astype(np.float32),
            crops={"left_lung": rng.normal(size=256).astype(np.float32)},
            report=" ".join(words[(rng.random(60) ** 3 * len(words)).astype(int)]),
        )
        for number in range(GALLERY)
    ]
    questions = [Question(entry=entry, place="left_lung") for entry in entries[:: GALLERY // QUESTIONS]]
    seconds = {}
    for name, baseline in BASELINES.items():
        began = time.perf_counter()
        rank_with(baseline, questions, entries, depth=1_000)
        seconds[name] = round(time.perf_counter() - began, 1)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "index_runs.json")
    args = parser.parse_args()
    truth = args.archive / "truth.jsonl"
    with CaseIndex(args.index) as index, TemporaryDirectory() as folder:
        everyone = index_task(index, truth=truth, split=None, queries=40)
        report = {"pixels": compare_with_pixels(index, everyone, args.archive, args.model, 50)}
        asked = index_task(index, truth=truth)
        run = answer_questions(index, asked, folder=Path(folder))
        made = make_baselines(index, asked, folder=Path(folder))
        report["lists"] = compare_lists(asked, [run, *made.runs])
        report["gallery"] = {
            "cases": len(asked.entries),
            "patients": len({e.patient for e in asked.entries}),
            "model_version": index.model_version(),
        }
    report["baseline_seconds"] = time_baselines(seed=0)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name, row in report["lists"].items():
        told = "  ".join(f"{kind} {figures['nDCG@10']['mean']:.3f}" for kind, figures in row.items())
        precision = "  ".join(f"{kind} {row[kind]['AP']['mean']:.3f}" for kind in ("cases", "one a patient"))
        print(f"{name:16s} nDCG@10: {told}; AP: {precision}")
    print(report["pixels"], report["baseline_seconds"])


if __name__ == "__main__":
    main()
