"""The pages of the service and the files they load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from starlette.staticfiles import StaticFiles

from casekin.look import look_css
from casekin.web.admin import build_admin
from casekin.web.cases import build_cases
from casekin.web.collecting import build_collecting
from casekin.web.evaluating import build_evaluating
from casekin.web.exporting import build_exporting
from casekin.web.history import build_history
from casekin.web.ingesting import build_ingesting
from casekin.web.searching import build_searching

_STATIC = Path(__file__).parent / "static"


def build_pages(app: FastAPI) -> None:
    """Add the pages and `/static`."""
    for router in (
        build_searching(),
        build_history(),
        build_cases(),
        build_collecting(),
        build_exporting(),
        build_ingesting(),
        build_evaluating(),
        build_admin(),
        _build_styles(),
    ):
        app.include_router(router)
    app.mount("/static", _Static(directory=_STATIC), name="static")


class _Static(StaticFiles):
    """Files that browsers keep and ask about: they hold nothing of an archive, and the viewer's are large."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        reply = super().file_response(*args, **kwargs)
        reply.headers["Cache-Control"] = "no-cache"
        return reply


def _build_styles() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/static/look.css")
    def look() -> Response:
        """The style that all pages of casekin share."""
        return Response(look_css(), media_type="text/css")

    return router
