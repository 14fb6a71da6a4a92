"""Tasks put together score each query as apart; an open gallery takes in what runs name, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation import Judgements, Run
from casekin.evaluation.measures import parse_measure
from casekin.evaluation.protocols import (
    Task,
    close_gallery,
    join_runs,
    join_tasks,
    load_protocol,
    rank_at_random,
    read_tasks,
)
from casekin.evaluation.protocols.task import judge_square
from made_runs import ranked

AP = parse_measure("AP")


def square(place: str, names: str, seed: int) -> Task:
    values = np.random.default_rng(seed).integers(0, 2, (len(names), len(names))).astype(float)
    labels = judge_square(tuple(names), values, place=place)
    return Task(protocol=load_protocol("radir"), name=place, judgements=labels, dropped={"rows_past_the_limit": 1})


def backwards(task: Task) -> Run:
    """Every document for every query, last id first."""
    return ranked(dict.fromkeys(task.judgements.listed, task.judgements.documents[::-1]), name=task.name)


def values(task: Task, run: Run) -> dict[str, float]:
    judged = task.judge(run)
    return dict(zip(judged.query_ids, AP.value_per_query(judged).tolist(), strict=True))


def test_queries_of_several_anatomies_score_together_as_they_score_apart() -> None:
    tasks = [square("pleura", "dabec", 1), square("heart", "bxyd", 2), square("lung", "abz", 3)]
    runs = {task.name: backwards(task) for task in tasks}
    whole = join_tasks(tasks)
    apart = {query: value for task in tasks for query, value in values(task, runs[task.name]).items()}
    assert values(whole, join_runs(tasks, runs)) == pytest.approx(apart)
    assert whole.dropped == {"rows_past_the_limit": 3}
    assert whole.judgements.documents == tuple(sorted(set("dabecbxydabz")))


def test_two_directions_with_the_same_ids_become_places(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ID,Caption\na,one\nb,two\nc,two\n", encoding="utf-8")
    tasks = list(read_tasks("roco", tmp_path / "t.csv"))
    runs = {
        "text to image": ranked({"a": "abc", "b": "abc", "c": "abc"}),
        "image to text": ranked({"a": "cba", "b": "cba", "c": "cba"}),
    }
    found = values(join_tasks(tasks), join_runs(tasks, runs))
    assert found == pytest.approx(
        {
            "a@text_to_image": 1,
            "b@text_to_image": 1 / 2,
            "c@text_to_image": 1 / 3,
            "a@image_to_text": 1 / 3,
            "b@image_to_text": 1 / 2,
            "c@image_to_text": 1,
        }
    )


def test_one_task_stays_as_it_is() -> None:
    task = square("pleura", "abc", 1)
    assert join_tasks([task]) is task
    run = backwards(task)
    assert join_runs([task], {"pleura": run}) is run
    assert join_runs([task], {"heart": run}) is None


def test_tasks_of_different_galleries_without_judged_places_are_refused() -> None:
    tasks = [
        Task(
            protocol=load_protocol("roco"), name=name, judgements=Judgements.build([(ids[0], ids[0], 1)], documents=ids)
        )
        for name, ids in (("one", "ab"), ("two", "cd"))
    ]
    with pytest.raises(InputError, match="several"):
        join_tasks(tasks)


def mined(folder: Path) -> Task:
    (folder / "test.qrels").write_text("c@heart 0 a 3\na@heart 0 c 2\n", encoding="utf-8")
    (folder / "judged.jsonl").write_text(json.dumps({"place": "heart", "cases": list("cae")}) + "\n", encoding="utf-8")
    (folder / "normal.jsonl").write_text(json.dumps({"place": "heart", "cases": ["e"]}) + "\n", encoding="utf-8")
    return next(iter(read_tasks("casekin", folder / "test.qrels")))


def test_documents_that_runs_name_enter_an_open_gallery_and_no_label_moves(tmp_path: Path) -> None:
    task = mined(tmp_path)
    run = ranked({"c@heart": "bae", "a@heart": "dc"})
    closed = close_gallery(task, [run, ranked({"a@heart": "z"})])
    assert closed.judgements.documents == tuple("abcdez")
    assert values(closed, run) == values(task, run)
    assert [closed.judgements.documents[i] for i in closed.judgements.normal["heart"]] == ["e"]


def test_under_the_rules_of_trec_the_gallery_is_what_qrels_and_all_runs_name(tmp_path: Path) -> None:
    (tmp_path / "plain.qrels").write_text("q 0 b 1\nq 0 c 0\n", encoding="utf-8")
    (task,) = read_tasks("trec", tmp_path / "plain.qrels")
    closed = close_gallery(task, [ranked({"q": "ab"}), ranked({"q": "dc"})])
    assert closed.judge(ranked({"q": "ab"})).gallery_sizes.tolist() == [4.0]


def test_a_closed_gallery_stays_closed() -> None:
    task = square("pleura", "abc", 1)
    assert close_gallery(task, [ranked({"a@pleura": "z"})]) is task


def test_a_random_run_fills_each_querys_own_gallery_as_chance_expects(tmp_path: Path) -> None:
    names = [f"{number:03d}" for number in range(120)]
    values_there = np.random.default_rng(5).integers(0, 2, (120, 120)).astype(float)
    labels = judge_square(names, values_there, place="pleura", patients={name: name[:-1] for name in names})
    task = Task(protocol=load_protocol("radir"), name="pleura", judgements=labels)
    run = rank_at_random(task, labels.listed, depth=20)
    judged = task.judge(run)
    assert judged.removed["same_patient"] == judged.removed["unjudged"] == 0
    assert {len(ids) for ids in run.lists.values()} == {20}
    precision = parse_measure("P@20")
    assert precision.value_per_query(judged).mean() == pytest.approx(precision.chance(judged), abs=0.02)
    assert run.lists == rank_at_random(task, reversed(list(labels.listed)), depth=20).lists


def test_a_random_run_knows_split_and_judged_cases_and_keeps_plain_query_ids(tmp_path: Path) -> None:
    task = mined(tmp_path)
    assert {
        query: sorted(ids) for query, ids in rank_at_random(task, task.judgements.listed, depth=9).lists.items()
    } == {
        "a@heart": ["c", "e"],
        "c@heart": ["a", "e"],
    }
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "plain.qrels").write_text("q 0 q 1\nq 0 c 0\n", encoding="utf-8")
    (plain,) = read_tasks("trec", tmp_path / "alone" / "plain.qrels")
    assert sorted(rank_at_random(plain, ["q"], depth=9).lists["q"]) == ["c", "q"]
