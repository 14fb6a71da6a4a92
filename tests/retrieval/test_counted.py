"""Reports of look-alikes count where they state what the picture shows, and against where it looks normal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS, overlaps
from casekin.index import CaseIndex
from casekin.retrieval.counted import ShownPresence, StatedFacts, count_stated
from casekin.retrieval.rank import RankedCase
from casekin.types import Fact, Place
from made_cases import made_fact
from made_indexes import made_cases

FINDINGS = ("consolidation", "pleural_effusion")
LOWER, APEX = LOCATIONS[3], LOCATIONS[0]
FACTS = (
    made_fact("consolidation", "lower_lobe", "left"),
    made_fact("consolidation", "lung", "right", "uncertain"),
    made_fact("pleural_effusion", "pleural_space", "left"),
    made_fact("pleural_effusion", "pleural_space", "right", "absent"),
    made_fact("nodule", "upper_lobe", "left"),
)


def shown(*presence: tuple[float, float]) -> ShownPresence:
    """The presence of both findings at the first locations, in equal shares."""
    return ShownPresence(
        findings=FINDINGS,
        locations=LOCATIONS[: len(presence)],
        weights=np.full(len(presence), 1 / len(presence)),
        values=np.array(presence),
    )


def ranked(*scores: float) -> list[RankedCase]:
    parts = {"global": 0.0, "facts": 0.0, "text": 0.0}
    return [
        RankedCase(case_no=n, case_id=f"c{n}", image_id=n, score=score, parts={"region": score, **parts})
        for n, score in enumerate(scores)
    ]


def by_hand(presence: ShownPresence, facts: Sequence[Fact], weight: float) -> float:
    """The formula of decision 0032, one location after the other."""
    total = 0.0
    for place, share, values in zip(presence.locations, presence.weights, presence.values, strict=True):
        stated = dict.fromkeys(FINDINGS, 0.0)
        for fact in facts:
            if fact.finding in stated and fact.polarity != "absent" and overlaps(fact.place, place):
                stated[fact.finding] = max(stated[fact.finding], 1.0 if fact.polarity == "present" else 0.5)
        agreed = sum(p * stated[name] for name, p in zip(FINDINGS, values, strict=True))
        normal = (1 - values[0]) * (1 - values[1])
        total += share * (agreed - 0.1 * normal * max(stated.values()))
    return weight * total


def stated_at_locations(
    facts: Sequence[Fact], findings: tuple[str, ...], locations: Sequence[Place]
) -> NDArray[np.float64]:
    """Fact by fact: 1 present, half uncertain, 0 neither, at every location that the fact's place overlaps."""
    value = {"present": 1.0, "uncertain": 0.5, "absent": 0.0}
    return np.array(
        [
            [
                max((value[f.polarity] for f in facts if f.finding == name and overlaps(f.place, one)), default=0.0)
                for name in findings
            ]
            for one in locations
        ]
    )


def count_facts(
    cases: Sequence[RankedCase], facts: Mapping[int, Sequence[Fact]], presence: ShownPresence, *, weight: float
) -> list[RankedCase]:
    stated = [stated_at_locations(facts.get(one.case_no, ()), presence.findings, presence.locations) for one in cases]
    return count_stated(cases, np.array(stated), presence, weight=weight)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=29),
    st.lists(st.sampled_from(FACTS), max_size=4),
    st.floats(0.01, 1),
)
def test_the_part_is_the_formula_s_and_the_score_the_sum_of_parts(
    values: list[tuple[float, float]], facts: list[Fact], weight: float
) -> None:
    presence = shown(*values)
    (case,) = count_facts(ranked(0.25), {0: facts}, presence, weight=weight)
    assert case.parts["facts"] == pytest.approx(by_hand(presence, facts, weight), abs=1e-6)
    assert case.score == pytest.approx(sum(case.parts.values()))


