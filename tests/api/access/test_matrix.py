"""Every route by everybody, from nobody to admin, in the own tenant and in the other: made from the table itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pydicom import dcmread

from casekin.api.access.limits import RateLimit
from casekin.api.access.policy import ROUTES, rule_of
from casekin.api.access.principal import ROLES
from casekin.index import open_index
from casekin.site.audit import AuditLog, AuditRecord
from casekin.site.files import KeptFile, KeptImage, store_file
from made_sites import MadeSite, routes_of, two_tenants

GUARDED = [(method, path) for (method, path), rule in ROUTES.items() if rule.role is not None]
NOTHING = {"image": "0", "frame": "0", "frames": "1", "kind": "html", "name": "none", "path": "none"}
"""What stands for parts of an address that name no object."""


@pytest.fixture(scope="module")
def site(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    with two_tenants(small_index, tmp_path_factory.mktemp("tenants")) as made:
        yield made


@pytest.fixture(scope="module")
def film(small_archive: Path) -> Path:
    """A DICOM file."""
    return min((small_archive / "images").rglob("*.dcm"))


def address(template: str, **values: str) -> str:
    """An address of a route; parts that aren't given name nothing that exists."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: values.get(part[1], NOTHING.get(part[1], "0" * 16)), template)


def test_the_table_lists_every_route_and_no_other(site: MadeSite) -> None:
    assert routes_of(site.app) == sorted(ROUTES)


@pytest.mark.parametrize(
    ("page", "program"),
    [
        (("POST", "/answers"), ("POST", "/v1/searches")),
        (("POST", "/answers/draft"), ("POST", "/v1/drafts")),
        (("POST", "/feedback"), ("POST", "/v1/feedback")),
        (("POST", "/shared"), ("POST", "/v1/recipes")),
        (("GET", "/cases"), ("GET", "/v1/cases")),
        (("POST", "/studies"), ("POST", "/v1/cases/lookups")),
        (("GET", "/cases/{case_id:path}"), ("GET", "/v1/cases/{case_id:path}")),
        (("POST", "/jobs"), ("POST", "/v1/jobs")),
        (("POST", "/jobs/{job_id}"), ("POST", "/v1/jobs/{job_id}/cancel")),
        (("POST", "/collections"), ("POST", "/v1/collections")),
        (("POST", "/collections/{collection_id}"), ("PATCH", "/v1/collections/{collection_id}")),
        (("POST", "/collections/{collection_id}"), ("DELETE", "/v1/collections/{collection_id}")),
        (("POST", "/collections/{collection_id}/quiz"), ("POST", "/v1/collections/{collection_id}/quiz/{entry_id}")),
        (("POST", "/admin"), ("POST", "/v1/admin/tokens")),
        (("POST", "/admin/models"), ("POST", "/v1/admin/models/activate")),
        (("GET", "/admin/audit"), ("GET", "/v1/admin/audit")),
    ],
)
def test_an_act_has_one_name_in_the_audit_log_and_needs_one_role_through_either_door(
    page: tuple[str, str], program: tuple[str, str]
) -> None:
    assert ROUTES[page] == ROUTES[program]


@pytest.mark.parametrize(("method", "template"), sorted(ROUTES))
def test_the_gate_finds_the_rule_of_the_route_that_will_answer(method: str, template: str) -> None:
    found = rule_of(method, address(template, case_id="a/b"))
    assert found == (template, ROUTES[method, template])


def test_a_route_that_is_not_listed_is_refused_even_to_an_admin(site: MadeSite) -> None:
    @site.app.get("/v1/forgotten")
    def forgotten() -> str:
        return "never seen"

    reply = site.client.get("/v1/forgotten", headers=site.bearer["north"]["admin"])
    assert reply.status_code == 403 and "never seen" not in reply.text


