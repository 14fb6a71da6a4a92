"""From a request to a question: the fields of `casekin search`, by the same names, as JSON or as a multipart form."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import current_principal, current_tenant, note_objects
from casekin.api.access.csrf import media_type_of
from casekin.api.archive import Question
from casekin.api.bodies import MAX_FIELDS_BYTES, Form, fitted, read_body, receive_form
from casekin.api.pictures import Picture, read_mask
from casekin.api.schemas.shared import Corners
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
from casekin.retrieval.steer.recipe import stored_image
from casekin.site.uploads import Upload
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
        Corners | None,
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
    upload: Annotated[
        str | None, Field(max_length=64, description="The image, sent before by `POST /v1/uploads`: its `upload_id`.")
    ] = None
    case: Annotated[
        str | None,
        Field(max_length=512, description="A stored case whose image asks: its pixels alone, its patient left out."),
    ] = None
    image: Annotated[int, Field(ge=0, le=9999, description="Which image of `case`, counted from 0.")] = 0
    anyway: Annotated[bool, Field(description="Repeat a recipe also where index, model or image is another.")] = False


@asynccontextmanager
async def receive_question(request: Request, *, max_upload_bytes: int) -> AsyncIterator[Question]:
    """Receive a question; its image exists inside the context only.

    Raises `InputError` for fields that don't fit, `ImageError` for an unreadable mask, and `HTTPException` for a body
    that is too long (413), malformed (400) or of another type (415).
    """
    kind = media_type_of(request.headers)
    if kind == "application/json":
        fields = fitted(SearchFields, await read_body(request, max_bytes=MAX_FIELDS_BYTES))
        yield await run_in_threadpool(_question, request, fields)
    elif kind == "multipart/form-data":
        async with receive_form(request, max_bytes=max_upload_bytes) as form:
            yield await run_in_threadpool(form_question, request, form)
    else:
        raise HTTPException(415, "expected multipart/form-data or application/json")


def form_question(request: Request, form: Form) -> Question:
    """The question that a received form asks, in the name of whoever sent the request.

    Raises `InputError`, also `ImageError` for the mask and for an upload or stored image that can't be read any more.
    """
    values: dict[str, Any] = {}
    for name, value in form.fields:
        if name in _REPEATABLE:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise InputError(f"{name}: expected one value, got several; give it once")
        else:
            values[name] = value
    return _question(request, fitted(SearchFields, values), form)


def _question(request: Request, fields: SearchFields, form: Form | None = None) -> Question:
    files = {} if form is None else form.files
    if "image" in fields.model_fields_set and fields.case is None:
        raise InputError("image: expected a file, or beside case the number of its image; see /openapi.json")
    if sum((fields.upload is not None, fields.case is not None, "image" in files)) > 1:
        raise InputError("image: expected one of a file, upload and case, got several; leave all but one out")
    image, name, picture = files.get("image"), None if form is None else form.image_name, None
    if fields.upload is not None:
        upload = _upload(request, fields.upload)
        image, name, picture = upload.source, upload.upload_id, current_tenant(request).pictures.of_upload(upload)
    stored = stored_image(fields.recipe) if fields.case is None else (fields.case, fields.image)
    if stored is not None:
        name, picture = stored[0], _stored_picture(request, *stored)
    if fields.recipe is None:
        query = _query(fields, image, files.get("mask"))
        return Question(asked=query, image=image, image_name=name, picture=picture)
    alone = {"recipe", "anyway", "image", "upload"}
    if beside := sorted({*fields.model_fields_set, *files} - alone):
        raise InputError(f"recipe: it holds the whole question, got {beside[0].rstrip('_')} beside it; leave one out")
    return Question(asked=fields.recipe, image=image, image_name=name, picture=picture, anyway=fields.anyway)


def _upload(request: Request, upload_id: str) -> Upload:
    upload = current_tenant(request).uploads.open(upload_id, current_principal(request).subject)
    if upload is None:
        raise InputError("upload: expected an upload of yours that is still kept, got none; send the image again")
    return upload


def _stored_picture(request: Request, case_id: str, number: int) -> Picture:
    picture = current_tenant(request).pictures.of_case(case_id, number)
    if picture is None:
        raise InputError("case: expected a case of this index and the number of one of its images, got another")
    note_objects(request, [case_id])
    return picture


def _query(fields: SearchFields, image: Path | None, mask: Path | None) -> SearchQuery:
    return SearchQuery(
        image=image,
        case=fields.case,
        case_image=fields.image,
        text=fields.text,
        at=tuple(fields.at),
        phrase=fields.phrase,
        box=None if fields.box is None else Box.from_list(fields.box),
        mask=None if mask is None else read_mask(mask),
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
