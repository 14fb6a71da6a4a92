"""A `multipart/related` body as it streams in: whole DICOM parts out, within limits (RFC 2387; PS3.18, 8.6.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any

from casekin.errors import DependencyError, InputError

_MOST_HEADERS = 32
_LONGEST_HEADER = 4096
_MOST_OUTSIDE = 64 * 1024
"""Bytes before the first part and after the last; they are passed over."""
_LONGEST_BOUNDARY = 256
"""What the parser takes; 70 are allowed (RFC 2046, 5.1.1), and two UUIDs are longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its media type in lower case without parameters, and its bytes."""

    media_type: str
    data: bytes


def boundary_of(content_type: str) -> tuple[str, bytes | None]:
    """The media type of a header, for multipart that of its parts where told; and the boundary.

    The boundary is None where there is none or one that no parser takes: over 256 characters.
    """
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary()
    if message.get_content_maintype() != "multipart" or not boundary or len(boundary) > _LONGEST_BOUNDARY:
        return message.get_content_type(), None
    told = str(message.get_param("type", "application/dicom")).strip().lower()
    return told, boundary.encode("latin-1", "replace")


class PartReader:
    """Takes a body in pieces of any size; `feed` returns the parts that are whole by then.

    Raises `InputError` for a body that isn't multipart or exceeds a limit, `DependencyError` without the parser.
    """

    def __init__(self, boundary: bytes, *, most_bytes: int, most_parts: int) -> None:
        self._most_bytes, self._most_parts = most_bytes, most_parts
        self._whole: list[Part] = []
        self._data, self._name, self._value = bytearray(), bytearray(), bytearray()
        self._media_type, self._headers, self._parts, self._ended, self._outside = "", 0, 0, False, 0
        multipart = _parser()
        self._error: type[Exception] = multipart.MultipartParseError
        self._parser = multipart.MultipartParser(boundary, self._callbacks())

    def feed(self, data: bytes) -> list[Part]:
        """The parts that ended in this piece."""
        was_outside = not self._parts or self._ended
        try:
            self._parser.write(data)
        except self._error:
            raise InputError(
                "multipart: expected parts between boundaries, got something else; send it again"
            ) from None
        if was_outside and (not self._parts or self._ended):
            self._outside += len(data)
        if self._outside > _MOST_OUTSIDE:
            raise InputError("multipart: expected parts, got too much before or after them; send it again")
        whole, self._whole = self._whole, []
        return whole

    def close(self) -> None:
        """Say that nothing more comes. Raises `InputError` where the last boundary is missing."""
        if not self._ended:
            raise InputError("multipart: expected a closing boundary, got an end before it; send it again")

    def _callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._take,
            "on_part_end": self._end,
            "on_header_field": lambda data, start, end: self._header(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self._header(self._value, data[start:end]),
            "on_header_end": self._header_end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self._most_parts:
            raise InputError(f"multipart: expected at most {self._most_parts} parts, got more; send fewer at a time")
        self._data, self._media_type, self._headers = bytearray(), "", 0

    def _take(self, data: bytes, start: int, end: int) -> None:
        if len(self._data) + end - start > self._most_bytes:
            raise InputError(f"multipart: expected parts of at most {self._most_bytes} bytes, got a longer one")
        self._data += data[start:end]

    def _header(self, held: bytearray, data: bytes) -> None:
        held += data
        if len(held) > _LONGEST_HEADER:
            raise InputError(f"multipart: expected headers of at most {_LONGEST_HEADER} bytes, got a longer one")

    def _header_end(self) -> None:
        self._headers += 1
        if self._headers > _MOST_HEADERS:
            raise InputError(f"multipart: expected at most {_MOST_HEADERS} headers in a part, got more")
        if self._name.lower() == b"content-type":
            self._media_type = self._value.split(b";")[0].strip().lower().decode("latin-1")
        self._name, self._value = bytearray(), bytearray()

    def _end(self) -> None:
        self._whole.append(Part(media_type=self._media_type, data=bytes(self._data)))
        self._data = bytearray()

    def _finish(self) -> None:
        self._ended = True


def _parser() -> Any:
    try:
        from python_multipart import multipart
    except ImportError as error:
        raise DependencyError("multipart bodies need python-multipart; pip install 'casekin[dicom]'") from error
    return multipart
