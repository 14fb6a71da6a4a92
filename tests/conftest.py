"""Fixtures that several parts share, and the rule that in CI nothing is skipped unnoticed."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import absl.logging
import pytest
from hypothesis import HealthCheck, settings

from casekin.cli import run
from made_canaries import Listener, fail_where_heard
from made_milvus import milvus_server

# Real images are never part of the repository, and DICOM's own tools come with the system, not with Python: the absence
# of these alone is a good reason to skip in CI.
ACCEPTED_SKIPS = ("real data:", "DICOM tools:")
MAX_WAIT_S = 900
LONG_FIRST = (
    "house/test_documentation.py", "index", "web", "house", "journeys", "api", "cli", "tools", "training", "models",
)  # fmt: skip
"""What takes longest, in the order in which it is begun: at the end there are short files for every worker. The first
file makes the demo while another worker is busy with what needs none."""
LISTENER = Listener()

# An example may take as long as a busy machine makes it, and tests make folders for all examples once.
UNTIMED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=UNTIMED)
settings.load_profile("untimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A run of the demo: the folder it wrote and the document it printed."""

    folder: Path
    printed: dict[str, Any]


def unexpected_skips(config: pytest.Config) -> list[str]:
    """`path: reason` of every skip so far whose reason isn't one of `ACCEPTED_SKIPS`."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = [(report.nodeid, str(report.longrepr[-1]).removeprefix("Skipped: ")) for report in skipped]
    return [f"{nodeid}: {reason}" for nodeid, reason in reasons if not reason.startswith(ACCEPTED_SKIPS)]


def pytest_configure(config: pytest.Config) -> None:
    """From here on, whatever is logged in this process is heard; files are handed to workers in the order they have."""
    # rouge-score's absl closes the stream that it logs to when a library (pymilvus) configures logging: pytest's own.
    absl.logging.get_absl_handler().python_handler.setStream(sys.__stderr__)
    logging.getLogger().addHandler(LISTENER)
    config.option.loadscopereorder = False
    # Hundreds of tests start a Python; one that may not keep what it compiled takes a second longer. This one rewrites
    # the assertions of every file, which takes it some fifteen where it may not.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((place for place, start in enumerate(LONG_FIRST) if path.startswith(start)), len(LONG_FIRST))

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[pytest.TestReport]:
    """A test that logs a patient's name fails, whatever it is about."""
    report = yield
    fail_where_heard(report, LISTENER)
    return report


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


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real Milvus server answers, `127.0.0.1:PORT`: one for each file of tests, as it is busy when idle too."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as address:
        yield address


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`casekin demo` on 10 patients, run once for all test processes; read only."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    printed, failed = folder / "printed.json", folder / "failed"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(MAX_WAIT_S):
            if printed.exists() or failed.exists():
                break
            time.sleep(1)
    else:
        run_demo(folder / "out", printed, failed)
    assert printed.exists(), "the demo failed in the process that ran it, or took too long"
    return Demo(folder=folder / "out", printed=json.loads(printed.read_text(encoding="utf-8")))


def run_demo(out: Path, printed: Path, failed: Path) -> None:
    """Run the demo; its document appears at `printed` whole, or `failed` appears."""
    text, code = io.StringIO(), 1
    try:
        # One process: the others' work is testing.
        with redirect_stdout(text), patch.dict(os.environ, CASEKIN_WORKERS="1"):
            code = run(["demo", "--out", str(out), "--patients", "10", "--json"])
    finally:
        if code:
            failed.touch()
    partial = printed.with_suffix(".partial")
    partial.write_text(text.getvalue(), encoding="utf-8")
    partial.replace(failed if code else printed)


@pytest.fixture(scope="session")
def small_archive(demo: Demo) -> Path:
    """The demo's simulated archive; read only."""
    return demo.folder / "archive"


@pytest.fixture(scope="session")
def small_index(demo: Demo) -> Path:
    """The demo's index of `small_archive`; read only."""
    return demo.folder / "index"


@pytest.fixture(scope="session")
def rows(small_archive: Path) -> list[dict[str, Any]]:
    """The rows of the small archive's manifest."""
    return [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def film(small_archive: Path, rows: list[dict[str, Any]]) -> Path:
    """The image of the manifest's first row."""
    return small_archive / str(rows[0]["image"])
