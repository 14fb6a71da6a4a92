"""Names and numbers of a person, found in text; words of reports that are also names stay."""

from __future__ import annotations

import pytest

from casekin.imaging.deidentify.identity import Identity, hide_identity, identity_of, is_safe_text

ANN = identity_of(names=["Quillfeather^Ann Marie", "Long^John^^Dr"], identifiers=["77-4411", "12"], births=["19510203"])


def test_an_identity_is_words_of_names_long_identifiers_and_births() -> None:
    assert ANN.names == {"quillfeather", "ann", "marie", "long", "john"}
    assert ANN.numbers == {"77-4411"}
    assert ANN.dates == {"19510203"}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Mrs Quillfeather was seen.", "Mrs ___ was seen."),
        ("QUILLFEATHER, ANN: lungs clear.", "___, ___: lungs clear."),
        ("Discussed with Dr. Long.", "Discussed with Dr. ___."),
        ("Discussed with John Long today.", "Discussed with ___ ___ today."),
        ("A long central line.", "A long central line."),
        ("MRN 77-4411, room 12.", "MRN ___, room 12."),
        ("Born 02/03/1951.", "Born ___."),
        ("Born 3.2.51.", "Born ___."),
        ("Born 3 February 1951.", "Born ___."),
        ("Born Feb 3rd, 1951.", "Born ___."),
        ("Compared with 12/03/2019.", "Compared with 12/03/2019."),
        ("Annular calcification.", "Annular calcification."),
    ],
)
def test_names_go_and_words_stay(text: str, hidden: str) -> None:
    assert hide_identity(text, ANN)[0] == hidden


def test_what_was_hidden_is_counted_and_nobody_hides_nothing() -> None:
    assert hide_identity("Ann Quillfeather, 77-4411", ANN)[1] == 3
    assert hide_identity("Ann Quillfeather, 77-4411", Identity()) == ("Ann Quillfeather, 77-4411", 0)


def test_several_identities_are_one() -> None:
    both = Identity.union([ANN, identity_of(names=["Doe"])])
    assert both.names == ANN.names | {"doe"}
    assert Identity.union([]) == Identity()


@pytest.mark.parametrize(
    ("text", "safe"),
    [("Chest PA + lat", True), ("120 kV 1.25mm", True), ("CHEST 20190312", False), ("Thorax Meyer", False), ("", True)],
)
def test_text_of_technique_is_told_from_other_text(text: str, safe: bool) -> None:
    assert is_safe_text(text) is safe
