"""`casekin serve` as a process: where it listens, what it needs, how it stops."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import casekin.api
from casekin.api import create_app, is_loopback
from casekin.cli import run
from casekin.errors import DependencyError
from casekin.index import CaseIndex

PROGRAM = "import sys; from casekin.cli import main; main(sys.argv[1:])"


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
    argv = [sys.executable, "-c", PROGRAM, "serve", "--index", str(small_index), "--port", "0", "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(f"{url}v1/health") as reply:
            assert json.load(reply) == {"status": "ok"}
        process.send_signal(signal.SIGINT)
        rest, log = process.communicate(timeout=120)
    assert (process.returncode, rest) == (0, "")
    assert "route=/v1/health status=200" in log
    assert "Traceback" not in log


def test_a_request_under_way_is_answered_before_the_process_ends_and_the_next_start_goes_on(tmp_path: Path) -> None:
    CaseIndex(tmp_path / "index", create=True).close()
    argv = [sys.executable, "-c", PROGRAM, "serve", "--index", str(tmp_path / "index"), "--port", "0", "--json"]
    body = json.dumps({"text": "left pleural effusion"}).encode()
    head = f"POST /v1/searches HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    for _ in range(2):
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            port = urlsplit(json.loads(process.stdout.readline())["url"]).port
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body[:5])
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health") as reply:
                    assert reply.status == 200  # it has been read up to here
                process.send_signal(signal.SIGTERM)
                wait_until_closed(port)
                connection.sendall(body[5:])
                assert connection.recv(20).startswith(b"HTTP/1.1 200")
                while connection.recv(1 << 16):
                    pass
            _, log = process.communicate(timeout=120)
        assert process.returncode == 0, log
        assert "Traceback" not in log


def wait_until_closed(port: int | None) -> None:
    """Until nobody is taken at a port any more."""
    for _ in range(6000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError("it still listens")
