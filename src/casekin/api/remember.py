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


def cases_asked_with(tenant: Tenant, recipe: Mapping[str, Any]) -> list[str]:
    """The stored cases that a recipe's image is of."""
    image = recipe.get("image")
    content = image.get("content_sha256") if isinstance(image, dict) else None
    return tenant.archive.cases_of_image(content) if isinstance(content, str) else []