def test_a_case_whose_report_agrees_rises_above_one_that_only_looks_alike() -> None:
    facts = {0: [], 1: [made_fact("consolidation", "lung", "bilateral")]}
    assert [case.case_id for case in count_facts(ranked(0.5, 0.4), facts, shown((0.9, 0.0)), weight=0.6)] == [
        "c1",
        "c0",
    ]


def test_where_the_picture_looks_normal_a_stated_finding_counts_against_its_case() -> None:
    facts = {0: [made_fact("consolidation", "lung", "bilateral")], 1: []}
    found = count_facts(ranked(0.41, 0.4), facts, shown((0.01, 0.01)), weight=0.6)
    assert [case.case_id for case in found] == ["c1", "c0"]
    assert found[1].parts["facts"] < 0.0 == found[0].parts["facts"]


def test_equal_scores_are_ordered_by_case_id_and_cases_without_facts_may_be_missing() -> None:
    assert [case.case_id for case in count_facts(ranked(0.4, 0.4), {}, shown((0.5, 0.5)), weight=1.0)] == ["c0", "c1"]


def test_absent_findings_and_those_that_no_picture_is_read_for_are_not_stated() -> None:
    stated = stated_at_locations(FACTS, FINDINGS, LOCATIONS)
    assert stated.shape == (29, 2)
    right = [n for n, place in enumerate(LOCATIONS) if str(place) == "right_lower_lung_zone"]
    assert stated[right].tolist() == [[0.5, 0.0]]
    assert not stated_at_locations(FACTS[3:], FINDINGS, LOCATIONS).any()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CaseIndex]:
    with CaseIndex(tmp_path / "index", create=True) as opened:
        opened.put(list(made_cases()))
        yield opened


@pytest.mark.parametrize("most_kept", [5, 1000])
@pytest.mark.parametrize("places", [LOCATIONS, LOCATIONS[2:4], (LOWER,)])
def test_an_index_states_of_every_case_what_its_facts_state_one_by_one(
    index: CaseIndex, places: tuple[Place, ...], most_kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekin.retrieval.counted._MOST_KEPT", most_kept)
    findings = ("nodule", "pneumothorax", "cardiomegaly", "consolidation", "mass")
    numbers = np.flatnonzero(index.catalog().is_case).tolist()[::-1]
    cases = [
        RankedCase(case_no=n, case_id=index.catalog().case_id(n), image_id=n, score=0.5, parts={"region": 0.5})
        for n in numbers
    ]
    random = np.random.default_rng(0)
    presence = ShownPresence(
        findings=findings,
        locations=places,
        weights=np.full(len(places), 1 / len(places)),
        values=random.random((len(places), len(findings))),
    )
    expected = count_facts(cases, index.facts_of(numbers), presence, weight=0.6)
    kept = StatedFacts(index, findings)
    for asked in (numbers[:7], numbers):  # some of them are known the second time
        facts = index.facts_of(asked)
        naive = np.stack([stated_at_locations(facts.get(number, ()), findings, places) for number in asked])
        assert naive.any()
        np.testing.assert_array_equal(kept.at(asked, places), naive)
    assert count_stated(cases, kept.at(numbers, places), presence, weight=0.6) == expected
    assert count_stated(cases, kept.at(numbers, places), presence, weight=0.6, limit=3) == expected[:3]


def test_statements_that_an_index_keeps_are_those_of_its_reports_now(index: CaseIndex) -> None:
    (number,) = np.flatnonzero(index.mask_of(case_ids=["c00"])).tolist()
    for finding in FINDINGS:
        fact = made_fact(finding, "lower_lobe", "left", "uncertain")
        index.put_report("c00", report="made", facts=[fact, FACTS[3]], normal=[], sentences=[])
        kept = StatedFacts.of(index, FINDINGS)
        assert kept is StatedFacts.of(index, FINDINGS)
        (stated,) = kept.at([number], LOCATIONS)
        np.testing.assert_array_equal(stated, stated_at_locations([fact], FINDINGS, LOCATIONS))
