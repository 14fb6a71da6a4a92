"""Mining: qrels, the saved table and RadIR's tables say what the grades of the mined facts say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from casekin.journeys.mine import MineOptions, mine_reports
from casekin.relevance import RelevanceTable, grade_at, read_qrels
from casekin.reports import read_report
from casekin.reports.formats import read_region, region_files
from casekin.types import Place
from made_reports import fact_of, lines, report_rows, write_rows


def test_qrels_hold_the_grades_of_their_split_for_the_cases_that_ask(tmp_path: Path) -> None:
    rows = report_rows(80)
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out", options=MineOptions(queries=5))
    mined = {line["report_id"]: line for line in lines(tmp_path / "out" / "facts.jsonl")}
    facts = {name: [fact_of(fact) for fact in line["facts"]] for name, line in mined.items()}
    told = lines(tmp_path / "out" / "qrels" / "cases.jsonl")
    assert {row["case_id"] for row in told} == set(mined)
    for split, asked in (("train", 1), ("validation", 5), ("test", 5)):
        found = list(read_qrels(tmp_path / "out" / "qrels" / f"{split}.qrels"))
        asking = {qrel.query_id.split("@")[0] for qrel in found}
        assert 0 < len(asking) <= 5
        says = {row["case_id"] for row in told if row["split"] == split and row["asks"]}
        assert asking <= says
        assert len(says) == asked
        whole = {(q.query_id, q.case_id): q.grade for q in found if q.query_id.endswith("@*")}
        assert whole == {
            (f"{query}@*", name): grade
            for query in asking
            for name, line in mined.items()
            if line["split"] == split
            and line["patient_id"] != mined[query]["patient_id"]
            and (grade := grade_at(facts[query], facts[name], None))
        }


def test_in_a_small_archive_every_case_with_a_finding_that_has_relatives_asks(tmp_path: Path) -> None:
    mine_reports(write_rows(tmp_path / "r.jsonl", report_rows(80)), out=tmp_path / "out")
    mined = [line for line in lines(tmp_path / "out" / "facts.jsonl") if line["split"] == "test"]
    facts = {line["report_id"]: [fact_of(fact) for fact in line["facts"]] for line in mined}
    patients = {line["report_id"]: line["patient_id"] for line in mined}
    with_relatives = {
        query
        for query, stated in facts.items()
        if any(patients[name] != patients[query] and grade_at(stated, other, None) for name, other in facts.items())
    }
    manifest = json.loads((tmp_path / "out" / "qrels" / "manifest.json").read_text(encoding="utf-8"))
    asking = {qrel.query_id.split("@")[0] for qrel in read_qrels(tmp_path / "out" / "qrels" / "test.qrels")}
    assert with_relatives == asking
    assert manifest["not_asking_for_a_twin_in_another_split"] == 0


def test_a_test_case_whose_wording_stands_in_another_split_does_not_ask(tmp_path: Path) -> None:
    long = (
        "There is a small left pleural effusion with adjacent atelectasis of the left lower lobe and a calcified node."
    )
    rows = [
        {"report_id": "a", "split": "train", "report": long},
        {"report_id": "b", "split": "test", "report": long + " Thank you."},
        {"report_id": "c", "split": "test", "report": "Left pleural effusion of moderate size. Heart enlarged."},
        {"report_id": "d", "split": "test", "report": "Moderate effusion on the left. No pneumothorax."},
    ]
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    (group,) = lines(tmp_path / "out" / "duplicates.jsonl")
    assert (group["report_id"], [twin["report_id"] for twin in group["near_duplicates"]]) == ("a", ["b"])
    found = list(read_qrels(tmp_path / "out" / "qrels" / "test.qrels"))
    assert {qrel.query_id.split("@")[0] for qrel in found} == {"c", "d"}
    told = {row["case_id"]: row["asks"] for row in lines(tmp_path / "out" / "qrels" / "cases.jsonl")}
    assert told == {"a": True, "b": False, "c": True, "d": True}
    assert "b" in {qrel.case_id for qrel in found}


def test_the_saved_table_answers_for_every_case(tmp_path: Path) -> None:
    mine_reports(write_rows(tmp_path / "r.jsonl", report_rows(20)), out=tmp_path / "out")
    table = RelevanceTable.load(tmp_path / "out" / "relevance.npz")
    assert table.case_ids == tuple(f"r{number}" for number in range(20))


def test_radirs_tables_hold_a_third_of_the_grade_of_every_judged_pair(tmp_path: Path) -> None:
    rows = [row | {"split": "test"} for row in report_rows(14)]
    source = write_rows(tmp_path / "r.jsonl", rows)
    mine_reports(source, out=tmp_path / "out", options=MineOptions(radir=True))
    facts = {row["report_id"]: read_report(row["report"]).facts for row in rows}
    patient = {row["report_id"]: row["patient_id"] for row in rows}
    tables = {path.stem: read_region(path) for path in region_files(tmp_path / "out" / "radir")}
    assert "left lung" in tables
    place = Place(anatomy="lung", side="left")
    expected = [
        [1.0 if a == b else 0.0 if patient[a] == patient[b] else grade_at(facts[a], facts[b], place) / 3
         for b in tables["left lung"].names]
        for a in tables["left lung"].names
    ]  # fmt: skip
    assert np.allclose(tables["left lung"].values, expected)
    again = mine_reports(tmp_path / "out" / "radir", out=tmp_path / "back")
    assert (again.record["format"], again.record["reports"], again.record["bad_rows"]) == ("radir", 14, 0)
