"""What routes share in the OpenAPI description: problem documents, pictures, bodies that are read as they stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response

from casekin.api.problems import MEDIA_TYPE
from casekin.api.questions import SearchFields
from casekin.api.schemas.shared import ProblemShape

API_VERSION = "1.0"
"""Of the routes and their shapes: the first number changes where something that was promised changes or goes."""
EXAMPLES = Path(__file__).with_name("examples.json")
"""Requests and replies of a small site, in an order in which they can be asked; a test asks them all."""
JPEG: dict[str, Any] = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
FILE = {"type": "string", "format": "binary", "description": "DICOM, NIfTI, PNG or JPEG."}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of problem documents; those of the access check stand beside them."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemShape.__name__}"}}}
    return {status: {"description": "Problem document", "content": content} for status in (401, 403, *statuses)}


def question_bodies() -> dict[str, Any]:
    """The two forms of a question; `FastAPI` can't know them, since bodies are read as they stream in."""
    fields = SearchFields.model_json_schema()
    without_files = {name: schema for name, schema in fields["properties"].items() if name != "box"}
    box = {"type": "string", "description": "`x0,y0,x1,y1` in pixels of the image, half-open, origin top left."}
    mask = {**FILE, "description": "PNG of the image's size; where it isn't black is the region."}
    form = {"type": "object", "properties": {**without_files, "image": FILE, "mask": mask, "box": box}}
    bodies = {"multipart/form-data": {"schema": form}, "application/json": {"schema": fields}}
    return {"requestBody": {"required": True, "content": bodies}}


class DescribedApp(FastAPI):
    """An application whose OpenAPI description holds an example of every request and reply in JSON."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["schemas"][ProblemShape.__name__] = ProblemShape.model_json_schema()
            _tell_of_misfits(document)
            for example in read_examples():
                _add_example(document, example)
        return super().openapi()


def read_examples() -> list[dict[str, Any]]:
    """The examples: `operation`, `parameters`, `request` or `file`, `status` and `reply`."""
    examples: list[dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return examples


def _tell_of_misfits(document: Mapping[str, Any]) -> None:
    """Where FastAPI describes its own reply to parameters that don't fit, describe ours."""
    (misfit,) = problems(422)[422]["content"].values()
    for methods in document["paths"].values():
        for route in methods.values():
            found = route["responses"].get("422", {}).get("content", {})
            if "application/json" in found:
                route["responses"]["422"]["content"] = {MEDIA_TYPE: misfit}


def _add_example(document: Mapping[str, Any], example: Mapping[str, Any]) -> None:
    routes = (route for methods in document["paths"].values() for route in methods.values())
    route = next((route for route in routes if route["operationId"] == example["operation"]), None)
    if route is None:
        return
    for parameter in route.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    if "request" in example:
        route["requestBody"]["content"]["application/json"]["example"] = example["request"]
    if "reply" in example:
        route["responses"][str(example["status"])]["content"]["application/json"]["example"] = example["reply"]


def render_json(record: Mapping[str, Any], *, status: int = 200) -> Response:
    """One JSON document, byte for byte what the command line prints with `--json`."""
    return Response(json.dumps(record, ensure_ascii=False) + "\n", status, media_type="application/json")
