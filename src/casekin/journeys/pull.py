"""pull: studies of a DICOMweb server, found by QIDO, fetched by WADO, series by series, into files.

Our own client over httpx2: answers are capped while they stream in, every instance is kept as it was sent, and what is
there already isn't fetched again, so an interrupted pull goes on where it stopped.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from casekin.durable import write_whole
from casekin.errors import CasekinError, DependencyError, InputError
from casekin.imaging.arrival import read_arrival
from casekin.journeys.receiving.parts import PartReader, boundary_of
from casekin.loopback import is_loopback

_log = logging.getLogger(__name__)
_PAGE = 100
_MOST_JSON = 64 * 1024 * 1024
_MOST_BYTES = 512 * 1024 * 1024
"""Of one instance."""
_MOST_PARTS = 100_000
_TRIES = 4
_FIRST_WAIT_S = 1.0
_TIMEOUT_S = 60.0
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
T = TypeVar("T")
_UIDS = {"study": "0020000D", "series": "0020000E", "instance": "00080018"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebStore:
    """A DICOMweb server: its root (`https://host/dicom-web`), and how to be let in, never part of its address.

    `authority` is a file of certificates to trust instead of the system's.
    """

    address: str
    token: str | None = field(default=None, repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    authority: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull did: studies found, files fetched and there before, and what could not be had, by number."""

    studies: int
    fetched: int
    unchanged: int
    problems: tuple[str, ...]


def is_web_store(address: str) -> bool:
    """Whether this names a DICOMweb server rather than a path."""
    return address.startswith(("http://", "https://"))


def pull_studies(
    store: WebStore,
    folder: Path,
    *,
    query: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    done: Callable[[int, int], None] | None = None,
) -> Pulled:
    """Fetch the studies that a query finds (QIDO attributes, `{"StudyDate": "20260101-"}`) into `folder/UID/`.

    `done(studies, of)` follows it. A study that can't be had is listed and the others come. Raises `InputError` where
    the server can't be reached, refuses the query or answers what isn't DICOMweb.
    """
    problems: list[str] = []
    fetched = unchanged = 0
    with _client(store, sleep) as client:
        studies = [_uid(row, "study") for row in client.found("/studies", query or {})]
        for number, study in enumerate(studies, start=1):
            try:
                new, old = _pull_study(client, study, folder / study)
            except CasekinError as error:
                problems.append(f"study {number} of {len(studies)}: {error}")
                continue
            fetched, unchanged = fetched + new, unchanged + old
            if done is not None:
                done(number, len(studies))
    _log.info("pulled studies=%d fetched=%d problems=%d", len(studies), fetched, len(problems))
    return Pulled(studies=len(studies), fetched=fetched, unchanged=unchanged, problems=tuple(problems))


def _pull_study(client: _Client, study: str, folder: Path) -> tuple[int, int]:
    fetched = unchanged = 0
    for row in client.found(f"/studies/{study}/series", {}):
        series = _uid(row, "series")
        where = f"/studies/{study}/series/{series}"
        wanted = {_uid(one, "instance") for one in client.found(f"{where}/instances", {})}
        held = {uid for uid in wanted if (folder / f"{uid}.dcm").exists()}
        unchanged += len(held)
        if wanted != held:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            came = set(client.fetch(where, folder))
            fetched += len(came - held)
            if missing := wanted - held - came:
                raise InputError(f"DICOMweb: expected {len(wanted)} instances of a series, {len(missing)} didn't come")
    return fetched, unchanged


def _uid(row: Mapping[str, Any], level: str) -> str:
    """The identifier in a row of DICOM JSON; it becomes part of paths, so it has to be one."""
    try:
        uid = str(row[_UIDS[level]]["Value"][0])
    except (KeyError, IndexError, TypeError):
        uid = ""
    if not 0 < len(uid) <= 64 or not uid.replace(".", "").isdigit() or not uid.isascii():
        raise InputError(f"DICOMweb: expected a {level}'s UID, got none or a malformed one; check the server")
    return uid


