"""A real server beyond the defaults: TLS, sign-in by token, and clients that keep it waiting."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from casekin.cli import run
from casekin.site.books import Books
from casekin.site.tokens import Tokens
from made_certificates import write_certificate
from made_sites import copied_index

MAIN = "import sys; from casekin.cli import main; main(sys.argv[1:])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that asks for sign-in and speaks TLS."""

    url: str
    trusted: ssl.SSLContext
    token: str

    @property
    def address(self) -> tuple[str, int]:
        parts = httpx2.URL(self.url)
        assert parts.port is not None
        return parts.host, parts.port


@pytest.fixture(scope="module")
def running(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("listening")
    index = copied_index(small_index, folder / "index")
    cert, key = write_certificate(folder)
    _, token = Tokens(Books(index / "site")).create(subject="anna", role="reader")
    config = folder / "site.toml"
    config.write_text(
        f'require_sign_in = true\n[tenants.default]\nindex = "index"\n'
        f'[listen]\nport = 0\ntls_cert = "{cert.name}"\ntls_key = "{key.name}"\n'
        "[limits]\nheader_timeout_s = 0.5\nbody_grace_s = 0.5\nmost_connections = 8\n",
        encoding="utf-8",
    )
    argv = [sys.executable, "-c", MAIN, "serve", "--config", str(config), "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            yield Running(url=url, trusted=ssl.create_default_context(cafile=cert), token=token)
        finally:
            process.send_signal(signal.SIGINT)
            _, log = process.communicate(timeout=120)
    assert "Traceback" not in log and token not in log


def test_everything_is_encrypted_and_nobody_is_let_in_without_a_token(running: Running) -> None:
    assert running.url.startswith("https://")
    with httpx2.Client(base_url=running.url, verify=running.trusted, trust_env=False, timeout=60) as client:
        reply = client.get("/v1/health")
        assert reply.status_code == 200
        assert "max-age" in reply.headers["strict-transport-security"]
        assert client.get("/v1/info").status_code == 401
        signed = client.get("/v1/info", headers={"Authorization": f"Bearer {running.token}"})
        assert signed.status_code == 200
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(running.url.replace("https", "http"), trust_env=False)


def closed_by_server(connection: ssl.SSLSocket) -> bytes:
    """What the server still says before it closes; a timeout fails the test."""
    connection.settimeout(60)
    said = b""
    while part := connection.recv(4096):
        said += part
    return said


@pytest.mark.parametrize("start", [b"", b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_headers_that_do_not_come_in_time_end_the_connection(running: Running, start: bytes) -> None:
    with (
        socket.create_connection(running.address) as plain,
        running.trusted.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(start)
        assert closed_by_server(connection) == b""


def test_a_body_that_does_not_come_in_time_is_a_408_and_the_end(running: Running) -> None:
    head = (
        "POST /v1/searches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
        f"Authorization: Bearer {running.token}\r\n\r\n{{"
    )
    with (
        socket.create_connection(running.address) as plain,
        running.trusted.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(head.encode())
        assert closed_by_server(connection).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_takes_every_place_keeps_nobody_else_out(running: Running) -> None:
    with ExitStack() as idle:
        for _ in range(20):
            idle.enter_context(socket.create_connection(running.address, source_address=("127.0.0.2", 0)))
        reply = httpx2.get(f"{running.url}v1/health", verify=running.trusted, trust_env=False, timeout=60)
        assert reply.status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "0.0.0.0"], "expected TLS"),
        (["--host", "0.0.0.0", "--behind-proxy", "10.0.0.1"], "host_names"),
        (["--tls-cert", "cert.pem"], "got one of them"),
        (["--insecure-override", "no-sign-in", "--require-sign-in"], "got both"),
        (["--config", "site.toml"], "--index or --config"),
    ],
)
def test_what_would_be_unsafe_is_wrong_usage_before_anything_is_opened(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--index", "no.index", *words]) == 2
    assert said in capsys.readouterr().err
