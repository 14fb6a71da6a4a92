"""The service's log and traces: what a line and a span hold, and what they don't."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from casekin.api import create_app
from casekin.api.logs import JsonLines
from casekin.api.tracing import Traced, span, trace_with
from casekin.index import CaseIndex
from made_cases import write_png


def line_of(message: str, *values: object) -> dict[str, object]:
    record = logging.LogRecord("casekin.api.guard", logging.INFO, "guard.py", 1, message, values, None)
    return json.loads(JsonLines().format(record))  # type: ignore[no-any-return]


def test_a_line_of_pairs_becomes_fields_with_their_types() -> None:
    line = line_of("method=%s route=%s status=%d took_ms=%.1f", "GET", "/v1/info", 200, 1.23456)
    assert {name: line[name] for name in ("level", "logger", "method", "route", "status", "took_ms")} == {
        "level": "INFO",
        "logger": "casekin.api.guard",
        "method": "GET",
        "route": "/v1/info",
        "status": 200,
        "took_ms": 1.235,
    }
    assert str(line["time"]).endswith("+00:00")


def test_words_before_the_pairs_say_what_happened() -> None:
    assert line_of("worker ended code=%d", -9).items() >= {"event": "worker ended", "code": -9}.items()
    assert "event" not in line_of("code=%d", -9)


def test_another_line_stands_under_message() -> None:
    assert line_of("Started server process [%d]", 5)["message"] == "Started server process [5]"


def test_a_line_is_one_line_whatever_it_tells() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "name=%s", ("a\nb\u2028",), None)
    assert "\n" not in JsonLines().format(record)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Where the spans of a test end."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace_with(provider)
    yield exporter
    trace_with(None)


def made_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(Traced)

    @app.get("/v1/cases/{case_id}")
    def case(case_id: str) -> int:
        with span("read", cases=1):
            if case_id == "broken":
                raise ValueError(case_id)
        return 1

    return app


def ends(spans: InMemorySpanExporter) -> tuple[ReadableSpan, ReadableSpan]:
    step, request = spans.get_finished_spans()
    return step, request


def test_a_request_and_its_steps_are_one_trace_joined_to_the_callers(spans: InMemorySpanExporter) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    TestClient(made_app()).get("/v1/cases/p-1", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    step, request = ends(spans)
    assert (request.name, step.name) == ("GET /v1/cases/{case_id}", "read")
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/cases/{case_id}",
        "http.response.status_code": 200,
    }
    assert format(request.context.trace_id, "032x") == format(step.context.trace_id, "032x") == trace


def test_a_question_is_traced_step_by_step(spans: InMemorySpanExporter, tmp_path: Path) -> None:
    CaseIndex(tmp_path / "index", create=True).close()
    app, film = create_app(tmp_path / "index"), write_png(tmp_path / "CANARY.png", 1)
    with TestClient(app, base_url="http://localhost") as client, film.open("rb") as file:
        assert client.post("/v1/searches/cards", files={"image": file}).status_code == 200
    found = spans.get_finished_spans()
    assert [one.name for one in found] == ["encode", "search", "explain", "POST /v1/searches/cards"]
    assert len({one.context.trace_id for one in found}) == 1
    assert "CANARY" not in "".join(one.to_json() for one in found)


def test_no_span_holds_an_id_a_question_or_an_errors_text(spans: InMemorySpanExporter) -> None:
    client = TestClient(made_app(), raise_server_exceptions=False)
    client.get("/v1/cases/CANARY?patient=CANARY", headers={"User-Agent": "CANARY", "Referer": "http://x/CANARY"})
    client.get("/v1/cases/broken")
    told = "".join(one.to_json() for one in spans.get_finished_spans())
    assert "CANARY" not in told and "broken" not in told


def test_without_a_collector_nothing_is_made() -> None:
    assert TestClient(made_app()).get("/v1/cases/p-1").status_code == 200
