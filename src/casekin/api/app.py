"""The application: its tenants, routes and pages, errors as problem documents, a guard around it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from casekin.api.access.authorize import authorize
from casekin.api.access.gate import Gate
from casekin.api.access.sign_in import build_sign_in_router
from casekin.api.config import SiteConfig
from casekin.api.guard import Guard, refuse
from casekin.api.metrics import Measured, Metrics
from casekin.api.openapi import API_VERSION, DescribedApp
from casekin.api.problems import http_problem, problem_of, respond
from casekin.api.routes import build_routers
from casekin.api.service import Service, open_tenant
from casekin.api.tracing import Traced
from casekin.errors import CasekinError
from casekin.web.pages import build_pages

_ABOUT = (
    "Retrieval of similar patient cases: the same finding in the same place, with evidence for every hit. "
    "For research, teaching and quality assurance; not a diagnostic device."
)


def build_app(config: SiteConfig, *, create: bool = False) -> FastAPI:
    """Open the archives and put the application together; see `casekin.api.create_site`."""
    tenants = {name: open_tenant(name, tenant, create=create) for name, tenant in config.tenants.items()}
    service = Service(tenants=tenants, config=config, metrics=Metrics(tenants))
    gate = Gate(config, tenants)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        yield
        service.close()

    app = DescribedApp(
        title="casekin",
        version=API_VERSION,
        description=_ABOUT,
        lifespan=lifespan,
        dependencies=[Depends(authorize)],
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # FastAPI's own documentation pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.service = service
    for router in build_routers(service):
        app.include_router(router)
    app.include_router(build_sign_in_router(gate))
    build_pages(app)
    app.add_exception_handler(CasekinError, _casekin_error)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _unfit_parameters)
    app.add_middleware(Measured, metrics=service.metrics)
    app.add_middleware(Guard, gate=gate)
    app.add_middleware(Traced)
    return app


async def _casekin_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CasekinError)
    request.state.error = type(error).__name__  # for the metrics
    return respond(problem_of(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    return refuse(request, error)


async def _unfit_parameters(_: Request, error: Exception) -> Response:
    """Names the parameters; what was sent isn't repeated."""
    assert isinstance(error, RequestValidationError)
    names = sorted({str(problem["loc"][-1]) for problem in error.errors()})
    return respond(http_problem(422, f"expected other values for: {', '.join(names)}; see /openapi.json"))
