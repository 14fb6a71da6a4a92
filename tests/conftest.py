"""Fixtures that several parts share, and the rule that in CI nothing is skipped unnoticed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import casekin

# Real images are never part of the repository: only their absence is a good reason to skip in CI.
ACCEPTED_SKIP = "real data:"


def unexpected_skips(config: pytest.Config) -> list[str]:
    """`path: reason` of every skip so far whose reason does not start with `real data:`."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = [(report.nodeid, str(report.longrepr[-1]).removeprefix("Skipped: ")) for report in skipped]
    return [f"{nodeid}: {reason}" for nodeid, reason in reasons if not reason.startswith(ACCEPTED_SKIP)]


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
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated archive of 10 patients as DICOM; read only. Tests that use it share an `xdist_group("archive")`."""
    from casekin.world import write_archive

    folder = tmp_path_factory.mktemp("small") / "archive"
    write_archive(folder, patients=10, seed=5, size=320, workers=1)
    return folder


@pytest.fixture(scope="session")
def small_index(small_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `small_archive`; read only."""
    folder = tmp_path_factory.mktemp("small") / "archive.index"
    casekin.ingest_cases([small_archive], index=folder)
    return folder
