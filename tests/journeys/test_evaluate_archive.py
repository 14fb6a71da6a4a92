"""Evaluation of an index: its own labels and runs, what is written of them, and that these give the same again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation import read_judgements
from casekin.evaluation.baselines import BASELINES
from casekin.index import CaseIndex
from casekin.journeys.evaluate import evaluate_index, evaluate_runs
from casekin.journeys.evaluating.options import EvaluateOptions
from made_indexes import made_cases, made_index

FAST = EvaluateOptions(resamples=50, queries=0)
NEEDS_CASES = {"SideError", "Contradiction"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with made_index(tmp_path_factory.mktemp("evaluate") / "index") as handle:
        yield handle


@pytest.fixture(scope="module")
def written(index: CaseIndex, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the record of an evaluation by the index's own reports; read only."""
    out = tmp_path_factory.mktemp("written") / "out"
    return out, evaluate_index(index, out=out, options=FAST).as_record()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def means(record: dict[str, Any]) -> dict[str, float | None]:
    """Mean of each measure that needs nothing but a run and labels."""
    return {name: entry["mean"] for name, entry in record["measures"].items() if name.split("@")[0] not in NEEDS_CASES}


def test_an_index_is_measured_by_its_own_reports_beside_what_baselines_can_be_had(
    index: CaseIndex, written: tuple[Path, dict[str, Any]]
) -> None:
    out, record = written
    names = files_of(out).keys()
    assert {"evaluation.json", "evaluation.html", "evaluation.md", "qrels/judged.jsonl"} <= names
    assert {"runs/casekin.run", "runs/random.run", "runs/global_vector.run", "runs/report_BM25.run"} <= names
    assert json.loads((out / "evaluation.json").read_text(encoding="utf-8")) == json.loads(json.dumps(record))
    assert (record["run"], record["labels"]["source"], record["index_version"]) == ("casekin", "mined", index.version())
    assert record["n_queries"] > 0
    assert record["places"]
    assert set(record["baselines"]) | set(record["baselines_missing"]) == set(BASELINES)


