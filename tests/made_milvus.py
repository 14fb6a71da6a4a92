"""A real Milvus server for tests, from the environment that `make` installs it into."""

from __future__ import annotations

import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv" / "milvus" / "bin" / "python"
SERVE = Path(__file__).parent / "index" / "milvus_server.py"
MAX_WAIT_S = 300
"""The program is unpacked on its first start, half a minute on an idle machine."""


@contextmanager
def milvus_server(folder: Path) -> Iterator[str]:
    """Where a fresh server answers, `127.0.0.1:PORT`, its files in `folder`; skips where it isn't installed."""
    if not PYTHON.exists():
        pytest.skip("the Milvus server isn't installed: make .venv/.installed-milvus")
    argv = [str(PYTHON), str(SERVE), str(folder)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            ready, _, _ = select.select([process.stdout], [], [], MAX_WAIT_S)
            port = process.stdout.readline().strip() if ready else ""
            assert port, "the Milvus server didn't start"
            yield f"127.0.0.1:{port}"
        finally:
            process.stdin.close()
            process.wait(timeout=MAX_WAIT_S)
