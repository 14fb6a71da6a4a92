"""Container file, service units and compose example say what the program and the tools they are for understand."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from casekin.api.config import read_config
from casekin.cli import app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def instructions() -> list[tuple[str, str]]:
    """The container file's instructions with their arguments, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def compose() -> dict[str, Any]:
    """The compose file."""
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def understood(words: list[str]) -> bool:
    """Whether the command line takes these words after `casekin`, files of another machine aside."""
    command = app.get_command(click.Context(app), words[0])
    assert command is not None, words
    for parameter in command.params:
        if isinstance(parameter.type, click.Path):
            parameter.type.exists = False
    command.make_context(words[0], words[1:], parent=click.Context(app))
    return True


def test_every_command_of_container_units_and_compose_is_one_that_casekin_takes() -> None:
    found = dict(instructions())
    entry, default = json.loads(found["ENTRYPOINT"]), json.loads(found["CMD"])
    assert entry == ["casekin"] and understood(default)
    health = json.loads(found["HEALTHCHECK"].split("CMD", 1)[1])
    assert health[0] == "casekin" and understood(health[1:])
    for unit in UNITS:
        words = shlex.split(section(unit, "Service")["ExecStart"])
        assert Path(words[0]).name == "casekin" and understood(words[1:])
    services = compose()["services"]
    assert all(understood(services[name]["command"]) for name in ("casekin", "receiver"))


def test_the_container_installs_extras_that_exist_from_files_that_exist_and_is_not_root() -> None:
    found = instructions()
    extras = re.search(r"'\.\[([\w,-]+)\]'", " ".join(words for name, words in found if name == "RUN"))
    assert extras is not None
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(extras[1].split(",")) <= set(known)
    for name, words in found:
        if name == "COPY" and "--from" not in words:
            assert all((ROOT / source).exists() for source in words.split()[:-1])
    (user,) = (words for name, words in found if name == "USER")
    assert int(user) > 0 and [name for name, _ in found].index("USER") < [name for name, _ in found].index("CMD")


def section(unit: Path, name: str) -> dict[str, str]:
    """The keys of a unit's section."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return dict(parser[name])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze to check the service units")
    told = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False).stderr
    assert [line for line in told.splitlines() if unit.name in line and "is not executable" not in line] == []


def test_compose_names_files_and_volumes_that_are_there() -> None:
    found = compose()
    made_by_the_site = {"./tls"}
    for service in found["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert source in made_by_the_site or (DEPLOY / "compose" / source).exists(), source
            else:
                assert source in found["volumes"]
        assert set(service.get("depends_on", ())) <= set(found["services"])
        if "build" in service:
            assert (DEPLOY / "compose" / service["build"]["context"] / service["build"]["dockerfile"]).exists()


def test_the_examples_site_is_accepted_and_asks_for_sign_in_and_tls() -> None:
    site = read_config(DEPLOY / "compose" / "site.toml")
    assert not site.is_open and site.listen.has_tls and site.tenants["default"].site is not None
    health = json.loads(dict(instructions())["HEALTHCHECK"].split("CMD", 1)[1])
    assert health[-1].endswith(f":{site.listen.port}")


def test_the_example_orthanc_forwards_to_the_receiver() -> None:
    orthanc = json.loads((DEPLOY / "compose" / "orthanc.json").read_text(encoding="utf-8"))
    (name,) = orthanc["DicomModalities"]
    assert orthanc["DicomModalities"][name][1] in compose()["services"]
    assert f'"{name}"' in (DEPLOY / "compose" / "forward.lua").read_text(encoding="utf-8")
