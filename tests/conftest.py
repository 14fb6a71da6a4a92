"""Fixtures that several parts share, and the rule that in CI nothing is skipped unnoticed."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run

# Real images are never part of the repository: only their absence is a good reason to skip in CI.
ACCEPTED_SKIP = "real data:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A run of the demo: the folder it wrote and the document it printed."""

    folder: Path
    printed: dict[str, Any]


def unexpected_skips(config: pytest.Config) -> list[str]:
    """`path: reason` of every skip so far whose reason does not start with `real data:`."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = [(report.nodeid, str(report.longrepr[-1]).removeprefix("Skipped: ")) for report in skipped]
    return [f"{nodeid}: {reason}" for nodeid, reason in reasons if not reason.startswith(ACCEPTED_SKIP)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need the demo run in one process, so that it is made once."""
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("archive"))


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """In CI a skip fails the run: what a test needs is installable there."""
    if os.environ.get("CI") == "true" and unexpected_skips(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the skips that fail a CI run."""
    if os.environ.get("CI") == "true":
        for line in unexpected_skips(config):
            terminalreporter.write_line(f"skip not allowed in CI: {line}", red=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`casekin demo` on 10 patients, run once; read only."""
    folder, out = tmp_path_factory.mktemp("demo") / "out", io.StringIO()
    with redirect_stdout(out):
        assert run(["demo", "--out", str(folder), "--patients", "10", "--json"]) == 0
    return Demo(folder=folder, printed=json.loads(out.getvalue()))


@pytest.fixture(scope="session")
def small_archive(demo: Demo) -> Path:
    """The demo's simulated archive; read only."""
    return demo.folder / "archive"


@pytest.fixture(scope="session")
def small_index(demo: Demo) -> Path:
    """The demo's index of `small_archive`; read only."""
    return demo.folder / "index"
