"""Our protocol: mined labels, near-duplicates taken out with their queries, strata of cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.evaluation import Run
from casekin.evaluation.protocols import Task, case_strata, read_tasks


def mined(folder: Path) -> Task:
    (folder / "test.qrels").write_text("a@heart 0 b 3\na@heart 0 c 1\nb@heart 0 a 3\n", encoding="utf-8")
    (folder / "judged.jsonl").write_text(json.dumps({"place": "heart", "cases": list("abcd")}) + "\n", encoding="utf-8")
    cases = [{"case_id": case, "patient": f"p{case}", "split": "test"} for case in "abcde"]
    (folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    (task,) = read_tasks("casekin", folder / "test.qrels")
    return task


def test_near_duplicates_leave_gallery_and_queries_and_are_counted(tmp_path: Path) -> None:
    task = mined(tmp_path).without(["b"], reason="near_duplicates")
    assert task.dropped == {"near_duplicates": 1, "near_duplicates_queries": 1}
    judged = task.judge(Run.build("made", [("a@heart", "d", 2.0), ("a@heart", "c", 1.0)]))
    assert (judged.query_ids, judged.document_ids) == (("a@heart",), ("a", "c", "d", "e"))
    assert judged.grades.tolist() == [[0.0, 1.0]]
    assert judged.gallery_sizes.tolist() == [2.0]


def test_without_anything_left_there_is_nothing_to_score(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="near_duplicates"):
        mined(tmp_path).without("ab", reason="near_duplicates")


def test_strata_say_how_many_findings_and_whether_one_is_rare() -> None:
    found = {f"c{i}": ["effusion"] for i in range(9)} | {"n": [], "m": ["effusion", "sarcoidosis"]}
    strata = case_strata(found, rare_share=0.1)
    assert strata["n"] == ("normal",)
    assert strata["c0"] == ("single",)
    assert strata["m"] == ("multi", "rare")
