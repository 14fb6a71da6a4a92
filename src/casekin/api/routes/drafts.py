"""Drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, note_objects
from casekin.api.archive import DraftForm
from casekin.api.openapi import problems, question_bodies, render_json
from casekin.api.questions import receive_question
from casekin.api.remember import cases_told
from casekin.api.schemas.draft import DraftShape
from casekin.api.service import Service

_TYPES: Mapping[DraftForm, str] = {
    "json": "application/json",
    "text": "text/plain",
    "fhir": "application/fhir+json",
    "sr": "application/dicom",
    "sr-basic": "application/dicom",
    "html": "text/html",
}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""A page that carries its style and its pictures itself and runs nothing."""
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_OTHERS: dict[str, Any] = {kind: _BINARY for form, kind in _TYPES.items() if form != "json"}

FormOf = Annotated[
    DraftForm | None,
    Query(description="The form of the reply; else `Accept` says it, else it is JSON. DICOM and FHIR need sentences."),
]


def build_drafts_router(service: Service) -> APIRouter:
    """`/drafts`."""
    router = APIRouter(prefix="/v1", tags=["drafts"])

    @router.post(
        "/drafts",
        summary="Draft a preliminary report in which every sentence cites similar cases",
        responses={200: {"model": DraftShape, "content": _OTHERS}, **problems(400, 413, 415, 422, 501, 503)},
        openapi_extra=question_bodies(),
    )
    async def draft(request: Request, tenant: TenantOf, form: FormOf = None) -> Response:
        wanted = form or _accepted(request.headers.get("accept", ""))
        async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
            if wanted == "json":
                drafted = await run_in_threadpool(tenant.archive.draft, question)
                reply = render_json(drafted.as_record())
            else:
                drafted, packed = await run_in_threadpool(tenant.archive.export_draft, question, wanted)
                reply = Response(packed, media_type=_TYPES[wanted])
        if wanted == "html":
            reply.headers["Content-Security-Policy"] = _PAGE_POLICY
        note_objects(request, cases_told(drafted.as_record()))
        return reply

    return router


def _accepted(accept: str) -> DraftForm:
    """The form of the first type that a request accepts and that is known; JSON for none."""
    forms: dict[str, DraftForm] = {kind: form for form, kind in _TYPES.items() if form != "sr-basic"}
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return next((forms[kind] for kind in kinds if kind in forms), "json")
