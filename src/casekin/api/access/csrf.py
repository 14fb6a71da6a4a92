"""The token that a form of our own pages sends along, which no other site's page can know.

It comes in a header, or as the first field of the form: so it is read before anything else of a body is believed, and
the body still streams.
"""

from __future__ import annotations

import hmac
import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "x-csrf-token"
_ENOUGH = 2048
"""Bytes of a body within which the first field stands."""
_IN_MULTIPART = re.compile(
    rb'--[^\r\n]{1,100}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n([\w-]{1,100})\r\n', re.IGNORECASE
)
_IN_FIELDS = re.compile(rb"csrf_token=([\w-]{1,100})(?:&|\Z)")


async def check_csrf(headers: Headers, receive: Receive, expected: str) -> Receive:
    """The body, from its start, of a request that brought the token. Raises `HTTPException` 403."""
    sent = headers.get(CSRF_HEADER)
    if sent is not None:
        _compare(sent.encode(), expected)
        return receive
    messages, start = await _start_of(receive)
    form = media_type_of(headers)
    pattern = {"multipart/form-data": _IN_MULTIPART, "application/x-www-form-urlencoded": _IN_FIELDS}.get(form)
    found = None if pattern is None else pattern.match(start)
    _compare(b"" if found is None else found[1], expected)

    async def receive_again() -> Message:
        return messages.pop(0) if messages else await receive()

    return receive_again


def media_type_of(headers: Headers) -> str:
    """What a body is, in lower case and without parameters; empty where that isn't said."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


async def _start_of(receive: Receive) -> tuple[list[Message], bytes]:
    """The first messages of a body and what they hold."""
    messages: list[Message] = []
    start = b""
    while len(start) < _ENOUGH:
        message = await receive()
        messages.append(message)
        start += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    return messages, start


def _compare(sent: bytes, expected: str) -> None:
    if not hmac.compare_digest(sent, expected.encode()):
        raise HTTPException(403, "expected the page's own form, got another; load the page again")
