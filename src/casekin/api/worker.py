"""The process that does a tenant's jobs: started when there is something to do, watched, and replaced when it dies.

Its memory and its crashes stay outside the service. It doesn't die with it: it ends when nothing waits any more.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casekin.errors import SiteError
from casekin.site.jobs import Jobs

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
_LONGEST_PAUSE_S = 60.0
"""A worker that ends in an error before it took a job is started again at longer and longer intervals, up to this."""
_LINGER_S = 60.0
"""A worker waits so long for further jobs before it ends: studies come in rows, and a start takes seconds."""
_END_WITHIN_S = 5.0
_NICENESS = 5
"""Searches come first: beside one that is busy the worker gets a quarter of a processor."""
_PROGRAM = "import os, sys; os.nice(int(sys.argv.pop(1))); from casekin.cli import main; main()"


class Worker:
    """Looks every second whether a job is due, and sees to it that somebody works then."""

    def __init__(self, jobs: Jobs, *, index: Path | str, site: Path, model: str) -> None:
        place = ["--index", str(index), "--site", str(site), "--model", model, "--linger", str(_LINGER_S)]
        self._command: Sequence[str] = [
            sys.executable,
            "-c",
            _PROGRAM,
            str(_NICENESS),
            "jobs",
            "work",
            *place,
            "--json",
        ]
        self._jobs = jobs
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[Any] | None = None
        self._thread = threading.Thread(target=self._watch, name="casekin-jobs", daemon=True)
        self.is_stopping = False

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: a job was just added."""
        self._woken.set()

    def stop(self) -> None:
        """End the process, which puts its job back, and look no more."""
        with self._lock:
            self.is_stopping = True
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_END_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        pause = _LOOK_EVERY_S
        while not self.is_stopping:
            self._woken.wait(pause)
            self._woken.clear()
            pause = _LOOK_EVERY_S if self._work_if_due() else min(2 * pause, _LONGEST_PAUSE_S)

    def _work_if_due(self) -> bool:
        """Let a process do what is due; whether all went as it should."""
        try:
            if not self._jobs.is_due() or self._jobs.is_worked_on():
                return True
        except SiteError as error:
            _log.error("jobs: %s", error)
            return False
        with self._lock:
            if self.is_stopping:
                return True
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        code = self._process.wait()
        if code and not self.is_stopping:
            _log.error("worker ended code=%d", code)
        return code == 0
