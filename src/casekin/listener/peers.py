"""Who may connect, and over what: allowed callers, their addresses, TLS."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekin.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Allowed callers: `NAME`, `@ADDRESS` or `NAME@ADDRESS`, an address being one or a network; none: anybody."""

    allowed: tuple[tuple[str, ipaddress.IPv4Network | ipaddress.IPv6Network | None], ...] = ()

    @classmethod
    def of(cls, told: Sequence[str]) -> Peers:
        """Raises `InputError` for what is no address."""
        allowed = []
        for one in told:
            name, _, address = one.partition("@")
            try:
                allowed.append((name.strip(), ipaddress.ip_network(address, strict=False) if address else None))
            except ValueError:
                raise InputError(f"callers: expected NAME, @ADDRESS or NAME@ADDRESS, got {one!r}; mend it") from None
        return cls(allowed=tuple(allowed))

    def may(self, address: str, name: str = "") -> bool:
        """Whether a caller from an address, by the name that it gives itself (none yet: `""`), may go on."""
        where = ipaddress.ip_address(address.split("%")[0])
        if isinstance(where, ipaddress.IPv6Address) and where.ipv4_mapped is not None:
            where = where.ipv4_mapped
        return not self.allowed or any(
            (not allowed or not name or allowed == name) and (network is None or where in network)
            for allowed, network in self.allowed
        )


class _LateHandshake(ssl.SSLContext):
    """Leaves the handshake to whoever reads first, so that a silent caller keeps nobody else from being accepted."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        kwargs["do_handshake_on_connect"] = False
        return super().wrap_socket(sock, *args, **kwargs)


def server_tls(certificate: Path, key: Path, *, clients: Path | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer with a certificate; `clients`: callers must show one that these authorities signed.

    Raises `InputError` where a file can't be read or isn't what it should be.
    """
    context = _LateHandshake(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
        if clients is not None:
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise InputError(
            f"TLS: expected a certificate and its key in PEM, got {type(error).__name__}; check both"
        ) from None
    return context
