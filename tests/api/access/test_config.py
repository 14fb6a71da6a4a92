"""A site's configuration: what is refused before anything listens, and that the page which explains it is whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from casekin.api.config import SiteConfig, check_config, read_config
from casekin.errors import InputError

PAGE = Path(__file__).parents[3] / "docs" / "concepts" / "access.md"
ONE: dict[str, Any] = {"tenants": {"default": {"index": "my.index"}}}
TWO: dict[str, Any] = {"tenants": {"north": {"index": "n"}, "south": {"index": "s", "members": ["s"]}}}
OIDC: dict[str, Any] = {
    "issuer": "https://idp.example",
    "client_id": "casekin",
    "redirect_uri": "https://casekin.example/sign-in/callback",
    "roles": {"reader": ["r"]},
}
OUT: dict[str, Any] = {"host": "0.0.0.0", "host_names": ["casekin.example"]}
TLS: dict[str, Any] = {"tls_cert": "cert.pem", "tls_key": "key.pem"}


def test_one_index_at_this_machine_needs_nothing_else_and_is_open_to_its_user() -> None:
    site = check_config(ONE)
    assert site.is_open and site.listen.is_local
    assert (site.listen.host, site.listen.port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize("more", [{"listen": {**OUT, **TLS}}, {"listen": {**OUT, "behind_proxy": ["10.0.0.0/24"]}}])
def test_beyond_this_machine_there_is_tls_and_everybody_signs_in(more: dict[str, Any]) -> None:
    site = check_config({**ONE, **more})
    assert site.listen.has_tls and not site.is_open


@pytest.mark.parametrize("listen", [{"behind_proxy": ["127.0.0.1"]}, {**TLS, "host_names": ["casekin.example"]}])
def test_what_a_proxy_or_a_name_hands_on_from_elsewhere_is_not_this_machine(listen: dict[str, Any]) -> None:
    assert not check_config({**ONE, "listen": listen}).is_open


def test_sign_in_at_this_machine_is_asked_for_where_it_is_set_up_or_demanded() -> None:
    assert not check_config({**ONE, "sign_in": OIDC}).is_open
    assert not check_config({**ONE, "require_sign_in": True}).is_open


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "tenants"),
        ({"tenants": {}}, "tenants"),
        ({"tenants": {"Bad name": {"index": "x"}}}, "tenant names"),
        ({**ONE, "listn": {}}, "listn"),
        ({**ONE, "limits": {"burst": 0}}, "limits.burst"),
        ({**ONE, "limits": {"bursts": 10}}, "limits.bursts"),
        ({**ONE, "listen": OUT}, "expected TLS"),
        ({**ONE, "listen": {"host": "192.168.1.7"}}, "expected TLS"),
        ({**ONE, "listen": {**OUT, "tls_cert": "cert.pem"}}, "both"),
        ({**ONE, "listen": {**OUT, **TLS, "behind_proxy": ["10.0.0.1"]}}, "got both"),
        ({**ONE, "listen": {"host": "0.0.0.0", **TLS}}, "host_names"),
        ({**ONE, "listen": {"host": "::", **TLS}}, "host_names"),
        ({**ONE, "listen": {**OUT, "behind_proxy": ["proxy.example"]}}, "behind_proxy"),
        ({**ONE, "listen": {**TLS, "host_names": ["https://casekin.example"]}}, "host name"),
        ({**ONE, "listen": {**OUT, "insecure_override": ["everything"]}}, "insecure_override"),
        ({**ONE, "listen": {**OUT, "insecure_override": ["no-sign-in"]}}, "expected TLS"),
        ({**ONE, "listen": {"insecure_override": ["no-sign-in"]}, "require_sign_in": True}, "got both"),
        (TWO, "several tenants need sign-in"),
        ({**TWO, "sign_in": OIDC}, "tenant_claim"),
        ({**ONE, "sign_in": {**OIDC, "issuer": "http://idp.example"}}, "https"),
        ({**ONE, "sign_in": {**OIDC, "roles": {"owner": ["x"]}}}, "roles"),
        ({**ONE, "receive": {"tenant": "other"}}, "receive.tenant"),
    ],
)
def test_a_site_that_would_be_unsafe_or_that_says_what_nobody_knows_is_refused(
    record: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        check_config(record)


def test_overrides_lift_what_they_name_and_nothing_else() -> None:
    bare = check_config({**ONE, "listen": {**OUT, "insecure_override": ["no-tls"]}})
    assert not bare.is_open and not bare.listen.has_tls
    assert check_config({**ONE, "listen": {**OUT, **TLS, "insecure_override": ["no-sign-in"]}}).is_open


def test_a_refusal_names_the_key_and_never_repeats_what_stood_there() -> None:
    with pytest.raises(InputError) as refused:
        check_config({**ONE, "sign_in": {**OIDC, "client_secret": "Canary-secret", "leeway_s": "Canary-leeway"}})
    assert "sign_in.client_secret" in str(refused.value) and "sign_in.leeway_s" in str(refused.value)
    assert "Canary" not in str(refused.value)


def test_paths_of_a_file_are_relative_to_its_folder_and_addresses_stay(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(
        '[tenants.north]\nindex = "milvus://host:1/n"\nsite = "state"\ninbox = "/inbox"\n'
        '[listen]\ntls_cert = "tls/cert.pem"\ntls_key = "tls/key.pem"\n',
        encoding="utf-8",
    )
    site = read_config(file)
    north = site.tenants["north"]
    assert north.index_address == "milvus://host:1/n"
    assert (north.site, north.inbox) == (tmp_path / "state", Path("/inbox"))
    assert site.listen.tls_cert == tmp_path / "tls" / "cert.pem"
    file.write_text("[tenants", encoding="utf-8")
    with pytest.raises(InputError, match=r"site\.toml"):
        read_config(file)
    with pytest.raises(InputError, match=r"none\.toml"):
        read_config(tmp_path / "none.toml")
    file.write_text("a = " + "[" * 5000)
    with pytest.raises(InputError, match=r"site\.toml with too many brackets"):
        read_config(file)


def keys_of(model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Every key of a file with its description, tables inside tables too."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is None:
            found[f"{prefix}{name}"] = str(field.description)
        else:
            found |= keys_of(inner, "tenants.NAME." if name == "tenants" else f"{name}.")
    return found


def test_the_page_explains_every_key_as_the_code_does_and_no_other() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## Every key")[2]
    told = dict(re.findall(r"^\| `([\w.]+)` \| .*? ?\| (.+) \|$", text, flags=re.MULTILINE))
    assert told == keys_of(SiteConfig)


@pytest.mark.parametrize(
    ("link", "is_right"),
    [
        ("https://ohif.example/viewer?StudyInstanceUIDs={study}", True),
        ("http://127.0.0.1:3000/#/{study}", True),
        ("http://ohif.example/viewer?StudyInstanceUIDs={study}", False),
        ("https://ohif.example/viewer", False),
        ("https://{study}.example/viewer", False),
        ("https://ohif.example/{study}/{study}", False),
        ("javascript:alert('{study}')", False),
    ],
)
def test_another_viewer_is_linked_to_by_a_secure_address_with_the_study_in_it(link: str, is_right: bool) -> None:
    record = {"tenants": {"default": {"index": "i", "viewer_link": link}}}
    if is_right:
        assert check_config(record).tenants["default"].viewer_link == link
    else:
        with pytest.raises(InputError, match="viewer_link"):
            check_config(record)
