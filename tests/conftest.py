"""Fixtures that several parts share, and the rule that in CI nothing is skipped unnoticed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

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
