"""Drafts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, note_objects
from casekin.api.openapi import problems, question_bodies, render_json
from casekin.api.questions import receive_question
from casekin.api.schemas.draft import DraftShape
from casekin.api.service import Service


def build_drafts_router(service: Service) -> APIRouter:
    """`/drafts`."""
    router = APIRouter(prefix="/v1", tags=["drafts"])

    @router.post(
        "/drafts",
        summary="Draft a preliminary report in which every sentence cites similar cases",
        responses={200: {"model": DraftShape}, **problems(400, 413, 415, 422, 503)},
        openapi_extra=question_bodies(),
    )
    async def draft(request: Request, tenant: TenantOf) -> Response:
        async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
            drafted = await run_in_threadpool(tenant.archive.draft, question)
        note_objects(request, sorted({cite.case_id for sentence in drafted.sentences for cite in sentence.cites}))
        return render_json(drafted.as_record())

    return router
