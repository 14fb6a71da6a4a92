"""Sign-in with an OpenID Connect provider: the authorization code flow with PKCE (RFC 7636), state and nonce.

Authlib asks the provider; joserfc proves its answers. An identity token is believed when it is signed by a key of the
provider with an asymmetric algorithm, and says this issuer, this client, this sign-in's nonce, and a moment that isn't
over (OpenID Connect Core 1.0, 3.1.3.7).
"""

from __future__ import annotations

import hmac
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from casekin.api.access.addresses import split_address
from casekin.api.config import SignInConfig
from casekin.loopback import is_loopback

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures that only the provider can make: `none` and those with a shared secret are no proof."""
_TIMEOUT_S = 10.0
_WHOLE_WITHIN_S = 20.0
_MOST_BYTES = 1024 * 1024
"""Of any answer of the provider, which comes within the time above."""
_DISCOVERY_HOLDS_S = 3600.0
_KEYS_APART_S = 10.0
"""Least time between two fetches of the provider's keys, so that forged tokens don't make us flood it."""


class SignInRefusedError(Exception):
    """The provider's answer proves nobody; the message says which check failed and holds nothing of the answer."""


class ProviderDownError(Exception):
    """The provider can't be reached or doesn't answer as its standard says; the message says what was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that waits for the provider's answer: what only its own answer can match."""

    state: str
    nonce: str
    verifier: str


