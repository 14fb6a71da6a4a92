"""The gate: who is let in, what a browser has to bring along, what is counted, and what stands in the audit log."""

from __future__ import annotations

import logging
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocketDisconnect

from casekin.api.access import gate
from casekin.errors import SiteError
from casekin.site.audit import AuditLog
from casekin.site.tokens import Tokens
from made_gates import MadeGate
from made_loops import run_apart

HERE = {"Origin": "http://localhost"}


@pytest.fixture
def made(tmp_path: Path) -> MadeGate:
    return MadeGate(tmp_path)


def signed_in(made: MadeGate, **who: str) -> str:
    """Sign a browser in with a token; what its forms must send."""
    reply = made.client.post("/sign-in", data={"token": made.token(**who)}, headers=HERE)
    assert reply.status_code == 303
    return made.client.get("/").text


def multipart(*fields: tuple[str, str]) -> dict[str, Any]:
    """A form as browsers send one that has a file."""
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return {
        "content": "".join(parts).encode() + b"--b--\r\n",
        "headers": {**HERE, "content-type": "multipart/form-data; boundary=b"},
    }


def test_a_bearer_is_who_its_token_says_in_the_tenant_that_made_it(tmp_path: Path) -> None:
    made = MadeGate(
        tmp_path,
        tenants=("north", "south"),
        sign_in={
            "issuer": "https://idp.example",
            "client_id": "c",
            "redirect_uri": "https://casekin.example/sign-in/callback",
            "roles": {},
            "tenant_claim": "groups",
        },
    )
    reply = made.client.get("/v1/info", headers=made.bearer("anna", "curator", "south"))
    assert reply.json() == {"subject": "anna", "role": "curator", "tenant": "south"}
    cut = {"Authorization": f"Bearer {made.token(tenant='north')[:-1]}"}
    assert made.client.get("/v1/info", headers=cut).status_code == 401


