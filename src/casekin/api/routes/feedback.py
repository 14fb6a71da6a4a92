"""Feedback: votes on hits, and all votes as judged pairs."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from casekin.api.access.authorize import TenantOf, Who, note_objects
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems, render_json
from casekin.api.remember import cases_asked_with
from casekin.api.schemas.recipes import VoteFields, VotesShape

_LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}}


def build_feedback_router() -> APIRouter:
    """`/feedback`."""
    router = APIRouter(prefix="/v1", tags=["feedback"])

    @router.post(
        "/feedback",
        summary="Say whether a hit of an answer helped",
        responses={200: {"model": VotesShape}, **problems(404, 413, 415, 422)},
        openapi_extra=describe_body(VoteFields),
    )
    def vote(
        request: Request, tenant: TenantOf, who: Who, fields: Annotated[VoteFields, Depends(json_body(VoteFields))]
    ) -> Response:
        if tenant.archive.case(fields.case_id) is None:
            raise HTTPException(404, "no such case in this index")
        note_objects(request, [fields.case_id])
        query_id = tenant.feedback.vote(
            fields.recipe,
            fields.case_id,
            is_helpful=fields.helpful,
            subject=who.subject,
            asked_with=cases_asked_with(tenant, fields.recipe),
        )
        return render_json({"query_id": query_id, "votes": tenant.feedback.votes(fields.recipe, subject=who.subject)})

    @router.get(
        "/feedback/judgements",
        summary="All votes as judged pairs, JSON Lines",
        responses={**_LINES, **problems()},
        response_class=Response,
    )
    def judgements(request: Request, tenant: TenantOf) -> Response:
        rows = list(tenant.feedback.judgements())
        note_objects(request, (row["case_id"] for row in rows))
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return Response("".join(lines), media_type="application/jsonl")

    return router
