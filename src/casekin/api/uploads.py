"""Receiving a request's body: capped while it streams, files under names of our own, gone when the request is done."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

MAX_FIELDS_BYTES = 1024 * 1024
"""Most bytes of a JSON body, and of one text field; texts of a question are shorter by far."""
_MAX_FIELDS = 200
_FILES = ("image", "mask")
_LONGEST_NAME = 255


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
    return b"".join([chunk async for chunk in _capped(request, max_bytes)])


@asynccontextmanager
async def receive_form(request: Request, *, max_bytes: int) -> AsyncIterator[Form]:
    """Receive a multipart form of at most `max_bytes`; its files exist inside the context only.

    Raises `HTTPException`: 413 as soon as the body is longer, 400 where it is malformed or has files but `image` and
    `mask`.
    """
    with TemporaryDirectory(prefix="casekin-") as folder:
        form = await _parse(request, max_bytes)
        try:
            kept = await run_in_threadpool(_keep, form, Path(folder))
        finally:
            await form.close()
        yield kept


def base_name(name: str) -> str:
    """The last part of a file name from outside, printable and not overlong; for showing, never for opening."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[-_LONGEST_NAME:]


class _WholeForm(MultiPartParser):
    """Knows whether the closing boundary came; without it a part may be missing, and another question be answered."""

    ended = False

    def on_end(self) -> None:
        self.ended = True


async def _capped(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    too_large = HTTPException(413, f"expected a request of at most {max_bytes} bytes, got more; send a smaller file")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise too_large
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise too_large
        yield chunk


async def _parse(request: Request, max_bytes: int) -> FormData:
    parser = _WholeForm(
        request.headers,
        _capped(request, max_bytes),
        max_files=len(_FILES),
        max_fields=_MAX_FIELDS,
        max_part_size=MAX_FIELDS_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, f"malformed multipart form: {error.message}") from error
    if not parser.ended:
        await form.close()
        raise HTTPException(400, "malformed multipart form: it ends before its last boundary")
    return form


def _keep(form: FormData, folder: Path) -> Form:
    """Copy the files under names of ours; what their sender calls them is only kept to show it back."""
    fields: list[tuple[str, str]] = []
    files: dict[str, Path] = {}
    image_name = None
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            if value.strip():
                fields.append((name, value))
        elif name not in _FILES or name in files:
            raise HTTPException(400, "expected one file called image and at most one called mask, got another")
        elif value.size:
            files[name] = folder / name
            with files[name].open("xb") as out:
                shutil.copyfileobj(value.file, out)
            if name == "image":
                image_name = base_name(value.filename or "") or name
    return Form(fields=tuple(fields), files=files, image_name=image_name)
