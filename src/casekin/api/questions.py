"""From a request to a question: the fields of `casekin search`, by the same names, as JSON or as a multipart form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from starlette.concurrency import run_in_threadpool

from casekin.api.pictures import read_mask
from casekin.api.uploads import MAX_FIELDS_BYTES, Form, read_body, receive_form
from casekin.errors import InputError
from casekin.retrieval.query import (
    FACTS_WEIGHT,
    MAX_CONDITIONS,
    MAX_EXAMPLES,
    MAX_LIMIT,
    MAX_TEXT,
    TEXT_WEIGHT,
    SearchQuery,
)
from casekin.types import Box

_MOST_PLACES = 100
_REPEATABLE = ("at", "like", "unlike", "with", "without")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _four_numbers(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


def _object(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        raise ValueError("expected JSON") from None


_Conditions = Annotated[list[str], BeforeValidator(_listed), Field(max_length=MAX_CONDITIONS)]
_Weight = Annotated[float, Field(ge=0.0, le=1.0)]
_Count = Annotated[int, Field(ge=0, le=MAX_LIMIT)]


class SearchFields(BaseModel):
    """A question without its files."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "right pleural effusion", "where": "age > 60", "limit": 5}]},
    )

    text: Annotated[str | None, Field(max_length=MAX_TEXT, description="Report text or words.")] = None
    at: Annotated[
        list[str],
        BeforeValidator(_listed),
        Field(max_length=_MOST_PLACES, description="Places to look at, e.g. `left lower lobe`."),
    ] = []
    phrase: Annotated[str | None, Field(max_length=MAX_TEXT, description="A finding at a place, in words.")] = None
    box: Annotated[
        Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=4, max_length=4)] | None,
        BeforeValidator(_four_numbers),
        Field(description="`x0, y0, x1, y1` in pixels of the image, half-open, origin top left."),
    ] = None
    where: Annotated[str | None, Field(description="A filter, e.g. `pneumothorax at left lung and age > 60`.")] = None
    with_: Annotated[
        _Conditions, Field(alias="with", description="Only cases whose report states it: `FINDING [at PLACE]`.")
    ] = []
    without: Annotated[
        _Conditions, Field(description="No case whose report states it, nor doubts it: `FINDING [at PLACE]`.")
    ] = []
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many cases.")] = 10
    patient: Annotated[str | None, Field(description="The question's patient, where the image doesn't tell.")] = None
    same_patient: Literal["exclude", "only", "allow"] = "exclude"
    combine: Annotated[
        Literal["mean", "all_of", "any_of"],
        Field(description="How several places count: their mean, the worst (`all_of`) or the best (`any_of`)."),
    ] = "mean"
    like: Annotated[
        list[str],
        BeforeValidator(_listed),
        Field(max_length=MAX_EXAMPLES, description="Ids of stored cases to move towards."),
    ] = []
    unlike: Annotated[
        list[str],
        BeforeValidator(_listed),
        Field(max_length=MAX_EXAMPLES, description="Ids of stored cases to move away from."),
    ] = []
    text_weight: Annotated[_Weight, Field(description="Share of the text beside an image.")] = TEXT_WEIGHT
    facts_weight: Annotated[
        _Weight, Field(description="What reports of look-alikes count for an image without a text.")
    ] = FACTS_WEIGHT
    relax: Annotated[bool, Field(description="Where too few cases pass or none compares, wider places follow.")] = True
    counter: Annotated[_Count, Field(description="How many look-alikes that state something else, and normals.")] = 0
    board: Annotated[_Count, Field(description="Findings among so many first hits, beside the archive's rate.")] = 0
    follow_up: Annotated[_Count, Field(description="What later reports of so many hits' patients tell.")] = 0
    recipe: Annotated[
        dict[str, Any] | None,
        BeforeValidator(_object),
        Field(description="The `recipe` of an answer, to repeat it; its image comes along, other fields don't."),
    ] = None
    anyway: Annotated[bool, Field(description="Repeat a recipe also where index, model or image is another.")] = False

    @field_validator("box")
    @classmethod
    def _has_area(cls, box: list[float] | None) -> list[float] | None:
        if box is not None and not (box[2] > box[0] and box[3] > box[1]):
            raise ValueError("expected x1 > x0 and y1 > y0")
        return box


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that can be answered, or a recipe to repeat, and what its asker calls the image."""

    asked: SearchQuery | Mapping[str, Any]
    image: Path | None = None
    image_name: str | None = None
    anyway: bool = False


@asynccontextmanager
async def receive_question(request: Request, *, max_upload_bytes: int) -> AsyncIterator[Question]:
    """Receive a question; its image exists inside the context only.

    Raises `InputError` for fields that don't fit, `ImageError` for an unreadable mask, and `HTTPException` for a body
    that is too long (413), malformed (400) or of another type (415).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = await read_body(request, max_bytes=MAX_FIELDS_BYTES)
        yield _question(_checked_json(body))
    elif kind == "multipart/form-data":
        async with receive_form(request, max_bytes=max_upload_bytes) as form:
            yield await run_in_threadpool(form_question, form)
    else:
        raise HTTPException(415, "expected multipart/form-data or application/json")


