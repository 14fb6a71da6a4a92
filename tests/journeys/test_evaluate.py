"""Evaluation of run files: what is read, what is written, what is compared, and what is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.journeys.evaluate import evaluate_runs
from casekin.journeys.evaluating.options import EvaluateOptions

CASES = [f"c{number:02d}" for number in range(24)]
PLACE = "left_lung"
FAST = EvaluateOptions(resamples=50)
Lists = Mapping[str, Sequence[str]]


def write_run(path: Path, lists: Lists) -> Path:
    """A TREC run whose lists have these orders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{query} Q0 {case} {i} {-i} t" for query, cases in lists.items() for i, case in enumerate(cases, start=1)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def shuffled(seed: int) -> dict[str, list[str]]:
    """An order of all other cases for each of the first eight."""
    random = np.random.default_rng(seed)
    return {
        f"{case}@{PLACE}": [str(name) for name in random.permutation([c for c in CASES if c != case])]
        for case in CASES[:8]
    }


def relevant(query: str) -> set[str]:
    """Cases that are relevant to a query: every third after it."""
    first = int(query[1:3])
    return {case for case in CASES if case != query[:3] and (int(case[1:]) - first) % 3 == 0}


@pytest.fixture
def mined(tmp_path: Path) -> Path:
    """A folder as `casekin mine` writes it: eight queries, all cases judged, a patient each."""
    folder = tmp_path / "mined"
    (folder / "qrels").mkdir(parents=True)
    lines = [f"{case}@{PLACE} 0 {other} 2\n" for case in CASES[:8] for other in sorted(relevant(f"{case}@{PLACE}"))]
    (folder / "qrels" / "test.qrels").write_text("".join(lines), encoding="utf-8")
    judged = json.dumps({"place": PLACE, "cases": CASES})
    (folder / "qrels" / "judged.jsonl").write_text(judged + "\n", encoding="utf-8")
    cases = [json.dumps({"case_id": case, "patient": f"p{case}", "split": "test"}) for case in CASES]
    (folder / "qrels" / "cases.jsonl").write_text("\n".join(cases) + "\n", encoding="utf-8")
    return folder


def mean_precision(lists: Lists, depth: int) -> float:
    """P@k by hand, over queries."""
    values = [len(set(cases[:depth]) & relevant(query)) / depth for query, cases in lists.items()]
    return sum(values) / len(values)


def test_a_run_is_measured_beside_chance_and_a_random_run(mined: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "mine.run", shuffled(1))
    record = evaluate_runs([run], qrels=mined, options=FAST).as_record()
    assert (record["protocol"], record["run"], record["n_queries"], record["gallery"]) == ("casekin", "mine", 8, 23)
    assert record["measures"]["P@5"]["mean"] == pytest.approx(mean_precision(shuffled(1), 5))
    assert record["measures"]["P@5"]["chance"] == pytest.approx(7 / 23)
    assert {"nDCG@10", "AP", "R@10"} <= record["measures"].keys()
    assert list(record["baselines"]) == ["random"]
    assert "--index" in record["baselines_missing"]["metadata"]
    assert record["labels"]["source"] == "mined"
    assert record["program"].startswith("casekin ")


def test_a_second_run_is_compared_query_by_query(mined: Path, tmp_path: Path) -> None:
    runs = [write_run(tmp_path / f"{name}.run", shuffled(seed)) for name, seed in (("one", 1), ("two", 2))]
    compared = evaluate_runs(runs, qrels=mined, options=FAST).as_record()["comparison"]
    assert compared["other"] == "two"
    gap = mean_precision(shuffled(1), 5) - mean_precision(shuffled(2), 5)
    assert compared["measures"]["P@5"]["mean"] == pytest.approx(gap)


def test_runs_of_one_file_name_are_told_apart_by_their_folders(mined: Path, tmp_path: Path) -> None:
    runs = [write_run(tmp_path / folder / "test.run", shuffled(seed)) for folder, seed in (("ours", 1), ("theirs", 2))]
    record = evaluate_runs(runs, qrels=mined, options=FAST).as_record()
    assert (record["run"], record["comparison"]["other"]) == ("ours/test", "theirs/test")


def test_a_run_file_may_stand_beside_as_a_baseline(mined: Path, tmp_path: Path) -> None:
    run, peer = (write_run(tmp_path / f"{name}.run", shuffled(seed)) for name, seed in (("mine", 1), ("peer", 2)))
    options = EvaluateOptions(resamples=50, baselines=(str(peer),))
    baselines = evaluate_runs([run], qrels=mined, options=options).as_record()["baselines"]
    assert baselines["peer"]["measures"]["P@5"]["mean"] == pytest.approx(mean_precision(shuffled(2), 5))


