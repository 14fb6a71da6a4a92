"""What is noted of a search that was answered: a step of its asker's history, one more of its verdict, its cases."""

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


def cases_told(record: Mapping[str, Any]) -> list[str]:
    """Every case that the JSON form of an answer or draft names, for the audit log.

    Those that were asked with, hits and what stands beside them, cited ones, and counter-evidence.
    """
    counter = record.get("counter") or {}
    hits = [*record.get("hits", ()), *counter.get("lookalikes", ()), *counter.get("normals", ())]
    cited = [case_id for sentence in record.get("sentences", ()) for case_id in sentence["cites"]]
    return [
        *record["query"]["matched_cases"],
        *(case_id for hit in hits for case_id in (hit["case_id"], *hit["also"])),
        *cited,
    ]


def cases_asked_with(tenant: Tenant, recipe: Mapping[str, Any]) -> list[str]:
    """The stored cases that a recipe's image is of."""
    image = recipe.get("image")
    content = image.get("content_sha256") if isinstance(image, dict) else None
    return tenant.archive.cases_of_image(content) if isinstance(content, str) else []