@pytest.mark.parametrize(("method", "template"), GUARDED)
def test_nobody_is_let_in_without_a_sign_in(site: MadeSite, method: str, template: str) -> None:
    for headers in ({}, {"Authorization": "Bearer ckn_000000000000_" + "0" * 48}, {"Authorization": "Basic eDp5"}):
        reply = site.client.request(method, address(template), headers={**headers, "X-Forwarded-For": template})
        assert reply.status_code in (401, 429), (method, template, reply.status_code)
        assert reply.headers["content-type"] == "application/problem+json"
        if headers == {}:
            assert reply.status_code == 401


@pytest.mark.parametrize(("method", "template"), GUARDED)
def test_each_role_may_what_the_table_says_and_no_more(site: MadeSite, method: str, template: str) -> None:
    least = ROLES.index(ROUTES[method, template].role or "reader")
    for role in ROLES:
        reply = site.client.request(method, address(template), headers=site.bearer["north"][role])
        if ROLES.index(role) < least:
            assert reply.status_code == 403 and "expected the role" in reply.text
        else:
            assert reply.status_code < 500 and reply.status_code not in (401, 403), reply.text


@pytest.mark.parametrize(("method", "template"), [key for key, rule in ROUTES.items() if rule.role is None])
def test_public_routes_answer_everybody_and_show_nothing_of_an_archive(
    site: MadeSite, method: str, template: str
) -> None:
    reply = site.client.request(method, address(template))
    assert reply.status_code != 403
    assert not any(case_id in reply.text for cases in site.only.values() for case_id in cases)


def keep_instance(site: MadeSite, case_id: str, film: Path) -> dict[str, str]:
    """Keep a DICOM file for a case of north; its UIDs by their names in addresses."""
    header = dcmread(film, stop_before_pixels=True)
    uids = (str(header.StudyInstanceUID), str(header.SeriesInstanceUID), str(header.SOPInstanceUID))
    tenant = site.app.state.service.tenants["north"]
    kept = KeptFile(
        file_sha256=store_file(tenant.files.folder, film.read_bytes()),
        kind="dicom",
        study_instance_uid=uids[0],
        series_instance_uid=uids[1],
        sop_instance_uid=uids[2],
        sop_class_uid=str(header.SOPClassUID),
    )
    found = tenant.archive.case(case_id)
    assert found is not None
    tenant.files.put(case_id, [KeptImage(content_sha256=found[1][0].content_sha256, files=(kept,))])
    return dict(zip(("study_uid", "series_uid", "instance_uid"), uids, strict=True))


@pytest.fixture(scope="module")
def owned(site: MadeSite, film: Path) -> dict[str, str]:
    """What a curator of north has: a value for every part of an address that names an object."""
    curator, admin = site.bearer["north"]["curator"], site.bearer["north"]["admin"]

    def made(path: str, **body: Any) -> dict[str, Any]:
        reply = site.client.post(path, headers=curator, **body)
        assert reply.status_code in (200, 201, 202), (path, reply.text)
        return dict(reply.json())

    packed = io.BytesIO()
    Image.fromarray(np.random.default_rng(3).integers(0, 255, (64, 48), dtype=np.uint8)).save(packed, "PNG")
    case_id = site.only["north"][0]
    upload = made("/v1/uploads", files={"image": ("x.png", packed.getvalue())})
    answer = made("/v1/searches", json={"text": "effusion"})
    collection = made("/v1/collections", json={"title": "Mine", "shared": True})
    entry = made(f"/v1/collections/{collection['collection_id']}/entries", json={"case_id": case_id, "answer": "x"})
    link = made("/v1/recipes", json={"recipe": answer["recipe"]})
    job = made("/v1/jobs", json={"uploads": [upload["upload_id"]]})
    token = site.client.post("/v1/admin/tokens", headers=admin, json={"subject": "x", "role": "reader"}).json()
    history = site.client.get("/v1/history", headers=curator).json()["steps"]
    return {
        **keep_instance(site, case_id, film),
        "case_id": case_id,
        "upload_id": upload["upload_id"],
        "collection_id": collection["collection_id"],
        "entry_id": entry["entry_id"],
        "link_id": link["link_id"],
        "job_id": job["job_id"],
        "token_id": token["token_id"],
        "step_id": str(history[0]["step_id"]),
    }


