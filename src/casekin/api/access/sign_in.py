"""The pages that sign a browser in and out: with the site's provider, or with an API token typed into a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeVar
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from casekin.api.access.gate import SESSION, Gate
from casekin.api.access.oidc import Begun, Provider, ProviderDownError, SignInRefusedError, begin_sign_in
from casekin.api.access.principal import Principal
from casekin.api.access.remembered import Remembered
from casekin.web.render import PageRoute, page, wants_fragment

_Result = TypeVar("_Result")
_THEN = "casekin-then"
"""Cookie that finds the page that was asked for, whose address may name a study."""
_BEGUN = "casekin-sign-in"
"""Cookie that finds a sign-in at the provider."""
_WITHIN_S = 600
_LONGEST_ADDRESS = 2000
_ASKED_AT_ONCE = 4
"""Requests to the provider; they wait in a pool of their own, so that a slow provider holds up nobody else."""


def ask_for_sign_in(request: Request, gate: Gate) -> Response:
    """Send a browser to the sign-in page; afterwards it comes back to where it wanted to go."""
    if wants_fragment(request):
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    reply = RedirectResponse("/sign-in", 303)
    if request.method == "GET":
        wanted = quote(request.scope["path"]) + (f"?{request.url.query}" if request.url.query else "")
        if len(wanted) <= _LONGEST_ADDRESS:
            gate.set_cookie(reply, _THEN, gate.wanted.keep(wanted), max_age_s=_WITHIN_S)
    return reply


def build_sign_in_router(gate: Gate) -> APIRouter:
    """`/sign-in` and `/sign-out`."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    provider = None if gate.config.sign_in is None else Provider(gate.config.sign_in)
    begun: Remembered[Begun] = Remembered(for_s=_WITHIN_S)
    waiting = anyio.CapacityLimiter(_ASKED_AT_ONCE)
    lasts_s = gate.config.sessions.absolute_hours * 3600

    def signed_in(request: Request, principal: Principal, *, token_id: str | None = None) -> Response:
        """Begin a session, never go on with one that was there before, and go to the page that was asked for."""
        gate.callers.sessions.end(gate.cookie(request.headers, SESSION))
        cookie, _ = gate.callers.sessions.begin(principal, token_id=token_id)
        request.state.principal = principal
        reply = RedirectResponse(_page_of_ours(gate.wanted.take(gate.cookie(request.headers, _THEN))), 303)
        gate.set_cookie(reply, SESSION, cookie, max_age_s=lasts_s)
        gate.set_cookie(reply, _THEN, "", max_age_s=0)
        return reply

    @router.get("/sign-in")
    def sign_in_page(request: Request) -> Response:
        return page(request, "sign_in.html.j2", has_provider=provider is not None, failure=None)

    @router.post("/sign-in")
    async def sign_in_by_token(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Response:
        found = await gate.in_thread(lambda: gate.callers.by_token(token.strip()))
        if found is None:
            gate.count_failure(request.state.address)
            failure = "This token opens nothing: it is unknown, expired or revoked."
            return page(request, "sign_in.html.j2", status=401, has_provider=provider is not None, failure=failure)
        return signed_in(request, found[0], token_id=found[1].token_id)

    @router.get("/sign-in/start")
    async def start(request: Request) -> Response:
        if provider is None:
            raise HTTPException(404, "no provider is set up here")
        fresh = begin_sign_in()
        reply = RedirectResponse(await _asked(waiting, lambda: provider.sign_in_address(fresh)), 303)
        gate.set_cookie(reply, _BEGUN, begun.keep(fresh), max_age_s=_WITHIN_S)
        return reply

    @router.get("/sign-in/callback")
    async def finish(request: Request) -> Response:
        if provider is None:
            raise HTTPException(404, "no provider is set up here")
        fresh = begun.take(gate.cookie(request.headers, _BEGUN))
        if fresh is None:
            raise HTTPException(401, "expected a sign-in that this browser began a short while ago; begin again")
        answer = dict(request.query_params)
        try:
            claims = await _asked(waiting, lambda: provider.finish(fresh, answer))
            principal = gate.callers.by_claims(claims)
        except SignInRefusedError as error:
            gate.count_failure(request.state.address)
            raise HTTPException(401, f"the sign-in doesn't hold: {error}") from None
        reply = signed_in(request, principal)
        gate.set_cookie(reply, _BEGUN, "", max_age_s=0)
        return reply

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        gate.callers.sessions.end(gate.cookie(request.headers, SESSION))
        elsewhere = None if provider is None else await _asked(waiting, provider.sign_out_address)
        request.state.csrf_token = None
        reply = page(request, "signed_out.html.j2", elsewhere=elsewhere)
        gate.set_cookie(reply, SESSION, "", max_age_s=0)
        return reply

    return router


async def _asked(waiting: anyio.CapacityLimiter, call: Callable[[], _Result]) -> _Result:
    """What the provider says. Raises `HTTPException` 503 while it is down."""
    try:
        return await anyio.to_thread.run_sync(call, limiter=waiting)
    except ProviderDownError as error:
        raise HTTPException(503, f"{error}; try again, or sign in with a token") from None


def _page_of_ours(wanted: str | None) -> str:
    """The page of ours that was asked for, else the first; never another site's."""
    is_ours = wanted is not None and re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", wanted) is not None
    return wanted if wanted is not None and is_ours and not wanted.startswith("/sign-") else "/"
