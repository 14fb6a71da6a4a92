"""A made OpenAI-compatible server on this machine: it answers what a test told it to, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from made_http import http_server

Reply = tuple[int, bytes]


def chat(content: object) -> Reply:
    """A chat completion with this content."""
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def told(*facts: dict[str, Any], normal: tuple[dict[str, Any], ...] = ()) -> Reply:
    """A chat completion that states these facts and normal places."""
    return chat(json.dumps({"facts": facts, "normal": normal}))


@dataclass
class MadeServer:
    """Answers with `replies` in turn, the last one for ever; where `stuck`, not before `let_go`.

    Where it `drips`, the body comes a byte at a time until `let_go`.
    """

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    stuck: bool = False
    drips: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving() -> Iterator[MadeServer]:
    """A made server while the context lasts."""
    made = MadeServer()
    with http_server(_handler(made)) as made.url:
        try:
            yield made
        finally:
            made.let_go.set()


def _handler(made: MadeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            made.paths.append(self.path)
            made.keys.append(self.headers["Authorization"])
            status, body = made.replies[min(len(made.asked), len(made.replies)) - 1]
            if made.stuck:
                made.let_go.wait()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", f"{made.url}/elsewhere")
            self.end_headers()
            try:
                while made.drips and body and not made.let_go.wait(0.02):
                    self.wfile.write(body[:1])
                    body = body[1:]
                self.wfile.write(body)
            except ConnectionError:
                return

        def log_message(self, *_: object) -> None:
            return

    return Handler
