"""The OpenAPI description: a version of its own, a name and a group for each route, examples that a service answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casekin.api.openapi import API_VERSION, read_examples
from made_examples import ask_all
from made_service import MadeSite

WITHOUT = {
    "dicomweb": "bodies of the DICOM standard",
    "create_export": "files of the DICOM standard",
    "ingest": "a job, which runs",
    "upkeep": "a job, which runs",
    "job": "a job, which runs",
    "cancel_job": "a job, which runs",
    "retry_job": "a job, which runs",
    "activate_model": "a second model",
    "erase": "what it erases, other examples need",
}
"""Routes, and one group, whose replies no small site can give at once."""


@pytest.fixture(scope="module")
def description(site: MadeSite) -> dict[str, Any]:
    return site.client("describer").get("/openapi.json").json()  # type: ignore[no-any-return]


def json_replies(description: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The entry of the successful JSON reply of every route that has one, by the route's name."""
    found = {}
    for methods in description["paths"].values():
        for route in methods.values():
            for status, reply in route["responses"].items():
                if status.startswith("2") and "schema" in reply.get("content", {}).get("application/json", {}):
                    found[route["operationId"]] = {**reply["content"]["application/json"], "tags": route["tags"]}
    return found


def test_the_description_has_a_version_of_its_own_and_names_every_route_once(description: dict[str, Any]) -> None:
    assert description["info"]["version"] == API_VERSION
    routes = [route for methods in description["paths"].values() for route in methods.values()]
    names = [route["operationId"] for route in routes]
    assert len(names) == len(set(names)) and all(name.isidentifier() for name in names)
    assert all(len(route["tags"]) == 1 and route["summary"] for route in routes)


def test_every_request_and_reply_in_json_has_an_example(description: dict[str, Any]) -> None:
    for name, reply in json_replies(description).items():
        assert "example" in reply or not WITHOUT.keys().isdisjoint({name, *reply["tags"]}), name
    for methods in description["paths"].values():
        for route in methods.values():
            body = route.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None and WITHOUT.keys().isdisjoint({route["operationId"], *route["tags"]}):
                assert "example" in body, route["operationId"]


def test_a_service_answers_every_example_and_both_replies_fit_their_shapes(
    description: dict[str, Any], site: MadeSite
) -> None:
    import jsonschema  # it compiles forty grammars: seconds that only the process that runs this should spend

    shapes = json_replies(description)
    asked = []
    for example, status, answered in ask_all(site.client("asker", "admin"), site.inbox.parent / "archive"):
        name = example["operation"]
        asked.append(name)
        assert status == example["status"], (name, answered)
        for reply in (answered, example.get("reply")):
            if name in shapes:
                schema = {**shapes[name]["schema"], "components": description["components"]}
                jsonschema.validate(reply, schema)
    assert asked == [example["operation"] for example in read_examples()]


def test_the_kept_description_is_the_services(description: dict[str, Any]) -> None:
    kept = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    assert kept == description, "a promise changed; where that is meant, run python tools/build_openapi.py"
