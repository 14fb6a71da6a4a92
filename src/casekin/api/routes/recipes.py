"""One's own history of searches, and recipes handed on by a link."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems, render_json
from casekin.api.remember import cases_asked_with
from casekin.api.schemas.recipes import HistoryShape, LinkShape, ShareFields, UndoneShape


def build_recipes_router() -> APIRouter:
    """`/history` and `/recipes`."""
    router = APIRouter(prefix="/v1", tags=["recipes"])

    @router.get(
        "/history",
        summary="One's own searches, the newest first",
        responses={200: {"model": HistoryShape}, **problems(422)},
    )
    def history(tenant: TenantOf, who: Who, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Response:
        steps = tenant.history.newest(subject=who.subject, limit=limit)
        return render_json({"steps": [step.as_record() for step in steps]})

    @router.post(
        "/history/undo",
        summary="Drop the newest search, and give the one before it",
        responses={200: {"model": UndoneShape}, **problems()},
    )
    def undo(tenant: TenantOf, who: Who) -> Response:
        step = tenant.history.undo(subject=who.subject)
        return render_json({"step": None if step is None else step.as_record()})

    @router.delete(
        "/history",
        status_code=204,
        summary="Drop all of one's own searches",
        responses={204: {"description": "Gone"}, **problems()},
    )
    def clear_history(tenant: TenantOf, who: Who) -> Response:
        tenant.history.clear(subject=who.subject)
        return Response(status_code=204)

    @router.post(
        "/recipes",
        status_code=201,
        summary="A link by which everybody of the tenant may open a recipe",
        responses={201: {"model": LinkShape}, **problems(413, 415, 422)},
        openapi_extra=describe_body(ShareFields),
    )
    def share_recipe(
        tenant: TenantOf, who: Who, fields: Annotated[ShareFields, Depends(json_body(ShareFields))]
    ) -> Response:
        asked_with = cases_asked_with(tenant, fields.recipe)
        link = tenant.history.share(fields.recipe, subject=who.subject, days=fields.days, asked_with=asked_with)
        return render_json(link.as_record(), status=201)

    @router.get(
        "/recipes/{link_id}",
        summary="The recipe that a link leads to",
        responses={200: {"model": LinkShape}, **problems(404, 422)},
    )
    def recipe(tenant: TenantOf, link_id: str) -> Response:
        link = tenant.history.open(link_id)
        if link is None:
            raise HTTPException(404, "no such link, or it has expired")
        return render_json(link.as_record())

    return router
