"""The family of requests: all that the service answers, over an archive with uploads, a collection, a job and links."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from fuzz import made, messages
from fuzz.doors import zip_seeds
from fuzz.mutations import GENERAL, Mutation, Random

_ROOT = Path(__file__).parents[2]
_RENEW_EVERY = 10_000
"""Requests after which the archive and all that was left there is thrown away."""
_ASKED_FOR = (b"limit", b"where", b"at", b"center", b"width", b"viewport", b"invert", b"form", b"last", b"after", b"q")
"""Parameters of queries."""
_LONGEST_POLL_S = 0.2
_STOOD_FOR = {"upload_id": "UPLOAD0", "collection_id": "COLLECT0", "entry_id": "ENTRY0", "job_id": "JOB0"}
_STOOD_FOR |= {"link_id": "LINK0", "case_id": "c-1"}
"""What stands in seeds for ids that a service chooses."""


def request_seeds() -> Sequence[bytes]:
    """A request for every example in the API's description, and uploads: forms, ZIP, gzip, DICOM parts."""
    paths = json.loads((_ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    asked = [
        _request(method.upper(), address, b"" if body is None else json.dumps(body.get("example", {})).encode())
        for address, methods in paths.items()
        for method, route in methods.items()
        for body in [route.get("requestBody", {}).get("content", {}).get("application/json")]
    ]
    film, parts = made.picture(), messages.multipart_seeds()[0].replace(b"DATA", messages.object_seeds()[0])
    form = b'--b\r\nContent-Disposition: form-data; name="image"; filename="CANARY"\r\n\r\n' + film + b"\r\n--b--\r\n"
    related = 'multipart/related; type="application/dicom"; boundary=b'
    bodies: list[dict[str, Any]] = [{"where": "effusion at left lung"}, {"like": ["c-1"], "where": "age > 50"}]
    return [
        *asked,
        *(_request("POST", "/v1/searches", json.dumps(body).encode()) for body in bodies),
        _request("POST", "/v1/uploads", film, "image/png"),
        _request("POST", "/v1/uploads", zip_seeds()[0], "application/zip"),
        _request("POST", "/v1/uploads", form, "multipart/form-data; boundary=b"),
        _request("POST", "/v1/searches", gzip.compress(b'{"text": "effusion"}'), encoding="gzip"),
        _request("POST", "/dicom-web/studies", parts, related),
        *(_request("POST", "/v1/reports", message, "application/octet-stream") for message in messages.message_seeds()),
        _request("GET", "/v1/uploads/UPLOAD0/frames/0?center=1&width=2&viewport=9,9&invert=1", b""),
        _request("GET", "/v1/uploads/UPLOAD0/overlay?at=left%20lung", b""),
        _request("GET", "/v1/cases?where=effusion%20at%20left%20lung&limit=2", b""),
        _request("GET", "/dicom-web/studies?PatientID=1&limit=2&offset=0", b""),
        *(_request("GET", page, b"") for page in ("/", "/cases/c-1", "/collections/COLLECT0", "/history", "/quiz/x")),
    ]


def request_mutations() -> Sequence[Mutation]:
    """Most in the line or in the body: with other headers few requests get past the first door."""
    return (*map(_in_line, GENERAL), *map(_in_body, GENERAL), *map(_in_body, GENERAL), *GENERAL[:2])


def ask_service(data: bytes, folder: Path) -> str:
    """One request to the whole application; the status it is answered with."""
    live = _live(folder)
    status, reply = live.answer(data)
    if b"Traceback" in reply:
        raise RuntimeError("a stack trace went out")
    if status >= 500 and status != 503:
        raise RuntimeError(f"answered {status}")
    if status >= 400 and b"CANARY" in reply:
        raise RuntimeError("an error's text holds what was sent")
    return str(status)


class _Live:
    """A service and the ids of what is there. Its threads' work is done at once, in the one thread of this process."""

    def __init__(self, folder: Path) -> None:
        from casekin.api import create_site
        from casekin.api.config import check_config

        self._folder, self._asked = folder, 0
        limits = {"max_upload_bytes": 1_000_000, "requests_per_second": 1e6, "burst": 1_000_000}
        tenant = {"index": str(made.new_archive(folder).folder)}
        self._app: Any = create_site(check_config({"tenants": {"default": tenant}, "limits": limits}))
        self._ids = self._fill()

    def answer(self, data: bytes) -> tuple[int, bytes]:
        """What it answers, its ids put in where they stand; what was deleted is made again."""
        self._asked += 1
        if self._asked % _RENEW_EVERY == 0:
            self.__init__(self._folder)  # type: ignore[misc]
        for word, found in self._ids.items():
            data = data.replace(word, found)
        status, reply = _LOOP.run_until_complete(_answer(self._app, data))
        if status < 300 and (data.startswith(b"DELETE") or b"erasures" in data[:40]):
            self._ids = self._fill()
        return status, reply

    def _fill(self) -> dict[bytes, bytes]:
        """Make an upload, a collection with an entry, a job and a recipe's link."""
        upload = self._made("/v1/uploads", made.picture(), "image/png")
        collection = self._made("/v1/collections", b'{"name": "made"}')
        entry = self._made(f"/v1/collections/{collection}/entries", b'{"case_id": "c-1"}')
        job = self._made("/v1/jobs", b'{"kind": "export", "settings": {"collection_id": "x"}}')
        ids = {b"UPLOAD0": upload, b"COLLECT0": collection, b"ENTRY0": entry, b"JOB0": job}
        return {word: found.encode() for word, found in ids.items() if found}

    def _made(self, address: str, body: bytes, kind: str = "application/json") -> str:
        _, reply = _LOOP.run_until_complete(_answer(self._app, _request("POST", address, body, kind)))
        told = json.loads(reply)
        return next((str(told[name]) for name in told if name.endswith("_id") or name == "id"), "")


def _request(method: str, address: str, body: bytes, kind: str = "application/json", encoding: str = "") -> bytes:
    address = re.sub(r"\{([^}]*)\}", lambda found: _STOOD_FOR.get(found[1], "0"), address)
    lines = [f"{method} {address}", "host: localhost", "origin: http://localhost", f"content-type: {kind}"]
    lines += ["x-name: CANARY", *([f"content-encoding: {encoding}"] if encoding else [])]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _in_line(mutation: Mutation) -> Mutation:
    """Changes what is asked for in the query, else adds one, else changes a part of the path."""

    def changed(data: bytes, random: Random) -> bytes:
        line, end, rest = data.partition(b"\r\n")
        path, mark, query = line.partition(b"?")
        if random.random() < 0.1:
            first, slash, last = path.rpartition(b"/")
            path = first + slash + mutation(last, random)
        elif not mark:
            mark, query = b"?", _ASKED_FOR[int(random.integers(len(_ASKED_FOR)))] + b"=" + mutation(b"1", random)
        else:
            query = mutation(query, random)
        if random.random() < 0.9:  # as clients send it
            query = quote_from_bytes(query, safe="=&%+,/").encode()
        return (path + mark + query).replace(b"\r\n", b" ") + end + rest

    return changed


def _in_body(mutation: Mutation) -> Mutation:
    def changed(data: bytes, random: Random) -> bytes:
        head, end, body = data.partition(b"\r\n\r\n")
        return head + end + mutation(body, random) if body else _in_line(mutation)(data, random)

    return changed


async def _answer(app: Any, data: bytes) -> tuple[int, bytes]:
    """What the application answers: read as leniently as no server would."""
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.split(b"\r\n")
    method, _, address = line.partition(b" ")
    path, _, query = address.partition(b"?")
    headers = [(name.lower(), value.strip()) for name, _, value in (one.partition(b":") for one in rest)]
    scope = {
        "type": "http", "http_version": "1.1", "method": method.decode("latin-1").upper(), "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path, "query_string": query,
        "headers": headers, "client": ("127.0.0.1", 9), "server": ("localhost", 80), "root_path": "", "state": {},
    }  # fmt: skip
    sent: list[Any] = []
    pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]

    async def receive() -> Any:
        if not pieces:
            await asyncio.sleep(_LONGEST_POLL_S)  # what follows a job is let go
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    reply = b"".join(one.get("body", b"") for one in sent)
    return int(sent[0]["status"]), reply


_held: dict[Path, _Live] = {}
_LOOP = asyncio.new_event_loop()


def _live(folder: Path) -> _Live:
    if folder not in _held:
        import anyio.to_thread

        anyio.to_thread.run_sync = _at_once  # type: ignore[assignment]
        _held[folder] = _Live(folder)
    return _held[folder]


async def _at_once(work: Callable[..., Any], *given: Any, **_: Any) -> Any:
    return work(*given)
