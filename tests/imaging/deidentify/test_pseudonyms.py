"""Pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.imaging import Pseudonymizer

SECRET = bytes(range(32))


def test_a_patient_pseudonym_is_the_hmac_of_the_normal_form() -> None:
    digest = hmac.new(SECRET, b"patient\x1fAB 12", hashlib.sha256).hexdigest()
    assert Pseudonymizer(SECRET).patient("AB 12") == f"p-{digest[:16]}"


@pytest.mark.parametrize("written", [" AB 12 ", "ab 12", "AB  12", "AB\t12", "AB 12\x00"])
def test_white_space_and_case_do_not_make_another_patient(written: str) -> None:
    assert Pseudonymizer(SECRET).patient(written) == Pseudonymizer(SECRET).patient("AB 12")


@pytest.mark.parametrize("other", ["AB12", "AB 120", "0AB 12", "AB-12"])
def test_other_identifiers_are_other_patients(other: str) -> None:
    assert Pseudonymizer(SECRET).patient(other) != Pseudonymizer(SECRET).patient("AB 12")


@given(st.text(alphabet="0123456789.", min_size=1, max_size=64))
def test_pseudonymous_uids_are_valid_uids(uid: str) -> None:
    pseudonym = Pseudonymizer(SECRET).uid(uid)
    assert re.fullmatch(r"2\.25\.[1-9][0-9]*", pseudonym)
    assert len(pseudonym) <= 64


def test_another_secret_gives_other_names_and_kinds_are_kept_apart() -> None:
    one, two = Pseudonymizer(SECRET), Pseudonymizer(SECRET[::-1])
    assert one.patient("7") != two.patient("7")
    assert one.patient("7")[2:] != one.accession("7")[2:]


def test_a_short_secret_is_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes, got 5"):
        Pseudonymizer(b"short")
    assert "short" not in repr(Pseudonymizer(b"short and long enough"))


def test_all_dates_of_a_patient_move_by_one_number_of_days_into_the_past() -> None:
    names = Pseudonymizer(SECRET)
    assert names.days_back("7") == names.days_back(" 7 ")
    moves = {names.days_back(str(number)) for number in range(2000)}
    assert min(moves) > 365
    assert max(moves) < 3653
    assert len(moves) > 1300  # 2000 draws from 3287 values leave about 1500 different ones
    assert {days % 7 for days in moves} == set(range(7))
