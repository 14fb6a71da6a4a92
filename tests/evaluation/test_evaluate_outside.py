"""`casekin evaluate` as its users meet it: figures against trec_eval and a few lines, and files of every kind."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytrec_eval

from casekin.cli import run

Lists = dict[str, dict[str, float]]
Grades = dict[str, dict[str, int]]

QRELS = "q1 0 d1 1\nq1 0 d2 0\nq2 0 d3 2\n"
RUN = "q1 Q0 d1 1 0.9 t\nq1 Q0 d2 2 0.8 t\nq2 Q0 d3 1 0.5 t\n"
MEASURES = {
    "nDCG@10": "ndcg_cut_10",
    "AP": "map",
    "R@10": "recall_10",
    "P@5": "P_5",
    "RR": "recip_rank",
    "Rprec": "Rprec",
    "Success@5": "success_5",
}


def made(seed: int, *, queries: int = 30, documents: int = 50) -> tuple[Lists, Grades]:
    """Random runs and labels that hold what breaks scorers.

    Ties, one-document lists, queries without a list, all relevant, none relevant, negative grades, strangers in lists.
    """
    draw = random.Random(seed)
    names = [f"d{number}" for number in range(documents)]  # d10 sorts before d2
    lists: Lists = {}
    grades: Grades = {}
    for query in (f"q{number}" for number in range(queries)):
        kind = draw.choice(["plain", "plain", "tied", "none", "all", "negative", "absent", "short"])
        among = {"none": [0], "all": [1], "negative": [-2, -1, 0, 1, 3]}.get(kind, [0, 0, 1, 2, 3])
        grades[query] = {name: draw.choice(among) for name in draw.sample(names, draw.randint(1, 30))}
        if kind == "absent" and query != "q0":
            continue
        scores = [0.5, 0.25] if kind == "tied" else [draw.uniform(-1e3, 1e3) for _ in range(40)]
        shown = draw.sample([*names, "stranger"], 1 if kind == "short" else draw.randint(1, 40))
        lists[query] = {name: draw.choice(scores) for name in shown}
    lists.setdefault("q0", {names[0]: 1.0})
    return lists, grades


def in_order(scores: Mapping[str, float]) -> list[str]:
    """Higher scores first, ties by id."""
    return sorted(scores, key=lambda name: (-scores[name], name))


def by_hand(order: list[str], grades: Mapping[str, int]) -> dict[str, float]:
    """The measures of one list, written down from their definitions."""
    gains = [max(grades.get(name, 0), 0) for name in order]
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    hits = [gain > 0 for gain in gains]
    if not best:
        return dict.fromkeys(MEASURES, 0.0)

    def discounted(values: list[int]) -> float:
        return sum(value / math.log2(rank + 2) for rank, value in enumerate(values[:10]))

    return {
        "nDCG@10": discounted(gains) / discounted(best),
        "AP": sum(sum(hits[: rank + 1]) / (rank + 1) for rank, hit in enumerate(hits) if hit) / len(best),
        "R@10": sum(hits[:10]) / len(best),
        "P@5": sum(hits[:5]) / 5,
        "RR": next((1 / (rank + 1) for rank, hit in enumerate(hits) if hit), 0.0),
        "Rprec": sum(hits[: len(best)]) / len(best),
        "Success@5": float(any(hits[:5])),
    }


def write(folder: Path, lists: Lists, grades: Grades) -> list[str]:
    """Files of a run and labels, and the words that name them."""
    rows = [f"{query} Q0 {name} 0 {score!r} t\n" for query in lists for name, score in lists[query].items()]
    pairs = [f"{query} 0 {name} {grade}\n" for query in grades for name, grade in grades[query].items()]
    return put(folder, "".join(rows), "".join(pairs))


def put(folder: Path, run_text: str | bytes, qrels_text: str | bytes) -> list[str]:
    """The same from texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("mine.run", run_text), ("web.qrels", qrels_text)):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return ["--run", str(folder / "mine.run"), "--qrels", str(folder / "web.qrels")]


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """The record that the command prints."""
    assert run(["evaluate", *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    record: dict[str, Any] = json.loads(out)
    return record


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line of an evaluation that failed."""
    assert run(["evaluate", *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1
    return err


def asked(names: Mapping[str, str]) -> list[str]:
    return [word for name in names for word in ("--measure", name)]


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_that_of_trec_eval_and_of_a_few_lines(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists, grades = made(seed)
    record = measured(capsys, *write(tmp_path, lists, grades), *asked(MEASURES))
    # trec_eval breaks ties the other way round: it gets the same order in scores without ties.
    untied = {query: {name: -float(i) for i, name in enumerate(in_order(lists[query]))} for query in lists}
    theirs = pytrec_eval.RelevanceEvaluator(grades, set(MEASURES.values())).evaluate(untied)
    for ours, other in MEASURES.items():
        told = record["measures"][ours]["mean"]
        assert told == pytest.approx(sum(values[other] for values in theirs.values()) / len(grades), abs=1e-12), ours
        values = [by_hand(in_order(lists.get(query, {})), grades[query])[ours] for query in grades]
        assert told == pytest.approx(np.mean(values), abs=1e-12), ours
    assert record["n_queries"] == len(grades)
    assert record["missing_queries"] == len(grades) - len(lists)


PLAIN = {"nDCG@10": 1.0, "AP": 1.0, "P@5": 0.2}


@pytest.mark.parametrize(
    ("run_text", "qrels_text"),
    [
        (RUN, QRELS),
        (RUN.replace("\n", "\r\n"), QRELS.replace("\n", "\r\n")),
        (RUN.replace(" ", "\t"), QRELS.replace(" ", "\t")),
        (RUN.replace("\n", "  \n"), QRELS.replace("\n", "\t \n")),
        (RUN[:-1], QRELS[:-1]),
        ("\n" + RUN + "\n\n", "\n" + QRELS + "\n\n"),
        (RUN.encode("utf-8-sig"), QRELS.encode("utf-8-sig")),
        (RUN.replace("0.9", "1e308").replace("0.8", "-1e308"), QRELS),
        (RUN, QRELS.replace("d2 0", "d2 -1")),
        (RUN, QRELS.replace("d1 1", f"d1 {10**15}")),
        (RUN.replace("d1", "ø→病<b>"), QRELS.replace("d1", "ø→病<b>")),
        (RUN.replace("q1", "q" * 100_000), QRELS.replace("q1", "q" * 100_000)),
        (RUN.replace("d2", "d" * 100_000), QRELS.replace("d2", "d" * 100_000)),
        ("".join(reversed(RUN.splitlines(keepends=True))), "".join(reversed(QRELS.splitlines(keepends=True)))),
    ],
    ids=[
        "plain", "crlf", "tabs", "trailing", "unended", "blank lines", "bom", "huge scores", "negative grade",
        "huge grade", "unicode", "huge query", "huge document", "reversed",
    ],
)  # fmt: skip
def test_files_of_other_programs_say_the_same(
    run_text: str | bytes, qrels_text: str | bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = measured(capsys, *put(tmp_path, run_text, qrels_text))
    assert {name: record["measures"][name]["mean"] for name in PLAIN} == PLAIN
    assert (record["n_queries"], record["missing_queries"]) == (2, 0)


@pytest.mark.parametrize(
    ("run_text", "qrels_text", "said"),
    [
        ("", QRELS, "mine: expected ranked documents, got none"),
        ("\n \n", QRELS, "got none"),
        (RUN, "", "expected at least one judged pair, got none"),
        (RUN, "\n", "expected at least one judged pair, got none"),
        (RUN + "q1 Q0 d1 9 0.1 t\n", QRELS, "q1 d1 is there twice"),
        (RUN, QRELS + "q1 0 d1 2\n", "q1 d1 is there twice"),
        (RUN.replace("0.9", "nan"), QRELS, "finite score for q1 d1, got nan"),
        (RUN.replace("0.9", "-inf"), QRELS, "finite score for q1 d1, got -inf"),
        (RUN.replace("0.9", "1e309"), QRELS, "finite score"),
        (RUN.replace("0.9", "0,9"), QRELS, "mine.run row 1: "),
        (RUN.replace(" t\n", "\n"), QRELS, "mine.run row 1: "),
        (RUN, QRELS.replace("d2 0", "d2 1.5"), "web.qrels row 2: expected 'query_id 0 case_id grade' with a whole"),
        (RUN, QRELS.replace("d2 0", "d2 0 x"), "web.qrels row 2: "),
        (RUN, RUN, "web.qrels row 1: "),
        (RUN + "q9 Q0 d1 1 1 t\n", QRELS, "query 'q9' is unknown to the qrels"),
        (RUN.encode("utf-16"), QRELS, "mine.run"),
        (RUN, b"\xff\xfe\x00" + QRELS.encode(), "web.qrels"),
        ("q" * 9_999 + " Q0 d1 1 1 t\n", QRELS, "unknown to the qrels"),
    ],
)
def test_a_damaged_file_is_one_line_and_nothing_is_written(
    run_text: str | bytes,
    qrels_text: str | bytes,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = put(tmp_path / "in", run_text, qrels_text)
    line = refused(capsys, *words, "--out", str(tmp_path / "out"))
    assert said in line
    assert str(tmp_path) not in line
    assert len(line) < 400
    assert not (tmp_path / "out").exists()


def test_no_file_a_folder_and_a_folder_as_labels_are_one_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    words = put(tmp_path, RUN, QRELS)
    for bad in ("none.run", "empty"):
        assert bad in refused(capsys, "--run", str(tmp_path / bad), *words[2:], "--out", str(tmp_path / "out"))
        assert bad in refused(capsys, *words[:2], "--qrels", str(tmp_path / bad), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_runs_of_one_name_in_folders_of_one_name_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = put(tmp_path, RUN, QRELS)
    for name in ("ours", "theirs"):
        put(tmp_path / name / "runs", RUN if name == "ours" else RUN.replace("0.8", "1"), QRELS)
    runs = [word for name in ("ours", "theirs") for word in ("--run", str(tmp_path / name / "runs" / "mine.run"))]
    record = measured(capsys, *runs, *words[2:])
    assert (record["run"], record["comparison"]["other"]) == ("ours/runs/mine", "theirs/runs/mine")


def test_a_run_given_twice_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = put(tmp_path, RUN, QRELS)
    monkeypatch.chdir(tmp_path)
    assert "mine.run is given twice" in refused(capsys, *words, "--run", "mine.run")
    assert "mine.run is given twice" in refused(capsys, *words, "--baseline", "mine.run")


def test_a_baseline_that_is_neither_a_name_nor_a_file_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *put(tmp_path, RUN, QRELS), "--baseline", str(tmp_path / "peer.run")]) == 2
    err = capsys.readouterr().err
    assert "'peer.run' is neither a file nor a name" in err
    assert str(tmp_path) not in err


@pytest.mark.parametrize("gate", ["nDCG@10>=.5", " nDCG@10  >=  5e-1 ", "lo ( nDCG@10 ) > 0", "P@5 - random >= -1"])
def test_a_gate_may_be_spaced_as_its_writer_likes(
    gate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (told,) = measured(capsys, *put(tmp_path, RUN, QRELS), "--require", gate)["gates"]
    assert (told["require"], told["met"]) == (gate.strip(), True)


@pytest.mark.parametrize(
    "gate",
    ["nDCG@10", "nDCG@10>=nan", "nDCG@10>=1e999", "nDCG@10=>1", "nDCG@10≥1", "nope@3>1", "AP>=1>=0", "", "P@0>0"],
)
def test_a_gate_that_is_none_is_wrong_usage(gate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", *put(tmp_path, RUN, QRELS), "--require", gate, "--out", str(tmp_path / "out")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_gate_on_a_ranking_that_is_not_there_is_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*put(tmp_path, RUN, QRELS), "--out", str(tmp_path / "out")]
    assert "random" in refused(capsys, *words, "--require", "AP-nobody>0")
    assert not (tmp_path / "out").exists()


def test_a_page_claims_no_more_than_the_baselines_that_were_had(tmp_path: Path) -> None:
    queries = [f"q{number}" for number in range(12)]
    lists = {query: {f"d{number}": -float(number) for number in range(40)} for query in queries}
    words = write(tmp_path, lists, {query: {"d0": 1} for query in queries})
    assert run(["evaluate", *words, "--out", str(tmp_path / "out")]) == 0
    assert "Better than random; 5 more couldn’t be had." in (tmp_path / "out/evaluation.md").read_text("utf-8")


def test_what_was_taken_out_before_scoring_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = put(tmp_path, "a@heart Q0 b 1 1 t\na@heart Q0 c 2 0 t\na@heart Q0 d 2 0 t\n", "a@heart 0 b 3\n")
    (tmp_path / "judged.jsonl").write_text('{"place": "heart", "cases": ["a", "b"]}\n', encoding="utf-8")
    cases = [json.dumps({"case_id": case, "patient": case, "split": "web"}) + "\n" for case in "abcd"]
    (tmp_path / "cases.jsonl").write_text("".join(cases), encoding="utf-8")
    assert run(["evaluate", *words]) == 0
    assert "taken out before scoring: unjudged: 2" in capsys.readouterr().out


def test_order_of_lines_hash_seed_language_time_zone_and_threads_change_no_byte(tmp_path: Path) -> None:
    lists, grades = made(9)
    words = write(tmp_path, lists, grades)
    given = tmp_path / "mine.run"
    found = []
    for number, settings in enumerate(
        [
            {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"},
            {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "LC_ALL": "C", "TZ": "Asia/Kolkata", "PYTHONUTF8": "0"},
        ]
    ):
        out = tmp_path / f"out{number}"
        code = "from casekin.cli import main; main()"
        command = [sys.executable, "-c", code, "evaluate", *words, "--out", str(out), "--require", "AP>0"]
        subprocess.run(command, env={**os.environ, **settings}, check=True, capture_output=True)
        found.append({path.name: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()})
        given.write_text("".join(reversed(given.read_text(encoding="utf-8").splitlines(keepends=True))), "utf-8")
    assert len(found[0]) == 4
    assert found[0] == found[1]
