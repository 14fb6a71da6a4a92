"""pull_reports: reports of a FHIR server, found by a search, each with what it refers to, into files.

The search goes on where it was interrupted, from the page after the last that was kept whole. Nothing is asked of
another server than the one that was named, whatever its answers point to.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from casekin.durable import write_whole
from casekin.errors import InputError
from casekin.journeys.receiving.peers import Peer, PeerClient, RefusedError, open_peer
from casekin.settings import read_settings

_log = logging.getLogger(__name__)
_ACCEPT = "application/fhir+json"
_CURSOR = ".next-page"
_MOST_PAGES = 100_000
_LINKED = re.compile(r"(?:ImagingStudy|ServiceRequest|Patient|Binary)/[A-Za-z0-9-][A-Za-z0-9.-]{0,63}")
"""What may be asked for; an id is no `..`, which would climb."""
_MOST_LINKS = 100
"""Of one kind in one report, each of which may be a request; reports have a handful."""
_STUDIES = ("imagingStudy", "study")
"""Where a report of R4 and one of R5 name their studies."""
Resource = dict[str, Any]
_Named = tuple[str, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledReports:
    """What a pull did: reports fetched, and there before; what could not be used, by page and number."""

    fetched: int
    unchanged: int
    problems: tuple[str, ...]


def record_server(address: str) -> Peer:
    """The FHIR server of an address, with the sign-in that the environment tells."""
    settings = read_settings()
    return Peer(
        what="FHIR",
        address=address,
        token=settings.fhir_token,
        user=settings.fhir_user,
        password=settings.fhir_password,
        authority=settings.fhir_authority,
    )


def pull_reports(
    server: Peer,
    folder: Path,
    *,
    sleep: Callable[[float], None] = time.sleep,
    done: Callable[[int, int], None] | None = None,
) -> PulledReports:
    """Fetch what a search finds (`https://host/fhir/DiagnosticReport?issued=ge2026-01-01`, or the server's root for all
    reports) into `folder`: a Bundle for each report with the studies, order and patient that it refers to.

    Where it names no study, the studies of its order are asked for. A report whose patient can't be had is listed and
    left out: the patient's names couldn't be hidden in it. `done(reports, of)` follows. Raises `InputError` where the
    server can't be reached, refuses the search or answers what isn't FHIR.
    """
    root, search = _search_of(server.address)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    problems: list[str] = []
    fetched = unchanged = 0
    with open_peer(server, sleep=sleep) as asking:
        links = _Links(asking, root)
        for page, (bundle, following) in enumerate(_pages(asking, root, search, _resumed(folder, root)), start=1):
            beside = _by_reference(bundle, root)
            for number, report in enumerate(_reports(bundle), start=1):
                path = folder / f"{hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()[:32]}.json"
                if path.exists():
                    unchanged += 1
                    continue
                try:
                    entries = [{"fullUrl": name, "resource": one} for name, one in links.whole(report, beside)]
                except _NoPatientError:
                    problems.append(f"page {page}, report {number}: its patient can't be had from this server")
                    continue
                write_whole(path, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
                fetched += 1
            _note_next(folder, following)
            if done is not None:
                told = bundle.get("total")
                done(fetched + unchanged, max(told if isinstance(told, int) else 0, fetched + unchanged))
    _log.info("pulled reports=%d unchanged=%d problems=%d", fetched, unchanged, len(problems))
    return PulledReports(fetched=fetched, unchanged=unchanged, problems=tuple(problems))


def _search_of(address: str) -> tuple[str, str]:
    """The server's root, and the search for reports."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise InputError("FHIR: expected http(s)://HOST/ROOT, got no address; check it") from None
    path = parts.path.rstrip("/")
    base, found, _ = path.partition("/DiagnosticReport")
    if parts.query and not found:
        raise InputError("FHIR: expected …/DiagnosticReport?… where something is searched for, got another address")
    root = urlunsplit((parts.scheme, parts.netloc, base, "", ""))
    search = urlunsplit((parts.scheme, parts.netloc, path if found else f"{base}/DiagnosticReport", parts.query, ""))
    return root, search


def _pages(asking: PeerClient, root: str, search: str, resumed: str | None) -> Iterator[tuple[Resource, str | None]]:
    """Each page of a search with the address of the next; from the search's begin where `resumed` is known no more."""
    asked: set[str] = set()
    address: str | None = resumed or search
    while address is not None:
        if address in asked or len(asked) == _MOST_PAGES:
            raise InputError(f"FHIR: expected at most {_MOST_PAGES} pages, each once, got another; search for less")
        asked.add(address)
        try:
            page = asking.json(address, _ACCEPT)
        except RefusedError:
            if address != resumed or resumed == search:
                raise
            address = search  # servers keep the pages of a search for minutes
            continue
        if not isinstance(page, dict) or page.get("resourceType") not in ("Bundle", "DiagnosticReport"):
            raise InputError("FHIR: expected a Bundle of reports, got something else; check the address")
        following = _next(page, address, root)
        yield page, following
        address = following


def _next(page: Resource, address: str, root: str) -> str | None:
    told = [_text(link, "url") for link in _dicts(page, "link") if _text(link, "relation") == "next"]
    if not told or told[0] is None:
        return None
    found = _within(told[0], root, beside=address)
    if found is None:
        raise InputError("FHIR: expected the next page on the same server, got another; name it as it names itself")
    return found