def named(template: str) -> set[str]:
    """The objects that an address names."""
    return set(re.findall(r"\{(\w+)", template)) - set(NOTHING)


WITH_OBJECTS = [
    (method, path)
    for method, path in GUARDED
    if named(path) and (method, path) != ("POST", "/dicom-web/studies/{study_uid}")  # says where it is to go
]
EMPTY = ("/dicom-web/studies/{study_uid}/series", "/dicom-web/studies/{study_uid}/series/{series_uid}/instances")
"""Searches, which find nothing where there is nothing (PS3.18, 10.6)."""
LOOKS = [(method, path) for method, path in WITH_OBJECTS if method == "GET"]
BODIES: dict[str, Any] = {
    "PATCH /v1/collections/{collection_id}": {"title": "Taken over"},
    "POST /v1/collections/{collection_id}/entries": {"case_id": "any"},
    "PUT /v1/collections/{collection_id}/entries/{entry_id}": {"case_id": "any"},
    "PUT /v1/collections/{collection_id}/order": {"entries": []},
    "POST /v1/collections/{collection_id}/quiz/{entry_id}": {"answer": "x"},
}


def test_every_object_in_an_address_is_one_that_this_test_makes(owned: dict[str, str]) -> None:
    assert set().union(*(named(path) for _, path in WITH_OBJECTS)) <= set(owned)


@pytest.mark.parametrize(("method", "template"), WITH_OBJECTS)
def test_to_the_other_tenant_nothing_is_there_even_for_its_admin(
    site: MadeSite, owned: dict[str, str], method: str, template: str
) -> None:
    south, where = site.bearer["south"]["admin"], address(template, **owned)
    if template.startswith(("/v1/", "/dicom-web/")):
        reply = site.client.request(method, where, headers=south, json=BODIES.get(f"{method} {template}"))
    else:
        form = None if method == "GET" else {"action": "remove"}
        reply = site.client.request(method, where, headers=south, data=form)
    if template in EMPTY:
        assert (reply.status_code, reply.content) in ((200, b"[]"), (204, b"")), reply.text
    else:
        assert reply.status_code == 404, reply.text


@pytest.mark.parametrize(("method", "template"), LOOKS)
def test_to_its_own_people_it_is_there(site: MadeSite, owned: dict[str, str], method: str, template: str) -> None:
    if template.endswith("/events"):
        return  # a stream that lasts as long as the job
    who = "admin" if ROUTES[method, template].role == "admin" else "curator"
    reply = site.client.request(method, address(template, **owned), headers=site.bearer["north"][who])
    assert reply.status_code in (200, 302, 303), reply.text


@pytest.mark.parametrize("key", ["upload_id", "step_id"])
def test_what_is_a_persons_own_is_not_there_for_a_colleague(site: MadeSite, owned: dict[str, str], key: str) -> None:
    colleague = site.bearer_of("north", "colleague", "admin")
    for method, template in LOOKS:
        if named(template) == {key}:
            assert site.client.request(method, address(template, **owned), headers=colleague).status_code == 404


def test_no_list_and_no_answer_names_a_case_of_the_other_tenant(site: MadeSite) -> None:
    south = site.bearer["south"]["admin"]
    searches = [{"text": "effusion", "limit": 100}, {"text": "normal chest", "limit": 100}]
    replies = [site.client.post("/v1/searches", json=body, headers=south) for body in searches]
    replies += [
        site.client.get(path, headers=south)
        for method, path in GUARDED
        if method == "GET" and not named(path) and "{" not in path
    ]
    for reply in replies:
        assert not any(case_id in reply.text for case_id in site.only["north"]), reply.url
    assert site.only["south"][0] in json.dumps(site.client.get("/v1/cases?limit=100", headers=south).json())