def test_the_folder_holds_record_page_text_and_the_random_run_and_a_rerun_gives_the_same_bytes(
    mined: Path, tmp_path: Path
) -> None:
    run, out = write_run(tmp_path / "mine.run", shuffled(1)), tmp_path / "out"

    def write() -> dict[str, bytes]:
        evaluate_runs([run], qrels=mined, options=FAST, out=out)
        return {
            path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
        }

    first = write()
    assert sorted(first) == ["evaluation.html", "evaluation.json", "evaluation.md", "runs/random.run"]
    assert write() == first
    assert json.loads(first["evaluation.json"])["measures"]["P@5"]["mean"] == mean_precision(shuffled(1), 5)


def test_measuring_the_random_run_that_was_written_gives_what_was_told_of_it(mined: Path, tmp_path: Path) -> None:
    run, out = write_run(tmp_path / "mine.run", shuffled(1)), tmp_path / "out"
    told = evaluate_runs([run], qrels=mined, options=FAST, out=out).as_record()["baselines"]["random"]["measures"]
    random = evaluate_runs([out / "runs" / "random.run"], qrels=mined, options=FAST).as_record()["measures"]
    assert random["AP"]["mean"] == pytest.approx(told["AP"]["mean"])


def test_a_gate_is_met_or_missed_by_what_was_measured(mined: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "mine.run", {query: sorted(relevant(query)) for query in shuffled(0)})
    require = ("P@5>=1", "P@5-random<0", "R@3>0.9")
    result = evaluate_runs([run], qrels=mined, options=EvaluateOptions(resamples=50, require=require))
    assert [gate.met for gate in result.evaluation.gates] == [True, False, False]
    assert [gate.require for gate in result.missed] == ["P@5-random<0", "R@3>0.9"]
    assert result.missed[1].value == pytest.approx(3 / 7)


def test_a_gate_on_a_baseline_that_could_not_be_made_says_why(mined: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "mine.run", shuffled(1))
    with pytest.raises(InputError, match="--index"):
        evaluate_runs([run], qrels=mined, options=EvaluateOptions(resamples=50, require=("AP-metadata>0",)))


def test_a_qrels_file_alone_is_measured_by_the_rules_of_trec(tmp_path: Path) -> None:
    qrels = tmp_path / "web.qrels"
    qrels.write_text("1 0 a 1\n1 0 b 0\n2 0 c 2\n", encoding="utf-8")
    run = write_run(tmp_path / "mine.run", {"1": "ba"})
    record = evaluate_runs([run], qrels=qrels, options=FAST).as_record()
    assert (record["protocol"], record["labels"]["source"], record["missing_queries"]) == ("trec", "qrels", 1)
    # As trec_eval -c has it: 1 / log2(3) for the first query, 0 for the second.
    assert record["measures"]["nDCG@10"]["mean"] == pytest.approx(1 / math.log2(3) / 2)


def test_a_folder_of_runs_answers_the_directions_of_a_protocol(tmp_path: Path) -> None:
    table = tmp_path / "captions.csv"
    table.write_text("ID,Caption\na,one\nb,two\nc,three\n", encoding="utf-8")
    write_run(tmp_path / "runs" / "text_to_image.run", {"a": "abc", "b": "bac", "c": "cab"})
    write_run(tmp_path / "runs" / "image_to_text.run", {"a": "bca", "b": "acb", "c": "abc"})
    options = EvaluateOptions(resamples=50, protocol="roco")
    record = evaluate_runs([tmp_path / "runs"], qrels=table, options=options).as_record()
    assert record["measures"]["R@1"]["mean"] == pytest.approx(1 / 2)
    assert {part["task"]: part["measures"]["R@1"]["mean"] for part in record["tasks"]} == {
        "text to image": 1,
        "image to text": 0,
    }
    assert record["labels"]["source"] == "published"


def test_a_task_without_a_run_is_left_out_and_counted(tmp_path: Path) -> None:
    table = tmp_path / "captions.csv"
    table.write_text("ID,Caption\na,one\nb,two\n", encoding="utf-8")
    write_run(tmp_path / "runs" / "text_to_image.run", {"a": "ab", "b": "ab"})
    options = EvaluateOptions(resamples=50, protocol="roco")
    record = evaluate_runs([tmp_path / "runs"], qrels=table, options=options).as_record()
    assert (record["dropped"]["tasks_without_run"], record["n_queries"]) == (1, 2)


