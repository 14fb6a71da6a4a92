"""The table of routes: what each demands, and under which name it stands in the audit log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from starlette.routing import compile_path

from casekin.api.access.principal import Role

Event = Literal[
    "search", "list", "view", "draft", "export", "share", "vote", "collect", "ingest", "receive", "administer",
    "read_audit", "sign_in", "sign_out",
]  # fmt: skip
"""What the audit log calls an act, through whichever door it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`role` is the least that may call the route, None: anybody; `event` its name in the audit log, if there."""

    role: Role | None
    event: Event | None = None


PUBLIC = Rule(role=None)

ROUTES: Mapping[tuple[str, str], Rule] = {
    ("POST", "/v1/searches"): Rule(role="reader", event="search"),
    ("POST", "/v1/drafts"): Rule(role="reader", event="draft"),
    ("POST", "/v1/uploads"): Rule(role="reader"),
    ("GET", "/v1/uploads/{upload_id}"): Rule(role="reader"),
    ("DELETE", "/v1/uploads/{upload_id}"): Rule(role="reader"),
    ("GET", "/v1/uploads/{upload_id}/frames/{frame}"): Rule(role="reader"),
    ("GET", "/v1/uploads/{upload_id}/pixels/{frame}"): Rule(role="reader"),
    ("GET", "/v1/uploads/{upload_id}/thumbnail"): Rule(role="reader"),
    ("GET", "/v1/uploads/{upload_id}/overlay"): Rule(role="reader"),
    ("GET", "/v1/cases/{case_id:path}/images/{image}"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}/images/{image}/frames/{frame}"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}/images/{image}/pixels/{frame}"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}/images/{image}/thumbnail"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}/images/{image}/overlay"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases"): Rule(role="reader", event="list"),
    ("POST", "/v1/cases/lookups"): Rule(role="reader", event="list"),
    ("GET", "/v1/cases/{case_id:path}/exams"): Rule(role="reader", event="view"),
    ("POST", "/v1/searches/cards"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}/preview"): Rule(role="reader", event="view"),
    ("GET", "/v1/cases/{case_id:path}"): Rule(role="reader", event="view"),
    ("GET", "/v1/collections"): Rule(role="reader"),
    ("POST", "/v1/collections"): Rule(role="reader", event="collect"),
    ("GET", "/v1/collections/{collection_id}"): Rule(role="reader", event="view"),
    ("PATCH", "/v1/collections/{collection_id}"): Rule(role="reader", event="collect"),
    ("DELETE", "/v1/collections/{collection_id}"): Rule(role="reader", event="collect"),
    ("GET", "/v1/collections/{collection_id}/export"): Rule(role="reader", event="export"),
    ("POST", "/v1/collections/{collection_id}/entries"): Rule(role="reader", event="collect"),
    ("PUT", "/v1/collections/{collection_id}/entries/{entry_id}"): Rule(role="reader", event="collect"),
    ("DELETE", "/v1/collections/{collection_id}/entries/{entry_id}"): Rule(role="reader", event="collect"),
    ("PUT", "/v1/collections/{collection_id}/order"): Rule(role="reader", event="view"),
    ("GET", "/v1/collections/{collection_id}/quiz"): Rule(role="reader", event="view"),
    ("POST", "/v1/collections/{collection_id}/quiz/{entry_id}"): Rule(role="reader", event="view"),
    ("GET", "/v1/history"): Rule(role="reader"),
    ("POST", "/v1/history/undo"): Rule(role="reader"),
    ("DELETE", "/v1/history"): Rule(role="reader"),
    ("POST", "/v1/recipes"): Rule(role="reader", event="share"),
    ("GET", "/v1/recipes/{link_id}"): Rule(role="reader"),
    ("POST", "/v1/feedback"): Rule(role="reader", event="vote"),
    ("GET", "/v1/feedback/judgements"): Rule(role="curator", event="export"),
    ("POST", "/v1/jobs"): Rule(role="curator", event="ingest"),
    ("GET", "/v1/jobs"): Rule(role="curator"),
    ("GET", "/v1/jobs/{job_id}"): Rule(role="curator"),
    ("GET", "/v1/jobs/{job_id}/events"): Rule(role="curator"),
    ("POST", "/v1/jobs/{job_id}/cancel"): Rule(role="curator", event="administer"),
    ("POST", "/v1/jobs/{job_id}/retry"): Rule(role="curator", event="administer"),
    ("POST", "/v1/admin/jobs"): Rule(role="admin", event="administer"),
    ("POST", "/v1/admin/erasures"): Rule(role="admin"),
    ("GET", "/v1/admin/models"): Rule(role="admin"),
    ("POST", "/v1/admin/models/activate"): Rule(role="admin", event="administer"),
    ("GET", "/v1/admin/audit"): Rule(role="admin", event="read_audit"),
    ("GET", "/v1/admin/tokens"): Rule(role="admin"),
    ("POST", "/v1/admin/tokens"): Rule(role="admin", event="administer"),
    ("DELETE", "/v1/admin/tokens/{token_id}"): Rule(role="admin", event="administer"),
    ("GET", "/v1/ready"): PUBLIC,
    ("GET", "/metrics"): Rule(role="reader"),
    ("POST", "/dicom-web/studies"): Rule(role="curator", event="receive"),
    ("POST", "/dicom-web/studies/{study_uid}"): Rule(role="curator", event="receive"),
    ("POST", "/v1/exports"): Rule(role="reader", event="export"),
    ("POST", "/v1/reports"): Rule(role="curator", event="receive"),
    ("GET", "/dicom-web/studies"): Rule(role="reader", event="list"),
    ("GET", "/dicom-web/studies/{study_uid}/series"): Rule(role="reader", event="list"),
    ("GET", "/dicom-web/studies/{study_uid}/series/{series_uid}/instances"): Rule(role="reader", event="list"),
    ("GET", "/dicom-web/studies/{study_uid}"): Rule(role="reader", event="view"),
    ("GET", "/dicom-web/studies/{study_uid}/series/{series_uid}"): Rule(role="reader", event="view"),
    ("GET", "/dicom-web/studies/{study_uid}/metadata"): Rule(role="reader", event="view"),
    ("GET", "/dicom-web/studies/{study_uid}/series/{series_uid}/metadata"): Rule(role="reader", event="view"),
    ("GET", "/dicom-web/studies/{study_uid}/series/{series_uid}/instances/{instance_uid}"): Rule(
        role="reader", event="view"
    ),
    ("GET", "/dicom-web/studies/{study_uid}/series/{series_uid}/instances/{instance_uid}/frames/{frames}"): Rule(
        role="reader", event="view"
    ),
    ("GET", "/v1/info"): Rule(role="reader"),
    ("GET", "/v1/health"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/static/{path:path}"): PUBLIC,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): Rule(role=None, event="sign_in"),
    ("GET", "/sign-in/start"): PUBLIC,
    ("GET", "/sign-in/callback"): Rule(role=None, event="sign_in"),
    ("POST", "/sign-out"): Rule(role="reader", event="sign_out"),
    ("GET", "/"): Rule(role="reader", event="view"),
    ("POST", "/answers"): Rule(role="reader", event="search"),
    ("POST", "/answers/evidence"): Rule(role="reader", event="view"),
    ("POST", "/answers/more"): Rule(role="reader", event="search"),
    ("POST", "/answers/draft"): Rule(role="reader", event="draft"),
    ("POST", "/answers/draft/{kind}"): Rule(role="reader", event="draft"),
    ("POST", "/feedback"): Rule(role="reader", event="vote"),
    ("POST", "/shared"): Rule(role="reader", event="share"),
    ("GET", "/shared/{link_id}"): Rule(role="reader", event="search"),
    ("GET", "/history"): Rule(role="reader"),
    ("POST", "/history"): Rule(role="reader"),
    ("POST", "/history/undo"): Rule(role="reader", event="search"),
    ("GET", "/history/{step_id}"): Rule(role="reader", event="search"),
    ("POST", "/history/{step_id}"): Rule(role="reader", event="search"),
    ("GET", "/cases"): Rule(role="reader", event="list"),
    ("GET", "/cases/{case_id:path}"): Rule(role="reader", event="view"),
    ("POST", "/studies"): Rule(role="reader", event="list"),
    ("GET", "/compare"): Rule(role="reader", event="view"),
    ("GET", "/collections"): Rule(role="reader"),
    ("POST", "/collections"): Rule(role="reader", event="collect"),
    ("POST", "/collections/entries"): Rule(role="reader", event="collect"),
    ("GET", "/collections/{collection_id}"): Rule(role="reader", event="view"),
    ("POST", "/collections/{collection_id}"): Rule(role="reader", event="collect"),
    ("POST", "/collections/{collection_id}/entries/{entry_id}"): Rule(role="reader", event="collect"),
    ("GET", "/collections/{collection_id}/quiz"): Rule(role="reader", event="view"),
    ("POST", "/collections/{collection_id}/quiz"): Rule(role="reader", event="view"),
    ("POST", "/exports"): Rule(role="reader", event="export"),
    ("GET", "/jobs"): Rule(role="curator"),
    ("POST", "/jobs"): Rule(role="curator", event="ingest"),
    ("GET", "/jobs/{job_id}"): Rule(role="curator"),
    ("POST", "/jobs/{job_id}"): Rule(role="curator", event="administer"),
    ("GET", "/evaluation"): Rule(role="reader"),
    ("GET", "/evaluation/{name}"): Rule(role="reader", event="view"),
    ("GET", "/admin"): Rule(role="admin"),
    ("POST", "/admin"): Rule(role="admin", event="administer"),
    ("POST", "/admin/models"): Rule(role="admin", event="administer"),
    ("GET", "/admin/audit/proof"): Rule(role="admin"),
    ("GET", "/admin/audit"): Rule(role="admin", event="read_audit"),
    ("GET", "/static/look.css"): PUBLIC,
}
"""Every route of the application by method and path template, in any order; one that isn't listed is refused.

A test compares the table with the application. Mounted folders are listed too.
"""


def rule_of(method: str, path: str) -> tuple[str, Rule] | None:
    """The template and the rule that a request's path falls under; None: no route is listed there.

    Where several fit, the one with the most letters outside its braces is meant.
    """
    wanted = "GET" if method == "HEAD" else method
    for listed, template, form, rule in _compiled():
        if listed == wanted and form.match(path):
            return template, rule
    return None


@cache
def _compiled() -> tuple[tuple[str, str, re.Pattern[str], Rule], ...]:
    rows = [(method, template, compile_path(template)[0], rule) for (method, template), rule in ROUTES.items()]
    return tuple(sorted(rows, key=lambda row: (-len(re.sub(r"\{[^}]*\}", "", row[1])), row[:2])))
