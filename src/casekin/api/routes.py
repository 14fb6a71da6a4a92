"""The routes under `/v1`: parse, call one journey, render."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.archive import Archive
from casekin.api.pictures import render_preview
from casekin.api.problems import MEDIA_TYPE
from casekin.api.questions import SearchFields, receive_question
from casekin.api.schemas import CaseShape, DraftShape, HealthShape, InfoShape, ProblemShape, SearchAnswerShape
from casekin.api.uploads import receive_form
from casekin.index import StoredCase, StoredImage

_CASE_FIELDS = ("case_id", "modality", "body_part", "view", "sex", "age", "day_offset", "source")
_JPEG: dict[str, Any] = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
_FILE = {"type": "string", "format": "binary", "description": "DICOM, NIfTI, PNG or JPEG."}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries of problem documents."""
    content = {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema()}}
    return {status: {"description": "Problem document", "content": content} for status in statuses}


def _search_bodies() -> dict[str, Any]:
    """The two forms of a question; `FastAPI` can't know them, since bodies are read as they stream in."""
    fields = SearchFields.model_json_schema()
    without_files = {name: schema for name, schema in fields["properties"].items() if name != "box"}
    box = {"type": "string", "description": "`x0,y0,x1,y1` in pixels of the image, half-open, origin top left."}
    mask = {**_FILE, "description": "PNG of the image's size; where it isn't black is the region."}
    form = {"type": "object", "properties": {"image": _FILE, "mask": mask, "box": box, **without_files}}
    bodies = {"multipart/form-data": {"schema": form}, "application/json": {"schema": fields}}
    return {"requestBody": {"required": True, "content": bodies}}


_IMAGE_BODY = {"type": "object", "required": ["image"], "properties": {"image": _FILE}}
_PREVIEW_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _IMAGE_BODY}}}}


def build_router(archive: Archive, *, max_upload_bytes: int) -> APIRouter:
    """The routes over one archive."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/searches",
        summary="Find cases that show the same finding in the same place",
        responses={200: {"model": SearchAnswerShape}, **_problems(400, 413, 415, 422, 503)},
        openapi_extra=_search_bodies(),
    )
    async def search(request: Request) -> Response:
        async with receive_question(request, max_upload_bytes=max_upload_bytes) as question:
            answer = await run_in_threadpool(archive.search, question)
        return render_json(answer.as_record())

    @router.post(
        "/drafts",
        summary="Draft a preliminary report in which every sentence cites similar cases",
        responses={200: {"model": DraftShape}, **_problems(400, 413, 415, 422, 503)},
        openapi_extra=_search_bodies(),
    )
    async def draft(request: Request) -> Response:
        async with receive_question(request, max_upload_bytes=max_upload_bytes) as question:
            drafted = await run_in_threadpool(archive.draft, question)
        return render_json(drafted.as_record())

    @router.post(
        "/previews",
        summary="A picture of an image file, with the stored image's size in two headers",
        responses={200: _JPEG, **_problems(400, 413, 422)},
        response_class=Response,
        openapi_extra=_PREVIEW_BODY,
    )
    async def preview(request: Request) -> Response:
        async with receive_form(request, max_bytes=max_upload_bytes) as form:
            if "image" not in form.files:
                raise HTTPException(400, "expected a file called image, got none")
            shown = await run_in_threadpool(render_preview, form.files["image"])
        size = {"Casekin-Image-Width": str(shown.width), "Casekin-Image-Height": str(shown.height)}
        return Response(shown.jpeg, media_type="image/jpeg", headers=size)

    _add_case_routes(router, archive)
    _add_state_routes(router, archive)
    return router


def _add_case_routes(router: APIRouter, archive: Archive) -> None:
    # The picture's route comes first: a case id may hold slashes, so the other one would take its address for an id.
    @router.get(
        "/cases/{case_id:path}/preview",
        summary="A case's image as JPEG",
        responses={200: _JPEG, **_problems(404, 422)},
        response_class=Response,
    )
    def case_preview(
        case_id: Annotated[str, Path()], image: Annotated[int, Query(ge=0, description="Counted from 0.")] = 0
    ) -> Response:
        jpeg = archive.preview(case_id, image)
        if jpeg is None:
            raise HTTPException(404, "no such case or image in this index")
        return Response(jpeg, media_type="image/jpeg")

    @router.get(
        "/cases/{case_id:path}",
        summary="A case: its record, findings and report",
        responses={200: {"model": CaseShape}, **_problems(404, 422)},
    )
    def case(case_id: Annotated[str, Path()]) -> Response:
        found = archive.case(case_id)
        if found is None:
            raise HTTPException(404, "no such case in this index")
        return render_json(_case_record(*found))


def _add_state_routes(router: APIRouter, archive: Archive) -> None:
    @router.get("/info", summary="What the index holds", responses={200: {"model": InfoShape}, **_problems(503)})
    def info() -> Response:
        return render_json(archive.info())

    @router.get("/health", summary="Whether the service answers", responses={200: {"model": HealthShape}})
    async def health() -> Response:
        return render_json({"status": "ok"})


def render_json(record: Mapping[str, Any]) -> Response:
    """One JSON document, byte for byte what the command line prints with `--json`."""
    return Response(json.dumps(record, ensure_ascii=False) + "\n", media_type="application/json")


def _case_record(case: StoredCase, images: Sequence[StoredImage]) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _CASE_FIELDS},
        "report": case.report,
        "facts": [fact.as_record() for fact in case.facts],
        "normal_anatomies": [{"anatomy": place.anatomy, "side": place.side} for place in case.normal_anatomies],
        "images": [{"width": image.width, "height": image.height} for image in images],
    }
