"""Who is signed in at a browser: kept in this process alone, found by a random cookie, ended by time or by sign-out.

A restart signs everybody out; nothing of a session is ever on the disk.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from casekin.api.access.principal import Principal

_MOST = 10_000
"""Sessions at a time; the one that was used least lately makes room for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `csrf` is what its forms must send along; moments are the clock's."""

    principal: Principal
    csrf: str
    token_id: str | None
    began: float
    seen: float


class Sessions:
    """The sessions of this process, by their cookies. Every method may be called from any thread."""

    def __init__(self, *, idle_s: float, absolute_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle_s = idle_s
        self._absolute_s = absolute_s
        self._clock = clock
        self._lock = Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, principal: Principal, *, token_id: str | None = None) -> tuple[str, Session]:
        """A new session and the cookie that finds it; `token_id` is the API token it was opened with."""
        now = self._clock()
        cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        session = Session(principal=principal, csrf=csrf, token_id=token_id, began=now, seen=now)
        with self._lock:
            self._keep(cookie, session)
            while len(self._sessions) > _MOST:
                self._sessions.popitem(last=False)
        return cookie, session

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie, which now counts as used; None where there is none or its time is over."""
        with self._lock:
            session = self._sessions.pop(cookie, None)
            if session is None or self._is_over(session):
                return None
            return self._keep(cookie, replace(session, seen=self._clock()))

    def holds(self, cookie: str) -> bool:
        """Whether a cookie still finds a session, which doesn't count as used."""
        with self._lock:
            session = self._sessions.get(cookie)
            return session is not None and not self._is_over(session)

    def end(self, cookie: str) -> None:
        """Sign out; a cookie that finds nothing is let be."""
        with self._lock:
            self._sessions.pop(cookie, None)

    def _is_over(self, session: Session) -> bool:
        now = self._clock()
        return now - session.seen >= self._idle_s or now - session.began >= self._absolute_s

    def _keep(self, cookie: str, session: Session) -> Session:
        self._sessions[cookie] = session
        return session
