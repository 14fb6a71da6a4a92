"""The gate before the application: who asks is known and allowed, before a byte of a body is read.

What it finds stands in the request's `state`: `request_id`, `template` and `rule` of the route, `principal`,
`csrf_token` where a browser is signed in, `holds` where what lets the caller in may end, and `objects`, the cases that
the reply shows, which handlers note.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Receive, Scope

from casekin.api.access.addresses import SAFE_METHODS, check_addresses, check_origin
from casekin.api.access.callers import Callers
from casekin.api.access.csrf import check_csrf
from casekin.api.access.limits import AtOnce, RateLimit, TimelyBody
from casekin.api.access.policy import rule_of
from casekin.api.access.principal import Principal
from casekin.api.access.remembered import Remembered
from casekin.api.config import SiteConfig
from casekin.api.service import Tenant
from casekin.site.audit import AuditEvent, AuditLog

logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")
NOBODY = "-"
"""The subject of records about who didn't say, or couldn't prove, who it is."""
SESSION = "casekin"
"""The session's cookie."""
_SIGN_IN_BURST = 20
_WANTED_S = 600.0
_VIEW_S = 60.0
_MOST_VIEWS = 10_000
_THREADS = 8
"""For reading tokens and writing the audit log: a pool of its own, so that long searches never fill it."""


class Gate:
    """What every request passes. Raises `HTTPException` for whom it doesn't let in."""

    def __init__(self, config: SiteConfig, tenants: Mapping[str, Tenant]) -> None:
        self.config = config
        self.callers = Callers(config, tenants)
        limits = config.limits
        self._rate = RateLimit(per_second=limits.requests_per_second, burst=limits.burst)
        self._failures = RateLimit(per_second=limits.sign_ins_per_minute / 60, burst=_SIGN_IN_BURST)
        self._unknown = RateLimit(per_second=limits.sign_ins_per_minute / 60, burst=_SIGN_IN_BURST)
        self._at_once = AtOnce(limits.most_at_once)
        self._logs = {name: AuditLog(tenant.books) for name, tenant in tenants.items()}
        self._views = _RecentViews()
        self.wanted: Remembered[str] = Remembered(for_s=_WANTED_S)
        """The pages that browsers asked for before they were signed in."""
        if not config.is_open and config.sign_in is None and not self.callers.has_tokens():
            logger.warning("nobody can sign in yet: make a token with `casekin token create`")
        self._threads = anyio.CapacityLimiter(_THREADS)

    def cookie(self, headers: Headers, name: str) -> str:
        """What a cookie of ours says; empty where the browser sent none."""
        return cookie_parser(headers.get("cookie", "")).get(self._cookie_name(name), "")

    def set_cookie(self, reply: Response, name: str, value: str, *, max_age_s: int) -> None:
        """A cookie that scripts can't read and that other sites' forms don't bring along; 0 seconds take it away."""
        named, secure = self._cookie_name(name), self.config.listen.has_tls
        reply.set_cookie(named, value, max_age=max_age_s, path="/", secure=secure, httponly=True, samesite="lax")

    def _cookie_name(self, name: str) -> str:
        """The prefix makes browsers hold a cookie to this host and to TLS."""
        return f"__Host-{name}" if self.config.listen.has_tls else name

    @asynccontextmanager
    async def admitted(self, scope: Scope, receive: Receive) -> AsyncIterator[Receive]:
        """The body's `receive` of a request that is let in, which counts as under way inside the block."""
        limits = self.config.limits
        if Headers(scope=scope).get("content-encoding", "identity").lower() != "identity":
            raise HTTPException(415, "expected a body as it is, got one with a Content-Encoding")
        timely = TimelyBody(receive, grace_s=limits.body_grace_s, bytes_per_s=limits.body_bytes_per_s)
        found = rule_of(scope["method"], scope["path"])
        state = scope["state"]
        if found is not None:
            state["template"], state["rule"] = found
        address = check_addresses(scope, self.config.listen, is_public=found is not None and found[1].role is None)
        state["address"] = address
        by_cookie = await self._identify(scope, address)
        principal: Principal | None = state.get("principal")
        if found is not None and found[1].role is not None:
            if principal is None:
                raise HTTPException(401, "expected a sign-in or an API token, got none", {"WWW-Authenticate": "Bearer"})
            if not principal.may(found[1].role):
                raise HTTPException(403, f"expected the role {found[1].role}, got {principal.role}")
        body: Receive = timely
        if by_cookie and scope["method"] not in SAFE_METHODS:
            body = await check_csrf(Headers(scope=scope), timely, state["csrf_token"])
        if principal is not None and principal is self.callers.anybody:
            yield body  # one person's own machine: nobody to be protected from
            return
        caller = address if principal is None else f"{principal.tenant}/{principal.subject}"
        _refuse_until(self._rate.take(caller))
        with self._at_once.one_more(caller) as is_let_in:
            if not is_let_in:
                raise HTTPException(429, "expected fewer requests at once", {"Retry-After": "1"})
            yield body

    async def record(self, scope: Scope, status: int) -> None:
        """Write the request into its tenant's audit log, where it belongs there. Raises `SiteError`."""
        state = scope["state"]
        principal: Principal | None = state.get("principal")
        rule, is_denied = state.get("rule"), status in (401, 403)
        event = "denied" if rule is None or rule.event is None else rule.event
        if not is_denied and (rule is None or rule.event is None or principal is None):
            return
        if principal is None and self._unknown.take(state.get("address", "")):
            return  # a flood of strangers would fill the log; it stands in the service's own
        told = AuditEvent(
            event=event,
            subject=NOBODY if principal is None else principal.subject,
            tenant=next(iter(self._logs)) if principal is None else principal.tenant,
            route=state.get("template", NOBODY),
            status=status,
            objects=tuple(dict.fromkeys(state.get("objects", ()))) if status < 400 else (),
            request=state["request_id"],
            detail="denied" if is_denied else "",
        )
        if _is_part_of_image(told.route) and self._views.has(told):
            return  # a CT has hundreds of slices: looking through it is one view, and begins anew after a minute
        await self.in_thread(lambda: self._logs[told.tenant].append(told))
        self._views.keep(told)

    def count_failure(self, address: str) -> None:
        """Somebody showed what opens nothing. Raises `HTTPException` 429 after too many of that from one address.

        What does open something is let in all the same: others behind the same address did nothing wrong.
        """
        _refuse_until(self._failures.take(address))

    async def in_thread(self, call: Callable[[], _Result]) -> _Result:
        """What `call` returns, which may wait for the disk or a provider."""
        return await anyio.to_thread.run_sync(call, limiter=self._threads)

    async def _identify(self, scope: Scope, address: str) -> bool:
        """Find out who asks; whether a browser's cookie says so."""
        headers, state = Headers(scope=scope), scope["state"]
        authorization = headers.get("authorization")
        if authorization is not None:
            kind, _, text = authorization.partition(" ")
            found = await self.in_thread(lambda: self.callers.by_token(text)) if kind.lower() == "bearer" else None
            if found is None:
                self.count_failure(address)
                raise HTTPException(
                    401,
                    "expected an API token that holds, got another",
                    {"WWW-Authenticate": 'Bearer error="invalid_token"'},
                )
            state["principal"] = found[0]
            state["holds"] = partial(self.in_thread, lambda: self.callers.by_token(text) is not None)
            return False
        cookie = self.cookie(headers, SESSION)
        session = await self.in_thread(lambda: self.callers.by_cookie(cookie)) if cookie else None
        if session is not None:
            check_origin(scope, must_tell=True)
            state["principal"], state["csrf_token"] = session.principal, session.csrf
            state["holds"] = partial(self.in_thread, lambda: self.callers.holds(session, cookie))
            return True
        check_origin(scope, must_tell=False)
        state["principal"] = self.callers.anybody
        return False


