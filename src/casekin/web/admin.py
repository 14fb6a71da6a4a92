"""The site's page for its keeper: the index and its models, the audit log, work under way, who holds tokens."""

from __future__ import annotations

import re
import time
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.access.principal import ROLES
from casekin.api.bodies import fitted
from casekin.api.schemas.admin import TokenFields
from casekin.site.audit import AuditFilter, AuditLog
from casekin.site.times import DAY_S
from casekin.site.tokens import Tokens
from casekin.web.forms import one, read_fields
from casekin.web.render import PageRoute, page, part

_RECORDS = 100
_MODEL_NAME = re.compile(r"[\w-]{1,64}")
"""A name, never a path."""
_SHOWN = ("engine", "model_version", "index_version", "cases", "images", "patients", "integrity", "default_model")


def build_admin() -> APIRouter:
    """`/admin`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)

    @router.get("/admin")
    def admin(request: Request, tenant: TenantOf) -> Response:
        return page(request, "admin.html.j2", **_state(tenant), made=None)

    @router.post("/admin")
    async def change_tokens(request: Request, tenant: TenantOf, who: Who) -> Response:
        """Make a token, which is shown once, or end one."""
        fields = await read_fields(request)
        tokens = Tokens(tenant.books)
        if one(fields, "action") == "revoke":
            tokens.revoke(one(fields, "token"))
            return RedirectResponse("/admin", status_code=303)
        sent = {name: one(fields, name) for name in ("subject", "role", "days")}
        asked = fitted(TokenFields, {**sent, "days": sent["days"] or None})
        valid_s = None if asked.days is None else asked.days * DAY_S
        _, text = tokens.create(subject=asked.subject, role=asked.role, valid_s=valid_s)
        return page(request, "admin.html.j2", **_state(tenant), made=text)

    @router.post("/admin/models")
    async def activate(request: Request, tenant: TenantOf) -> Response:
        """Let another model answer, by its version or name."""
        name = one(await read_fields(request), "model")
        if not _MODEL_NAME.fullmatch(name):
            raise HTTPException(422, "expected a model's version, or an encoder's name")
        await run_in_threadpool(tenant.archive.activate_model, name)
        return RedirectResponse("/admin", status_code=303)

    @router.get("/admin/audit")
    def audit(request: Request, tenant: TenantOf, event: str = "", subject: str = "") -> Response:
        log = AuditLog(tenant.books)
        chosen = AuditFilter(event=event or None, subject=subject or None)
        records = log.records(chosen, last=_RECORDS)[::-1]
        return page(request, "audit.html.j2", records=records, event=event, subject=subject, most=_RECORDS)

    @router.get("/admin/audit/proof")
    def proof(request: Request, tenant: TenantOf) -> Response:
        """Whether the log is as it was written; of a long one that takes seconds, so pages ask for it by itself."""
        return part(request, "proof", title="Audit log", proof=AuditLog(tenant.books).prove())

    return router


def _state(tenant: Any) -> dict[str, Any]:
    info, now = tenant.archive.info(), time.time()
    return {
        "info": [(name.replace("_", " "), _words(info[name])) for name in _SHOWN],
        "calibration": info["calibration"],
        "models": tenant.archive.models(),
        "counts": tenant.jobs.counts(),
        "tokens": [(token.as_record(), token.is_live(now)) for token in Tokens(tenant.books).all()],
        "roles": ROLES,
    }


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
