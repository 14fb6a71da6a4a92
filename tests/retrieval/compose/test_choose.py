"""Floors, contradictions and sides: what is stated, what is struck and why."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from casekin.retrieval.compose.choose import PRESENT_FLOOR, choose_claims
from casekin.retrieval.compose.claims import denies
from casekin.retrieval.compose.curve import Evidence
from casekin.retrieval.compose.draft import Claim, Support
from casekin.retrieval.compose.support import Judged, Stated
from casekin.types import Polarity, Side


def claim(finding: str, anatomy: str, side: Side | None = None, polarity: Polarity = "present") -> Claim:
    return Claim(finding=finding, anatomy=anatomy, side=side, polarity=polarity)


LEFT = claim("pleural_effusion", "pleural_space", "left")
RIGHT = claim("pleural_effusion", "pleural_space", "right")
NONE = claim("pleural_effusion", "pleural_space", None, "absent")
CLEAR = claim("no_finding", "lung", "bilateral")
LOBE, LUNG = claim("consolidation", "lower_lobe", "left"), claim("consolidation", "lung", "left")
CLAIMS = (LEFT, RIGHT, NONE, CLEAR, LOBE, LUNG, claim("consolidation", "lung", None, "absent"),
          claim("no_finding", "pleural_space", "bilateral"), claim("endotracheal_tube", "trachea"))  # fmt: skip


def judged(one: Claim, p: float, *, share: float = 0.5, cases: int = 9, usual: float = 0.0) -> Judged:
    stated = Stated(
        claim=one,
        evidence=Evidence(presence=None, share=share, habit=0.1),
        rows=tuple(range(cases)),
        weights=(1.0,) * cases,
        n=9,
    )
    return Judged(stated=stated, support=Support(p=p, n=9, interval=(0.0, 1.0)), usual=usual)


def said(*given: Judged) -> set[Claim]:
    return {each.claim for each in choose_claims(given)[0]}


def test_a_support_just_below_the_floor_isnt_rounded_to_it() -> None:
    (struck,) = choose_claims([judged(LEFT, PRESENT_FLOOR - 1e-4)])[1]
    assert struck.reason == "support 0.39 is below 0.40"


def test_a_finding_above_the_floor_is_stated_and_one_below_is_struck_with_the_reason() -> None:
    assert said(judged(LEFT, PRESENT_FLOOR)) == {LEFT}
    chosen, struck = choose_claims([judged(LEFT, 0.3)])
    assert not chosen
    assert [(each.text, each.reason) for each in struck] == [
        ("pleural effusion: left pleural space", "support 0.30 is below 0.40")
    ]


def test_of_two_that_contradict_each_other_the_better_supported_stays() -> None:
    assert said(judged(LEFT, 0.95), judged(NONE, 0.9)) == {LEFT}
    assert said(judged(LEFT, 0.86), judged(NONE, 0.9)) == {NONE}


def test_the_weaker_side_needs_more() -> None:
    assert said(judged(LEFT, 0.9), judged(RIGHT, 0.7)) == {LEFT}
    assert said(judged(LEFT, 0.9), judged(RIGHT, 0.85)) == {LEFT, RIGHT}


def test_a_whole_isnt_stated_beside_its_part() -> None:
    assert said(judged(LOBE, 0.9), judged(LUNG, 0.6)) == {LOBE}


def test_one_case_alone_is_no_support() -> None:
    assert said(judged(LEFT, 0.9, cases=1)) == set()


def test_a_denial_that_is_rarely_said_or_no_news_isnt_made() -> None:
    assert said(judged(NONE, 0.95, share=0.05)) == set()
    assert said(judged(NONE, 0.95, usual=0.95)) == set()
    assert said(judged(NONE, 0.95, usual=0.8)) == {NONE}


@given(st.lists(st.tuples(st.sampled_from(CLAIMS), st.floats(0, 1)), max_size=9, unique_by=lambda pair: pair[0]))
def test_no_two_stated_claims_deny_each_other_whatever_their_support(pairs: list[tuple[Claim, float]]) -> None:
    chosen = said(*(judged(one, p) for one, p in pairs))
    assert not any(denies(a, b) or denies(b, a) for a, b in combinations(chosen, 2))
