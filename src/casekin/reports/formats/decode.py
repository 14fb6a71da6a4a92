"""Bytes → text: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252, which is named as a guess."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

from casekin.reports.formats.files import DAMAGED, SourceFile
from casekin.reports.formats.rows import MAX_FILE, RowError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_DEEPEST = 64
"""Levels of JSON: more could be read and not be written, or handed to another process."""
_LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file from 1: its text with the encoding where guessed, or the reason why there is none."""

    number: int
    text: str | None
    encoding: str | None = None
    reason: str = ""


def decode(data: bytes) -> tuple[str, str | None]:
    """The text, and the encoding's name when it is a guess. RowError for binary data and for no known encoding."""
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16"), None
        except UnicodeDecodeError:
            raise RowError("starts as UTF-16 and isn't; save it as UTF-8") from None
    text, guess = _decode_bytes(data.removeprefix(codecs.BOM_UTF8))
    if _CONTROL.search(text):
        raise RowError("binary data, expected text")
    return text, guess


def _decode_bytes(data: bytes) -> tuple[str, str | None]:
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise RowError("neither UTF-8 nor Windows-1252; save it as UTF-8") from None


def parse_json(text: str) -> Any:
    """A JSON value that can be written again: no halves of surrogate pairs ('?' instead), no NaN (null instead).

    RowError for malformed JSON, and for nesting past reason.
    """
    try:
        value = json.loads(text, parse_constant=lambda _: None)
        if text.count("[") + text.count("{") > _DEEPEST and _is_deep(value):
            raise RowError(f"JSON nested deeper than {_DEEPEST} levels")
        if _SURROGATE.search(text):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RowError:
        raise
    except (ValueError, RecursionError):
        raise RowError("malformed JSON") from None
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [value for values in inner for value in values]
    return any(isinstance(value, dict | list) for value in level)


def read_lines(file: SourceFile) -> Iterator[Line]:
    """Lines without their ends, one in memory at a time; a bad or overlong one doesn't stop the rest.

    Where the file itself can't be read on, the line has that reason and is the last.
    """
    number = 0
    try:
        with file.open() as stream:
            for line in _stream_lines(stream):
                number = line.number
                yield line
    except (OSError, *DAMAGED) as error:
        reason = f"can't be read ({type(error).__name__}); the rest isn't read"
        yield Line(number=number + 1, text=None, reason=reason)


def _stream_lines(stream: BufferedReader) -> Iterator[Line]:
    head = stream.peek(2)[:2]
    if head in _UTF16:
        stream.read(2)
        yield from _utf16_lines(stream, "utf-16-le" if head == codecs.BOM_UTF16_LE else "utf-16-be")
        return
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if len(line) >= _LONGEST_LINE and not line.endswith(b"\n"):
            while (more := stream.readline(_LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            yield Line(number=number, text=None, reason="the line is longer than 16 MiB")
            continue
        try:
            text, guess = decode(line)
        except RowError as error:
            yield Line(number=number, text=None, reason=str(error))
        else:
            yield Line(number=number, text=text.rstrip("\r\n"), encoding=guess)


def _utf16_lines(stream: BufferedReader, encoding: str) -> Iterator[Line]:
    data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        yield Line(number=1, text=None, reason="UTF-16 of more than 64 MiB; save it as UTF-8")
        return
    text = data.decode(encoding, errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if "\ufffd" in line:
            yield Line(number=number, text=None, reason="damaged UTF-16; save it as UTF-8")
        elif line or number < text.count("\n") + 1:
            yield Line(number=number, text=line.rstrip("\r"))
