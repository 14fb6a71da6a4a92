"""The application: its tenants, routes and pages, errors as problem documents, a guard around it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from casekin import __version__
from casekin.api.access.authorize import authorize
from casekin.api.guard import Guard
from casekin.api.problems import http_problem, problem_of, respond
from casekin.api.routes import build_routers
from casekin.api.service import DEFAULT_TENANT, Service, open_tenant
from casekin.api.tracing import Traced
from casekin.errors import CasekinError
from casekin.web.pages import build_pages

_ABOUT = (
    "Retrieval of similar patient cases: the same finding in the same place, with evidence for every hit. "
    "For research, teaching and quality assurance; not a diagnostic device."
)


def build_app(index: Path | str, *, model: str, max_upload_bytes: int) -> FastAPI:
    """Open the archive and put the application together; see `casekin.api.create_app`."""
    tenant = open_tenant(DEFAULT_TENANT, index, model=model)
    service = Service(tenants={DEFAULT_TENANT: tenant}, max_upload_bytes=max_upload_bytes)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="casekin",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        dependencies=[Depends(authorize)],
        docs_url=None,  # FastAPI's own documentation pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.service = service
    for router in build_routers(service):
        app.include_router(router)
    build_pages(app, service)
    app.add_exception_handler(CasekinError, _casekin_error)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _unfit_parameters)
    app.add_middleware(Guard)
    app.add_middleware(Traced)
    return app


async def _casekin_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, CasekinError)
    return respond(problem_of(error))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    reply = respond(http_problem(error.status_code, str(error.detail)))
    reply.headers.update(error.headers or {})
    return reply


async def _unfit_parameters(_: Request, error: Exception) -> Response:
    """Names the parameters; what was sent isn't repeated."""
    assert isinstance(error, RequestValidationError)
    names = sorted({str(problem["loc"][-1]) for problem in error.errors()})
    return respond(http_problem(422, f"expected other values for: {', '.join(names)}; see /openapi.json"))