def test_truth_tells_contradictions_and_the_manifest_beside_it_who_was_asked(mined: Path, tmp_path: Path) -> None:
    fact = {"finding": "pleural_effusion", "anatomy": "pleural_space", "side": "left"}
    denied, present = {**fact, "polarity": "absent"}, {**fact, "polarity": "present"}
    truth = [{"case_id": case, "facts": [present if int(case[1:]) < 12 else denied]} for case in CASES]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in truth), encoding="utf-8")
    rows = [{"case_id": c, "patient_id": c, "image": "x.png", "sex": "FM"[int(c[1:]) % 2]} for c in CASES]
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run = write_run(tmp_path / "mine.run", {f"{case}@{PLACE}": CASES[12:17] for case in CASES[:8]})
    record = evaluate_runs([run], qrels=mined, truth=tmp_path / "truth.jsonl", options=FAST).as_record()
    assert record["measures"]["Contradiction@5"]["mean"] == 1
    assert [cell["label"] for cell in record["slices"]["sex"]] == ["F", "M"]


def bad_runs(folder: Path) -> dict[str, tuple[Path, str]]:
    """Runs that can't be measured, and a word of what is said."""
    good = f"c00@{PLACE} Q0 c01 1 0.5 t\n"
    texts = {
        "twice": (good + good, "twice"),
        "nan": (good.replace("0.5", "nan"), "finite"),
        "words": (good.replace("0.5", "best"), "columns"),
        "empty": ("", "none"),
        "query": (good.replace("c00@", "z@"), "unknown to the qrels"),
        "document": (good.replace("c01", "z"), "unknown to the qrels"),
    }
    for name, (text, _) in texts.items():
        (folder / f"{name}.run").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.run", said) for name, (_, said) in texts.items()}


@pytest.mark.parametrize("name", ["twice", "nan", "words", "empty", "query", "document"])
def test_a_damaged_run_is_one_error_and_nothing_is_written(name: str, mined: Path, tmp_path: Path) -> None:
    path, said = bad_runs(tmp_path)[name]
    with pytest.raises(InputError, match=said):
        evaluate_runs([path], qrels=mined, options=FAST, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def with_lines(change: Callable[[str], str], mined: Path) -> None:
    path = mined / "qrels" / "test.qrels"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_pair_that_stands_twice_in_the_labels_is_one_error(mined: Path, tmp_path: Path) -> None:
    with_lines(lambda text: text + text.splitlines()[0] + "\n", mined)
    with pytest.raises(InputError, match="twice"):
        evaluate_runs([write_run(tmp_path / "mine.run", shuffled(1))], qrels=mined, options=FAST)


def test_labels_of_two_versions_are_one_error(mined: Path, tmp_path: Path) -> None:
    manifest: dict[str, Any] = {"files": {"test.qrels": {"sha256": "0" * 64}}}
    (mined / "qrels" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="mixed"):
        evaluate_runs([write_run(tmp_path / "mine.run", shuffled(1))], qrels=mined, options=FAST)


def test_labels_of_another_split_or_protocol_are_one_error(mined: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "mine.run", shuffled(1))
    with pytest.raises(InputError, match=r"validation\.qrels"):
        evaluate_runs([run], qrels=mined, options=EvaluateOptions(split="validation"))
    with pytest.raises(InputError, match=r"test\.qrels"):
        evaluate_runs([run], qrels=mined / "qrels" / "test.qrels", options=EvaluateOptions(split="train"))
    (tmp_path / "alone.qrels").write_text("1 0 a 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="leave --protocol out"):
        evaluate_runs([run], qrels=tmp_path / "alone.qrels", options=EvaluateOptions(protocol="casekin"))


def test_results_never_replace_a_run_that_was_given(mined: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "out" / "runs" / "random.run", shuffled(1))
    kept = run.read_bytes()
    with pytest.raises(InputError, match="written anew"):
        evaluate_runs([run], qrels=mined, options=FAST, out=tmp_path / "out")
    assert run.read_bytes() == kept


def test_a_file_where_the_folder_should_be_is_one_error(mined: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="folder"):
        evaluate_runs([write_run(tmp_path / "mine.run", shuffled(1))], qrels=mined, options=FAST, out=tmp_path / "out")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"protocol": "casekn"}, "casekin"),
        ({"baselines": ("metadat",)}, "metadata"),
        ({"measures": ("nDGC@10",)}, "nDCG"),
        ({"require": ("nDCG@10=>0.5",)}, "nDCG@10>=0.5"),
    ],
)
def test_a_name_that_is_none_is_answered_with_the_nearest(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        EvaluateOptions(**given)
