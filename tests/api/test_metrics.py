"""Metrics, health and readiness: what machines ask, without a word about anybody."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from casekin.api.access.principal import Principal
from casekin.api.metrics import Metrics
from casekin.errors import IndexStoreError
from made_service import CASES, MadeSite


@pytest.fixture(scope="module")
def reader(site: MadeSite) -> TestClient:
    """Who scrapes."""
    return site.client("mia")


def samples(client: TestClient) -> dict[str, float]:
    """Values by name and labels, read by the parser of Prometheus's own library."""
    reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    return {
        f"{sample.name}{dict(sorted(sample.labels.items()))}": sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """By how much each value grew."""
    return {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}


def test_requests_are_counted_by_route_and_searches_by_verdict(reader: TestClient) -> None:
    before = samples(reader)
    answer = reader.post("/v1/searches", json={"text": "nodule"}).json()
    reader.get(f"/v1/cases/{CASES[0]}")
    reader.get("/v1/cases/NOBODY-SECRET")
    reader.post("/v1/searches", json={"text": "nodule", "where": "age >"})
    told = grown(before, samples(reader))
    assert told[f"casekin_searches_total{ {'verdict': answer['verdict']} }"] == 1
    assert told["casekin_errors_total{'kind': 'FilterError'}"] == 1
    route = "/v1/cases/{case_id:path}"
    for method, path, status, count in (
        ("POST", "/v1/searches", "200", 1),
        ("POST", "/v1/searches", "422", 1),
        ("GET", route, "200", 1),
        ("GET", route, "404", 1),
    ):
        labels = {"method": method, "route": path, "status": status}
        assert told[f"casekin_requests_total{labels}"] == count
    assert told[f"casekin_request_seconds_count{ {'route': route} }"] == 2


def test_no_metric_names_a_case_a_person_or_what_was_asked(reader: TestClient) -> None:
    reader.get("/v1/cases/NOBODY-SECRET")
    reader.get("/no/such/SECRET-route?name=SECRET")
    text = reader.get("/metrics").text
    for word in ("SECRET", "mia", *CASES):
        assert word not in text


def test_metrics_tell_what_the_index_holds_and_what_jobs_wait(site: MadeSite, reader: TestClient) -> None:
    told, info = samples(reader), reader.get("/v1/info").json()
    assert told["casekin_index_cases{}"] == info["cases"]
    assert told["casekin_index_images{}"] == info["images"]
    assert told["casekin_index_generation{}"] == float(info["index_version"].partition(".")[2])
    assert told["casekin_index_readable{}"] == 1
    assert {state: told[f"casekin_jobs{ {'state': state} }"] for state in ("queued", "running")} == {
        state: site.tenant.jobs.counts()[state] for state in ("queued", "running")
    }


def counted(metrics: Metrics, tenant: str) -> float:
    """Requests that a tenant's counts hold, of no route and any odd method."""
    return float(metrics._counted[tenant]._requests.labels("-", "-", "200")._value.get())


def test_two_services_in_one_process_do_not_add_up() -> None:
    first, second = Metrics(["default"]), Metrics(["default"])
    scope: Any = {"method": "BREW\n", "state": {"verdict": "answered"}}
    first.note_request(scope, 200, 0.1)
    assert (counted(first, "default"), counted(second, "default")) == (1, 0)


def test_a_tenant_is_told_of_its_own_requests_and_of_those_of_nobody() -> None:
    metrics = Metrics(["alpha", "beta"])
    mine = Principal(subject="mia", role="reader", tenant="alpha")
    metrics.note_request({"method": "BREW", "state": {"principal": mine, "verdict": "answered"}}, 200, 0.1)
    assert (counted(metrics, "alpha"), counted(metrics, "beta")) == (1, 0)
    metrics.note_request({"method": "BREW"}, 200, 0.1)
    assert (counted(metrics, "alpha"), counted(metrics, "beta")) == (2, 1)


def test_health_is_for_everybody_and_metrics_are_not(site: MadeSite) -> None:
    stranger = TestClient(site.app, base_url="http://localhost")
    assert stranger.get("/v1/health").json() == {"status": "ok"}
    assert stranger.get("/v1/ready").json() == {"status": "ready"}
    assert stranger.get("/metrics").status_code == 401


def test_readiness_says_what_is_missing(site: MadeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = TestClient(site.app, base_url="http://localhost")

    def locked(_: Any) -> Any:
        raise IndexStoreError("index: locked")

    with monkeypatch.context() as patch:
        patch.setattr(type(site.tenant.archive), "state", locked)
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 100, 0))
        reply = stranger.get("/v1/ready")
        assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
        assert reply.json()["detail"] == "not ready: disk, index; the server's log says more"
        assert samples(site.client("mia"))["casekin_index_readable{}"] == 0
    assert stranger.get("/v1/ready").status_code == 200
