"""The search page, the evidence that it asks for, and the files they load."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from casekin import __version__
from casekin.anatomy import ANATOMIES, LOCATIONS, on_radiograph
from casekin.api.access.authorize import TenantOf
from casekin.api.problems import Problem, http_problem, problem_of
from casekin.api.questions import receive_question
from casekin.api.service import Service
from casekin.errors import CasekinError, PlaceError
from casekin.look import look_css, page_environment
from casekin.retrieval.query import MAX_LIMIT, MAX_TEXT
from casekin.types import Place, Side

EVIDENCE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""Content-Security-Policy of the evidence: a page without scripts that carries its style and its pictures itself."""
_STATIC = Path(__file__).parent / "static"
_SIDES: tuple[Side, ...] = ("left", "right")


def build_pages(app: FastAPI, service: Service) -> None:
    """Add the page `/`, the evidence `/evidence`, and `/static`."""

    @app.get("/", include_in_schema=False)
    def page(tenant: TenantOf) -> HTMLResponse:
        return _render(
            "search.html.j2",
            info=tenant.archive.info(),
            places=known_places(),
            max_upload_mb=service.max_upload_bytes // 1024**2,
            max_limit=MAX_LIMIT,
            max_text=MAX_TEXT,
        )

    @app.post("/evidence", include_in_schema=False)
    async def evidence(request: Request, tenant: TenantOf) -> HTMLResponse:
        try:
            async with receive_question(request, max_upload_bytes=service.max_upload_bytes) as question:
                sheet = await run_in_threadpool(tenant.archive.evidence, question)
        except CasekinError as error:
            return _problem_page(problem_of(error))
        except HTTPException as error:
            return _problem_page(http_problem(error.status_code, str(error.detail)))
        return HTMLResponse(sheet, headers={"Content-Security-Policy": EVIDENCE_POLICY})

    @app.get("/static/evidence.css", include_in_schema=False)
    def evidence_style() -> Response:
        """The sheet's style, which the page shares."""
        sheet = files("casekin.retrieval.sheet").joinpath("templates", "evidence.css").read_text(encoding="utf-8")
        return Response(look_css() + sheet, media_type="text/css")

    app.mount("/static", StaticFiles(directory=_STATIC), name="static")


@cache
def known_places() -> tuple[str, ...]:
    """Places that a frontal film shows, as people write them: the 29 locations first, then lobes and the rest."""
    places = list(LOCATIONS)
    for node in ANATOMIES.values():
        sides: tuple[Side | None, ...] = (node.only,) if node.only else _SIDES if node.paired else (None,)
        places += [Place(anatomy=node.id, side=side) for side in sides]
    return tuple(str(place).replace("_", " ") for place in dict.fromkeys(places) if _is_shown(place))


def _is_shown(place: Place) -> bool:
    try:
        return bool(on_radiograph(place))
    except PlaceError:
        return False


def _problem_page(problem: Problem) -> HTMLResponse:
    return _render(
        "problem.html.j2",
        status=problem.status,
        problem=problem,
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'self'"},
    )


def _render(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    text = _environment().get_template(template).render(version=__version__, **values)
    return HTMLResponse(text, status_code=status, headers=headers)


@cache
def _environment() -> Environment:
    return page_environment("casekin.web")
