"""What the page of a draft says of its sentences."""

from __future__ import annotations

import pytest

from casekin.retrieval.compose.draft import Support
from casekin.web.drafts import support_words


@pytest.mark.parametrize(
    ("share", "cases", "words"),
    [
        (1.0, 1, "over 99% likely (21% to 100%), by 1 similar case that speaks of it"),
        (0.9951, 2, "over 99% likely (21% to 100%), by 2 similar cases that speak of it"),
        (0.87, 12, "87% likely (21% to 100%), by 12 similar cases that speak of it"),
    ],
)
def test_a_few_cases_make_nothing_certain(share: float, cases: int, words: str) -> None:
    assert support_words(Support(p=share, n=cases, interval=(0.21, 1.0))) == words
