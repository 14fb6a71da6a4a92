"""Defects of published retrieval code, each as a test that would have found it.

Other files hold: ways of pointing told apart (`journeys/evaluating/test_pointing`), archives and exposures in one split
(`test_leaks`), mirrors that swap words, masks and boxes together, losses and ledgers (`tests/training`).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casekin.anatomy import mirror
from casekin.evaluation import Judgements, Run, judge_run
from casekin.evaluation.judgements import Listed
from casekin.evaluation.measures import parse_measure
from casekin.evaluation.protocols import load_protocol
from casekin.evaluation.scoring import score
from casekin.evaluation.scoring_breakdowns import SLICE_FIELDS
from casekin.findings import concept_similarity
from casekin.journeys.evaluating.index import index_task
from casekin.journeys.evaluating.runs import search_run
from casekin.journeys.mine import MineOptions, mine_reports
from casekin.relevance import compare_cases, grade_at
from casekin.types import Fact, Place
from made_indexes import made_cases, made_index
from relevance.made_facts import facts, laws, made

WORDS = ["effusion", "nodule", "atelectasis", "pneumothorax", "consolidation", "cardiomegaly", "emphysema", "fracture"]


def made_reports(count: int = 240) -> list[dict[str, Any]]:
    """Reports of two a patient; every sixth repeats the wording of another patient's, but for a word."""
    rng = np.random.default_rng(4)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        first, second = rng.choice(WORDS, 2, replace=False)
        side, words = rng.choice(["left", "right"]), [f"word{n}" for n in rng.integers(2_000, size=20)]
        text = f"There is a {side} {first}. There is {second}. Compared with {' '.join(words)}."
        if number % 6 == 5:
            text = f"{rows[-5]['report']} again"
        rows.append(
            {"report_id": f"r{number:03}", "patient_id": f"p{number // 2}", "report": text,
             "licence": "CC0-1.0" if number % 2 else "CC BY 4.0"}
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mined")
    lines = "".join(json.dumps(row) + "\n" for row in made_reports())
    (folder / "reports.jsonl").write_text(lines, encoding="utf-8")
    mine_reports(folder / "reports.jsonl", out=folder / "out", options=MineOptions(examples=False))
    return folder / "out"


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def common_share(a: str, b: str) -> float:
    """Jaccard of the sets of three words in a row."""
    one, other = ({tuple(words[i : i + 3]) for i in range(len(words) - 2)} for words in (a.split(), b.split()))
    return len(one & other) / len(one | other)


def test_no_patient_crosses_the_splits_of_mining(mined: Path) -> None:
    splits: dict[str, set[str]] = {}
    for case in read_lines(mined / "qrels" / "cases.jsonl"):
        splits.setdefault(case["patient"], set()).add(case["split"])
    assert len(splits) == 120
    assert all(len(inside) == 1 for inside in splits.values())


def test_no_test_question_has_its_answer_word_for_word_in_another_split(mined: Path) -> None:
    texts = {row["report_id"]: row["report"] for row in made_reports()}
    splits = {case["case_id"]: case["split"] for case in read_lines(mined / "qrels" / "cases.jsonl")}
    crossing = {
        name
        for name, text in texts.items()
        for other, its in texts.items()
        if splits[name] != "train" and splits[other] != splits[name] and common_share(text, its) >= 0.8
    }
    assert crossing, "the archive is made so that there are some"
    for split in ("validation", "test"):
        lines = (mined / "qrels" / f"{split}.qrels").read_text(encoding="utf-8").splitlines()
        asking = {line.partition("@")[0] for line in lines}
        assert asking and not asking & crossing


def test_the_average_precision_of_a_random_ranking_is_the_prevalence() -> None:
    rng = np.random.default_rng(1)
    names = [f"d{n:03}" for n in range(400)]
    relevant = {f"q{q}@*": rng.choice(400, 80, replace=False) for q in range(150)}
    grades = np.ones(80, dtype=np.float64)
    listed = {query: Listed(np.sort(numbers).astype(np.int32), grades) for query, numbers in relevant.items()}
    labels = Judgements(documents=tuple(names), listed=listed, closed=True)
    run = Run.build("random", [(query, names[n], -i) for query in relevant for i, n in enumerate(rng.permutation(400))])
    values = parse_measure("AP").value_per_query(judge_run(run, labels))
    assert float(np.mean(values)) == pytest.approx(0.2, abs=0.015)


def test_lists_do_not_depend_on_the_order_in_which_cases_were_stored(tmp_path: Path) -> None:
    orders = {"forth": list(made_cases()), "back": list(made_cases())[::-1]}
    runs = []
    for name, cases in orders.items():
        with made_index(tmp_path / name, cases) as index:
            runs.append(search_run(index, index_task(index, queries=20)))
    forth, back = runs
    assert {query: list(cases) for query, cases in forth.lists.items()} == {
        query: list(cases) for query, cases in back.lists.items()
    }


@pytest.mark.parametrize("protocol", ["roco", "m3d-2000"])
def test_where_texts_repeat_both_the_strict_and_the_group_aware_recall_are_measured(protocol: str) -> None:
    names = set(load_protocol(protocol).measures)
    grouped = {name for name in names if name.startswith("GroupR@")}
    assert grouped and {name.removeprefix("Group") for name in grouped} <= names


@laws
@given(stated=st.lists(facts, min_size=1, max_size=4), chosen=st.integers(0, 3))
def test_denying_or_mirroring_what_is_said_never_raises_grade_or_likeness(stated: list[Fact], chosen: int) -> None:
    fact = stated[chosen % len(stated)]
    place = Place(anatomy=fact.anatomy, side=fact.side)
    mirrored = mirror(place)
    assume(fact.polarity == "present" and all(other.finding != fact.finding for other in stated if other is not fact))
    query = made([fact], case_id="q", patient="q")
    alone = not any(concept_similarity(fact.finding, other.finding) for other in stated if other is not fact)
    for worse in (replace(fact, polarity="absent"), replace(fact, side=mirrored.side)):
        changed = [worse if other is fact else other for other in stated]
        for where in (place, None):
            assert grade_at(query.facts, changed, where) <= grade_at(query.facts, stated, where)
        told, kept = (compare_cases(query, made(said), place) for said in (changed, stated))
        if alone and told is not None and kept is not None:  # what is alike may match better without it
            assert told.value <= kept.value + 1e-9


def test_every_record_that_mining_writes_keeps_its_licence(mined: Path) -> None:
    rows = {row["report_id"]: row["licence"] for row in made_reports()}
    assert {line["report_id"]: line["licence"] for line in read_lines(mined / "facts.jsonl")} == rows


def test_figures_of_each_source_stand_beside_one_another(tmp_path: Path) -> None:
    cases = [replace(case, source="outside" if int(case.patient[1:]) % 2 else "own") for case in made_cases(40)]
    with made_index(tmp_path / "index", cases) as index:
        asked = index_task(index, queries=0)
        record = score(asked.task, search_run(index, asked), rows=asked.rows, resamples=50)
    assert "source" in SLICE_FIELDS
    assert [cell.label for cell in record.slices["source"]] == ["outside", "own"]
    counts = Counter(question.entry.header["source"] for question in asked.questions)
    assert sum(cell.n for cell in record.slices["source"]) == record.n_queries <= sum(counts.values())
