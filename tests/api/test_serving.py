"""`casekin serve` as a process: where it listens, what it needs, how it stops."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import casekin.api
from casekin.api import create_app, is_loopback
from casekin.cli import run
from casekin.errors import DependencyError

pytestmark = pytest.mark.xdist_group("archive")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", "", "127.0.0.1.example.org"])
def test_serving_beyond_this_machine_is_refused_as_wrong_usage(
    host: str, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--index", str(small_index), "--host", host]) == 2
    assert "expected TLS" in capsys.readouterr().err


def test_loopback_is_localhost_and_the_loopback_networks_only() -> None:
    assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"))
    assert not any(is_loopback(host) for host in ("", "localhost.", "0.0.0.0", "::", "128.0.0.1", "2130706433"))


def test_a_taken_port_and_a_missing_index_are_one_line_and_exit_code_1(
    small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "--index", str(small_index), "--port", port]) == 1
    assert "in use" in capsys.readouterr().err
    assert run(["serve", "--index", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_package_is_named_with_its_install_command(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casekin.api, "find_spec", lambda name: None if name == "python_multipart" else object())
    with pytest.raises(DependencyError, match=r"python-multipart.*pip install 'casekin\[serve\]'"):
        create_app(small_index)


def test_the_process_says_its_address_answers_and_stops_cleanly(small_index: Path) -> None:
    command = "import sys; from casekin.cli import main; main(sys.argv[1:])"
    argv = [sys.executable, "-c", command, "serve", "--index", str(small_index), "--port", "0", "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(f"{url}v1/health") as reply:
            assert json.load(reply) == {"status": "ok"}
        process.send_signal(signal.SIGINT)
        rest, log = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert "route=/v1/health status=200" in log
    assert "Traceback" not in log
