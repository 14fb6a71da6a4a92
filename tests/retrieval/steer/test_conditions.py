"""Conditions in words become a filter; what isn't known is named."""

from __future__ import annotations

import pytest

from casekin.errors import FilterError
from casekin.index.search.filters import parse_where
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.conditions import condition_text, filter_text, read_condition, read_filter


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("effusion", "pleural_effusion"),
        ("PTX at the left lung", "pneumothorax at left_lung"),
        ("Consolidation AT left lower lobe", "consolidation at left_lower_lobe"),
    ],
)
def test_a_condition_is_read_as_people_write_it(text: str, canonical: str) -> None:
    condition = read_condition(text, option="with")
    assert condition_text(condition) == canonical
    assert read_condition(canonical, option="with") == condition


@pytest.mark.parametrize("text", ["", "efusion", "effusion at left loong", "effusion at", "age > 60", "at left lung"])
def test_what_is_no_condition_is_refused_with_the_option_and_what_was_expected(text: str) -> None:
    with pytest.raises(FilterError, match=r"--without: expected FINDING \[at PLACE\]"):
        read_condition(text, option="without")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, None),
        ({"where": "age > 60"}, "age > 60"),
        ({"with_": ("effusion",)}, "pleural_effusion"),
        ({"without": ("ptx",)}, "not pneumothorax and not pneumothorax uncertain"),
        (
            {"where": "age > 60 or sex = F", "with_": ("effusion at left lung",), "without": ("ptx at left lung",)},
            "(age > 60 or sex = F) and pleural_effusion at left_lung "
            "and not pneumothorax at left_lung and not pneumothorax at left_lung uncertain",
        ),
    ],
)
def test_the_filter_in_words_says_what_the_filter_does(options: dict[str, tuple[str, ...]], text: str | None) -> None:
    query = SearchQuery(text="nodule", **options)  # type: ignore[arg-type]
    assert filter_text(query) == text
    assert read_filter(query) == (None if text is None else parse_where(text))
