"""What is noted of a search that was answered: a step of its asker's history, and one more of its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from casekin.api.access.principal import Principal
from casekin.api.service import Tenant


def remember_search(request: Request, tenant: Tenant, who: Principal, answer: Mapping[str, Any]) -> None:
    """Note an answer, in its JSON form. Writes to the disk, so call it in a thread."""
    request.state.verdict = answer["verdict"]
    tenant.history.add(answer, subject=who.subject)
