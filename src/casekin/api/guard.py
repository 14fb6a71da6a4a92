"""What holds for every request: who may ask, what every reply's headers say, one line in the log, no stack traces."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casekin.api.problems import UNFORESEEN, Problem, http_problem, respond
from casekin.loopback import is_loopback

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
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Guard:
    """ASGI middleware around the whole application.

    Requests must be addressed to loopback by name, which defeats DNS rebinding, and requests that change or compute
    something must not come from another site's page. An exception becomes a plain 500; the log gets its class and
    place, never its message, which may quote what was sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = _refusal(scope["method"], Headers(scope=scope))
        try:
            await (self.app if refused is None else respond(refused))(scope, receive, send_guarded)
        except ClientDisconnect:
            pass  # whoever asked has gone, in the middle of an upload; nobody to answer
        except Exception as error:
            logger.error("error=%s at=%s", type(error).__name__, _place_of(error))
            if not status:
                await respond(UNFORESEEN)(scope, receive, send_guarded)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            took_ms = (time.perf_counter() - began) * 1000
            logger.info("method=%s route=%s status=%d took_ms=%.1f", scope["method"], route, status, took_ms)


def _refusal(method: str, headers: Headers) -> Problem | None:
    """Why a request isn't let in, by where it is addressed to and where it comes from."""
    host = headers.get("host", "").lower()
    if not is_loopback(_split(f"//{host}").hostname or ""):
        return http_problem(421, "expected a request to localhost, 127.0.0.1 or ::1, got another host name")
    origin = headers.get("origin")
    if method not in _SAFE_METHODS and origin is not None and _split(origin).netloc.lower() != host:
        return http_problem(403, "expected a request from this service's own page, got one from another site")
    return None


def _split(address: str) -> SplitResult:
    """The parts of an address; all empty where it is malformed."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _place_of(error: Exception) -> str:
    """Module and line that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '-')}:{trace.tb_lineno}"
