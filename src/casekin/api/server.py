"""uvicorn with the settings that a service of patient data needs."""

from __future__ import annotations

import asyncio
import math
import signal
from contextlib import suppress
from functools import partial
from socket import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from casekin.api.config import SiteConfig

_SHARE_OF_ONE = 0.75
"""Of all connections, those that one address may hold: a single stranger can't keep everybody else out."""
_CLOSE_WITHIN_S = 10
"""How long open requests may take to end after the process was asked to stop."""


class _TimelyHeaders(H11Protocol):
    """A connection whose request's headers must come in within a time, or it is closed; one address has so many.

    uvicorn itself waits for ever, so that a handful of clients that send a byte now and then could take every place.
    """

    def __init__(self, *arguments: Any, header_timeout_s: float, most_of_one: float, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._header_timeout_s = header_timeout_s
        self._most_of_one = most_of_one
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        addresses = [client[0] for one in self.connections if (client := getattr(one, "client", None))]
        if self.client and addresses.count(self.client[0]) > self._most_of_one:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Time runs while no request is whole; between two requests uvicorn's own limit holds."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_watching()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self._header_timeout_s, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _stop_watching(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def serve_until_stopped(app: FastAPI, listener: socket, site: SiteConfig) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished. For the process's main thread.

    uvicorn's access log stays off: it prints addresses with case ids. The guard logs routes instead, and reads what a
    trusted proxy says, so uvicorn doesn't.
    """
    listen, limits = site.listen, site.limits
    # Behind a proxy all come from its address.
    most_of_one = math.inf if listen.behind_proxy else max(2, int(_SHARE_OF_ONE * limits.most_connections))
    protocol = partial(_TimelyHeaders, header_timeout_s=limits.header_timeout_s, most_of_one=most_of_one)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        http=protocol,  # type: ignore[arg-type]
        ws="none",
        limit_concurrency=limits.most_connections,
        ssl_certfile=listen.tls_cert,
        ssl_keyfile=listen.tls_key,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as SIGINT: the process has ended well, not been killed
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has closed everything
        uvicorn.Server(config).run(sockets=[listener])
