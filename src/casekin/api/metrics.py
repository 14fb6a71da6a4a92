"""Metrics for Prometheus: counts and times by route, verdict and job state. No label says who, what or whose."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casekin.errors import CasekinError

if TYPE_CHECKING:
    from casekin.api.service import Tenant

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Metrics:
    """What a service counts. Each has a registry of its own: two services in one process don't add up."""

    def __init__(self, tenants: Mapping[str, Tenant]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "casekin_requests", "Requests by method, route template and status.", ["method", "route", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "casekin_request_seconds", "Time until a reply was sent whole.", ["route"], buckets=_SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._searches = Counter("casekin_searches", "Answers by verdict.", ["verdict"], registry=self._registry)
        self._errors = Counter("casekin_errors", "Requests that failed, by class.", ["kind"], registry=self._registry)
        self._registry.register(_Sites(tenants))

    def note_request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was replied to; one that led to no route counts as route `-`."""
        route = getattr(scope.get("route"), "path", "-")
        method = scope["method"] if scope["method"] in _METHODS else "-"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        state = scope.get("state", {})
        if "verdict" in state:
            self._searches.labels(state["verdict"]).inc()
        if "error" in state:
            self._errors.labels(state["error"]).inc()

    def render(self) -> bytes:
        """Everything as Prometheus text."""
        return generate_latest(self._registry)


class Measured:
    """ASGI middleware that tells metrics of every request."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_measured(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_measured)
        except Exception:
            scope.setdefault("state", {})["error"] = "unforeseen"
            raise
        finally:
            self.metrics.note_request(scope, status, time.perf_counter() - began)


class _Sites(Collector):
    """What tenants hold, looked up when it is asked for; one that can't be read is left out."""

    def __init__(self, tenants: Mapping[str, Tenant]) -> None:
        self._tenants = tenants

    def describe(self) -> list[Metric]:
        return []  # nothing has to be read to register

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("casekin_jobs", "Jobs by state.", labels=["tenant", "state"])
        ingested = GaugeMetricFamily(
            "casekin_job_cases", "Cases of the ingests that are still listed.", labels=["tenant", "outcome"]
        )
        size = GaugeMetricFamily("casekin_index_size", "What an index holds.", labels=["tenant", "of"])
        version = GaugeMetricFamily("casekin_index_generation", "Grows with every write.", labels=["tenant"])
        readable = GaugeMetricFamily("casekin_index_readable", "1 while an index can be read.", labels=["tenant"])
        for name, tenant in sorted(self._tenants.items()):
            try:
                state = tenant.archive.info()
                for label in ("cases", "images"):
                    size.add_metric([name, label], state[label])
                version.add_metric([name], float(state["index_version"].partition(".")[2]))
                for label, count in tenant.jobs.counts().items():
                    jobs.add_metric([name, label], count)
                for label, count in tenant.jobs.ingested().items():
                    ingested.add_metric([name, label], count)
                readable.add_metric([name], 1)
            except CasekinError:
                readable.add_metric([name], 0)
        yield from (jobs, ingested, size, version, readable)
