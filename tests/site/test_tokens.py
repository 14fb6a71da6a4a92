"""API tokens: what opens, what doesn't, and what lies on the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from casekin.errors import SiteError
from casekin.site.books import Books
from casekin.site.tokens import TOKEN_FORM, Tokens
from made_clocks import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def tokens(tmp_path: Path, clock: Clock) -> Tokens:
    return Tokens(Books(tmp_path), clock=clock)


def test_a_token_opens_as_whom_it_was_made_for_in_every_process(tokens: Tokens, tmp_path: Path, clock: Clock) -> None:
    made, text = tokens.create(subject="pacs bridge", role="curator")
    assert Tokens(Books(tmp_path), clock=clock).find(text) == made
    assert (made.subject, made.role) == ("pacs bridge", "curator")
    assert TOKEN_FORM.fullmatch(text)


@pytest.mark.parametrize("position", range(0, 65, 4))
def test_a_text_with_any_other_character_opens_nothing(tokens: Tokens, position: int) -> None:
    _, text = tokens.create(subject="a", role="reader")
    other = "0" if text[position] != "0" else "1"
    assert tokens.find(text[:position] + other + text[position + 1 :]) is None


def test_what_merely_contains_a_token_or_mixes_two_opens_nothing(tokens: Tokens) -> None:
    (_, first), (_, second) = (tokens.create(subject="a", role="reader") for _ in range(2))
    mixed = first[:17] + second[17:]
    for text in ("", " " + first, first + "\n", first + "0", first.upper(), mixed, first[:-1]):
        assert tokens.find(text) is None


def test_a_token_ends_at_its_moment_and_when_it_is_revoked(tokens: Tokens, clock: Clock) -> None:
    brief, text = tokens.create(subject="a", role="reader", valid_s=60)
    clock.now += 1
    lasting, other = tokens.create(subject="b", role="reader")
    clock.now += 58.9
    assert tokens.find(text) is not None
    clock.now += 0.1
    assert tokens.find(text) is None and tokens.find_by_id(brief.token_id) is None
    assert tokens.find(other) is not None
    assert tokens.revoke(lasting.token_id)
    assert tokens.find(other) is None and tokens.find_by_id(lasting.token_id) is None
    assert not tokens.revoke(lasting.token_id) and not tokens.revoke("000000000000")
    assert [token.subject for token in tokens.all()] == ["a", "b"]


def test_the_state_folder_holds_no_token_and_a_key_that_only_its_owner_reads(tokens: Tokens, tmp_path: Path) -> None:
    made, text = tokens.create(subject="a", role="reader")
    secret = text[-48:]
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in held and bytes.fromhex(secret) not in held
    assert "digest" not in made.as_record()
    assert stat.S_IMODE((tmp_path / "tokens.key").stat().st_mode) == 0o600


def test_another_key_opens_nothing_and_a_broken_one_is_told(tokens: Tokens, tmp_path: Path) -> None:
    _, text = tokens.create(subject="a", role="reader")
    (tmp_path / "tokens.key").write_bytes(bytes(32))
    assert Tokens(Books(tmp_path)).find(text) is None
    (tmp_path / "tokens.key").write_bytes(bytes(31))
    with pytest.raises(SiteError, match=r"tokens\.key"):
        Tokens(Books(tmp_path))
