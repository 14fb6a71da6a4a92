"""Codes of anatomies: their form, their check digits, and that their publisher has them."""

import re
from collections import Counter

import pytest
from pydicom.sr._concepts_dict import concepts

from casekin.anatomy import ANATOMIES, anatomy_codes
from casekin.errors import PlaceError

FORMS = {"SCT": r"\d{6,18}", "RADLEX": r"RID\d+", "FMA": r"\d+", "UBERON": r"\d{7}"}


def dihedral(a: int, b: int) -> int:
    """a · b in the symmetry group of the pentagon: 0 to 4 turn, 5 to 9 turn a reflected one."""
    if a < 5:
        return (a + b) % 5 + (5 if b >= 5 else 0) if b < 5 else (a + b - 5) % 5 + 5
    return (a - 5 - b) % 5 + 5 if b < 5 else (a - b) % 5


def passes_verhoeff(digits: str) -> bool:
    """Verhoeff's check as SNOMED CT defines it for its identifiers."""
    shuffled = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(position % 8):
            value = shuffled[value]
        total = dihedral(total, value)
    return total == 0


def test_the_check_itself_knows_right_from_wrong() -> None:
    assert passes_verhoeff("2363")  # 236 with its check digit 3, the textbook's example
    assert passes_verhoeff("404684003")  # clinical finding
    assert not passes_verhoeff("404684013")
    assert not passes_verhoeff("440684003")


def test_codes_have_the_form_of_their_scheme() -> None:
    for name in ANATOMIES:
        for scheme, code in anatomy_codes(name).items():
            assert re.fullmatch(FORMS[scheme], code), (name, scheme, code)


def test_snomed_codes_are_valid_and_published_by_dicom() -> None:
    published = {code for codes in concepts["SCT"].values() for code in codes}
    for name in ANATOMIES:
        code = anatomy_codes(name).get("SCT")
        if code is not None:
            assert passes_verhoeff(code), (name, code)
            assert code in published, (name, code)


def test_most_anatomies_have_a_code() -> None:
    assert sum(bool(anatomy_codes(name)) for name in ANATOMIES) >= 0.7 * len(ANATOMIES)


def test_a_code_means_one_anatomy() -> None:
    uses = Counter(code for name in ANATOMIES for code in anatomy_codes(name).items())
    shared = {code for code, count in uses.items() if count > 1}
    assert shared == {("SCT", anatomy_codes("caudate_lobe")["SCT"])}  # the caudate lobe is segment I


@pytest.mark.parametrize(
    ("name", "scheme", "code"),
    [
        ("lung", "SCT", "39607008"),
        ("cardiac_silhouette", "SCT", "80891009"),
        ("liver", "SCT", "10200004"),
        ("kidney", "SCT", "64033007"),
        ("trachea", "SCT", "44567001"),
        ("pancreas", "SCT", "15776009"),
        ("brain", "SCT", "12738006"),
        ("lung", "RADLEX", "RID1301"),
        ("liver", "RADLEX", "RID58"),
        ("lung", "UBERON", "0002048"),
        ("liver", "UBERON", "0002107"),
        ("liver", "FMA", "7197"),
    ],
)
def test_well_known_codes_are_as_published(name: str, scheme: str, code: str) -> None:
    assert anatomy_codes(name)[scheme] == code


def test_codes_of_an_unknown_anatomy_are_refused() -> None:
    with pytest.raises(PlaceError):
        anatomy_codes("nowhere")
