"""Searches."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.access.principal import Principal
from casekin.api.archive import Question
from casekin.api.openapi import problems, question_bodies, render_json
from casekin.api.questions import receive_question
from casekin.api.remember import cases_told, remember_search
from casekin.api.schemas.search import CardsShape, SearchAnswerShape
from casekin.api.service import Service, Tenant


def build_searches_router(service: Service) -> APIRouter:
    """`/searches`."""
    router = APIRouter(prefix="/v1", tags=["searches"])

    @router.post(
        "/searches",
        summary="Find cases that show the same finding in the same place",
        responses={200: {"model": SearchAnswerShape}, **problems(400, 413, 415, 422, 503)},
        openapi_extra=question_bodies(),
    )
    async def search(request: Request, tenant: TenantOf, who: Who) -> Response:
        async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
            return await run_in_threadpool(_answer, request, tenant, who, question)

    @router.post(
        "/searches/cards",
        summary="The same answer with an evidence card for each hit: paired regions, maps, what matches; takes longer",
        responses={200: {"model": CardsShape}, **problems(400, 413, 415, 422, 503)},
        openapi_extra=question_bodies(),
    )
    async def search_cards(request: Request, tenant: TenantOf) -> Response:
        async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
            record = await run_in_threadpool(tenant.archive.cards, question)
        note_objects(request, cases_told(record))
        return render_json(record)

    return router


def _answer(request: Request, tenant: Tenant, who: Principal, question: Question) -> Response:
    """Answer, and note it in the asker's history."""
    record = tenant.archive.search(question).as_record()
    note_objects(request, cases_told(record))
    remember_search(request, tenant, who, record)
    return render_json(record)
