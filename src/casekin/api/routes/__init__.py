"""The routes under `/v1`, one module a group: parse, call one journey, render."""

from __future__ import annotations

from fastapi import APIRouter

from casekin.api.routes.admin import build_admin_router
from casekin.api.routes.cases import build_cases_router
from casekin.api.routes.collections import build_collections_router
from casekin.api.routes.dicomweb import build_dicomweb_router
from casekin.api.routes.drafts import build_drafts_router
from casekin.api.routes.exports import build_exports_router
from casekin.api.routes.feedback import build_feedback_router
from casekin.api.routes.images import build_images_router
from casekin.api.routes.jobs import build_jobs_router
from casekin.api.routes.recipes import build_recipes_router
from casekin.api.routes.searches import build_searches_router
from casekin.api.routes.state import build_state_router
from casekin.api.routes.uploads import build_uploads_router
from casekin.api.service import Service


def build_routers(service: Service) -> list[APIRouter]:
    """Every group's routes. Each gives its prefix itself: a route knows only the prefix of its own router."""
    return [
        build_searches_router(service),
        build_drafts_router(service),
        build_uploads_router(service),
        build_images_router(),
        build_cases_router(),
        build_collections_router(),
        build_recipes_router(),
        build_feedback_router(),
        build_jobs_router(),
        build_admin_router(),
        build_dicomweb_router(service),
        build_exports_router(),
        build_state_router(service),
    ]
