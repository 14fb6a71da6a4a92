"""The list of what casekin stands on, and the gate of licences."""

from __future__ import annotations

import importlib.util
import json
from email.message import Message
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", Path(__file__).parents[2] / "tools" / "sbom.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sbom = load()


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-or-later", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("none stated", False),
        ("not installed", False),
    ],
)
def test_every_licence_that_applies_has_to_be_allowed(licence: str, allowed: bool) -> None:
    assert sbom.is_allowed(licence) is allowed


def test_a_licence_is_read_from_wherever_a_package_states_it() -> None:
    told = Message()
    assert sbom.licence_of(told) == "none stated"
    told["License"] = "Custom words\nand more"
    assert sbom.licence_of(told) == "Custom words"
    told["Classifier"] = "License :: OSI Approved :: MIT License"
    told["Classifier"] = "Topic :: Security"
    assert sbom.licence_of(told) == "MIT License"
    told["License-Expression"] = "0BSD"
    assert sbom.licence_of(told) == "0BSD"


def test_what_casekin_needs_to_run_is_licensed_as_allowed_and_has_no_tools_in_it() -> None:
    licences = sbom.runtime_licences()
    assert {"pydicom", "fastapi", "numpy", "starlette"} <= set(licences) and "pytest" not in licences
    assert {name: licence for name, licence in licences.items() if not sbom.is_allowed(licence)} == {}


def test_the_list_is_cyclonedx_and_the_same_each_time(tmp_path: Path) -> None:
    count = sbom.write_sbom(tmp_path / "one.json")
    record = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert (record["bomFormat"], record["metadata"]["component"]["name"]) == ("CycloneDX", "casekin")
    assert count == len(record["components"]) > 50
    assert {"numpy", "pydicom"} <= {component["name"] for component in record["components"]}


@pytest.mark.parametrize(
    ("report", "found", "told"),
    [
        (None, (), "NOT AUDITED"),
        ([{"name": "a", "skip_reason": "not found"}], (), "NOT AUDITED"),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "x"}],
            (),
            "1 of 2 packages audited",
        ),
        ([{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}], ("a 1: PYSEC-1",), "vulnerable: a 1: PYSEC-1"),
    ],
)
def test_an_audit_tells_what_it_found_and_what_it_could_not_ask(
    report: list[object] | None, found: tuple[str, ...], told: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def run(command: list[str], **_: object) -> SimpleNamespace:
        if report is not None:
            Path(command[-1]).write_text(json.dumps({"dependencies": report}), encoding="utf-8")
        return SimpleNamespace(returncode=1)

    monkeypatch.setattr(sbom.subprocess, "run", run)
    assert sbom.audit() == found
    printed = capsys.readouterr()
    assert told in printed.out + printed.err
