"""JSON bodies: capped while they stream in, checked as a whole, and never repeated in what is said about them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from casekin.api.uploads import MAX_FIELDS_BYTES, read_body
from casekin.errors import InputError

T = TypeVar("T", bound=BaseModel)


def json_body(shape: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A FastAPI dependency that receives a body of this shape.

    It raises `InputError` for one that doesn't fit, and `HTTPException` for one that is too long (413) or of another
    type (415).
    """

    async def receive(request: Request) -> T:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415, "expected application/json")
        body = await read_body(request, max_bytes=MAX_FIELDS_BYTES)
        try:
            return shape.model_validate_json(body)
        except ValidationError as error:
            raise _misfit(error) from None

    return receive


def describe_body(shape: type[BaseModel]) -> dict[str, Any]:
    """What the OpenAPI description says of such a body."""
    schema = shape.model_json_schema()
    parts = schema.pop("$defs", {})  # references to them would lead nowhere in the whole document
    content = {"application/json": {"schema": _inlined(schema, parts)}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].removeprefix("#/$defs/")], parts)
    return {name: _inlined(value, parts) for name, value in schema.items()}


def _misfit(error: ValidationError) -> InputError:
    found = [
        f"{'.'.join(str(part) for part in problem['loc'])[:80] or 'body'}: {problem['msg']}"
        for problem in error.errors(include_input=False)
    ]
    return InputError("; ".join(found) + "; see /openapi.json")
