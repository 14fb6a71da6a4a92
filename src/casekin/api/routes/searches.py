"""Searches."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, note_objects
from casekin.api.openapi import problems, question_bodies, render_json
from casekin.api.questions import receive_question
from casekin.api.schemas.search import SearchAnswerShape
from casekin.api.service import Service


def build_searches_router(service: Service) -> APIRouter:
    """`/searches`."""
    router = APIRouter(prefix="/v1", tags=["searches"])

    @router.post(
        "/searches",
        summary="Find cases that show the same finding in the same place",
        responses={200: {"model": SearchAnswerShape}, **problems(400, 413, 415, 422, 503)},
        openapi_extra=question_bodies(),
    )
    async def search(request: Request, tenant: TenantOf) -> Response:
        async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
            answer = await run_in_threadpool(tenant.archive.search, question)
        note_objects(request, (hit.case_id for hit in answer.hits))
        return render_json(answer.as_record())

    return router
