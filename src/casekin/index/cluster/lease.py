"""Who may write: one process at a time holds the alias `NAME_writer`, which Milvus gives to one collection alone.

The collection it stands for is the holder's own and says who that is, so that a writer that died is known as dead by
the next one on its machine.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from contextlib import suppress

from casekin.errors import IndexStoreError
from casekin.index.cluster.server import Server

_PATIENCE_S = 30.0
_PAUSE_S = 0.05


class Lease:
    """The right to write, taken for a transaction at a time."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._alias = f"{server.name}_writer"
        self._own = f"{self._alias}_{secrets.token_hex(8)}"
        self._is_made = False

    def acquire(self) -> None:
        """Wait for the right to write. Raises `IndexStoreError` where a living writer keeps it for half a minute."""
        self._make_own()
        deadline = time.monotonic() + _PATIENCE_S
        while not self._take():
            holder = self._holder()
            if holder is not None and _is_dead(holder[1]):
                self._break(holder[0])
            elif time.monotonic() > deadline:
                who = "another process" if holder is None else holder[1]
                raise IndexStoreError(
                    f"index: expected to be the only writer, {who} holds {self._alias}; try again when it is done, or "
                    "drop that alias on the server if its machine is gone"
                )
            else:
                time.sleep(_PAUSE_S)

    def release(self) -> None:
        """Let others write."""
        with self._server.errors():
            self._server.client.drop_alias(self._alias)

    def close(self) -> None:
        """Leave nothing of oneself on the server."""
        if self._is_made:
            with suppress(IndexStoreError), self._server.errors():  # the next writer knows a dead one
                self._server.client.drop_collection(self._own)
            self._is_made = False

    def _make_own(self) -> None:
        if self._is_made:
            return
        self._server.create_empty(self._own, description=f"{socket.gethostname()} {os.getpid()}")
        self._is_made = True

    def _take(self) -> bool:
        try:
            with self._server.errors():
                self._server.client.create_alias(self._own, self._alias)
        except IndexStoreError:
            return False
        return True

    def _holder(self) -> tuple[str, str] | None:
        """The holder's collection and who it is; None where it has just let go."""
        client = self._server.client
        try:
            with self._server.errors():
                name = client.describe_alias(self._alias)["collection_name"]
                return name, str(client.describe_collection(name)["description"])
        except (IndexStoreError, KeyError):
            return None

    def _break(self, holder: str) -> None:
        with self._server.errors():
            self._server.client.drop_alias(self._alias)
            self._server.client.drop_collection(holder)


def _is_dead(who: str) -> bool:
    host, _, pid = who.rpartition(" ")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
