"""`casekin mine` on the command line: one document or a short account, bad rows on stderr, one line for an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin import mine_reports
from casekin.cli import run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "reports.csv"
    path.write_text(
        'study_id;findings;impression\ns1;"Small left effusion; no pneumothorax.";Effusion.\ns2;;\ns3;Clear\n',
        encoding="utf-8",
    )
    return path


def test_with_json_stdout_is_the_record_that_python_gives(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mine", str(source), "--out", str(tmp_path / "cli"), "--processes", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    told = json.loads(json.dumps(mine_reports(source, out=tmp_path / "python").as_record()))
    assert printed.pop("out") == str(tmp_path / "cli")
    assert told.pop("out") == str(tmp_path / "python")
    assert printed == told
    assert json.loads((tmp_path / "cli" / "mine.json").read_text(encoding="utf-8")) == told


def test_the_account_says_what_was_taken_for_what_and_names_bad_rows(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mine", str(source), "--out", str(tmp_path / "out"), "--processes", "1"]) == 0
    out, err = capsys.readouterr()
    assert "2 reports read as csv (a header with report columns)" in out
    assert "card.html" in out
    assert "bad row: reports.csv: row 4: expected 3 cells, got 2" in err
    assert "bad row: reports.csv: row 3: an empty report" in err


def test_options_reach_the_mining(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--likely-as", "uncertain", "--no-examples", "--queries", "7", "--radir", "--format", "csv"]
    assert run(["mine", str(source), "--out", str(tmp_path / "out"), *options, "--processes", "1", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["options"] == {"likely_as": "uncertain", "queries": 7, "examples": False, "radir": True}
    assert (tmp_path / "out" / "radir").is_dir()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing.jsonl", "--out", "OUT"], 1),
        (["empty.csv", "--out", "OUT"], 1),
        (["reports.csv"], 2),
        (["reports.csv", "--out", "OUT", "--format", "hl7"], 2),
        (["reports.csv", "--out", "OUT", "--queries", "-1"], 2),
    ],
)
def test_a_failure_is_one_line_and_a_wrong_call_shows_the_usage(
    arguments: list[str], code: int, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source.parent / "empty.csv").write_text("", encoding="utf-8")
    given = [str(source.parent / word) if "." in word or word == "OUT" else word for word in arguments]
    assert run(["mine", *given]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1 if code == 1 else "Usage:" in err
