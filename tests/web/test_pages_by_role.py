"""What the pages show to whom: a reader is offered nothing that only others may do, and refused it in words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casekin.api import create_site
from casekin.api.config import check_config
from made_sites import bearer, copied_index

pytestmark = pytest.mark.xdist_group("archive")

PAGE = {"Accept": "text/html"}
ROLES_AND_NAMES = (("reader", "owner"), ("reader", "other"), ("curator", "curator"))


@pytest.fixture(scope="module")
def site(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site that asks for sign-in."""
    index = copied_index(small_index, tmp_path_factory.mktemp("roles") / "index")
    app = create_site(check_config({"tenants": {"default": {"index": str(index)}}, "require_sign_in": True}))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client
    shutil.rmtree(index)


def as_role(site: TestClient, role: str, subject: str = "somebody") -> dict[str, str]:
    """Headers of somebody with a role, who wants pages."""
    return {**PAGE, **bearer(site.app, "default", subject, role)}  # type: ignore[arg-type]


def test_the_navigation_offers_what_the_role_allows(site: TestClient) -> None:
    offered = {
        role: [label for label in ("Search", "Ingest", "Admin") if f">{label}</a>" in site.get("/", headers=who).text]
        for role in ("reader", "curator", "admin")
        for who in [as_role(site, role)]
    }
    assert offered == {"reader": ["Search"], "curator": ["Search", "Ingest"], "admin": ["Search", "Ingest", "Admin"]}


@pytest.mark.parametrize("path", ["/jobs", "/admin", "/admin/audit"])
def test_a_reader_who_goes_there_anyway_is_refused_on_a_page(site: TestClient, path: str) -> None:
    reply = site.get(path, headers=as_role(site, "reader"))
    assert reply.status_code == 403
    assert "<h2>Forbidden</h2>" in reply.text


def test_a_curator_adds_images_and_only_an_admin_looks_after_the_index(site: TestClient) -> None:
    curator, admin = as_role(site, "curator"), as_role(site, "admin")
    assert "Calibrate" not in site.get("/jobs", headers=curator).text
    assert "Calibrate" in site.get("/jobs", headers=admin).text
    assert site.post("/jobs", data={"kind": "check"}, headers=curator).status_code == 403


def test_who_isnt_signed_in_is_sent_to_the_sign_in_page(site: TestClient) -> None:
    reply = site.get("/history", headers=PAGE)
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/sign-in")
    assert "Not a diagnostic device" in site.get("/sign-in", headers=PAGE).text


def test_forms_of_a_signed_in_browser_carry_its_token_and_none_works_without(site: TestClient) -> None:
    text = as_role(site, "reader", "browser")["Authorization"].removeprefix("Bearer ")
    here = {**PAGE, "Origin": "http://localhost"}
    assert site.post("/sign-in", data={"token": text}, headers=here).status_code == 303
    page = site.get("/collections", headers=PAGE).text
    assert "browser · reader" in page
    tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    assert len(tokens) == 1
    assert site.post("/collections", data={"title": "Kept"}, headers=here).status_code == 403
    made = site.post("/collections", data={"csrf_token": tokens.pop(), "title": "Kept"}, headers=here)
    assert made.status_code == 303
    token = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
    assert token is not None
    asked = site.post(
        "/answers",
        files={"text": (None, "effusion")},
        headers={**here, "HX-Request": "true", "X-CSRF-Token": token[1]},
    )
    assert asked.status_code == 200
    assert "cases alike" in asked.text or "No case found" in asked.text
    signed_out = site.post("/sign-out", data={"csrf_token": token[1]}, headers=here)
    assert signed_out.status_code < 400
    assert site.get("/collections", headers=PAGE).status_code == 303


def test_files_of_the_pages_are_kept_by_the_browser_and_pages_arent(site: TestClient) -> None:
    file = site.get("/static/page.js")
    assert file.headers["cache-control"] == "no-cache"
    again = site.get("/static/page.js", headers={"If-None-Match": file.headers["etag"]})
    assert again.status_code == 304
    assert site.get("/sign-in", headers=PAGE).headers["cache-control"] == "no-store"


def test_a_collection_is_its_owners_until_a_curator_shares_it(site: TestClient) -> None:
    owner, other, curator = (as_role(site, role, name) for role, name in ROLES_AND_NAMES)
    place = site.post("/collections", data={"title": "Mine"}, headers=owner).headers["location"]
    assert site.get(place, headers=owner).status_code == 200
    assert site.get(place, headers=other).status_code == 404
    assert site.post(place, data={"title": "Mine", "shared": "yes"}, headers=owner).status_code == 403
    shared = site.post("/collections", data={"title": "Ours"}, headers=curator).headers["location"]
    assert site.post(shared, data={"title": "Ours", "shared": "yes"}, headers=curator).status_code == 303
    assert "Change this collection" not in site.get(shared, headers=other).text
    assert site.post(shared, data={"title": "Theirs"}, headers=other).status_code == 403
    assert site.post(f"{shared}/entries/none", data={"action": "remove"}, headers=other).status_code == 403


def test_somebody_elses_search_isnt_there(site: TestClient) -> None:
    owner, other = as_role(site, "reader", "owner"), as_role(site, "reader", "other")
    asked = site.post("/answers", files={"text": (None, "effusion")}, headers=owner)
    assert asked.status_code == 303
    assert site.get(asked.headers["location"], headers=owner).status_code == 200
    assert site.get(asked.headers["location"], headers=other).status_code == 404


def test_an_address_that_leads_nowhere_gets_a_page_and_a_program_a_problem_document(site: TestClient) -> None:
    who = as_role(site, "reader")
    assert "<h2>Not Found</h2>" in site.get("/cases/none", headers=who).text
    assert site.get("/v1/cases/none", headers=who).headers["content-type"] == "application/problem+json"
