"""How the benchmark of simulated reports scores: a perfect reader, wrong sides and polarities, joined sides."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from casekin.types import Fact, Place
from casekin.world.dictation import Statement, WrittenReport

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))  # benchmarks import one another, as scripts of one folder do
        return importlib.import_module("simulated_reports")


def fact(finding: str, anatomy: str, side: Any = None, polarity: Any = "present") -> Fact:
    return Fact(finding=finding, anatomy=anatomy, side=side, polarity=polarity)


def stated(true: Fact, at: Place | None) -> Statement:
    return Statement(fact=true, stated=true.polarity, in_image=True, stated_at=at)


def outcomes(benchmark: ModuleType, statements: list[Statement], found: list[Fact]) -> dict[str, Counter[str]]:
    report = WrittenReport(text="", statements=tuple(statements), writer="w")
    scored = benchmark.score("p", report, found)
    return {measure: Counter(outcome for outcome, _ in items) for measure, items in scored.outcomes.items()}


def test_a_reader_that_gives_back_what_is_stated_is_right_by_every_measure(benchmark: ModuleType) -> None:
    for patient, report in benchmark.reports_of(3, 40, "validation"):
        found = [s.fact for s in report.statements if s.stated is not None]
        scored = benchmark.score(patient, report, found)
        tolerant = {outcome for outcome, _ in scored.outcomes["tolerant"]}
        assert tolerant <= {"right"}
        silent = sum(s.stated is None for s in report.statements)
        missed = [outcome for outcome, _ in scored.outcomes["specific"] if outcome != "right"]
        assert missed == ["missed"] * silent


def test_a_bilateral_fact_and_two_one_sided_ones_are_the_same_but_for_the_specific_measure(
    benchmark: ModuleType,
) -> None:
    both = fact("pleural_effusion", "pleural_space", "bilateral")
    apart = [fact("pleural_effusion", "pleural_space", side) for side in ("left", "right")]
    counted = outcomes(benchmark, [stated(both, both.place)], apart)
    assert counted["strict"] == counted["tolerant"] == {"right": 2}
    assert counted["specific"] == {"missed": 1, "extra": 2}


def test_a_wrong_side_or_polarity_is_a_miss_and_an_extra(benchmark: ModuleType) -> None:
    nodule = fact("nodule", "upper_lobe", "left")
    for wrong in (fact("nodule", "upper_lobe", "right"), fact("nodule", "upper_lobe", "left", "absent")):
        counted = outcomes(benchmark, [stated(nodule, nodule.place)], [wrong])
        assert counted["strict"] == counted["specific"] == counted["tolerant"] == {"missed": 1, "extra": 1}


def test_a_vaguer_place_is_right_where_the_words_mean_it(benchmark: ModuleType) -> None:
    true = fact("consolidation", "lower_lobe", "left")
    vague = fact("consolidation", "lung_base", "left")
    counted = outcomes(benchmark, [stated(true, vague.place)], [vague])
    assert (counted["strict"], counted["specific"]) == ({"right": 1}, {"missed": 1, "extra": 1})
    counted = outcomes(benchmark, [stated(true, true.place)], [vague])
    assert (counted["strict"], counted["tolerant"]) == ({"missed": 1, "extra": 1}, {"right": 1})


def test_a_fact_stated_without_a_place_is_right_at_any_and_counts_once(benchmark: ModuleType) -> None:
    edema = fact("pulmonary_edema", "lung", "bilateral")
    for found in (edema, fact("pulmonary_edema", "perihilar_region", "bilateral")):
        assert outcomes(benchmark, [stated(edema, None)], [found])["strict"] == {"right": 1}
    denied = fact("pulmonary_edema", "lung", "bilateral", "absent")
    assert outcomes(benchmark, [stated(edema, None)], [denied])["strict"] == {"missed": 1, "extra": 2}


def test_keywords_know_no_negation(benchmark: ModuleType) -> None:
    found = benchmark.by_keywords("No left pleural effusion. Mass in the lung.")
    assert {(each.finding, each.side, each.polarity) for each in found} == {
        ("pleural_effusion", "left", "present"),
        ("mass", None, "present"),
    }
