"""What routes share in the OpenAPI description: problem documents, pictures, bodies that are read as they stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response

from casekin.api.problems import MEDIA_TYPE
from casekin.api.questions import SearchFields
from casekin.api.schemas.shared import ProblemShape

JPEG: dict[str, Any] = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
FILE = {"type": "string", "format": "binary", "description": "DICOM, NIfTI, PNG or JPEG."}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of problem documents; those of the access check stand beside them."""
    content = {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema()}}
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


def render_json(record: Mapping[str, Any], *, status: int = 200) -> Response:
    """One JSON document, byte for byte what the command line prints with `--json`."""
    return Response(json.dumps(record, ensure_ascii=False) + "\n", status, media_type="application/json")
