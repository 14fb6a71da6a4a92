"""The audit log through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.index import CaseIndex
from casekin.site.audit import AuditEvent, AuditLog
from casekin.site.books import Books
from made_stores import stored_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index in which two cases were viewed and one search refused."""
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([stored_case(number) for number in range(3)])
    log = AuditLog(Books(tmp_path / "index" / "site"))
    for number in range(2):
        event = AuditEvent(event="view", subject="ada", route="/v1/cases", status=200, objects=(f"case-{number}",))
        log.append(event)
    log.append(AuditEvent(event="search", subject="bob", route="/v1/searches", status=403))
    return tmp_path / "index"


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str], *, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return dict(json.loads(capsys.readouterr().out))


def test_records_are_listed_chosen_and_exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["audit", str(folder)]
    assert [record["event"] for record in printed(command, capsys)["records"]] == ["view", "view", "search"]
    assert [record["seq"] for record in printed([*command, "--case", "case-1"], capsys)["records"]] == [2]
    assert [record["seq"] for record in printed([*command, "--subject", "ada", "--last", "1"], capsys)["records"]] == [
        2
    ]
    assert printed([*command, "--until", "2020-01-01"], capsys) == {"records": []}
    assert len(printed([*command, "--event", "search", "--since", "2020-01-01", "--fhir"], capsys)["entry"]) == 1
    assert run(command) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[1:] == ["ada", "view", "/v1/cases", "200", "case-0"]


def test_tampering_is_told_by_audit_and_by_info(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["audit", str(folder), "--prove"]
    head = printed(["audit", str(folder), "--head"], capsys)["head"]
    assert printed([*command, "--kept", head], capsys)["problems"] == []
    assert printed(["info", str(folder)], capsys)["audit_integrity"] == "ok"
    with Books(folder / "site").writing() as db:
        db.execute("UPDATE audit SET subject = 'eve' WHERE seq = 2")
    assert "record 2" in printed(command, capsys, code=1)["problems"][0]
    assert "record 2" in printed(["info", str(folder)], capsys, code=1)["audit_integrity"]
    assert run(command) == 1
    assert "damaged" in capsys.readouterr().out


def test_expired_records_go_into_a_file_that_proves_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "expired.jsonl"
    command = ["audit", str(folder), "--expire"]
    assert printed([*command, "6", "--out", str(out)], capsys) == {"expired": 0}
    assert not out.exists()
    head = printed(["audit", str(folder), "--head"], capsys)["head"]
    assert printed([*command, "0", "--out", str(out)], capsys) == {"expired": 3}
    kept = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [record["objects"] for record in kept] == [["case-0"], ["case-1"], []]
    assert f"3:{kept[-1]['digest']}" == head
    assert printed(["audit", str(folder), "--prove", "--kept", head], capsys)["problems"] == []
    assert run([*command, "0", "--out", str(out)]) == 1


def test_what_cannot_be_asked_is_one_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with CaseIndex(tmp_path / "new", create=True):
        pass
    assert run(["audit", str(tmp_path / "new")]) == 1
    assert "nothing is recorded" in capsys.readouterr().err
    assert not (tmp_path / "new" / "site").exists()
    assert "audit_records" not in printed(["info", str(tmp_path / "new")], capsys)
    assert run(["audit", str(folder), "--prove", "--kept", "here"]) == 1
    assert run(["audit", str(folder), "--prove", "--head"]) == 2
    assert run(["audit", str(folder), "--kept", "1:00"]) == 2
    assert run(["audit", str(folder), "--expire", "1"]) == 2
    assert run(["audit", "milvus://127.0.0.1:1/none"]) == 1
