"""`casekin listen`: what the command line says of a site's file goes before what stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import casekin.api.logs
import casekin.cli.listen
from casekin.cli import run


@pytest.mark.parametrize(
    ("written", "said", "form"),
    [("", [], "text"), ("", ["json"], "json"), ("json", [], "json"), ("json", ["text"], "text")],
)
def test_the_logs_form_is_what_was_said_else_what_the_file_says(
    written: str, said: list[str], form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms: list[str] = []
    monkeypatch.setattr(casekin.api.logs, "configure_logs", forms.append)
    monkeypatch.setattr(casekin.cli.listen, "_listen", lambda *_, **__: None)
    top = f'log_format = "{written}"\n' if written else ""
    config = tmp_path / "site.toml"
    config.write_text(f'{top}[tenants.default]\nindex = "index"\n[receive]\nhl7_port = 0\n', encoding="utf-8")
    words = [word for one in said for word in ("--log-format", one)]
    assert run(["listen", "--config", str(config), *words]) == 0
    assert forms == [form]
