"""A real browser before the real service: `casekin serve` as a process of its own, headless Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from casekin.cli import run
from made_page import Tab

expect.set_options(timeout=30_000)  # five seconds are few on a busy machine

# Root may not use Chromium's sandbox, and a test's browser has nobody to talk to but the service.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def served_index(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small index that the service may write to, with an evaluation kept beside it."""
    made = tmp_path_factory.mktemp("served")
    folder, run_file, labels = made / "index", made / "ours.run", made / "labels.qrels"
    shutil.copytree(small_index, folder)
    run_file.write_text("q1 Q0 a 1 3 r\nq1 Q0 b 2 2 r\nq1 Q0 c 3 1 r\nq2 Q0 a 1 2 r\nq2 Q0 b 2 1 r\n", encoding="utf-8")
    labels.write_text("q1 0 a 2\nq1 0 b 0\nq1 0 c 1\nq2 0 a 0\nq2 0 b 1\nq2 0 c 0\n", encoding="utf-8")
    kept = folder / "site" / "evaluations" / "first"
    assert run(["evaluate", "--run", str(run_file), "--qrels", str(labels), "--out", str(kept)]) == 0
    return folder


@pytest.fixture(scope="session")
def address(served_index: Path) -> Iterator[str]:
    """Where the service over the small archive answers, e.g. `http://127.0.0.1:40123/`."""
    command = "import sys; from casekin.cli import main; main(sys.argv[1:])"
    argv = [sys.executable, "-c", command, "serve", "--index", str(served_index), "--port", "0", "--json"]
    env = {**os.environ, "CASEKIN_WORKERS": "1"}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips where none is installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("chromium isn't installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Tab]:
    """One tab for all tests that need no other: a new one costs more than most of what they do in it."""
    tab = Tab(browser.new_page())
    yield tab
    tab.page.close()


@pytest.fixture(scope="session")
def artefacts() -> Path | None:
    """Where screenshots are kept: the folder named by CASEKIN_TEST_ARTEFACTS; None keeps none."""
    named = os.environ.get("CASEKIN_TEST_ARTEFACTS")
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named) if named else None


@pytest.fixture
def page(tab: Tab, address: str) -> Iterator[Page]:
    """The search page, freshly opened. Fails the test on console errors, script errors, and requests to elsewhere."""
    tab.open(address, width=1200, height=900)
    yield tab.page
    # A refused question is a failed load to the browser; everything else it complains about is ours.
    assert [said for said in tab.complaints() if "status of 4" not in said] == []
