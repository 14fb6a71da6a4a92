"""The check before every route: who asks is known, and the table allows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from casekin.api.access.policy import ROUTES
from casekin.api.access.principal import Principal
from casekin.api.service import DEFAULT_TENANT, Service, Tenant

LOCAL = Principal(subject="local", role="admin", tenant=DEFAULT_TENANT)
"""Whoever sits at this machine, where the service listens to nobody else and asks for no sign-in."""


def authorize(request: Request) -> None:
    """Refuse what the table doesn't allow; the application calls this before every route.

    Raises `HTTPException`: 401 for somebody unknown, 403 for a role that is too small or a route that isn't listed.
    """
    rule = ROUTES.get((request.method, request.scope["route"].path))
    if rule is None:
        raise HTTPException(403, "expected a route of the access table, got another")
    request.state.event = rule.event
    request.state.principal = _principal_of(request)
    if rule.role is None:
        return
    if request.state.principal is None:
        raise HTTPException(401, "expected a sign-in or an API token, got none")
    if not request.state.principal.may(rule.role):
        raise HTTPException(403, f"expected the role {rule.role}, got {request.state.principal.role}")


def current_principal(request: Request) -> Principal:
    """Who asks. For routes that the table gives a role."""
    principal: Principal = request.state.principal
    return principal


def current_tenant(request: Request) -> Tenant:
    """The tenant of whoever asks. For routes that the table gives a role."""
    service: Service = request.app.state.service
    return service.tenants[current_principal(request).tenant]


def note_objects(request: Request, case_ids: Iterable[str]) -> None:
    """Say which cases a reply shows, for the audit log."""
    request.state.objects = [*getattr(request.state, "objects", ()), *case_ids]


def _principal_of(request: Request) -> Principal | None:
    return LOCAL


Who = Annotated[Principal, Depends(current_principal)]
TenantOf = Annotated[Tenant, Depends(current_tenant)]
