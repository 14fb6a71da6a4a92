"""`casekin draft`: what is printed, what is written, and wrong usage that is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.cli import run
from made_drafts import write_made_archive
from made_server import chat, serving


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts") / "index"
    write_made_archive(folder, each=6).close()
    return folder


def asked(index: Path, *options: str) -> list[str]:
    return ["draft", "--text", "left pleural effusion", "--index", str(index), *options]


def test_a_draft_is_printed_with_numbered_citations_and_the_cases_behind_them(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(asked(index)) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("DRAFT")
    assert "FINDINGS:\nThere is a left pleural effusion. [1][2]" in printed
    assert "[1] l0" in printed


@pytest.mark.parametrize("form", ["text", "json", "fhir"])
def test_a_draft_is_written_in_the_form_asked_for(index: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "new" / "draft"
    assert run(asked(index, "--format", form, "--out", str(out))) == 0
    text = out.read_text(encoding="utf-8")
    assert "There is a left pleural effusion." in text
    assert form == "text" or json.loads(text)


def test_a_page_is_written(index: Path, tmp_path: Path) -> None:
    assert run(asked(index, "--html", str(tmp_path / "draft.html"))) == 0
    assert "There is a left pleural effusion." in (tmp_path / "draft.html").read_text(encoding="utf-8")


def test_a_local_rewriter_may_rephrase(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        row = {"id": 1, "text": "A left pleural effusion is present. [1][2][3][4][5]"}
        server.replies = [chat(json.dumps({"sentences": [row]}))]
        assert run(asked(index, "--rewriter", server.url, "--rewriter-model", "m", "--json")) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["sentences"][0]["text"] == "A left pleural effusion is present."
    assert record["recipe"]["rewriter"] == "m"


@pytest.mark.parametrize(
    "options",
    [("--rewriter", "http://127.0.0.1:9"), ("--format", "fhir"), ("--box", "1,2,3,4"), ("--format", "docx")],
)
def test_options_that_dont_go_together_are_wrong_usage(index: Path, options: tuple[str, ...]) -> None:
    assert run(asked(index, *options)) == 2


def test_a_rewriter_elsewhere_has_to_be_allowed(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked(index, "--rewriter", "http://example.org", "--rewriter-model", "m")) == 1
    assert "this machine" in capsys.readouterr().err
