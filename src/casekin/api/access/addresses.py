"""Where a request comes from and where it is addressed to: proxies, host names, and the pages of other sites."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from casekin.api.config import ListenConfig
from casekin.loopback import is_loopback

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def check_addresses(scope: Any, listen: ListenConfig, *, is_public: bool) -> str:
    """The address of whoever asks. What a trusted proxy says of it is written into the scope, as servers do.

    Raises `HTTPException`: 403 for who goes round the proxy, 421 for a request to a host that isn't ours, which
    defeats DNS rebinding. A public route may also be asked from this machine itself, past the proxy.
    """
    headers, address = Headers(scope=scope), (scope.get("client") or ("", 0))[0]
    if listen.behind_proxy and not (is_public and is_loopback(address)):
        address = _come_by_proxy(scope, headers, address, listen)
    host = split_address(f"//{headers.get('host', '').lower()}").hostname or ""
    if not (is_loopback(host) or host in listen.host_names or host == listen.host.lower()):
        raise HTTPException(421, "expected a request to a host name of this service, got another")
    return str(address)


def check_origin(scope: Any, *, must_tell: bool) -> None:
    """Refuse what another site's page makes a browser do. Raises `HTTPException` 403.

    Browsers tell where a request comes from in `Origin` and `Sec-Fetch-Site`; with `must_tell` one that says nothing
    is refused too. Following a link from elsewhere is fine, as long as it only looks.
    """
    headers = Headers(scope=scope)
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if scope["method"] in SAFE_METHODS:
        is_ours = site in (None, "same-origin", "none") or headers.get("sec-fetch-mode") == "navigate"
    else:
        is_told = origin is not None or site is not None
        is_ours = (origin is None or split_address(origin).netloc.lower() == headers.get("host", "").lower()) and (
            site in (None, "same-origin", "none")
        )
        is_ours = is_ours and (is_told or not must_tell)
    if not is_ours:
        raise HTTPException(403, "expected a request from this service's own page, got one from another site")


def _come_by_proxy(scope: Any, headers: Headers, address: str, listen: ListenConfig) -> str:
    """The client's address as the proxy saw it: the last that it added, since earlier ones are anybody's claim."""
    if not _is_within(address, listen.behind_proxy):
        raise HTTPException(403, "expected a request by way of the proxy, got one from elsewhere")
    if headers.get("x-forwarded-proto", "").lower() != "https":
        raise HTTPException(403, "expected X-Forwarded-Proto: https from the proxy, since TLS ends there")
    client = headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
    scope["scheme"] = "https"
    scope["client"] = (client, 0)
    return client


def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)


def split_address(address: str) -> SplitResult:
    """The parts of an address; all empty where it is malformed."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")