class _RecentViews:
    """Who viewed which case within the last minute, as far as it is on record."""

    def __init__(self) -> None:
        self._at: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def has(self, told: AuditEvent) -> bool:
        """Whether the same person's view of the same case is on record."""
        return told.status < 400 and time.monotonic() - self._at.get(self._key(told), -_VIEW_S) < _VIEW_S

    def keep(self, told: AuditEvent) -> None:
        """Remember a view that is on record now."""
        if told.event == "view" and told.status < 400 and told.objects:
            self._at[self._key(told)] = time.monotonic()
            while len(self._at) > _MOST_VIEWS:
                self._at.popitem(last=False)

    def _key(self, told: AuditEvent) -> tuple[str, ...]:
        return told.tenant, told.subject, *told.objects


def _is_part_of_image(template: str) -> bool:
    """Whether a route answers with a part of a stored image: a slice, its values, a thumbnail, an overlay."""
    return "/images/{image}/" in template


def _refuse_until(wait_s: float) -> None:
    if wait_s > 0:
        raise HTTPException(429, "expected fewer requests, got too many", {"Retry-After": str(int(wait_s) + 1)})


def state_of(scope: Any) -> dict[str, Any]:
    """The request's state, made where there is none."""
    state: dict[str, Any] = scope.setdefault("state", {})
    return state
