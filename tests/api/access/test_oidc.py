"""Sign-in with a real provider on this machine: whom its honest answer proves; no other answer proves anybody."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from casekin.api.access.oidc import Begun, Provider, ProviderDownError, SignInRefusedError, begin_sign_in
from casekin.api.config import SignInConfig
from made_provider import CLIENT_ID, CLIENT_SECRET, MadeProvider, provider, signing_key

BROWSER = httpx2.Client(trust_env=False, timeout=60)


class Clock:
    """The real time, moved by `ahead` seconds."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture(scope="module")
def running() -> Iterator[MadeProvider]:
    with provider() as made:
        yield made


@pytest.fixture
def made(running: MadeProvider) -> MadeProvider:
    """The honest provider."""
    fresh = MadeProvider(issuer=running.issuer)
    running.__dict__.update(fresh.__dict__)
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(made: MadeProvider, tmp_path: Path) -> SignInConfig:
    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET + "\n", encoding="utf-8")
    return SignInConfig(
        issuer=made.issuer,
        client_id=CLIENT_ID,
        client_secret_file=secret,
        redirect_uri="http://localhost/sign-in/callback",
        roles={"reader": ("readers",)},
    )


@pytest.fixture
def ours(config: SignInConfig, clock: Clock) -> Provider:
    return Provider(config, clock=clock)


def came_back(ours: Provider, begun: Begun) -> dict[str, str]:
    """The query with which the provider sends the browser back."""
    reply = BROWSER.get(ours.sign_in_address(begun))
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()}


def sign_in(ours: Provider) -> Mapping[str, Any]:
    begun = begin_sign_in()
    return ours.finish(begun, came_back(ours, begun))


def test_an_honest_answer_proves_who_signed_in(ours: Provider, made: MadeProvider) -> None:
    claims = sign_in(ours)
    assert (claims["sub"], claims["roles"]) == ("u-17", ["readers"])
    sign_in(ours)
    assert made.asked.count("/.well-known/openid-configuration") == 1
    assert made.asked.count("/keys") == 1
    assert ours.sign_out_address() == f"{made.issuer}/end"


def test_the_browser_is_sent_with_a_challenge_and_never_with_the_verifier_or_the_secret(ours: Provider) -> None:
    begun = begin_sign_in()
    address = ours.sign_in_address(begun)
    query = parse_qs(urlsplit(address).query)
    assert query["response_type"] == ["code"] and query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["openid"] and query["state"] == [begun.state] and query["nonce"] == [begun.nonce]
    assert begun.verifier not in address and CLIENT_SECRET not in address


NOW, DAY_S = int(time.time()), 86_400  # a whole run lies between the start and a test


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://elsewhere.example"}, "claims"),
        ({"iss": None}, "claims"),
        ({"aud": "another"}, "claims"),
        ({"aud": ["another", "third"]}, "claims"),
        ({"aud": None}, "claims"),
        ({"aud": [CLIENT_ID, "another"]}, "another client"),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, "another client"),
        ({"azp": "another"}, "another client"),
        ({"exp": NOW - 120}, "claims"),
        ({"exp": None}, "claims"),
        ({"exp": "tomorrow"}, "claims"),
        ({"iat": NOW + DAY_S}, "claims"),
        ({"nbf": NOW + DAY_S}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": 17}, "claims"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    ours: Provider, made: MadeProvider, claims: dict[str, Any], words: str
) -> None:
    made.claims = claims
    with pytest.raises(SignInRefusedError, match=words):
        sign_in(ours)


def test_several_audiences_are_fine_where_the_token_was_made_for_this_client(
    ours: Provider, made: MadeProvider
) -> None:
    made.claims = {"aud": ["another", CLIENT_ID], "azp": CLIENT_ID}
    assert sign_in(ours)["sub"] == "u-17"


def test_clocks_may_differ_by_the_leeway_and_no_more(ours: Provider, clock: Clock) -> None:
    for ahead in (-50, 350):
        clock.ahead = ahead
        assert sign_in(ours)
    for ahead in (-70, 370):
        clock.ahead = ahead
        with pytest.raises(SignInRefusedError, match="claims"):
            sign_in(ours)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_have_signed_is_refused(ours: Provider, made: MadeProvider, algorithm: str) -> None:
    made.algorithm = algorithm
    with pytest.raises(SignInRefusedError, match="signed by no key"):
        sign_in(ours)


def test_a_token_of_a_key_that_is_not_listed_is_refused_even_under_a_listed_name(
    ours: Provider, made: MadeProvider
) -> None:
    for name in ("foreign", "first"):
        made.signs, made.signs_as = "foreign", name
        with pytest.raises(SignInRefusedError, match="signed by no key"):
            sign_in(ours)


def test_a_rotated_key_is_fetched_and_forgeries_do_not_make_us_ask_again_and_again(
    ours: Provider, made: MadeProvider, clock: Clock
) -> None:
    sign_in(ours)
    made.listed, made.signs = ["second"], "second"
    clock.ahead += 11
    assert sign_in(ours)
    made.signs = "first"
    for _ in range(3):
        with pytest.raises(SignInRefusedError):
            sign_in(ours)
    assert made.asked.count("/keys") == 2