def test_a_question_cannot_lean_on_a_case_of_the_other_tenant(site: MadeSite) -> None:
    for body in ({"case": site.only["north"][0]}, {"text": "x", "like": [site.only["north"][0]]}):
        reply = site.client.post("/v1/searches", json=body, headers=site.bearer["south"]["reader"])
        assert reply.status_code in (404, 422), reply.text


def test_a_signed_in_browser_asks_with_the_pages_own_form(site: MadeSite) -> None:
    here = {"Origin": "http://localhost"}
    token = site.bearer["south"]["reader"]["Authorization"].removeprefix("Bearer ")
    browser = TestClient(site.app, base_url="http://localhost", follow_redirects=False)
    assert browser.post("/sign-in", data={"token": token}, headers=here).status_code == 303
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/").text)
    assert found is not None
    fields = [("text", (None, "effusion")), ("limit", (None, "3"))]
    asked = browser.post("/answers", files=[("csrf_token", (None, found[1])), *fields], headers=here)
    assert asked.status_code == 303, "the page's answer has an address of its own"
    assert "effusion" in browser.get(asked.headers["location"]).text
    assert browser.post("/answers", files=fields, headers=here).status_code == 403
    assert browser.get("/jobs").status_code == 403


def rows_of(site: MadeSite, act: Callable[[], Any]) -> tuple[Any, list[AuditRecord]]:
    """What an act of north's returns, and what it left in north's audit log."""
    log = AuditLog(site.app.state.service.tenants["north"].books)
    before = log.records(last=1)
    done = act()
    last = before[-1].seq if before else 0
    return done, [record for record in log.records() if record.seq > last]


UNAUDITED = {
    "/v1/uploads": "one's own image, which no archive holds",
    "/v1/collections": "titles of collections",
    "/collections": "titles of collections",
    "/v1/history": "one's own questions",
    "/history": "one's own questions",
    "/v1/recipes": "a question that somebody shared",
    "/v1/jobs": "how far jobs are",
    "/jobs": "how far jobs are",
    "/v1/admin/erasures": "the erasure writes its own record",
    "/v1/admin/models": "names of models",
    "/v1/admin/tokens": "names of tokens",
    "/admin": "the state of the index, names of tokens and models",
    "/metrics": "counts",
    "/v1/info": "the state of the index",
    "/evaluation": "names and figures of evaluations",
}
"""Why an act that isn't in the log needn't be, by the first parts of its address."""


@pytest.mark.parametrize(("method", "template"), [key for key in GUARDED if ROUTES[key].event is None])
def test_what_leaves_no_record_shows_and_changes_no_case(method: str, template: str) -> None:
    assert any(template == start or template.startswith(f"{start}/") for start in UNAUDITED), template


@pytest.mark.parametrize(("method", "template"), GUARDED)
def test_every_denial_leaves_a_record(site: MadeSite, method: str, template: str) -> None:
    where, gate = address(template), site.gate
    gate._unknown = RateLimit(per_second=1000, burst=1000)
    _, rows = rows_of(site, partial(site.client.request, method, where))
    assert [(row.subject, row.route, row.status, row.detail) for row in rows] == [("-", template, 401, "denied")]
    if ROUTES[method, template].role != "reader":
        headers = site.bearer["north"]["reader"]
        _, rows = rows_of(site, partial(site.client.request, method, where, headers=headers))
        told = [(row.subject, row.route, row.status, row.detail) for row in rows]
        assert told == [("reader-of-north", template, 403, "denied")]


