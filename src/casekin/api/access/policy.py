"""The table of routes: what each demands, and under which name it stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casekin.api.access.principal import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`role` is the least that may call the route, None: anybody; `event` its name in the audit log, if there."""

    role: Role | None
    event: str | None = None


PUBLIC = Rule(role=None)

ROUTES: Mapping[tuple[str, str], Rule] = {
    ("POST", "/v1/searches"): Rule(role="reader", event="search"),
    ("POST", "/v1/drafts"): Rule(role="reader", event="draft"),
    ("POST", "/v1/previews"): Rule(role="reader"),
    ("GET", "/v1/cases/{case_id:path}/preview"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}"): Rule(role="reader", event="view"),
    ("GET", "/v1/info"): Rule(role="reader"),
    ("GET", "/v1/health"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/"): Rule(role="reader"),
    ("POST", "/evidence"): Rule(role="reader", event="search"),
    ("GET", "/static/evidence.css"): PUBLIC,
}
"""Every route of the application by method and path template; a route that isn't listed is refused.

Files under `/static` are no routes: they hold nothing of the archive.
"""