def test_a_rerun_gives_the_same_bytes(index: CaseIndex, written: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    out, _ = written
    shutil.copytree(out, tmp_path / "out")
    for name in ("evaluation.json", "runs/metadata.run"):  # as if it had been stopped
        (tmp_path / "out" / name).unlink()
    evaluate_index(index, out=tmp_path / "out", options=FAST)
    assert files_of(tmp_path / "out") == files_of(out)


def test_without_cases_no_file_to_hand_on_names_one_and_the_figures_are_the_same(
    index: CaseIndex, written: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    record = evaluate_index(index, out=tmp_path / "out", options=replace(FAST, no_cases=True)).as_record()
    names = re.compile(r"\b(" + "|".join(case.case_id for case in made_cases()) + r")\b")
    assert names.search(json.dumps(written[1]))
    for name in ("evaluation.json", "evaluation.html", "evaluation.md", "data_card.md"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert names.search(text) is None
        assert "<image" not in text and "<img" not in text
    assert record["measures"] == written[1]["measures"]


def test_labels_of_another_archive_and_a_split_that_reports_have_not_are_one_error(
    index: CaseIndex, tmp_path: Path
) -> None:
    (tmp_path / "web.qrels").write_text("q 0 d 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="labels of this archive"):
        evaluate_index(index, out=tmp_path / "out", qrels=tmp_path / "web.qrels", options=FAST)
    with pytest.raises(InputError, match="own reports have none"):
        evaluate_index(index, out=tmp_path / "out", options=replace(FAST, split="test"))
    assert not (tmp_path / "out").exists()


def test_the_runs_and_labels_that_were_written_give_the_same_figures_as_files(
    written: tuple[Path, dict[str, Any]],
) -> None:
    out, told = written
    again = evaluate_runs([out / "runs" / "casekin.run"], qrels=out, options=FAST).as_record()
    assert {name: value for name, value in means(told).items() if name in means(again)} == means(again)
    assert (again["n_queries"], again["labels"]["source"]) == (told["n_queries"], told["labels"]["source"])


def test_what_a_run_asks_beyond_the_questions_drawn_for_written_labels_is_taken_out_and_counted(
    index: CaseIndex, written: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    options = replace(FAST, queries=20, baselines=("random",))
    drawn = evaluate_index(index, out=tmp_path / "drawn", options=options).as_record()
    run = written[0] / "runs" / "casekin.run"  # of all questions
    record = evaluate_runs([run], qrels=tmp_path / "drawn", options=FAST).as_record()
    assert (record["n_queries"], record["missing_queries"]) == (drawn["n_queries"], 0) == (20, 0)
    assert means(record) == means(drawn)
    others = written[1]["n_queries"] - 20
    assert record["removed"]["not_asking_queries"] == others > 0


def test_a_run_file_is_measured_in_place_of_the_indexs_own_search(
    index: CaseIndex, written: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    out, told = written
    lines = (out / "runs" / "random.run").read_text(encoding="utf-8").splitlines()
    left_out = next(iter(read_judgements(out / "qrels" / f"{told['task']}.qrels").listed))
    kept = [f"{line}\n" for line in lines if line.split()[0] != left_out]
    (tmp_path / "peer.run").write_text("".join(kept), encoding="utf-8")
    options = replace(FAST, baselines=("random",))
    record = evaluate_index(index, out=tmp_path / "two", runs=[tmp_path / "peer.run"], options=options).as_record()
    assert {path.name for path in (tmp_path / "two" / "runs").iterdir()} == {"random.run", ".random.run.stamp"}
    assert record["run"] == "peer"
    assert record["measures"]["AP"] == pytest.approx(record["baselines"]["random"]["measures"]["AP"])
    assert record["dropped"]["not_in_run"] == told["n_queries"] - record["n_queries"] == 1


def test_splits_of_the_labels_are_audited_for_leaks_and_a_gate_may_ask_for_none(tmp_path: Path) -> None:
    first, second, *others = made_cases()
    cases = [first, replace(second, patient=first.patient), *others]  # one patient in two splits
    rows = [
        {
            "case_id": case.case_id,
            "split": "train" if case is first else "test",
            "facts": [{**fact.as_record(), "in_image": fact.polarity != "absent"} for fact in case.facts],
        }
        for case in cases
    ]
    truth = tmp_path / "truth.jsonl"
    truth.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = EvaluateOptions(resamples=50, queries=0, require=("leaks<=0",), baselines=("random",))
    with made_index(tmp_path / "index", cases) as index:
        result = evaluate_index(index, out=tmp_path / "out", truth=truth, options=options)
    record = result.as_record()
    assert record["labels"]["source"] == "truth"
    assert record["leaks"]["checks"]["patients"]["count"] == 1
    assert [gate.require for gate in result.missed] == ["leaks<=0"]


def test_a_gate_on_a_baseline_that_cannot_be_had_is_refused_before_anything_is_measured(
    index: CaseIndex, tmp_path: Path
) -> None:
    for baseline, told in (("crop and embed", "model isn't at hand"), ("metadata", "expected one of random")):
        options = replace(FAST, baselines=("random", "crop and embed"), require=(f"AP-{baseline}>0",))
        with pytest.raises(InputError, match=told):
            evaluate_index(index, out=tmp_path / "out", options=options)
    assert not (tmp_path / "out").exists()


def test_labels_of_something_else_are_not_replaced(index: CaseIndex, tmp_path: Path) -> None:
    (tmp_path / "out" / "qrels").mkdir(parents=True)
    (tmp_path / "out" / "qrels" / "test.qrels").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError, match="name another --out"):
        evaluate_index(index, out=tmp_path / "out", options=FAST)
    assert files_of(tmp_path / "out") == {"qrels/test.qrels": b"kept"}


def test_an_index_is_not_measured_by_the_files_of_another_protocol(index: CaseIndex, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="measured by casekin"):
        evaluate_index(index, out=tmp_path / "out", options=EvaluateOptions(protocol="zones"))
