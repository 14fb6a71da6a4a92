"""What handlers are told of who asks, and what they tell the audit log; the gate has decided before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from casekin.api.access.principal import Principal
from casekin.api.service import Service, Tenant


def authorize(request: Request) -> None:
    """Refuse a route that isn't the one that the gate judged; the application calls this before every route.

    The gate finds the route's rule by the address, before the application finds the route. Raises `HTTPException` 403
    for a route that the table doesn't list.
    """
    if getattr(request.state, "template", None) != request.scope["route"].path:
        raise HTTPException(403, "expected a route of the access table, got another")


def current_principal(request: Request) -> Principal:
    """Who asks. For routes that the table gives a role."""
    principal: Principal = request.state.principal
    return principal


def current_tenant(request: Request) -> Tenant:
    """The tenant of whoever asks. For routes that the table gives a role."""
    service: Service = request.app.state.service
    return service.tenants[current_principal(request).tenant]


async def still_holds(request: Request) -> bool:
    """Whether the token or session that let a request in hasn't ended since; for replies that go on for long."""
    holds = getattr(request.state, "holds", None)
    return holds is None or bool(await holds())


def note_objects(request: Request, case_ids: Iterable[str]) -> None:
    """Say which cases a reply shows, for the audit log."""
    request.state.objects = [*getattr(request.state, "objects", ()), *case_ids]


Who = Annotated[Principal, Depends(current_principal)]
TenantOf = Annotated[Tenant, Depends(current_tenant)]
