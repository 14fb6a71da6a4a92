"""Asking another server over HTTP: signed in, tried again where it is busy, every answer within its limit."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from casekin.errors import DependencyError, InputError
from casekin.loopback import is_loopback

_MOST_JSON = 64 * 1024 * 1024
_TRIES = 4
_FIRST_WAIT_S = 1.0
_TIMEOUT_S = 60.0
_GRACE_S = 60.0
"""Time that any answer may take, before its speed counts."""
_BYTES_PER_S = 10_000
"""Least speed at which an answer must come in after it."""
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A server of `what` (`DICOMweb`, `FHIR`): its address, and how to be let in, never part of it.

    `authority` is a file of certificates to trust instead of the system's.
    """

    what: str
    address: str
    token: str | None = field(default=None, repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    authority: Path | None = None


class RefusedError(InputError):
    """A server answered with a status that isn't worth another try, `status`."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what}: the server refused with status {status}; check address and sign-in")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it streams in: its headers, and the pieces of its body."""

    headers: Mapping[str, str]
    pieces: Iterator[bytes]


class PeerClient:
    """Requests with a second, third and fourth try."""

    def __init__(
        self,
        peer: Peer,
        http: Any,
        errors: Any,
        sleep: Callable[[float], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._http, self._errors, self._sleep, self._clock = peer.what, http, errors, sleep, clock

    def tried(self, ask: Callable[[], T]) -> T:
        """What `ask` returns in the end. Raises `InputError` where the server stays busy or away."""
        attempt = 1
        while True:
            try:
                return ask()
            except (_TryAgainError, self._errors.RequestError) as error:
                if attempt == _TRIES:
                    reason = str(error) if isinstance(error, _TryAgainError) else type(error).__name__
                    raise InputError(f"{self._what}: the server can't be used ({reason}); try again later") from None
                self._sleep(_FIRST_WAIT_S * 2 ** (attempt - 1))
                attempt += 1
            except self._errors.InvalidURL:
                raise InputError(f"{self._what}: expected an address, got what is none; check the server") from None

    def json(
        self, address: str, accept: str, query: Mapping[str, str] | None = None, *, most_bytes: int = _MOST_JSON
    ) -> Any:
        """A document of at most `most_bytes`, None for an empty answer. Raises `InputError`, `RefusedError`."""
        return self.tried(lambda: self._json(address, accept, query, most_bytes))

    def _json(self, address: str, accept: str, query: Mapping[str, str] | None, most_bytes: int) -> Any:
        data = bytearray()
        with self.answer(address, accept, query) as answer:
            for piece in answer.pieces:
                data += piece
                if len(data) > most_bytes:
                    raise InputError(
                        f"{self._what}: expected an answer of at most {most_bytes} bytes, got a longer one"
                    )
        try:
            return json.loads(data) if data else None
        except (ValueError, RecursionError):
            raise InputError(f"{self._what}: expected JSON, got something else; check the address") from None

    @contextmanager
    def answer(self, address: str, accept: str, query: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """An answer as it streams in; inside `tried`.

        It is asked for without compression, and refused with it: a few bytes could unfold to any number.
        """
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        with self._http.stream("GET", address, params=query, headers=headers) as answer:
            if answer.status_code in _WORTH_ANOTHER_TRY:
                raise _TryAgainError(f"status {answer.status_code}")
            if answer.status_code not in (200, 204, 206):
                raise RefusedError(self._what, answer.status_code)
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise InputError(f"{self._what}: expected an answer as it is, got a compressed one; check the server")
            yield Answer(headers=answer.headers, pieces=self._timely(answer.iter_raw()))

    def _timely(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces of an answer that comes in at a fair speed; only waiting for the server counts."""
        allowed_s = _GRACE_S
        while True:
            began = self._clock()
            piece = next(pieces, None)
            if piece is None:
                return
            allowed_s += len(piece) / _BYTES_PER_S - (self._clock() - began)
            if allowed_s < 0:
                raise _TryAgainError("its answer comes in too slowly")
            yield piece


class _TryAgainError(Exception):
    """The server is busy; never leaves this file."""


@contextmanager
def open_peer(peer: Peer, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[PeerClient]:
    """Ask a server. Raises `InputError` for an address that isn't one or where a sign-in would go over plain HTTP."""
    try:
        parts = urlsplit(peer.address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise InputError(f"{peer.what}: expected http(s)://HOST/ROOT without a name or query, got another address")
    if parts.scheme == "http" and (peer.token or peer.user) and not is_loopback(parts.hostname):
        raise InputError(
            f"{peer.what}: expected https beyond this machine where a sign-in is sent, got http; use https"
        )
    try:
        import httpx2
    except ImportError as error:
        raise DependencyError(f"{peer.what} needs httpx2; pip install 'casekin[dicom]'") from error
    import ssl

    verify = ssl.create_default_context(cafile=peer.authority) if peer.authority else True
    headers = {"Authorization": f"Bearer {peer.token}"} if peer.token else {}
    auth = (peer.user, peer.password or "") if peer.user else None
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells addresses, whose queries may name patients
    # Redirects aren't followed: the sign-in would go to wherever the server says.
    with httpx2.Client(verify=verify, headers=headers, auth=auth, timeout=_TIMEOUT_S, trust_env=False) as http:
        yield PeerClient(peer, http, httpx2, sleep)
