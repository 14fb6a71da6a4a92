"""What holds for every request: the gate before it, headers on every reply, one line in the log, no stack traces."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any

from fastapi import Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casekin.api.access.gate import Gate, state_of
from casekin.api.access.sign_in import ask_for_sign_in
from casekin.api.problems import UNFORESEEN, http_problem, problem_of, respond
from casekin.errors import SiteError
from casekin.web.render import refusal

logger = logging.getLogger(__name__)

SECURITY_HEADERS: Mapping[str, str] = {
    # No inline script or style, nothing from elsewhere; `blob:` and `data:` pictures are made by the page itself.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set on every reply that doesn't set them itself."""
_HSTS = "max-age=31536000"
REQUEST_ID = "Casekin-Request"
"""The header with a reply's request id, which its line in the log and its record in the audit log have too."""


class Guard:
    """ASGI middleware around the whole application.

    The gate lets a request in or doesn't; a reply goes out once its record is in the audit log, and not without it. An
    exception becomes a plain 500; the log gets its class and place, never its message, which may quote what was sent.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
        self.app = app
        self.gate = gate
        self._headers = {
            **SECURITY_HEADERS,
            **({"Strict-Transport-Security": _HSTS} if gate.config.listen.has_tls else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # there are none, and the gate knows only requests
            return
        began = time.perf_counter()
        state = state_of(scope)
        state["request_id"] = secrets.token_hex(8)
        reply = _Reply(self.gate, scope, send, {**self._headers, REQUEST_ID: state["request_id"]})
        try:
            await self._answer(scope, receive, reply)
        except ClientDisconnect:
            pass  # whoever asked has gone, in the middle of an upload; nobody to answer
        except Exception as error:
            logger.error("error=%s at=%s request=%s", type(error).__name__, _place_of(error), state["request_id"])
            if not reply.status:
                await respond(UNFORESEEN)(scope, receive, reply.send)
        finally:
            took_ms = (time.perf_counter() - began) * 1000
            route = getattr(scope.get("route"), "path", None) or state.get("template", "-")
            logger.info(
                "method=%s route=%s status=%d took_ms=%.1f request=%s",
                scope["method"],
                route,
                reply.status,
                took_ms,
                state["request_id"],
            )

    async def _answer(self, scope: Scope, receive: Receive, reply: _Reply) -> None:
        try:
            if not scope["query_string"].isascii():  # uvicorn takes none (RFC 9112, 3.2); other servers do
                scope["query_string"] = b""
                raise HTTPException(400, "expected a query in ASCII, got other bytes; percent-encode them")
            async with self.gate.admitted(scope, receive) as body:
                await self.app(scope, body, reply.send)
        except HTTPException as error:
            request = Request(scope)
            is_stranger = error.status_code == 401 and _is_page(request)
            refused = ask_for_sign_in(request, self.gate) if is_stranger else refuse(request, error)
            await refused(scope, receive, reply.send)
        except SiteError as error:
            if reply.status:
                raise
            await respond(problem_of(error))(scope, receive, reply.send)


class _Reply:
    """A reply on its way out. `status` is 0 until it has begun."""

    def __init__(self, gate: Gate, scope: Scope, send: Send, headers: Mapping[str, str]) -> None:
        self.status = 0
        self._gate = gate
        self._scope = scope
        self._send = send
        self._headers = headers
        self._is_withheld = False

    async def send(self, message: Message) -> None:
        """Hand on a part of the reply; the first waits for the audit log, and all are withheld where that fails."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            try:
                await self._gate.record(self._scope, self.status)
            except SiteError as error:
                self._is_withheld, self.status = True, 503
                await respond(problem_of(error))(self._scope, _nothing, self._send_with_headers)
        if not self._is_withheld:
            await self._send_with_headers(message)

    async def _send_with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def refuse(request: Request, error: HTTPException) -> Response:
    """What a refused request is answered with: a page or a problem document."""
    problem = http_problem(error.status_code, str(error.detail))
    reply = refusal(request, problem) if _is_page(request) else respond(problem)
    reply.headers.update(error.headers or {})
    return reply


def _is_page(request: Request) -> bool:
    """Whether a browser asks for a page, or a part of one."""
    return not request.scope["path"].startswith("/v1/") and (
        "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"
    )


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _place_of(error: Exception) -> str:
    """Module and line that raised."""
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '-')}:{trace.tb_lineno}"
