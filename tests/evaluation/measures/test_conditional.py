"""What asking at a place is for: values worked by hand, and pairs of cases that agree with the comparison of cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation import Judgements, judge_run, relate_cases
from casekin.evaluation.measures import parse_measure
from casekin.evaluation.measures.conditional import RegionAgreement, rank_biased_overlap
from casekin.evaluation.runs import JudgedRun
from casekin.relevance import CaseFindings, compare_cases, grade_at
from casekin.types import Fact, Place
from made_cases import made_fact
from made_runs import judged, laws, ranked

LEFT = Place(anatomy="pleural_space", side="left")
RIGHT = Place(anatomy="pleural_space", side="right")


def values(name: str, run: JudgedRun) -> list[float]:
    return [float(v) for v in parse_measure(name).value_per_query(run)]


def effusion(side: str | None, polarity: str = "present") -> Fact:
    return made_fact("pleural_effusion", "pleural_space", side, polarity)  # type: ignore[arg-type]


def case(name: str, *facts: Fact, normal: Sequence[Place] = ()) -> CaseFindings:
    return CaseFindings(case_id=name, patient=name, facts=facts, normal_anatomies=tuple(normal))


CASES = (
    case("query", effusion("left")),
    case("same", effusion("left")),
    case("other_side", effusion("right")),
    case("both", effusion("bilateral")),
    case("denied", effusion("left", "absent")),
    case("denied_all", effusion(None, "absent")),
    case("clear", normal=[LEFT, RIGHT]),
    case("unrelated", made_fact("pneumothorax", "pleural_space", "left")),
)


def related(lists: dict[str, list[str]]) -> JudgedRun:
    everything = [case.case_id for case in CASES]
    labels = Judgements.build(
        [(query, "same", 3) for query in lists], documents=everything, judged={str(LEFT): everything, "*": everything}
    )
    return judge_run(ranked(lists), labels, relations=relate_cases(CASES, labels, lists))


def test_a_finding_on_the_other_side_only_is_a_side_error() -> None:
    run = related({f"query@{LEFT}": ["other_side", "both", "same", "denied"]})
    assert values("SideError@4", run) == [1 / 4]
    assert values("SideError@1", run) == [1.0]
    assert parse_measure("SideError@4").expected_by_chance(run).tolist() == [1 / 7]


def test_side_errors_are_asked_only_where_there_are_sides() -> None:
    run = related({"query@*": ["other_side", "same"]})
    assert np.isnan(values("SideError@2", run)).all()
    assert np.isnan(parse_measure("SideError@2").expected_by_chance(run)).all()


def test_reports_that_deny_the_finding_in_words_or_by_calling_the_place_normal_contradict() -> None:
    run = related({f"query@{LEFT}": ["denied", "denied_all", "clear", "same", "other_side", "unrelated"]})
    assert values("Contradiction@6", run) == [3 / 6]


def test_a_relation_that_was_not_given_is_an_error() -> None:
    run = judged({"q@left_lung": ["a"]}, [("q@left_lung", "a", 1)])
    with pytest.raises(InputError, match="needs a run judged with the relation 'mirrored'"):
        values("SideError@1", run)


statements = st.builds(
    made_fact,
    st.sampled_from(["pleural_effusion", "consolidation", "airspace_opacity", "pneumothorax", "atelectasis"]),
    st.sampled_from(["lung", "lower_lobe", "pleural_space", "costophrenic_angle"]),
    st.sampled_from(["left", "right", "bilateral", None]),
    st.sampled_from(["present", "absent", "uncertain"]),
)
normals = st.lists(
    st.builds(Place, anatomy=st.sampled_from(["lung", "pleural_space"]), side=st.just("left")), max_size=1
)
archives = st.lists(st.tuples(st.lists(statements, max_size=4), normals), min_size=2, max_size=4)


@laws
@given(archives, st.sampled_from([LEFT, Place(anatomy="lung", side="left"), Place(anatomy="lower_lobe", side="right")]))
def test_pairs_are_those_of_the_comparison_of_two_cases_and_of_their_grades(
    archive: list[tuple[list[Fact], list[Place]]], place: Place
) -> None:
    cases = [case(f"c{i}", *facts, normal=normal) for i, (facts, normal) in enumerate(archive)]
    labels = Judgements.build([("c0@x", "c0", 0)], documents=[one.case_id for one in cases])
    found = relate_cases(cases, labels, [f"c0@{place}"])
    contradicting, mirrored = (found[name].listed for name in ("contradicting", "mirrored"))
    for number, other in enumerate(cases):
        compared = compare_cases(cases[0], other, place)
        if compared is not None:
            listed = number in (contradicting[f"c0@{place}"].numbers if contradicting else ())
            assert listed == bool(compared.contradicted), other
        if number and number in (mirrored[f"c0@{place}"].numbers if mirrored else ()):
            assert grade_at(cases[0].facts, other.facts, place) == 0
            assert any(fact.side in ("right", "left", None) for fact in other.facts)


def test_condition_sensitivity_is_one_minus_the_mean_jaccard_over_a_cases_other_places() -> None:
    lists = {"c@x": ["a", "b"], "c@y": ["b", "a"], "c@z": ["b", "d"], "e@x": ["a", "b"]}
    run = judged(lists, [(query, "a", 1) for query in lists], documents="abcde")
    expected = [(0 + 2 / 3) / 2, (0 + 2 / 3) / 2, 2 / 3, np.nan]
    np.testing.assert_allclose(values("ConditionSensitivity@2", run), expected)


def test_a_ranking_blind_to_the_place_has_no_condition_sensitivity() -> None:
    lists = {f"c@{place}": list("abcd") for place in ("x", "y", "z")}
    run = judged(lists, [(query, "a", 1) for query in lists])
    assert values("ConditionSensitivity@3", run) == [0.0, 0.0, 0.0]


def test_same_patients_are_counted_in_the_list_as_it_is() -> None:
    patients = {"a": "1", "b": "1", "c": "2", "d": "3"}
    run = judged({"a@x": ["b", "c", "d"], "c@x": ["a"]}, [("a@x", "c", 1), ("c@x", "a", 1)], patients=patients)
    assert values("SamePatient@2", run) == [0.5, 0.0]
    assert run.removed["same_patient"] == 1
    assert values("P@1", run) == [1.0, 1.0]


def test_without_known_patients_nothing_is_said_of_them() -> None:
    run = judged({"q": ["a"]}, [("q", "a", 1)])
    assert np.isnan(values("SamePatient@1", run)).all()


def test_patient_diversity_counts_patients_once() -> None:
    patients = {"q": "0", "a": "1", "b": "1", "c": "2"}
    run = judged({"q@x": ["a", "b", "c"], "z@x": []}, [("q@x", "a", 1), ("z@x", "a", 1)], patients=patients)
    np.testing.assert_allclose(values("PatientDiversity@3", run), [2 / 3, np.nan])


def test_region_agreement_is_the_rank_biased_overlap_of_two_runs() -> None:
    pairs = [("q1", "a", 1), ("q2", "a", 1), ("q3", "a", 1)]
    by_name = judged({"q1": ["a", "b", "c"], "q2": ["a", "b"], "q3": []}, pairs, documents="abcd")
    by_box = judged({"q1": ["b", "a", "c"], "q2": ["c", "d"], "q3": []}, pairs, documents="abcd")
    p = 0.9
    expected = p**3 + (1 - p) / p * (0 * p + p**2 + p**3)
    agreed = RegionAgreement(reference=by_name).value_per_query(by_box)
    np.testing.assert_allclose(agreed, [expected, 0.0, np.nan])
    with pytest.raises(InputError, match="needs a reference run"):
        RegionAgreement().value_per_query(by_box)
    with pytest.raises(InputError, match="p between 0 and 1"):
        RegionAgreement(p=1.0)


@laws
@given(st.permutations(range(7)), st.permutations(range(7)), st.integers(1, 7), st.floats(0.05, 0.95))
def test_rank_biased_overlap_is_its_definition_symmetric_and_one_for_equal_lists(
    a: list[int], b: list[int], depth: int, p: float
) -> None:
    common = [len(set(a[:d]) & set(b[:d])) for d in range(1, depth + 1)]
    direct = common[-1] / depth * p**depth + (1 - p) / p * sum(x / d * p**d for d, x in enumerate(common, start=1))
    assert rank_biased_overlap(a[:depth], b[:depth], p=p) == pytest.approx(direct)
    assert rank_biased_overlap(b[:depth], a[:depth], p=p) == pytest.approx(direct)
    assert rank_biased_overlap(a, a, p=p) == pytest.approx(1.0)
    assert rank_biased_overlap(a, [], p=p) == 0.0