def test_bearers_need_no_origin_and_no_forms_token_and_have_no_use_for_them(made: MadeGate) -> None:
    bearer = made.bearer()
    assert made.client.post("/v1/searches", content=b"xyz", headers=bearer).json() == 3
    elsewhere = {**bearer, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert made.client.post("/v1/searches", content=b"xyz", headers=elsewhere).json() == 3


def test_a_browser_signs_in_with_a_token_and_out_and_its_cookie_is_for_this_site_alone(made: MadeGate) -> None:
    token = made.token()
    reply = made.client.post("/sign-in", data={"token": f" {token} "}, headers=HERE)
    cookie = reply.headers["set-cookie"].partition(", casekin-then")[0].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and token not in cookie
    csrf = made.client.get("/").text
    kept = dict(made.client.cookies)
    assert made.client.get("/v1/info").json()["subject"] == "anna"
    assert made.client.post("/sign-out", data={"csrf_token": csrf}, headers=HERE).status_code == 200
    assert made.client.get("/v1/info").status_code == 401
    made.client.cookies.update(kept)
    assert made.client.get("/v1/info").status_code == 401, "a cookie that was kept opens nothing after the sign-out"


def test_under_tls_the_cookie_is_secure_and_held_to_the_host(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, listen={"tls_cert": "c", "tls_key": "k"})
    reply = made.client.post("/sign-in", data={"token": made.token()}, headers={"Origin": "https://localhost"})
    assert reply.headers["set-cookie"].startswith("__Host-casekin=")
    assert "secure" in reply.headers["set-cookie"].lower()
    assert made.client.get("/v1/info").headers["strict-transport-security"]


def test_a_sign_in_begins_another_session_than_the_one_before(made: MadeGate) -> None:
    signed_in(made)
    first = made.client.cookies["casekin"]
    again = {**HERE, "X-CSRF-Token": made.client.get("/").text}
    made.client.post("/sign-in", data={"token": made.token("berta")}, headers=again)
    assert made.client.get("/v1/info").json()["subject"] == "berta"
    made.client.cookies.clear()
    assert made.client.get("/v1/info", headers={"Cookie": f"casekin={first}"}).status_code == 401


def test_revoking_a_token_ends_the_sessions_that_it_opened(made: MadeGate) -> None:
    signed_in(made)
    (token,) = Tokens(made.books["default"]).all()
    assert made.client.get("/v1/info").status_code == 200
    Tokens(made.books["default"]).revoke(token.token_id)
    assert made.client.get("/v1/info").status_code == 401


def test_a_form_that_signs_in_must_be_our_own(made: MadeGate) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert made.client.post("/sign-in", data={"token": made.token()}, headers=headers).status_code == 403
    assert not made.client.cookies


def test_a_signed_in_browser_must_say_that_it_was_sent_by_our_page(made: MadeGate) -> None:
    csrf = signed_in(made)
    for headers in (
        {},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "none", "Origin": "http://x"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ):
        reply = made.client.post("/v1/searches", content=b"x", headers={**headers, "X-CSRF-Token": csrf})
        assert reply.status_code == 403


def test_a_signed_in_browser_must_bring_its_pages_token_in_a_header_or_first_in_a_form(made: MadeGate) -> None:
    csrf = signed_in(made)
    assert made.client.post("/v1/searches", content=b"abc", headers={**HERE, "X-CSRF-Token": csrf}).json() == 3
    form = multipart(("csrf_token", csrf), ("text", "x" * 10_000))
    assert made.client.post("/v1/searches", **form).json() == len(form["content"])
    assert made.client.post("/v1/searches", data={"csrf_token": csrf, "a": "b"}, headers=HERE).status_code == 200
    for refused in (
        {"content": b"abc", "headers": HERE},
        {"content": b"abc", "headers": {**HERE, "X-CSRF-Token": csrf[:-1]}},
        {"content": b"abc", "headers": {**HERE, "X-CSRF-Token": ""}},
        {"json": {"csrf_token": csrf}, "headers": HERE},
        {"data": {"a": "b", "csrf_token": csrf}, "headers": HERE},
        {"data": {"csrf_token": csrf + "x"}, "headers": HERE},
        multipart(("text", "x"), ("csrf_token", csrf)),
        multipart(("csrf_token", "x")),
    ):
        assert made.client.post("/v1/searches", **refused).status_code == 403


def test_another_sessions_token_is_worth_nothing(made: MadeGate) -> None:
    other = signed_in(made)
    made.client.cookies.clear()
    signed_in(made)
    assert made.client.post("/v1/searches", content=b"x", headers={**HERE, "X-CSRF-Token": other}).status_code == 403


def test_another_sites_page_may_link_here_and_nothing_more(made: MadeGate) -> None:
    signed_in(made)
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert made.client.get("/", headers=link).status_code == 200
    assert made.client.get("/v1/info", headers={**link, "Sec-Fetch-Mode": "no-cors"}).status_code == 403


def test_a_browser_without_sign_in_is_sent_to_the_page_and_comes_back_to_what_it_wanted(made: MadeGate) -> None:
    sent = made.client.get("/?case=a%2Fb&x=1", headers={"accept": "text/html"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in")
    assert "API token" in made.client.get("/sign-in").text
    back = made.client.post("/sign-in", data={"token": made.token()}, headers=HERE)
    assert back.headers["location"] == "/?case=a%2Fb&x=1"
    made.client.cookies.clear()
    assert made.client.get("/", headers={"hx-request": "true"}).headers["hx-redirect"] == "/sign-in"
    assert made.client.get("/v1/info", headers={"accept": "text/html"}).status_code == 401


def test_after_the_sign_in_nobody_is_sent_elsewhere(made: MadeGate) -> None:
    for wanted in ("//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/sign-out", "", None):
        cookie = "//evil.example" if wanted is None else made.gate.wanted.keep(wanted)
        headers = {**HERE, "Cookie": f"casekin-then={cookie}"}
        made.client.cookies.clear()
        assert made.client.post("/sign-in", data={"token": made.token()}, headers=headers).headers["location"] == "/"


@pytest.mark.parametrize("way", ["tls", "proxy"])
def test_under_tls_every_cookie_is_held_to_the_host_and_none_says_what_was_wanted(tmp_path: Path, way: str) -> None:
    made = MadeGate(
        tmp_path, listen={"tls_cert": "c", "tls_key": "k"} if way == "tls" else {"behind_proxy": ["10.0.0.5"]}
    )
    if way == "proxy":
        made.client._transport.client = ("10.0.0.5", 4711)  # type: ignore[attr-defined]
    common = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9", "Host": "localhost"}
    sent = made.client.get("https://localhost/?accession=Canary-1", headers={**common, "accept": "text/html"})
    form = {"token": made.token()}
    back = made.client.post("https://localhost/sign-in", data=form, headers={**common, "Origin": "https://localhost"})
    assert back.headers["location"] == "/?accession=Canary-1"
    cookies = [cookie for reply in (sent, back) for cookie in reply.headers.get_list("set-cookie")]
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-casekin-then",
        "__Host-casekin",
        "__Host-casekin-then",
    ]
    for cookie in cookies:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert "Canary" not in cookie and not any(part.startswith("domain") for part in attributes)


def test_wrong_tokens_from_an_address_run_out_and_right_ones_still_open(made: MadeGate) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    statuses = [made.client.get("/v1/info", headers=wrong).status_code for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5
    form = made.client.post("/sign-in", data={"token": "wrong"}, headers=HERE)
    assert form.status_code == 429 and int(form.headers["retry-after"]) > 0
    assert made.client.get("/v1/info", headers=made.bearer()).status_code == 200


def test_a_caller_who_asks_too_often_waits_and_nobody_else_does(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, limits={"burst": 5, "requests_per_second": 0.5})
    anna, berta = made.bearer("anna"), made.bearer("berta")
    replies = [made.client.get("/v1/info", headers=anna) for _ in range(7)]
    assert [reply.status_code for reply in replies] == [200] * 5 + [429] * 2
    assert replies[-1].headers["retry-after"] in ("2", "3")
    assert made.client.get("/v1/info", headers=berta).status_code == 200


def test_a_caller_may_have_so_many_requests_under_way(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, limits={"most_at_once": 2})
    tokens = {name: made.token(name) for name in ("anna", "berta")}

    def request(who: str) -> dict[str, Any]:
        headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {tokens[who]}".encode())]
        return {"type": "http", "method": "GET", "path": "/v1/info", "headers": headers, "state": {}}

    async def ask() -> list[int]:
        statuses = []
        async with AsyncExitStack() as under_way:
            for who in ("anna", "anna", "anna", "berta"):
                try:
                    await under_way.enter_async_context(made.gate.admitted(request(who), nothing))
                    statuses.append(200)
                except HTTPException as refused:
                    statuses.append(refused.status_code)
        async with made.gate.admitted(request("anna"), nothing):
            statuses.append(200)
        return statuses

    assert run_apart(ask()) == [200, 200, 429, 200, 200]


async def nothing() -> Any:
    """No body."""
    return {"type": "http.request", "body": b"", "more_body": False}


def test_what_is_seen_asked_and_denied_stands_in_the_audit_log_with_the_replys_id(made: MadeGate) -> None:
    anna = made.bearer("anna")
    done = made.client.post("/v1/searches", content=b"x", headers=anna)
    made.client.get("/v1/info", headers=anna)
    made.client.get("/v1/cases/nobodys", headers=anna)
    denied = made.client.get("/v1/admin/tokens", headers=anna)
    unknown = made.client.get("/v1/info")
    assert denied.status_code == 403 and unknown.status_code == 401
    told = [(r.subject, r.event, r.route, r.status, r.objects) for r in made.audited()]
    assert told == [
        ("anna", "search", "/v1/searches", 200, ("case-1", "case-2")),
        ("anna", "view", "/v1/cases/{case_id:path}", 404, ()),
        ("anna", "denied", "/v1/admin/tokens", 403, ()),
        ("-", "denied", "/v1/info", 401, ()),
    ]
    assert made.audited()[0].request == done.headers["casekin-request"]
    assert len({reply.headers["casekin-request"] for reply in (done, denied, unknown)}) == 3
    assert all(record.tenant == "default" for record in made.audited())


def test_looking_through_a_series_is_one_record_a_minute_for_each_person_and_case(
    made: MadeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, berta = made.bearer("anna"), made.bearer("berta")
    for who, case_id in ((anna, "a"), (anna, "a"), (anna, "b"), (berta, "a"), (anna, "a")):
        for frame in range(3):
            assert made.client.get(f"/v1/cases/{case_id}/images/0/frames/{frame}", headers=who).json() == frame
    told = [("anna", ("a",)), ("anna", ("b",)), ("berta", ("a",))]
    assert [(r.subject, r.objects) for r in made.audited()] == told
    monkeypatch.setattr(gate, "_VIEW_S", 0.0)
    made.client.get("/v1/cases/a/images/0/frames/0", headers=anna)
    assert len(made.audited()) == 4


def test_signing_in_and_failing_to_stand_in_the_audit_log_without_the_token(made: MadeGate) -> None:
    csrf = signed_in(made)
    made.client.post("/sign-out", data={"csrf_token": csrf}, headers=HERE)
    made.client.post("/sign-in", data={"token": "ckn_wrong"}, headers=HERE)
    told = [(r.subject, r.event, r.status) for r in made.audited()]
    assert told == [("anna", "sign_in", 303), ("anna", "view", 200), ("anna", "sign_out", 200), ("-", "sign_in", 401)]


def test_a_flood_of_strangers_does_not_fill_the_audit_log(made: MadeGate) -> None:
    for _ in range(60):
        assert made.client.get("/v1/info").status_code == 401
    assert len(made.audited()) == 20


def test_nothing_is_shown_without_a_record(made: MadeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise SiteError("site: the disk is full")

    monkeypatch.setattr(AuditLog, "append", full)
    reply = made.client.post("/v1/searches", content=b"xyz", headers=made.bearer())
    assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
    assert made.client.get("/v1/info", headers=made.bearer()).status_code == 200, "what isn't audited goes on"


def test_the_log_has_the_replys_id_and_no_address_token_or_cookie(
    made: MadeGate, caplog: pytest.LogCaptureFixture
) -> None:
    token = made.token()
    with caplog.at_level(logging.DEBUG):
        reply = made.client.get("/v1/cases/Canary-1?x=Canary-2", headers={"Authorization": f"Bearer {token}"})
        made.client.get("/v1/info", headers={"Authorization": "Bearer Canary-3", "Cookie": "casekin=Canary-4"})
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("casekin"))
    assert "route=/v1/cases/{case_id:path} status=404" in ours and f"request={reply.headers['casekin-request']}" in ours
    assert "Canary" not in ours and token not in ours


PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 192.0.2.9"}


def test_behind_a_proxy_only_it_is_answered_and_only_it_is_believed(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, listen={"behind_proxy": ["10.0.0.0/24"], "host_names": ["casekin.example"]})
    bearer = made.bearer()
    for peer, headers, path, status in (
        ("10.0.0.5", PROXIED, "/v1/info", 200),
        ("10.0.0.5", {**PROXIED, "X-Forwarded-Proto": "http"}, "/v1/info", 403),
        ("10.0.0.5", {}, "/v1/info", 403),
        ("10.0.1.5", PROXIED, "/v1/info", 403),
        ("not-an-address", PROXIED, "/v1/info", 403),
        ("127.0.0.1", PROXIED, "/v1/info", 403),
        ("127.0.0.1", {}, "/v1/health", 200),
        ("10.0.1.5", {}, "/v1/health", 403),
    ):
        made.client._transport.client = (peer, 4711)  # type: ignore[attr-defined]
        reply = made.client.get(path, headers={**headers, **bearer, "Host": "casekin.example"})
        assert reply.status_code == status, (peer, headers, path)


def test_addresses_are_told_apart_as_the_proxy_saw_them(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, listen={"behind_proxy": ["10.0.0.5"]}, limits={"burst": 1, "requests_per_second": 0.01})
    made.client._transport.client = ("10.0.0.5", 4711)  # type: ignore[attr-defined]

    def ask(chain: str) -> int:
        return made.client.get(
            "/v1/health", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": chain}
        ).status_code

    assert [ask("192.0.2.9"), ask("1.1.1.1, 192.0.2.9"), ask("192.0.2.10")] == [200, 429, 200]


def test_only_names_of_this_service_are_answered(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, listen={"tls_cert": "c", "tls_key": "k", "host_names": ["Casekin.Example"]})
    for host in ("casekin.example", "CASEKIN.example:8443", "localhost"):
        assert made.client.get("/v1/health", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "casekin.example.evil", ""):
        assert made.client.get("/v1/health", headers={"Host": host}).status_code == 421


def test_without_sign_in_everybody_who_reaches_it_is_one_person_with_all_roles(tmp_path: Path) -> None:
    made = MadeGate(tmp_path, require_sign_in=False, limits={"burst": 1, "requests_per_second": 0.01})
    for _ in range(3):
        assert made.client.get("/v1/info").json() == {"subject": "local", "role": "admin", "tenant": "default"}
    assert made.client.post("/v1/searches", content=b"x", headers={"Origin": "https://evil.example"}).status_code == 403
    assert made.client.post("/v1/searches", content=b"x").status_code == 200
    assert made.client.get("/").text == "None"


def test_there_is_no_web_socket_to_go_round_the_gate(made: MadeGate) -> None:
    with pytest.raises(WebSocketDisconnect), made.client.websocket_connect("/v1/info"):
        pass


def test_request_ids_are_ours_and_never_the_clients(made: MadeGate) -> None:
    reply = made.client.get("/v1/health", headers={"Casekin-Request": "Canary"})
    assert re.fullmatch(r"[0-9a-f]{16}", reply.headers["casekin-request"])