def acts(site: MadeSite, owned: dict[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Requests that succeed, for routes that take a body or are about a case; by the route's method and template."""
    case_id, other = owned["case_id"], sorted(open_cases(site))[-1]
    recipe = site.client.get("/v1/history", headers=site.bearer["north"]["curator"]).json()["steps"][0]["recipe"]
    asked = {"recipe": (None, json.dumps(recipe))}
    entry = {"case": case_id, "image": "0", "collection": owned["collection_id"]}
    answer = {"question": "1", "entry": owned["entry_id"], "given": "x"}
    quiz = {"answer": "effusion"}
    return {
        ("POST", "/v1/searches"): {"json": {"text": "effusion"}},
        ("POST", "/v1/drafts"): {"json": {"text": "effusion"}},
        ("POST", "/v1/searches/cards"): {"json": {"case": case_id}},
        ("POST", "/v1/cases/lookups"): {"json": {"limit": 3}},
        ("POST", "/v1/exports"): {"json": {"form": "imaging-study", "targets": [{"case_id": case_id}]}},
        ("POST", "/v1/feedback"): {"json": {"recipe": recipe, "case_id": other, "helpful": True}},
        ("POST", "/v1/collections/{collection_id}/entries"): {"json": {"case_id": case_id}},
        ("PUT", "/v1/collections/{collection_id}/entries/{entry_id}"): {"json": {"case_id": case_id, "answer": "x"}},
        ("POST", "/v1/collections/{collection_id}/quiz/{entry_id}"): {"json": quiz},
        ("POST", "/answers"): {"files": {"text": (None, "effusion")}},
        ("POST", "/answers/more"): {"files": asked},
        ("POST", "/answers/draft"): {"files": asked},
        ("POST", "/feedback"): {"files": {**asked, "vote": (None, f"yes {other}")}},
        ("POST", "/collections/entries"): {"data": entry},
        ("POST", "/collections/{collection_id}/quiz"): {"data": answer},
        ("POST", "/exports"): {"data": {"form": "imaging-study", "case": case_id}},
        ("GET", "/"): {"params": {"case": case_id}},
        ("GET", "/compare"): {"params": {"hit": case_id, "case": other}},
        **{key: {} for key in LOOKS if ROUTES[key].event is not None},
        ("GET", "/v1/cases"): {},
        ("GET", "/cases"): {},
        ("GET", "/dicom-web/studies"): {},
        ("GET", "/v1/feedback/judgements"): {},
        ("GET", "/v1/admin/audit"): {},
        ("GET", "/admin/audit"): {},
    }


SHOWING = ("search", "draft", "export", "view", "list")
ASKED_ELSEWHERE = {
    ("POST", "/answers/evidence"),
    ("POST", "/answers/draft/{kind}"),
    ("POST", "/history/undo"),
    ("POST", "/history/{step_id}"),
    ("GET", "/shared/{link_id}"),
    ("POST", "/studies"),
    ("PUT", "/v1/collections/{collection_id}/order"),
    ("GET", "/evaluation/{name}"),
}
"""Routes that answer as another that is asked here does, or show nothing here."""


def open_cases(site: MadeSite) -> list[str]:
    """The cases of north."""
    with open_index(site.app.state.service.tenants["north"].config.index_address) as handle:
        return sorted(handle.content_hashes())


def test_every_look_search_draft_and_export_leaves_a_record_that_names_what_was_shown(
    site: MadeSite, owned: dict[str, str]
) -> None:
    cases, requests = open_cases(site), acts(site, owned)
    missing = {key for key in GUARDED if ROUTES[key].event in SHOWING} - set(requests) - ASKED_ELSEWHERE
    assert not missing, "add a request of each to `acts`"
    problems: list[tuple[str, object]] = []
    for (method, template), sent in requests.items():
        rule = ROUTES[method, template]
        who = "admin" if rule.role == "admin" else "curator"
        headers = site.bearer["north"][who]
        site.gate._views._at.clear()
        where = address(template, **owned)
        reply, rows = rows_of(site, partial(site.client.request, method, where, headers=headers, **sent))
        shown = {case_id for case_id in cases if re.search(rf"{re.escape(case_id)}(?![\w-])", reply.text)}
        if named(template) & {"case_id", "study_uid"}:
            shown |= {owned["case_id"]}
        if template.endswith("/audit"):
            shown = set()  # names what others saw
        problems += [] if reply.status_code < 400 else [(template, reply.text)]
        told = [(row.event, row.route, row.status) for row in rows]
        problems += [] if told == [(rule.event, template, reply.status_code)] else [(template, told)]
        problems += [] if rows and shown <= set(rows[0].objects) else [(template, shown)]
    assert not problems
