"""`casekin token`: made once, listed without what opens, revoked at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.cli import run
from casekin.site.audit import AuditLog
from casekin.site.books import Books
from casekin.site.tokens import Tokens


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder in whose state folder tokens are kept; nothing here opens an index."""
    folder = tmp_path / "my.index"
    folder.mkdir()
    return folder


def test_a_token_is_printed_once_listed_and_revoked(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["token", "create", "--index", str(index), "--subject", "pacs-bridge", "--role", "curator"]
    assert run([*words, "--expires", "90d"]) == 0
    text = capsys.readouterr().out.strip()
    found = Tokens(Books(index / "site")).find(text)
    assert found is not None and found.expires_at is not None
    assert (found.subject, found.role, found.expires_at - found.created_at) == ("pacs-bridge", "curator", 90 * 86_400)
    assert run(["token", "list", "--index", str(index), "--json"]) == 0
    listed = capsys.readouterr().out
    assert [token["token_id"] for token in json.loads(listed)["tokens"]] == [found.token_id]
    assert text[-48:] not in listed
    assert run(["token", "revoke", found.token_id, "--index", str(index)]) == 0
    assert Tokens(Books(index / "site")).find(text) is None
    assert run(["token", "revoke", found.token_id, "--index", str(index)]) == 1
    capsys.readouterr()
    noted = AuditLog(Books(index / "site")).records()
    assert [(one.event, one.subject, one.route) for one in noted] == [
        ("administer", "local", "token create"), ("administer", "local", "token revoke"),
    ]  # fmt: skip
    assert all(found.token_id in one.detail and text[-48:] not in one.detail for one in noted)
    assert run(["token", "list", "--index", str(index)]) == 0
    assert "revoked" in capsys.readouterr().out


def test_a_tenants_tokens_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "site.toml"
    file.write_text(
        'require_sign_in = true\n[tenants.north]\nindex = "n"\n[tenants.south]\nindex = "s"\n', encoding="utf-8"
    )
    words = ["token", "create", "--config", str(file), "--subject", "a", "--role", "reader"]
    assert run(words) == 1
    assert "north, south" in capsys.readouterr().err
    assert run([*words, "--tenant", "south"]) == 0
    text = capsys.readouterr().out.strip()
    assert Tokens(Books(tmp_path / "s" / "site")).find(text) is not None
    assert Tokens(Books(tmp_path / "n" / "site")).find(text) is None


@pytest.mark.parametrize(
    "words",
    [
        ["--subject", "a"],
        ["--subject", "a", "--role", "owner"],
        ["--subject", "a b", "--role", "reader"],
        ["--subject", "a", "--role", "reader", "--expires", "soon"],
        ["--subject", "a", "--role", "reader", "--tenant", "north"],
        ["--subject", "a", "--role", "reader", "--config", "site.toml"],
    ],
)
def test_wrong_usage_makes_no_token(index: Path, words: list[str]) -> None:
    assert run(["token", "create", "--index", str(index), *words]) == 2
    assert not (index / "site").exists()


def test_no_folder_no_token(tmp_path: Path) -> None:
    assert run(["token", "list", "--index", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "none").exists()
