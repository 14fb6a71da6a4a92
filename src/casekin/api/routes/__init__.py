"""The routes under `/v1`, one module a group: parse, call one journey, render."""

from __future__ import annotations

from fastapi import APIRouter

from casekin.api.routes.cases import build_cases_router
from casekin.api.routes.drafts import build_drafts_router
from casekin.api.routes.images import build_images_router
from casekin.api.routes.searches import build_searches_router
from casekin.api.routes.state import build_state_router
from casekin.api.service import Service


def build_routers(service: Service) -> list[APIRouter]:
    """Every group's routes. Each has the prefix `/v1` itself: a route knows only the prefix of its own router."""
    return [
        build_searches_router(service),
        build_drafts_router(service),
        build_images_router(service),
        build_cases_router(),
        build_state_router(),
    ]
