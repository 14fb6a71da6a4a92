"""Sites that ask for sign-in: copies of a small index, each with a state folder, people of every role, and a client."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from casekin.api import create_site
from casekin.api.access.gate import Gate
from casekin.api.access.principal import ROLES
from casekin.api.config import check_config
from casekin.index import open_index
from casekin.journeys.upkeep import forget_cases
from casekin.site.tokens import Tokens


def copied_index(index: Path, to: Path) -> Path:
    """A copy of an index without what its site kept."""
    shutil.copytree(index, to, ignore=shutil.ignore_patterns("site", "*.lock"))
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSite:
    """A running site. `bearer[tenant][role]` are headers of somebody; `only[tenant]` are cases no other tenant has."""

    app: FastAPI
    client: TestClient
    bearer: dict[str, dict[str, dict[str, str]]]
    only: dict[str, list[str]]

    @property
    def gate(self) -> Gate:
        """What every request passes."""
        gate: Gate = next(one.kwargs["gate"] for one in self.app.user_middleware if "gate" in one.kwargs)
        return gate

    def bearer_of(self, tenant: str, subject: str, role: str = "reader") -> dict[str, str]:
        """Headers of another person."""
        return bearer(self.app, tenant, subject, role)


@contextmanager
def two_tenants(index: Path, folder: Path) -> Iterator[MadeSite]:
    """A site of the tenants north and south, who share most cases: each lacks some that the other has."""
    with open_index(index) as handle:
        cases = sorted(handle.content_hashes())
    only = {"north": cases[:2], "south": cases[2:4]}
    for tenant, other in (("north", "south"), ("south", "north")):
        forget_cases(copied_index(index, folder / tenant), case_ids=only[other])
        shutil.rmtree(folder / tenant / "site")
    tenants = {name: {"index": str(folder / name)} for name in only}
    app = create_site(check_config({"tenants": tenants, "require_sign_in": True}))
    people = {tenant: {role: bearer(app, tenant, f"{role}-of-{tenant}", role) for role in ROLES} for tenant in only}
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield MadeSite(app=app, client=client, bearer=people, only=only)


def bearer(app: FastAPI, tenant: str, subject: str, role: str) -> dict[str, str]:
    """Headers of somebody who has just been given a token."""
    _, text = Tokens(app.state.service.tenants[tenant].books).create(subject=subject, role=role)
    return {"Authorization": f"Bearer {text}"}


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Method and template of every route, pages and mounted folders too."""
    found: set[tuple[str, str]] = set()
    for route in app.router.routes:
        inner: Any = getattr(route, "effective_route_contexts", None)
        for one in [route] if inner is None else inner():
            path = getattr(one, "path", "")
            if isinstance(one, APIRoute) or hasattr(one, "methods"):
                found |= {(method, path) for method in (getattr(one, "methods", None) or ()) if method != "HEAD"}
            else:
                found.add(("GET", f"{path}/{{path:path}}"))
    return sorted(found)
