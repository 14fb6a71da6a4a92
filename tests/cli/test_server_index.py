"""The command line over an index on a real server: the way in, the questions, the way back, and no password told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.index import open_index
from made_cases import write_png

REPORTS = ("Consolidation in the left lower lobe.", "No consolidation. Left pleural effusion.", "Clear lungs.")
SEARCH = ("--text", "consolidation", "--at", "left lower lobe")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cases of three patients."""
    folder = tmp_path_factory.mktemp("server_index") / "archive"
    rows = []
    for number, report in enumerate(REPORTS):
        write_png(folder / f"{number}.png", number)
        rows.append({"case_id": f"c{number}", "patient_id": f"p{number}", "image": f"{number}.png", "report": report})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command prints as JSON; it ends well and never tells the password."""
    assert run([*words, "--json"]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert "s3cret" not in out + err
    return dict(json.loads(out))


def test_every_step_from_ingest_to_the_way_back_works_on_a_server(
    archive: Path, milvus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"milvus://someone:s3cret@{milvus}/command_line"
    assert told(capsys, "ingest", str(archive), "--index", address)["added"] == 3
    assert told(capsys, "ingest", str(archive), "--index", address)["unchanged"] == 3
    info = told(capsys, "info", address, "--check")
    assert (info["engine"], info["cases"], info["integrity"]) == ("milvus", 3, "ok")
    query = str(archive / "0.png")
    far = told(capsys, "search", query, "--index", address, *SEARCH)
    moved = told(capsys, "migrate", address, str(tmp_path / "back"))
    assert (moved["source"], moved["cases"]) == (f"milvus://***@{milvus}/command_line", 3)
    near = told(capsys, "search", query, "--index", str(tmp_path / "back"), *SEARCH)
    assert near["hits"] == far["hits"] and {hit["case_id"] for hit in far["hits"]} == {"c1", "c2"}
    assert told(capsys, "forget", "--index", address, "--case", "c1")
    assert told(capsys, "info", address, "--check")["cases"] == 2
    with open_index(address) as there, open_index(tmp_path / "back") as back:
        assert set(back.cases(["c1"])) == {"c1"} and there.cases(["c1"]) == {}
    assert run(["migrate", str(tmp_path / "back"), f"milvus://someone:s3cret@{milvus}/again"]) == 0
    out, err = capsys.readouterr()
    assert f"milvus://***@{milvus}/again holds 3 cases" in out and "s3cret" not in out + err


@pytest.mark.parametrize(
    "words",
    [("info", "{}"), ("search", "--index", "{}", "--text", "x"), ("migrate", "{}", "folder"), ("models", "{}")],
)
def test_an_index_that_is_not_there_is_told_without_the_password(
    words: tuple[str, ...], milvus: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in (f"milvus://someone:s3cret@{milvus}/absent", "s3://someone:s3cret@bucket/x"):
        assert run([word.format(address) for word in words]) != 0
        out, err = capsys.readouterr()
        assert err and "s3cret" not in out + err
