"""A small OpenID Connect provider on this machine, which tests can make answer wrongly in every way that matters."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from made_http import http_server

CLIENT_ID = "casekin"
CLIENT_SECRET = "not-a-real-secret"


@cache
def signing_key(name: str) -> RSAKey:
    """A key of a name, made once a process: making one takes a moment."""
    return RSAKey.generate_key(2048, {"kid": name})


@dataclass
class MadeProvider:
    """What the provider says; a test changes it before it signs in.

    `claims` go over those of an honest identity token, None takes one away. `listed` are the keys it publishes,
    `signs` the one it signs with, `signs_as` another name for it, `algorithm` what its tokens are signed by, with
    `header` beside it; `payload` replaces the claims altogether, `more_keys` are published too.
    `raw` are answers by path that are sent as they are: headers, and the body in pieces. `asked` holds the paths of
    requests. Where it `waits`, no answer comes before that is set.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    listed: list[str] = field(default_factory=lambda: ["first"])
    signs: str = "first"
    signs_as: str | None = None
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    payload: str | None = None
    more_keys: list[dict[str, Any]] = field(default_factory=list)
    is_down: bool = False
    raw: dict[str, tuple[dict[str, str], Iterable[bytes]]] = field(default_factory=dict)
    waits: threading.Event | None = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to: everybody who comes is signed in."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.issuer, **self.answer}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Exchange a code, once, for who shows the client's secret and the verifier of the challenge."""
        begun = self.codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or authorization != expected
            or begun["code_challenge_method"] != "S256"
            or begun["code_challenge"] != challenge.decode().rstrip("=")
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        honest = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "u-17",
            "exp": now + 300,
            "iat": now,
            "nonce": begun["nonce"],
            "roles": ["readers"],
        }
        claims = {name: value for name, value in {**honest, **self.claims}.items() if value is not None}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        payload = json.dumps(claims) if self.payload is None else self.payload
        header = {"alg": self.algorithm, "kid": self.signs_as or self.signs, **self.header}
        parts = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in (json.dumps(header), payload)]
        if self.algorithm == "none":
            return b".".join([*parts, b""]).decode()
        if self.algorithm == "HS256":  # the public key as a shared secret: the classic confusion
            public = signing_key(self.signs).as_pem(private=False)
            mark = hmac.digest(public, b".".join(parts), "sha256")
        else:
            key = signing_key(self.signs).get_op_key("sign")
            mark = key.sign(b".".join(parts), PKCS1v15(), SHA256())
        return b".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=")]).decode()

    def describe(self) -> dict[str, Any]:
        """The discovery document."""
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
        }
        return {**honest, **self.description}

    def keys(self) -> dict[str, Any]:
        """The published keys."""
        return {"keys": [*self.more_keys, *(signing_key(name).as_dict(private=False) for name in self.listed)]}


@contextmanager
def provider() -> Iterator[MadeProvider]:
    """A provider while the context lasts."""
    made = MadeProvider()
    with http_server(_handler(made)) as made.issuer:
        yield made


def _handler(made: MadeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            made.asked.append(parts.path)
            if made.waits is not None:
                made.waits.wait()
            if parts.path in made.raw:
                self._send(*made.raw[parts.path])
            elif made.is_down:
                self._reply(503, {})
            elif parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", made.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/keys":
                self._reply(200, made.keys())
            else:
                self._reply(200, made.describe())

        def do_POST(self) -> None:
            made.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path in made.raw:
                self._send(*made.raw[self.path])
                return
            self._reply(*((503, {}) if made.is_down else made.token(form, self.headers["Authorization"] or "")))

        def _reply(self, status: int, record: dict[str, Any]) -> None:
            body = json.dumps(record).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send(self, headers: dict[str, str], pieces: Iterable[bytes]) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in pieces:
                    self.wfile.write(piece)
            except ConnectionError:
                return

        def log_message(self, *_: object) -> None:
            return

    return Handler
