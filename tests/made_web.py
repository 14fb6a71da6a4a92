"""A made server on loopback that answers from a table, for clients of other systems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from made_http import http_server


@dataclass
class MadeWeb:
    """`answers`: path with query → what is said, or statuses that come before it, each once. `asked`: paths so far."""

    address: str
    answers: dict[str, Any] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sign_ins: set[str | None] = field(default_factory=set)


@contextmanager
def made_web() -> Iterator[MadeWeb]:
    """Answer until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            web.sign_ins.add(self.headers["Authorization"])
            first = web.statuses.get(self.path, [])
            status = first.pop(0) if first else 200 if self.path in web.answers else 404
            body = json.dumps(web.answers[self.path]).encode() if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with http_server(Handler) as address:
        web = MadeWeb(address=address)
        yield web