def form_question(form: Form) -> Question:
    """The question that a received form asks. Raises `InputError`, also `ImageError` for the mask."""
    values: dict[str, Any] = {}
    for name, value in form.fields:
        if name in _REPEATABLE:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise InputError(f"{name}: expected one value, got several; give it once")
        else:
            values[name] = value
    try:
        fields = SearchFields.model_validate(values)
    except ValidationError as error:
        raise _input_error(error) from None
    return _question(fields, form)


def _checked_json(body: bytes) -> SearchFields:
    try:
        return SearchFields.model_validate_json(body)
    except ValidationError as error:
        raise _input_error(error) from None


def _question(fields: SearchFields, form: Form | None = None) -> Question:
    """The question of fields and files. Raises `InputError`, also `ImageError` for the mask."""
    files = {} if form is None else form.files
    name, image = None if form is None else form.image_name, files.get("image")
    if fields.recipe is None:
        return Question(asked=_query(fields, files), image=image, image_name=name)
    if beside := sorted({*fields.model_fields_set, *files} - {"recipe", "anyway", "image"}):
        raise InputError(f"recipe: it holds the whole question, got {beside[0].rstrip('_')} beside it; leave one out")
    return Question(asked=fields.recipe, image=image, image_name=name, anyway=fields.anyway)


def _query(fields: SearchFields, files: Mapping[str, Path]) -> SearchQuery:
    return SearchQuery(
        image=files.get("image"),
        text=fields.text,
        at=tuple(fields.at),
        phrase=fields.phrase,
        box=None if fields.box is None else Box(**dict(zip(("x0", "y0", "x1", "y1"), fields.box, strict=True))),
        mask=read_mask(files["mask"]) if "mask" in files else None,
        where=fields.where,
        with_=tuple(fields.with_),
        without=tuple(fields.without),
        limit=fields.limit,
        patient=fields.patient,
        same_patient=fields.same_patient,
        combine=fields.combine,
        like=tuple(fields.like),
        unlike=tuple(fields.unlike),
        text_weight=fields.text_weight,
        facts_weight=fields.facts_weight,
        relax=fields.relax,
        counter=fields.counter,
        board=fields.board,
        follow_up=fields.follow_up,
    )


def _input_error(error: ValidationError) -> InputError:
    """What doesn't fit, field by field; what was sent isn't repeated."""
    found = [f"{_name(problem['loc'])}: {problem['msg']}" for problem in error.errors(include_input=False)]
    return InputError("; ".join(found) + "; see /openapi.json")


def _name(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location)[:80] or "body"
