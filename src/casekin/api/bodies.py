"""Receiving a request's body, JSON or files: capped while it streams in, and never repeated in what is said of it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from casekin.api.access.csrf import CSRF_FIELD, media_type_of
from casekin.errors import InputError

MAX_FIELDS_BYTES = 1024 * 1024
"""Most bytes of a JSON body, and of one text field; texts of a question are shorter by far."""
_MAX_FIELDS = 200
_FILES = ("image", "mask")
MOST_FILES = 2000
"""Files of one upload: a thin-sliced chest CT has some 800."""
_FILE_TYPES = (
    "application/octet-stream",
    "application/dicom",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
)
_LONGEST_NAME = 255
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A multipart form: its text fields in order, its files by field name where they lie, and the image's own name.

    A field left empty, or a file input without a file, counts as not given.
    """

    fields: tuple[tuple[str, str], ...]
    files: dict[str, Path]
    image_name: str | None


async def read_body(request: Request, *, max_bytes: int) -> bytes:
    """The whole body. Raises `HTTPException` 413 as soon as it is longer than `max_bytes`."""
    return b"".join([chunk async for chunk in capped(request, max_bytes)])


def json_body(shape: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A FastAPI dependency that receives a body of this shape.

    It raises `InputError` for one that doesn't fit, and `HTTPException` for one that is too long (413) or of another
    type (415).
    """

    async def receive(request: Request) -> T:
        if media_type_of(request.headers) != "application/json":
            raise HTTPException(415, "expected application/json")
        return fitted(shape, await read_body(request, max_bytes=MAX_FIELDS_BYTES))

    return receive


def describe_body(shape: type[BaseModel]) -> dict[str, Any]:
    """What the OpenAPI description says of such a body."""
    schema = shape.model_json_schema()
    parts = schema.pop("$defs", {})  # references to them would lead nowhere in the whole document
    content = {"application/json": {"schema": _inlined(schema, parts)}}
    return {"requestBody": {"required": True, "content": content}}


def fitted(shape: type[T], sent: bytes | Mapping[str, Any]) -> T:
    """What was sent, as JSON or as values, in this shape. Raises `InputError` that names every field that is amiss."""
    try:
        return shape.model_validate_json(sent) if isinstance(sent, bytes) else shape.model_validate(sent)
    except ValidationError as error:
        found = [f"{_name(problem['loc'])}: {problem['msg']}" for problem in error.errors(include_input=False)]
        raise InputError("; ".join(found) + "; see /openapi.json") from None


@asynccontextmanager
async def receive_form(request: Request, *, max_bytes: int) -> AsyncIterator[Form]:
    """Receive a multipart form of at most `max_bytes`; its files exist inside the context only.

    Raises `HTTPException`: 413 as soon as the body is longer, 400 where it is malformed or has files but `image` and
    `mask`.
    """
    with TemporaryDirectory(prefix="casekin-") as folder:
        received = await _parse(request, Path(folder), max_bytes=max_bytes, max_files=len(_FILES))
        yield _form_of(received)


async def receive_files(request: Request, folder: Path, *, max_bytes: int) -> str | None:
    """Receive the files of one image into a folder, as a form's files or as the body itself; what names them together.

    That is the SHA-256 of the only file's bytes, else of all files' hashes; None where nothing came.
    Raises `HTTPException`: 413 as soon as the body is longer than `max_bytes`, 400 for a malformed form, 415 for a body
    that is no file.
    """
    kind = media_type_of(request.headers)
    if kind == "multipart/form-data":
        form = await _parse(request, folder, max_bytes=max_bytes, max_files=MOST_FILES)
        files = [value for _, value in form.multi_items() if isinstance(value, _Received)]
    elif kind in _FILE_TYPES or kind.startswith("image/"):
        files = [_Received(file_place(folder, 1), None)]
        try:
            async for chunk in capped(request, max_bytes):
                await files[0].write(chunk)
        finally:
            await files[0].seek(0)
    else:
        raise HTTPException(415, "expected multipart/form-data, or a file as application/octet-stream")
    for empty in [one for one in files if not one.size]:
        empty.path.unlink()
    hashes = sorted(one.digest.hexdigest() for one in files if one.size)
    if not hashes:
        return None
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def file_place(folder: Path, number: int) -> Path:
    """Where the file that came as `number` lies; the first is called image, as errors will call it."""
    return folder / ("image" if number == 1 else f"image-{number:06d}")


def base_name(name: str) -> str:
    """The last part of a file name from outside, printable and not overlong; for showing, never for opening."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[-_LONGEST_NAME:]


def _inlined(schema: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].removeprefix("#/$defs/")], parts)
    return {name: _inlined(value, parts) for name, value in schema.items()}


def _name(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location)[:80] or "body"


class _Received(UploadFile):
    """A file of a form, written and hashed as it comes; closed when its part ends."""

    def __init__(self, path: Path, filename: str | None) -> None:
        super().__init__(file=path.open("xb"), size=0, filename=filename)
        self.path = path
        self.digest = hashlib.sha256()

    async def write(self, data: bytes) -> None:
        self.size = (self.size or 0) + len(data)
        await run_in_threadpool(self._put, data)

    async def seek(self, offset: int) -> None:
        self.file.close()

    def _put(self, data: bytes) -> None:
        self.digest.update(data)
        self.file.write(data)


class _FormReceiver(MultiPartParser):
    """Writes files into a folder under names of ours; what their sender calls them is only kept to show it back.

    Knows whether the closing boundary came; without it a part may be missing, and another question be answered.
    """

    def __init__(self, request: Request, folder: Path, *, max_bytes: int, max_files: int) -> None:
        super().__init__(
            request.headers,
            capped(request, max_bytes),
            max_files=max_files,
            max_fields=_MAX_FIELDS,
            max_part_size=MAX_FIELDS_BYTES,
        )
        self._folder = folder
        self.ended = False

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        if part.file is not None:
            part.file.file.close()
            part.file = _Received(file_place(self._folder, self._current_files), part.file.filename)

    def on_end(self) -> None:
        self.ended = True


async def capped(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes. Raises `HTTPException` 413 as soon as it is, or says that it will be, longer."""
    too_large = HTTPException(413, f"expected a request of at most {max_bytes} bytes, got more; send less at a time")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > max_bytes):
        raise too_large
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise too_large
        yield chunk


async def _parse(request: Request, folder: Path, *, max_bytes: int, max_files: int) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "expected a multipart form, got another body or none")
    parser = _FormReceiver(request, folder, max_bytes=max_bytes, max_files=max_files)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, f"malformed multipart form: {error.message}") from error
    if not parser.ended:
        raise HTTPException(400, "malformed multipart form: it ends before its last boundary")
    return form


def _form_of(received: FormData) -> Form:
    """Raises `HTTPException` 400 for files that no question has."""
    fields: list[tuple[str, str]] = []
    files: dict[str, Path] = {}
    image_name = None
    for name, value in received.multi_items():
        if not isinstance(value, _Received):
            if isinstance(value, str) and value.strip() and name != CSRF_FIELD:
                fields.append((name, value))
        elif name not in _FILES or name in files:
            raise HTTPException(400, "expected one file called image and at most one called mask, got another")
        elif value.size:
            files[name] = value.path.rename(value.path.with_name(name))
            if name == "image":
                image_name = base_name(value.filename or "") or name
    return Form(fields=tuple(fields), files=files, image_name=image_name)
