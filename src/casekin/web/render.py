"""Filling templates: a whole page, or the fragment of one that the page's script asked for; refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment
from starlette.exceptions import HTTPException as StarletteHTTPException

from casekin import __version__
from casekin.api.access.principal import Principal, Role
from casekin.api.problems import Problem, http_problem, problem_of
from casekin.errors import CasekinError
from casekin.look import page_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page of the navigation."""

    href: str
    label: str
    role: Role = "reader"


_LINKS = (
    Link(href="/", label="Search"),
    Link(href="/cases", label="Studies"),
    Link(href="/collections", label="Collections"),
    Link(href="/history", label="History"),
    Link(href="/jobs", label="Ingest", role="curator"),
    Link(href="/evaluation", label="Evaluation"),
    Link(href="/admin", label="Admin", role="admin"),
)


class PageRoute(APIRoute):
    """A route of the pages: what it refuses is said on a page, or in the fragment's place."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_or_say_why_not(request: Request) -> Response:
            headers: Mapping[str, str] = {}
            try:
                return await answer(request)
            except CasekinError as error:
                problem = problem_of(error)
            except StarletteHTTPException as error:
                problem, headers = http_problem(error.status_code, str(error.detail)), error.headers or {}
            except RequestValidationError as error:
                names = sorted({str(one["loc"][-1]) for one in error.errors()})
                problem = http_problem(422, f"expected other values for: {', '.join(names)}")
            reply = refusal(request, problem)
            reply.headers.update(headers)
            return reply

        return answer_or_say_why_not


def wants_fragment(request: Request) -> bool:
    """Whether the page's script asks, for a part of the page; else the browser does, for a whole one."""
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def fragment(request: Request, template: str, *, headers: Mapping[str, str] | None = None, **values: Any) -> Response:
    """A part of a page."""
    return _reply(request, template, 200, headers, values)


def part(request: Request, name: str, *, title: str, **values: Any) -> Response:
    """A part of an answer in its place, or without script on a page of its own."""
    if wants_fragment(request):
        return fragment(request, f"parts/{name}.html.j2", **values)
    return page(request, "later.html.j2", part=name, title=title, **values)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A whole page with its navigation: what the caller's role allows."""
    who: Principal | None = getattr(request.state, "principal", None)
    links = [link for link in _LINKS if who is not None and who.may(link.role)]
    here = next((link.href for link in reversed(links) if _is_below(request.url.path, link.href)), "")
    return _reply(request, template, status, None, {"links": links, "here": here, **values})


def refusal(request: Request, problem: Problem) -> Response:
    """A problem as a page or in the place of a fragment."""
    if problem.status == 404 and problem.detail == problem.title:
        problem = replace(problem, detail="There is nothing at this address.")
    if wants_fragment(request):
        return _reply(request, "parts/problem.html.j2", problem.status, None, {"problem": problem})
    return page(request, "problem.html.j2", status=problem.status, problem=problem)


def _reply(
    request: Request, template: str, status: int, headers: Mapping[str, str] | None, values: Mapping[str, Any]
) -> Response:
    who: Principal | None = getattr(request.state, "principal", None)
    shared = {"version": __version__, "who": who, "csrf_token": getattr(request.state, "csrf_token", None)}
    text = _environment().get_template(template).render({**shared, **values})
    return HTMLResponse(text, status_code=status, headers=dict(headers or {}))


def _is_below(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href + "/"))


@cache
def _environment() -> Environment:
    return page_environment("casekin.web")
