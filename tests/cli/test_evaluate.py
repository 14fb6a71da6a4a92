"""`casekin evaluate` on the command line: one document or a table, a line for a missed gate, one line for an error."""

from __future__ import annotations

import html
import json
from pathlib import Path

import click
import pytest
from click.core import ParameterSource

from casekin.cli import run
from casekin.cli.evaluate import _command, evaluate
from made_indexes import made_index


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Plain labels of three queries and two runs: `good` has every relevant document first, `bad` last."""
    (tmp_path / "web.qrels").write_text("".join(f"{q} 0 {q}{i} {int(i < 2)}\n" for q in "abc" for i in range(8)))
    for name, sign in (("good", -1), ("bad", 1)):
        rows = [f"{q} Q0 {q}{i} 0 {sign * i} t\n" for q in "abc" for i in range(8)]
        (tmp_path / f"{name}.run").write_text("".join(rows), encoding="utf-8")
    return tmp_path


def command(files: Path, *words: str) -> list[str]:
    """The command with names of files in their folder."""
    known = {path.name for path in files.iterdir()} | {"out"}
    return ["evaluate", *(str(files / word) if word in known else word for word in words)]


def test_with_json_stdout_is_the_contracts_record_unrounded(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(files, "--run", "good.run", "--qrels", "web.qrels", "--json")) == 0
    out, err = capsys.readouterr()
    record = json.loads(out)
    assert err == ""
    assert {"protocol", "n_queries", "gallery", "chance", "measures"} <= record.keys()
    assert (record["protocol"], record["n_queries"], record["gallery"]) == ("trec", 3, 24)
    for name in ("nDCG@10", "AP", "R@10"):
        assert {"mean", "lo", "hi", "n", "chance"} <= record["measures"][name].keys()
        assert record["measures"][name]["mean"] == 1
    # Of 24 documents 2 are relevant; a random ranking of depth 8 holds 10 of 24 among its first ten only up to 8.
    assert record["measures"]["R@10"]["chance"] == pytest.approx(8 / 24)


def test_the_table_shows_interval_chance_random_and_the_comparison(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(files, "--run", "good.run", "--run", "bad.run", "--qrels", "web.qrels", "--out", "out")) == 0
    out = capsys.readouterr().out
    rows = {line.split("  ")[0]: line for line in out.splitlines()}
    assert "1.000 [1.000, 1.000]" in rows["good"]
    assert {"bad", "random", "chance"} <= rows.keys()
    assert any(line.startswith("minus bad: nDCG@10 ") for line in rows.values())
    assert "3 queries of 3 patients; gallery 24" in out
    assert f"page: {files / 'out' / 'evaluation.html'}" in out
    assert (files / "out" / "evaluation.html").is_file()


def test_the_record_repeats_the_command_without_folders_of_the_machine(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--run", "good.run", "--run", "bad.run", "--qrels", "web.qrels", "--seed", "3", "--require", "lo(AP)>0.1"]
    words += ["--no-cases"]
    assert run([*command(files, *words), "--out", str(files / "out"), "--json"]) == 0
    said = "casekin evaluate --run good.run --run bad.run --qrels web.qrels --require 'lo(AP)>0.1' --seed 3 --no-cases"
    assert json.loads(capsys.readouterr().out)["command"] == said
    assert said in html.unescape((files / "out" / "evaluation.html").read_text(encoding="utf-8"))


def test_the_record_names_an_index_on_a_server_without_who_asked_for_it() -> None:
    with click.Context(evaluate) as context:
        context.params = {one.name: None for one in evaluate.params} | {"index": "milvus://someone:secret@host:19530/x"}
        context.set_parameter_source("index", ParameterSource.COMMANDLINE)
        assert _command() == "casekin evaluate --index x"


def test_a_gate_on_a_baseline_that_only_an_index_gives_is_refused_before_anything_is_written(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--run", "good.run", "--qrels", "web.qrels", "--require", "AP-metadata>0", "--out", "out"]
    assert run(command(files, *words)) == 1
    assert "ranks by what an index knows" in capsys.readouterr().err
    assert not (files / "out").exists()


def test_a_missed_gate_is_one_line_and_exit_code_1_and_the_record_is_there_all_the_same(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gates = ["--require", "AP>=0.9", "--require", "lo(P@5)>0.5", "--require", "AP-random>0"]
    assert run(command(files, "--run", "good.run", "--qrels", "web.qrels", *gates, "--json", "--out", "out")) == 1
    out, err = capsys.readouterr()
    assert err == "gate missed: lo(P@5)>0.5: got 0.400\n"
    assert [gate["met"] for gate in json.loads(out)["gates"]] == [True, False, True]
    assert "lo(P@5)&gt;0.5" in (files / "out" / "evaluation.html").read_text(encoding="utf-8")


def test_a_gate_that_is_met_is_told_and_exit_code_0(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(files, "--run", "good.run", "--qrels", "web.qrels", "--require", "AP>=0.9")) == 0
    assert "gate met: AP>=0.9" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--run", "absent.run", "--qrels", "web.qrels"],
        ["--run", "good.run", "--qrels", "absent.qrels"],
        ["--run", "web.qrels", "--qrels", "good.run"],
        ["--run", "good.run", "--run", "bad.run", "--run", "good.run", "--qrels", "web.qrels"],
        ["--run", "good.run", "--qrels", "web.qrels", "--baseline", "metadata"],
        ["--run", "good.run", "--qrels", "web.qrels", "--truth", "web.qrels"],
        ["--run", "good.run", "--qrels", "web.qrels", "--protocol", "zones"],
        ["--index", "absent.index"],
    ],
)
def test_a_failure_is_one_line_and_exit_code_1(
    words: list[str], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(files / word) if word.startswith("absent") else word for word in words]
    assert run(command(files, *given)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1
    assert not (files / "absent.index.evaluation").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--index"),
        (["--run", "good.run"], "--qrels"),
        (["--run", "good.run", "--qrels", "web.qrels", "--measure", "nDGC@10"], "nDCG"),
        (["--run", "good.run", "--qrels", "web.qrels", "--protocol", "zone"], "zones"),
        (["--run", "good.run", "--qrels", "web.qrels", "--baseline", "randon"], "random"),
        (["--run", "good.run", "--qrels", "web.qrels", "--require", "AP"], "AP"),
        (["--run", "good.run", "--qrels", "web.qrels", "--queries", "-1"], "--queries"),
    ],
)
def test_a_wrong_call_shows_the_usage_and_exit_code_2(
    words: list[str], said: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(files, *words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage:" in err
    assert said in err


@pytest.fixture
def drafted(tmp_path: Path) -> Path:
    """An index, and drafts of two of its cases in plain text."""
    made_index(tmp_path / "made.index").close()
    rows = [{"case_id": case, "report": "Left pneumothorax."} for case in ("c01", "c02")]
    (tmp_path / "theirs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_drafts_of_a_file_are_measured_beside_baselines(drafted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--index", "made.index", "--protocol", "draft", "--drafts", "theirs.jsonl", "--out", "out"]

    assert run(command(drafted, *words)) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 cases of ")
    assert "F1(polarity)" in out
    assert f"page: {drafted / 'out' / 'drafts.html'}" in out
    assert run([*command(drafted, *words), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"protocol", "n_queries", "gallery", "chance", "measures"} <= record.keys()
    assert record["command"] == "casekin evaluate --index made.index --protocol draft --drafts theirs.jsonl"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--protocol", "draft"], "name it with --index"),
        (["--index", "made.index", "--protocol", "draft", "--measure", "AP"], "--measure means nothing"),
        (["--index", "made.index", "--drafts", "theirs.jsonl"], "--drafts needs --protocol draft"),
    ],
)
def test_what_does_not_go_with_drafts_is_wrong_usage(
    drafted: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(drafted, *words)) == 2
    assert message in capsys.readouterr().err