def begin_sign_in() -> Begun:
    """A sign-in with fresh secrets."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Begun(state=state, nonce=nonce, verifier=verifier)


class Provider:
    """The provider that a configuration names. Nothing is fetched before the first sign-in.

    Methods block and may be called from any thread.
    """

    def __init__(self, config: SignInConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._clock = clock
        self._tls = ssl.create_default_context(cafile=config.ca_file)
        self._lock = Lock()
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def sign_in_address(self, begun: Begun) -> str:
        """Where the browser goes to sign in. Raises `ProviderDownError`."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(address)

    def sign_out_address(self) -> str | None:
        """Where the browser could sign out of the provider too; None where it has no such page or is down."""
        try:
            return self._endpoint("end_session_endpoint")
        except ProviderDownError:
            return None

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """The proven claims of whoever came back with the provider's `answer`, the query of the callback.

        Raises `SignInRefusedError` and `ProviderDownError`.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignInRefusedError("the state is not this sign-in's")
        if answer.get("iss", self._config.issuer) != self._config.issuer:
            raise SignInRefusedError("the answer is another issuer's")  # RFC 9207
        if "error" in answer or not answer.get("code"):
            raise SignInRefusedError("the provider gave no code")
        return self._proven(self._identity_token(answer["code"], begun), begun)

    def _identity_token(self, code: str, begun: Begun) -> str:
        """Exchange the code. A code that was used before is refused by the provider."""
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._client() as client:
                token = client.fetch_token(
                    endpoint, code=code, code_verifier=begun.verifier, grant_type="authorization_code"
                )
        except OAuthError:
            raise SignInRefusedError("the provider didn't take its code back") from None
        except Exception:  # Authlib lets anything through that comes of an answer which is none
            raise ProviderDownError("the provider's token endpoint doesn't answer") from None
        identity = token.get("id_token") if isinstance(token, Mapping) else None
        if not isinstance(identity, str):
            raise SignInRefusedError("the provider gave no identity token")
        return identity

    def _proven(self, identity: str, begun: Begun) -> Mapping[str, Any]:
        claims = self._decoded(identity)
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=self._config.leeway_s,
            iss={"essential": True, "value": self._config.issuer},
            aud={"essential": True, "value": self._config.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise SignInRefusedError(f"the identity token's claims don't hold: {error.error}") from None
        if not hmac.compare_digest(ascii(claims.get("nonce")), ascii(begun.nonce)):
            raise SignInRefusedError("the nonce is not this sign-in's")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._config.client_id) != self._config.client_id:
            raise SignInRefusedError("the identity token was made for another client")
        return claims

    def _decoded(self, identity: str) -> dict[str, Any]:
        """The claims under a signature that holds; keys are fetched anew once where it doesn't, as they may rotate."""
        for is_last in (False, True):
            keys = self._key_set(fresh=is_last)
            try:
                claims = jwt.decode(identity, keys, algorithms=list(ALGORITHMS)).claims
            except Exception:  # a token that is none, or a key that doesn't fit, raises anything
                continue
            if isinstance(claims, dict):
                return claims
        raise SignInRefusedError("the identity token is signed by no key of the provider")

    def _key_set(self, *, fresh: bool) -> KeySet:
        with self._lock:
            kept = self._keys
        if kept is not None and (not fresh or self._clock() - kept[0] < _KEYS_APART_S):
            return kept[1]
        try:
            keys = KeySet.import_key_set(self._fetch(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        except ProviderDownError:
            raise
        except Exception:  # a key that is none raises anything
            raise ProviderDownError("the provider's keys can't be read") from None
        with self._lock:
            self._keys = (self._clock(), keys)
        return keys

    def _endpoint(self, name: str) -> str:
        address = self._discovered().get(name)
        parts = split_address(address if isinstance(address, str) else "")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ProviderDownError(f"the provider's {name} is missing or not encrypted")
        return str(address)

    def _discovered(self) -> Mapping[str, Any]:
        """The provider's own description (OpenID Connect Discovery 1.0, 4)."""
        with self._lock:
            kept = self._metadata
        if kept is not None and self._clock() - kept[0] < _DISCOVERY_HOLDS_S:
            return kept[1]
        found = self._fetch(f"{self._config.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._config.issuer:
            raise ProviderDownError("the provider's description is another issuer's")
        with self._lock:
            self._metadata = (self._clock(), found)
        return found

    def _fetch(self, address: str) -> Mapping[str, Any]:
        try:
            with httpx2.Client(**self._connection()) as client:
                record = client.get(address).raise_for_status().json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
            raise ProviderDownError(f"the provider doesn't answer at {urlsplit(address).path}") from None
        if not isinstance(record, dict):
            raise ProviderDownError(f"the provider's answer at {urlsplit(address).path} is no object")
        return record

    def _client(self) -> Any:
        """An OAuth client of ours; Authlib carries no types."""
        secret = self._config.read_client_secret()
        return OAuth2Client(
            client_id=self._config.client_id,
            client_secret=secret,
            token_endpoint_auth_method="none" if secret is None else "client_secret_basic",
            scope=" ".join(dict.fromkeys(("openid", *self._config.scopes))),
            redirect_uri=self._config.redirect_uri,
            code_challenge_method="S256",
            **self._connection(),
        )

    def _connection(self) -> dict[str, Any]:
        """How every connection to the provider is made: encrypted and proven, without redirects, within its limits."""
        return {
            "timeout": _TIMEOUT_S,
            "trust_env": False,
            "transport": _Bounded(verify=self._tls, trust_env=False),
            "headers": {"Accept-Encoding": "identity"},
        }


class _Bounded(httpx2.HTTPTransport):
    """Answers of `_MOST_BYTES` at most, not compressed, each within a time. Raises `httpx2.ReadError` for others."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        reply = super().handle_request(request)
        if reply.headers.get("content-encoding", "identity") != "identity":
            reply.close()
            raise httpx2.ReadError("a compressed answer, which could unfold to any length")
        assert isinstance(reply.stream, httpx2.SyncByteStream)
        reply.stream = _BoundedStream(reply.stream)
        return reply


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        length, until = 0, time.monotonic() + _WHOLE_WITHIN_S
        for piece in self._stream:
            length += len(piece)
            if length > _MOST_BYTES or time.monotonic() > until:
                raise httpx2.ReadError("an answer that is too long or too slow")
            yield piece

    def close(self) -> None:
        self._stream.close()
