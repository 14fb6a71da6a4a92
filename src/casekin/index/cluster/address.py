"""Where an index on a server is: `milvus://[USER:PASSWORD@]HOST:PORT/NAME`, or the same with http or https."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from casekin.errors import InputError

_SCHEMES = {"milvus": "http", "http": "http", "https": "https"}
_PORT = 19530
_WHO = re.compile(r"://.*@", re.DOTALL)
"""To the last `@`: a password that isn't percent-encoded may hold one, and all that ends a host's name."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server's `uri`, the `name` that an index's collections begin with, and who asks (`USER:PASSWORD`, or empty)."""

    uri: str
    name: str
    token: str = field(default="", repr=False)


def show_address(where: object) -> str:
    """An index's folder or address as it may be told: without who asks for it and with what password."""
    return _WHO.sub("://***@", str(where))


def parse_address(text: str) -> Address:
    """Raises `InputError` where it isn't an address of this form."""
    parts = urlsplit(text)
    name = parts.path.strip("/")
    if parts.scheme not in _SCHEMES or not parts.hostname or not _NAME.fullmatch(name):
        raise InputError(
            "index: expected milvus://HOST:PORT/NAME, the name of letters, digits and '_'; "
            f"got {show_address(text)!r}; percent-encode what isn't a letter or digit in a user's name and password"
        )
    try:
        port = parts.port or _PORT
    except ValueError as error:
        raise InputError("index: expected a port number in milvus://HOST:PORT/NAME, got another word") from error
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Address(uri=f"{_SCHEMES[parts.scheme]}://{parts.hostname}:{port}", name=name, token=token)