class _Client:
    """Requests with a second, third and fourth try; every answer is read within its limit."""

    def __init__(self, http: Any, errors: Any, root: str, sleep: Callable[[float], None]) -> None:
        self._http, self._errors, self._root, self._sleep = http, errors, root, sleep

    def found(self, path: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Rows of a QIDO answer, page by page until one brings nothing new."""
        seen: set[str] = set()
        while True:
            page = {**query, "limit": str(_PAGE), "offset": str(len(seen))}
            rows = {json.dumps(row, sort_keys=True): row for row in self._page(path, page)}
            new = [row for text, row in rows.items() if text not in seen]
            if not new:
                return
            yield from new
            seen.update(rows)

    def fetch(self, path: str, folder: Path) -> list[str]:
        """Write the instances of a WADO answer as they come; their UIDs."""
        return self._tried(lambda: list(self._instances(path, folder)))

    def _tried(self, ask: Callable[[], list[T]]) -> list[T]:
        attempt = 1
        while True:
            try:
                return ask()
            except (_TryAgainError, self._errors.TransportError) as error:
                if attempt == _TRIES:
                    reason = str(error) if isinstance(error, _TryAgainError) else type(error).__name__
                    raise InputError(f"DICOMweb: the server can't be used ({reason}); try again later") from None
                self._sleep(_FIRST_WAIT_S * 2 ** (attempt - 1))
                attempt += 1

    def _page(self, path: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        return self._tried(lambda: self._rows(path, query))

    def _rows(self, path: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        with self._answer(path, "application/dicom+json", query) as answer:
            data = bytearray()
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > _MOST_JSON:
                    raise InputError(f"DICOMweb: expected an answer of at most {_MOST_JSON} bytes, got a longer one")
        try:
            rows = json.loads(data) if data else []
        except (ValueError, RecursionError):
            raise InputError("DICOMweb: expected JSON, got something else; check the address") from None
        if not isinstance(rows, list):
            raise InputError("DICOMweb: expected a list of matches, got something else; check the address")
        return [row for row in rows if isinstance(row, dict)]

    def _instances(self, path: str, folder: Path) -> Iterator[str]:
        accept = 'multipart/related; type="application/dicom"; transfer-syntax=*'
        with self._answer(path, accept, {}) as answer:
            _, boundary = boundary_of(answer.headers.get("content-type", ""))
            if boundary is None:
                raise InputError("DICOMweb: expected multipart/related, got another answer; check the server")
            reader = PartReader(boundary, most_bytes=_MOST_BYTES, most_parts=_MOST_PARTS)
            for piece in answer.iter_bytes():
                for part in reader.feed(piece):
                    uid = read_arrival(part.data).sop_instance_uid
                    write_whole(folder / f"{uid}.dcm", part.data)
                    yield uid
            reader.close()

    @contextmanager
    def _answer(self, path: str, accept: str, query: Mapping[str, str]) -> Iterator[Any]:
        with self._http.stream("GET", self._root + quote(path), params=query, headers={"Accept": accept}) as answer:
            if answer.status_code in _WORTH_ANOTHER_TRY:
                raise _TryAgainError(f"status {answer.status_code}")
            if answer.status_code not in (200, 204, 206):
                raise InputError(
                    f"DICOMweb: the server refused with status {answer.status_code}; check address and sign-in"
                )
            yield answer


class _TryAgainError(Exception):
    """The server is busy; never leaves this file."""


@contextmanager
def _client(store: WebStore, sleep: Callable[[float], None]) -> Iterator[_Client]:
    parts = urlsplit(store.address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise InputError("DICOMweb: expected http(s)://HOST/ROOT without a name or query, got another address")
    if parts.scheme == "http" and (store.token or store.user) and not is_loopback(parts.hostname):
        raise InputError("DICOMweb: expected https beyond this machine where a sign-in is sent, got http; use https")
    try:
        import httpx2
    except ImportError as error:
        raise DependencyError("DICOMweb needs httpx2; pip install 'casekin[dicom]'") from error
    import ssl

    verify = ssl.create_default_context(cafile=store.authority) if store.authority else True
    headers = {"Authorization": f"Bearer {store.token}"} if store.token else {}
    auth = (store.user, store.password or "") if store.user else None
    # Redirects aren't followed: the sign-in would go to wherever the server says.
    with httpx2.Client(verify=verify, headers=headers, auth=auth, timeout=_TIMEOUT_S, trust_env=False) as http:
        yield _Client(http, httpx2, store.address.rstrip("/"), sleep)
