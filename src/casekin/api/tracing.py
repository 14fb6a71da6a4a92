"""Traces for OpenTelemetry, off unless a collector is named. Spans carry routes, statuses and counts, never addresses.

The instrumentation that FastAPI's users know writes whole URLs into its spans, and a case's id stands in some.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casekin import __version__
from casekin.errors import DependencyError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_tracer: Tracer | None = None
"""Set once for the process by `start_tracing`; None: no spans."""


def start_tracing(endpoint: str, *, service: str = "casekin") -> None:
    """Send spans to a collector (OTLP over HTTP) until the process ends.

    An address without a path, such as `http://127.0.0.1:4318`, is the collector's: its traces go to `/v1/traces`.
    Raises `DependencyError` without the extra `tracing`.
    """
    if find_spec("opentelemetry.exporter") is None or find_spec("opentelemetry.sdk") is None:
        raise DependencyError(
            "serve: expected OpenTelemetry for traces; install it with: pip install 'casekin[tracing]'"
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    if urlsplit(endpoint).path in ("", "/"):
        endpoint = f"{endpoint.rstrip('/')}/v1/traces"
    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace_with(provider)


def trace_with(provider: TracerProvider | None) -> None:
    """Make spans with this provider from now on; None ends that."""
    global _tracer
    _tracer = None if provider is None else provider.get_tracer("casekin", __version__)


@contextmanager
def span(name: str, **counts: int | str) -> Iterator[None]:
    """A step of the present request, with numbers or words of our own; nothing where traces are off."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, attributes=counts, record_exception=False, set_status_on_exception=False):
        yield


class Traced:
    """ASGI middleware: a server span for each request, joined to the caller's trace where one is named."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _tracer is None or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        context = TraceContextTextMapPropagator().extract(
            {name: carrier[name] for name in ("traceparent", "tracestate") if name in carrier}
        )
        with _tracer.start_as_current_span(
            scope["method"],
            context=context,
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as current:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route = getattr(scope.get("route"), "path", "-")
                    current.update_name(f"{scope['method']} {route}")
                    current.set_attribute("http.request.method", scope["method"])
                    current.set_attribute("http.route", route)
                    current.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self.app(scope, receive, send_noted)
