"""`casekin judge` on the command line: two steps, one document each with --json, errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.cli import run
from casekin.evaluation.judging import read_session
from made_judging import case_names, made_run, write_answers, write_index, write_run


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """A call of prepare over a small index and one run."""
    index = write_index(tmp_path / "index")
    made = write_run(tmp_path / "made.run", made_run("made", case_names(12), queries=8, seed=1))
    words = ["judge", "prepare", "--index", str(index), "--run", str(made), "--out", str(tmp_path / "judging")]
    return [*words, "--depth", "3", "--pairs", "24"]


def test_the_two_steps_lead_from_runs_to_labels(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--json"]) == 0
    out, err = capsys.readouterr()
    prepared = json.loads(out)
    assert "pictures of patients" in err
    assert prepared["pairs"] <= 24 and prepared["repeats"] == 2
    assert all(Path(page).is_file() for page in prepared["pages"])
    session = read_session(Path(prepared["key"]))
    answers = [str(write_answers(tmp_path / f"{n}.jsonl", session, n, lambda pair: pair % 3)) for n in (1, 2)]
    collect = ["judge", "collect", prepared["out"], *answers, "--out", str(tmp_path / "labels")]
    assert run([*collect, "--json"]) == 0
    collected = json.loads(capsys.readouterr().out)
    assert collected["between"][0]["kappa"]["mean"] == 1.0
    assert run([*collect, "--qrels", collected["qrels"]]) == 0
    text = capsys.readouterr().out
    assert "reader 1 and 2: weighted kappa 1.00 (1.00 to 1.00)" in text
    assert "mined and consensus: weighted kappa 1.00" in text


def test_prepare_says_what_to_do_next(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command) == 0
    text = capsys.readouterr().out
    assert "key, not for readers:" in text and "next: casekin judge collect" in text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["judge"], 2),
        (["judge", "nonsense"], 2),
        (["judge", "prepare", "--out", "x"], 2),
        (["judge", "prepare", "--index", "none", "--run", "none.run", "--out", "x"], 1),
        (["judge", "collect", "none", "--out", "x"], 2),
        (["judge", "collect", "none", "a.jsonl", "b.jsonl", "--out", "x"], 1),
    ],
)
def test_a_failure_is_one_line_and_a_wrong_call_shows_the_usage(
    words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1 if code == 1 else "Usage:" in err
    assert not list(tmp_path.iterdir())
