"""Metrics for Prometheus: counts and times by route, verdict and job state. No label says who, what or whose."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casekin.api.archive import Archive
from casekin.errors import CasekinError
from casekin.site.jobs import Jobs

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Metrics:
    """What a service counts, for each tenant apart; what nobody known asked is counted for all of them."""

    def __init__(self, tenants: Iterable[str]) -> None:
        self._counted = {name: _Counts() for name in tenants}

    def note_request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was replied to; one that led to no route counts as route `-`."""
        principal = scope.get("state", {}).get("principal")
        own = None if principal is None else self._counted.get(principal.tenant)
        for counts in self._counted.values() if own is None else (own,):
            counts.note_request(scope, status, seconds)

    def render(self, tenant: str, archive: Archive, jobs: Jobs) -> bytes:
        """Everything that is counted for a tenant, by its name, and what it holds, as Prometheus text."""
        own = CollectorRegistry()
        own.register(_Site(archive, jobs))
        return generate_latest(self._counted[tenant].registry) + generate_latest(own)


class _Counts:
    """One tenant's counts, in a registry of their own: two services in one process don't add up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "casekin_requests", "Requests by method, route template and status.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "casekin_request_seconds", "Time until a reply was sent whole.", ["route"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._searches = Counter("casekin_searches", "Answers by verdict.", ["verdict"], registry=self.registry)
        self._errors = Counter("casekin_errors", "Requests that failed, by class.", ["kind"], registry=self.registry)

    def note_request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        route = getattr(scope.get("route"), "path", "-")
        method = scope["method"] if scope["method"] in _METHODS else "-"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        state = scope.get("state", {})
        if "verdict" in state:
            self._searches.labels(state["verdict"]).inc()
        if "error" in state:
            self._errors.labels(state["error"]).inc()


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


class _Site(Collector):
    """What a tenant holds, looked up when it is asked for; where the index can't be read it says that alone."""

    def __init__(self, archive: Archive, jobs: Jobs) -> None:
        self._archive, self._jobs = archive, jobs

    def describe(self) -> list[Metric]:
        return []  # nothing has to be read to register

    def collect(self) -> Iterator[Metric]:
        try:
            state = self._archive.state()
        except CasekinError:
            yield _gauge("casekin_index_readable", "1 while the index can be read.", 0)
        else:
            yield _gauge("casekin_index_readable", "1 while the index can be read.", 1)
            yield _gauge("casekin_index_cases", "Cases that are stored.", state["cases"])
            yield _gauge("casekin_index_images", "Images that are stored.", state["images"])
            generation = float(state["index_version"].partition(".")[2])
            yield _gauge("casekin_index_generation", "Grows with every write.", generation)
        yield _gauges("casekin_jobs", "Jobs by state.", "state", self._jobs.counts())
        yield _gauges("casekin_job_cases", "Cases of the ingests that are listed.", "outcome", self._jobs.ingested())


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
