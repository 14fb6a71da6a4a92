"""A call of a page: the request with what answers it, asked for by a route as one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from casekin.api.access.authorize import TenantOf, Who
from casekin.api.access.principal import Principal
from casekin.api.service import Service, Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks what of which archive."""

    request: Request
    tenant: Tenant
    who: Principal
    max_upload_bytes: int


def _call(request: Request, tenant: TenantOf, who: Who) -> Call:
    service: Service = request.app.state.service
    return Call(request=request, tenant=tenant, who=who, max_upload_bytes=service.max_upload_bytes)


CallOf = Annotated[Call, Depends(_call)]
