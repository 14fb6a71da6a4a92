"""uvicorn with the settings that a service of patient data needs."""

from __future__ import annotations

from contextlib import suppress
from socket import socket

import uvicorn
from fastapi import FastAPI

_CLOSE_WITHIN_S = 10
"""How long open requests may take to end after the process was asked to stop."""
_MOST_CONNECTIONS = 64
"""More are turned away with 503; a browser opens six. Bounds what uploads may take of the disk: 64 times the cap."""


def serve_until_stopped(app: FastAPI, listener: socket) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished.

    uvicorn's access log stays off: it prints addresses with case ids. The guard logs routes instead.
    """
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )
    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again once it has closed everything
        uvicorn.Server(config).run(sockets=[listener])