def test_a_sign_in_is_finished_by_its_own_state_and_code_once(ours: Provider) -> None:
    first, second = begin_sign_in(), begin_sign_in()
    answer, other = came_back(ours, first), came_back(ours, second)
    with pytest.raises(SignInRefusedError, match="state"):
        ours.finish(second, answer)
    with pytest.raises(SignInRefusedError, match="code"):
        ours.finish(first, {**answer, "code": other["code"]})
    answer = came_back(ours, first)
    ours.finish(first, answer)
    with pytest.raises(SignInRefusedError, match="code"):
        ours.finish(first, answer)


@pytest.mark.parametrize("answer", [{"state": ""}, {"iss": "https://elsewhere.example"}, {"error": "access_denied"}])
def test_an_answer_of_another_issuer_or_an_error_is_refused(
    ours: Provider, made: MadeProvider, answer: dict[str, str]
) -> None:
    made.answer = answer
    with pytest.raises(SignInRefusedError):
        sign_in(ours)


def test_a_provider_that_is_down_is_told_apart_and_comes_back(ours: Provider, made: MadeProvider) -> None:
    made.is_down = True
    with pytest.raises(ProviderDownError):
        sign_in(ours)
    assert ours.sign_out_address() is None
    made.is_down = False
    begun = begin_sign_in()
    answer = came_back(ours, begun)
    made.is_down = True
    with pytest.raises(ProviderDownError):
        ours.finish(begun, answer)
    made.is_down = False
    assert sign_in(ours)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "x" * 2_000_000},
    ],
)
def test_a_description_that_is_anothers_or_not_encrypted_or_endless_is_refused(
    ours: Provider, made: MadeProvider, description: dict[str, Any]
) -> None:
    made.description = description
    with pytest.raises(ProviderDownError):
        sign_in(ours)


def test_keys_that_are_none_are_no_keys(ours: Provider, made: MadeProvider) -> None:
    made.description = {"jwks_uri": f"{made.issuer}/described"}
    with pytest.raises(ProviderDownError, match="keys"):
        sign_in(ours)


FOREIGN = signing_key("foreign").as_dict(private=False)


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": FOREIGN},
        {"jku": "https://elsewhere.example/keys"},
        {"x5u": "https://elsewhere.example/chain"},
        {"kid": None},
        {"kid": ["first"]},
        {"kid": "../../../dev/null"},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
    ],
)
def test_a_token_cannot_say_by_which_key_it_is_to_be_proven(
    ours: Provider, made: MadeProvider, header: dict[str, Any]
) -> None:
    made.signs, made.signs_as, made.header = "foreign", "first", header
    with pytest.raises(SignInRefusedError):
        sign_in(ours)


@pytest.mark.parametrize("payload", ["[" * 100_000, "[]", "null", '{"a":', "1e999", '"' + "x" * 500_000 + '"'])
def test_a_token_whose_claims_are_none_is_refused(ours: Provider, made: MadeProvider, payload: str) -> None:
    made.payload = payload
    with pytest.raises(SignInRefusedError):
        sign_in(ours)


@pytest.mark.parametrize("name", ["nonce", "azp", "sub"])
def test_a_claim_of_half_a_character_is_one_that_does_not_hold(ours: Provider, made: MadeProvider, name: str) -> None:
    made.claims = {name: "\ud800"}
    if name == "sub":
        assert sign_in(ours)["sub"] == "\ud800"
        return
    with pytest.raises(SignInRefusedError):
        sign_in(ours)


@pytest.mark.parametrize("key", [{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}, {"kty": "oct"}, {"kty": "x"}, {}])
def test_a_published_secret_or_a_key_that_is_none_proves_nobody(
    ours: Provider, made: MadeProvider, key: dict[str, Any]
) -> None:
    made.more_keys, made.signs, made.signs_as, made.algorithm = [key], "foreign", "first", "HS256"
    with pytest.raises((SignInRefusedError, ProviderDownError)):
        sign_in(ours)


ENDLESS = itertools.repeat(b" " * 65536)
BOMB = gzip.compress(b" " * 20_000_000)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        ({}, ENDLESS),
        ({"Content-Encoding": "gzip"}, [BOMB]),
        ({"Content-Length": "100000"}, [b"{}"]),
        ({}, [b"[" * 100_000]),
        ({}, [b"[]"]),
        ({}, [b'{"id_token": 1, "expires_in": []}']),
    ],
    ids=["endless", "compressed", "cut", "deep", "a list", "of other types"],
)
def test_an_answer_of_the_provider_that_is_none_is_the_providers_fault(
    ours: Provider, made: MadeProvider, path: str, headers: dict[str, str], pieces: list[bytes]
) -> None:
    begun = begin_sign_in()
    if path == "/token":
        answer = came_back(ours, begun)
        made.raw[path] = (headers, pieces)
        with pytest.raises((SignInRefusedError, ProviderDownError)):
            ours.finish(begun, answer)
        return
    made.raw[path] = (headers, pieces)
    with pytest.raises(ProviderDownError):
        sign_in(ours)


def test_nobody_is_redirected_to_where_the_provider_is_not(ours: Provider, made: MadeProvider) -> None:
    for address in ("javascript:alert(1)", "http://elsewhere.example/", "https://[", "//x", 7):
        made.description = {"end_session_endpoint": address, "authorization_endpoint": address}
        fresh = Provider(ours._config)
        assert fresh.sign_out_address() is None
        with pytest.raises(ProviderDownError):
            fresh.sign_in_address(begin_sign_in())
