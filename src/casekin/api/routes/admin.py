"""What administrators do: upkeep jobs, models, tokens, and reading the audit log."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.bodies import describe_body, json_body
from casekin.api.openapi import problems, render_json
from casekin.api.routes.jobs import accepted
from casekin.api.schemas.admin import (
    ActivateFields,
    AuditListShape,
    ErasureFields,
    ErasureShape,
    ModelListShape,
    NewTokenShape,
    TokenFields,
    TokenListShape,
)
from casekin.api.schemas.jobs import JobShape, UpkeepFields
from casekin.journeys.jobs import queue_folder, queue_upkeep
from casekin.journeys.upkeep import forget_cases
from casekin.site.audit import AuditFilter, AuditLog
from casekin.site.times import DAY_S
from casekin.site.tokens import Tokens


def build_admin_router() -> APIRouter:
    """`/admin`."""
    router = APIRouter(prefix="/v1/admin", tags=["admin"])

    @router.post(
        "/jobs",
        status_code=202,
        summary="Calibrate, check, back up, or embed with another model",
        responses={202: {"model": JobShape}, **problems(413, 415, 422, 503)},
        openapi_extra=describe_body(UpkeepFields),
    )
    def upkeep(
        tenant: TenantOf, who: Who, fields: Annotated[UpkeepFields, Depends(json_body(UpkeepFields))]
    ) -> Response:
        if fields.kind != "reembed" or fields.folder is None:
            return accepted(queue_upkeep(tenant.jobs, fields.kind, subject=who.subject), tenant)
        job = queue_folder(tenant.jobs, fields.folder, inbox=tenant.inbox, subject=who.subject, model=fields.model)
        return accepted(job, tenant)

    @router.post(
        "/erasures",
        summary="Erase patients or cases for good, from the index and from all that the site keeps",
        responses={200: {"model": ErasureShape}, **problems(413, 415, 422, 503)},
        openapi_extra=describe_body(ErasureFields),
    )
    def erase(
        tenant: TenantOf, who: Who, fields: Annotated[ErasureFields, Depends(json_body(ErasureFields))]
    ) -> Response:
        erased = forget_cases(
            tenant.config.index_address,
            patients=fields.patients,
            case_ids=fields.case_ids,
            site=tenant.books.folder,
            subject=who.subject,
            tenant=tenant.name,
        )
        return render_json(erased.as_record())

    @router.get(
        "/audit",
        summary="The last records of the audit log",
        responses={200: {"model": AuditListShape}, **problems(422, 503)},
    )
    def audit(
        tenant: TenantOf,
        last: Annotated[int, Query(ge=1, le=1000)] = 100,
        subject: str | None = None,
        event: str | None = None,
    ) -> Response:
        chosen = AuditFilter(subject=subject, event=event)
        records = AuditLog(tenant.books).records(chosen, last=last)
        return render_json({"records": [record.as_record() for record in records]})

    _add_models(router)
    _add_tokens(router)
    return router


def _add_models(router: APIRouter) -> None:
    @router.get(
        "/models",
        summary="The models whose vectors the index holds",
        responses={200: {"model": ModelListShape}, **problems()},
    )
    def list_models(tenant: TenantOf) -> Response:
        return render_json({"models": [asdict(model) for model in tenant.archive.models()]})

    @router.post(
        "/models/activate",
        summary="Let another model answer from now on; the one before is kept",
        responses={200: {"model": ModelListShape}, **problems(413, 415, 422, 503)},
        openapi_extra=describe_body(ActivateFields),
    )
    def activate_model(
        tenant: TenantOf, fields: Annotated[ActivateFields, Depends(json_body(ActivateFields))]
    ) -> Response:
        tenant.archive.activate_model(fields.model)
        return render_json({"models": [asdict(model) for model in tenant.archive.models()]})


def _add_tokens(router: APIRouter) -> None:
    @router.get(
        "/tokens",
        summary="Tokens that were made, never what opens",
        responses={200: {"model": TokenListShape}, **problems()},
    )
    def list_tokens(tenant: TenantOf) -> Response:
        return render_json({"tokens": [token.as_record() for token in Tokens(tenant.books).all()]})

    @router.post(
        "/tokens",
        status_code=201,
        summary="Make a token; what opens is shown this once",
        responses={201: {"model": NewTokenShape}, **problems(413, 415, 422)},
        openapi_extra=describe_body(TokenFields),
    )
    def create_token(tenant: TenantOf, fields: Annotated[TokenFields, Depends(json_body(TokenFields))]) -> Response:
        valid_s = None if fields.days is None else fields.days * DAY_S
        token, text = Tokens(tenant.books).create(subject=fields.subject, role=fields.role, valid_s=valid_s)
        return render_json({**token.as_record(), "token": text}, status=201)

    @router.delete(
        "/tokens/{token_id}",
        status_code=204,
        summary="Revoke a token",
        responses={204: {"description": "Gone"}, **problems(404, 422)},
    )
    def revoke_token(tenant: TenantOf, token_id: str) -> Response:
        if not Tokens(tenant.books).revoke(token_id):
            raise HTTPException(404, "no such token, or revoked before")
        return Response(status_code=204)
