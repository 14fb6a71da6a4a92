"""Signing in at a browser with a provider on this machine, from the first page that was asked for back to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from made_gates import MadeGate
from made_provider import CLIENT_ID, CLIENT_SECRET, MadeProvider, provider

BROWSER = httpx2.Client(trust_env=False, timeout=60)


@pytest.fixture(scope="module")
def running() -> Iterator[MadeProvider]:
    with provider() as made:
        yield made


@pytest.fixture
def idp(running: MadeProvider) -> MadeProvider:
    """The honest provider."""
    running.__dict__.update(MadeProvider(issuer=running.issuer).__dict__)
    return running


def site(
    folder: Path,
    idp: MadeProvider,
    *,
    tenants: tuple[str, ...] = ("default",),
    listen: Mapping[str, Any] | None = None,
    **more: Any,
) -> MadeGate:
    """A site that knows the provider; `more` is for its sign-in table, and for tenants by their names."""
    secret = folder / "secret"
    secret.write_text(CLIENT_SECRET, encoding="utf-8")
    table = {
        "issuer": idp.issuer,
        "client_id": CLIENT_ID,
        "client_secret_file": secret,
        "redirect_uri": "http://localhost/sign-in/callback",
        "roles": {"reader": ["readers"], "admin": ["keepers"]},
        **{name: value for name, value in more.items() if name not in tenants},
    }
    members = {name: value for name, value in more.items() if name in tenants}
    return MadeGate(folder, tenants=tenants, sign_in=table, require_sign_in=False, listen=listen or {}, **members)


def came_back(made: MadeGate) -> str:
    """Begin at our page, sign in at the provider; the address on which the browser comes back."""
    begun = made.client.get("/sign-in/start")
    assert begun.status_code == 303
    location = str(BROWSER.get(begun.headers["location"]).headers["location"])
    return location.removeprefix("http://localhost")


def test_a_browser_signs_in_with_the_provider_and_gets_the_page_it_wanted(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp)
    idp.claims = {"roles": ["readers", "keepers", "cooks"]}
    made.client.get("/?x=1", headers={"accept": "text/html"})
    assert "/sign-in/start" in made.client.get("/sign-in").text
    back = made.client.get(came_back(made), headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    assert (back.status_code, back.headers["location"]) == (303, "/?x=1")
    assert made.client.get("/v1/info").json() == {"subject": "u-17", "role": "admin", "tenant": "default"}
    out = made.client.post(
        "/sign-out", data={"csrf_token": made.client.get("/").text}, headers={"Origin": "http://localhost"}
    )
    assert f"{idp.issuer}/end" in out.text
    assert [(r.subject, r.event, r.status) for r in made.audited()][-3:] == [
        ("u-17", "sign_in", 303),
        ("u-17", "view", 200),
        ("u-17", "sign_out", 200),
    ]


def test_under_tls_the_cookie_of_a_begun_sign_in_is_held_to_the_host(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp, listen={"tls_cert": "c", "tls_key": "k"})
    cookie = made.client.get("/sign-in/start").headers["set-cookie"]
    assert cookie.startswith("__Host-casekin-sign-in=") and "; secure" in cookie.lower()


def test_an_answer_opens_one_session_in_the_browser_that_asked_for_it(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp)
    address = came_back(made)
    cookies = dict(made.client.cookies)
    made.client.cookies.clear()
    assert made.client.get(address).status_code == 401, "another browser"
    made.client.cookies.update(cookies)
    assert made.client.get(address).status_code == 303
    assert made.client.get(address).status_code == 401, "a second time"


@pytest.mark.parametrize(
    "claims",
    [{"roles": ["cooks"]}, {"roles": None}, {"roles": {"readers": True}}, {"sub": "x" * 300}, {"nonce": "other"}],
)
def test_whom_the_answer_does_not_prove_or_give_a_role_stays_outside(
    tmp_path: Path, idp: MadeProvider, claims: dict[str, Any]
) -> None:
    made = site(tmp_path, idp)
    idp.claims = claims
    assert made.client.get(came_back(made)).status_code == 401
    assert made.client.get("/v1/info").status_code == 401
    assert (made.audited()[0].subject, made.audited()[0].event) == ("-", "sign_in")


def test_roles_and_names_come_from_the_claims_that_were_chosen(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp, role_claim="realm_access.roles", subject_claim="email")
    idp.claims = {"realm_access": {"roles": ["readers"]}, "email": "anna@hospital.example"}
    assert made.client.get(came_back(made)).status_code == 303
    assert made.client.get("/v1/info").json()["subject"] == "anna@hospital.example"


@pytest.mark.parametrize(
    ("groups", "tenant"),
    [
        ("south-staff", "south"),
        (["north-staff", "x"], "north"),
        (["north-staff", "south-staff"], None),
        ([], None),
        (None, None),
    ],
)
def test_a_person_belongs_to_the_one_tenant_that_the_claim_says(
    tmp_path: Path, idp: MadeProvider, groups: Any, tenant: str | None
) -> None:
    members = {"north": {"members": ["north-staff"]}, "south": {"members": ["south-staff"]}}
    made = site(tmp_path, idp, tenants=("north", "south"), tenant_claim="groups", **members)
    idp.claims = {"groups": groups}
    reply = made.client.get(came_back(made))
    assert reply.status_code == (401 if tenant is None else 303)
    if tenant is not None:
        assert made.client.get("/v1/info").json()["tenant"] == tenant
        assert made.audited(tenant)[0].event == "sign_in"


def test_while_the_provider_is_down_the_page_says_so_and_tokens_still_open(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp)
    idp.is_down = True
    reply = made.client.get("/sign-in/start")
    assert reply.status_code == 503 and "token" in reply.text
    assert made.client.get("/v1/info", headers=made.bearer()).status_code == 200


def test_without_a_provider_there_is_no_such_sign_in(tmp_path: Path) -> None:
    made = MadeGate(tmp_path)
    assert made.client.get("/sign-in/start").status_code == 404
    assert made.client.get("/sign-in/callback?code=x&state=y").status_code == 404


def test_a_provider_that_never_answers_holds_up_nobody_who_has_a_token(tmp_path: Path, idp: MadeProvider) -> None:
    made = site(tmp_path, idp)
    idp.waits = threading.Event()
    with TestClient(made.app, base_url="http://localhost", follow_redirects=False) as client:
        with ThreadPoolExecutor(12) as pool:
            waiting = [pool.submit(client.get, "/sign-in/start") for _ in range(12)]
            try:
                assert client.get("/v1/info", headers=made.bearer()).status_code == 200
                assert not any(one.done() for one in waiting)
            finally:
                idp.waits.set()
        assert {one.result().status_code for one in waiting} == {303}
