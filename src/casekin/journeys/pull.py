"""pull: studies of a DICOMweb server, found by QIDO, fetched by WADO, series by series, into files.

Every instance is kept as it was sent, and what is there already isn't fetched again, so an interrupted pull goes on
where it stopped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from casekin.durable import write_whole
from casekin.errors import CasekinError, InputError
from casekin.imaging.arrival import read_arrival
from casekin.journeys.receiving.parts import PartReader, boundary_of
from casekin.journeys.receiving.peers import Peer, PeerClient, open_peer
from casekin.settings import read_settings

_log = logging.getLogger(__name__)
_PAGE = 100
_MOST_FOUND = 100_000
"""Matches of one query; a server that never ends isn't followed for ever."""
_MOST_LIST_BYTES = 16 * 1024 * 1024
"""Of one page of matches: most servers keep to the hundred that are asked for, some send all."""
_MOST_BYTES = 512 * 1024 * 1024
"""Of one instance."""
_UIDS = {"study": "0020000D", "series": "0020000E", "instance": "00080018"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull did: studies found, files fetched and there before, and what could not be had, by number."""

    studies: int
    fetched: int
    unchanged: int
    problems: tuple[str, ...]


def web_store(address: str) -> Peer:
    """The DICOMweb server with this root (`https://host/dicom-web`), with the sign-in that the environment tells."""
    settings = read_settings()
    return Peer(
        what="DICOMweb",
        address=address,
        token=settings.dicomweb_token,
        user=settings.dicomweb_user,
        password=settings.dicomweb_password,
        authority=settings.dicomweb_authority,
    )


def pull_studies(
    store: Peer,
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
    if urlsplit(store.address).query:
        raise InputError("DICOMweb: expected http(s)://HOST/ROOT without a query, got one; give it beside the address")
    with open_peer(store, sleep=sleep) as asking:
        client = _Client(asking, store.address.rstrip("/"))
        studies = client.found("study", "/studies", query or {})
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
    for series in client.found("series", f"/studies/{study}/series", {}):
        instances = client.found("instance", f"/studies/{study}/series/{series}/instances", {})
        held = {uid for uid in instances if (folder / f"{uid}.dcm").exists()}
        unchanged += len(held)
        if len(held) < len(instances):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            came = client.fetch(study, series, instances, folder)
            fetched += len(came - held)
            if missing := set(instances) - held - came:
                raise InputError(
                    f"DICOMweb: expected {len(instances)} instances of a series, {len(missing)} didn't come"
                )
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
    """What QIDO and WADO answer."""

    def __init__(self, asking: PeerClient, root: str) -> None:
        self._asking, self._root = asking, root

    def found(self, level: str, path: str, query: Mapping[str, str]) -> list[str]:
        """The UIDs of a QIDO answer, page by page until one brings nothing new."""
        seen: dict[str, None] = {}
        while True:
            page = {**query, "limit": str(_PAGE), "offset": str(len(seen))}
            before = len(seen)
            seen.update(dict.fromkeys(_uid(row, level) for row in self._rows(path, page)))
            if len(seen) == before:
                return list(seen)
            if len(seen) > _MOST_FOUND:
                raise InputError(f"DICOMweb: expected at most {_MOST_FOUND} matches, got more; ask for less at a time")

    def fetch(self, study: str, series: str, instances: Collection[str], folder: Path) -> set[str]:
        """Write those instances of a series that aren't there, as they come; the UIDs of all that came."""
        return self._asking.tried(lambda: set(self._instances(study, series, instances, folder)))

    def _rows(self, path: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        accept = "application/dicom+json"
        rows = self._asking.json(self._root + quote(path), accept, query, most_bytes=_MOST_LIST_BYTES) or []
        if not isinstance(rows, list):
            raise InputError("DICOMweb: expected a list of matches, got something else; check the address")
        return [row for row in rows if isinstance(row, dict)]

    def _instances(self, study: str, series: str, instances: Collection[str], folder: Path) -> Iterator[str]:
        accept = 'multipart/related; type="application/dicom"; transfer-syntax=*'
        with self._asking.answer(self._root + quote(f"/studies/{study}/series/{series}"), accept) as answer:
            _, boundary = boundary_of(answer.headers.get("content-type", ""))
            if boundary is None:
                raise InputError("DICOMweb: expected multipart/related, got another answer; check the server")
            reader = PartReader(boundary, most_bytes=_MOST_BYTES, most_parts=len(instances))
            for piece in answer.pieces:
                for part in reader.feed(piece):
                    found = read_arrival(part.data)
                    uid, of = found.sop_instance_uid, (found.study_instance_uid, found.series_instance_uid)
                    if of != (study, series) or uid not in instances:
                        raise InputError(
                            "DICOMweb: expected instances that were asked for, got another; check the server"
                        )
                    path = folder / f"{uid}.dcm"
                    if not path.exists():
                        write_whole(path, part.data)
                    yield uid
            reader.close()