def _within(told: str, root: str, *, beside: str) -> str | None:
    """The address that a page at `beside` means, where it is of the root's origin (RFC 6454), else None."""
    try:
        address = urljoin(beside, told)
        there, here = urlsplit(address), urlsplit(root)
        same = (there.scheme, there.hostname, _port(there)) == (here.scheme, here.hostname, _port(here))
    except ValueError:
        return None
    return address if same and there.username is None else None


def _port(parts: Any) -> int | None:
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme)


class _NoPatientError(Exception):
    """A report's patient can't be had; never leaves this file."""


class _Links:
    """What reports refer to, of one server."""

    def __init__(self, asking: PeerClient, root: str) -> None:
        self._asking, self._root = asking, root

    def whole(self, report: Resource, known: Mapping[str, Resource]) -> list[_Named]:
        """A report with its words in it, and behind it what it refers to, each by the name that it has there."""
        linked = [*self._linked(report, "subject", known, needed=True), *self._linked(report, "basedOn", known)]
        studies = [one for name in _STUDIES for one in self._linked(report, name, known)]
        if not any(report.get(name) for name in _STUDIES):
            studies = self._studies_of_order(report)
            report = {**report, _STUDIES[0]: [{"reference": name} for name, _ in studies]}
        forms = [self._with_words(form) for form in _dicts(report, "presentedForm")[:_MOST_LINKS]]
        return [("", {**report, "presentedForm": forms}), *linked, *studies]

    def _linked(
        self, report: Resource, name: str, known: Mapping[str, Resource], *, needed: bool = False
    ) -> list[_Named]:
        found = []
        value = report.get(name)
        for one in value[:_MOST_LINKS] if isinstance(value, list) else [value]:
            reference = _text(one, "reference") if isinstance(one, dict) else None
            if reference is None or reference.startswith("#"):
                continue
            resource = known.get(_relative(reference, self._root)) or self._fetched(reference)
            if needed and (resource is None or resource.get("resourceType") != "Patient"):
                raise _NoPatientError
            found += [] if resource is None else [(reference, resource)]
        return found

    def _fetched(self, reference: str) -> Resource | None:
        """A resource of this server; None for one of another, or where it gives none or not what was asked for."""
        relative = _relative(reference, self._root)
        found = self._asked(f"{self._root}/{relative}") if _LINKED.fullmatch(relative) else None
        kind, _, name = relative.partition("/")
        is_it = found is not None and (found.get("resourceType"), found.get("id", name)) == (kind, name)
        return found if is_it else None

    def _asked(self, address: str) -> Resource | None:
        try:
            found = self._asking.json(address, _ACCEPT)
        except RefusedError:
            return None
        return found if isinstance(found, dict) else None

    def _studies_of_order(self, report: Resource) -> list[_Named]:
        orders = [_relative(_text(one, "reference") or "", self._root) for one in _dicts(report, "basedOn")]
        pages = [
            self._asked(f"{self._root}/ImagingStudy?{urlencode({'basedon': order})}")
            for order in orders[:_MOST_LINKS]
            if order.startswith("ServiceRequest/") and _LINKED.fullmatch(order)
        ]
        return [
            (f"ImagingStudy/{one.get('id')}", one) for page in pages if page for one in _resources(page, "ImagingStudy")
        ]

    def _with_words(self, form: Resource) -> Resource:
        """An attachment whose text lies on the server, with it."""
        address = _text(form, "url")
        if address is None or "data" in form or not (_text(form, "contentType") or "").startswith("text/"):
            return form
        binary = self._fetched(address)
        return form if binary is None or _text(binary, "data") is None else {**form, "data": binary["data"]}


def _relative(reference: str, root: str) -> str:
    """A reference as it would stand in a report of this server, without the version."""
    return reference.removeprefix(f"{root}/").partition("/_history/")[0]


def _by_reference(bundle: Resource, root: str) -> dict[str, Resource]:
    """The resources of a page by the names that others of it may use."""
    known: dict[str, Resource] = {}
    for entry in _dicts(bundle, "entry"):
        resource = entry.get("resource")
        if isinstance(resource, dict):
            known[f"{resource.get('resourceType')}/{resource.get('id')}"] = resource
            known[_relative(_text(entry, "fullUrl") or "", root)] = resource
    return known


def _reports(page: Resource) -> list[Resource]:
    return [page] if page["resourceType"] == "DiagnosticReport" else _resources(page, "DiagnosticReport")


def _resources(page: Resource, kind: str) -> list[Resource]:
    found = [entry.get("resource") for entry in _dicts(page, "entry")]
    return [one for one in found if isinstance(one, dict) and one.get("resourceType") == kind]


def _dicts(resource: Mapping[str, Any], name: str) -> list[Resource]:
    value = resource.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(resource: Mapping[str, Any], name: str) -> str | None:
    value = resource.get(name)
    return value if isinstance(value, str) and value else None


def _resumed(folder: Path, root: str) -> str | None:
    path = folder / _CURSOR
    return _within(path.read_text(), root, beside=root) if path.exists() else None


def _note_next(folder: Path, address: str | None) -> None:
    if address is None:
        (folder / _CURSOR).unlink(missing_ok=True)
    else:
        write_whole(folder / _CURSOR, address.encode())
