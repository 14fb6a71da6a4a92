"""What an evaluation promises: nothing dropped in silence, no figure that depends on its neighbours, same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation import Judgements, Run
from casekin.evaluation.gates import check_gates, parse_gate
from casekin.evaluation.protocols import Task, load_protocol
from casekin.evaluation.scoring import score
from casekin.evaluation.scoring_record import Evaluation
from casekin.relevance import CaseFindings
from casekin.types import CaseRow
from made_cases import made_fact
from made_evaluations import made_world
from made_runs import ranked

QUICK: dict[str, Any] = {"resamples": 40}


def plain_task(pairs: Sequence[tuple[str, str, float]], **known: Any) -> Task:
    groups = known.pop("groups", {})
    labels = Judgements.build(pairs, **known)
    return Task(protocol=load_protocol("trec"), name="plain", judgements=labels, groups=groups)


def found(lists: Mapping[str, Sequence[str]], pairs: Sequence[tuple[str, str, float]], **given: Any) -> Evaluation:
    """An evaluation of these lists by these labels over the documents a to f."""
    return score(plain_task(pairs, documents="abcdef"), ranked(lists), **{**QUICK, **given})


def text_of(evaluation: Evaluation) -> str:
    return json.dumps(evaluation.as_record(), allow_nan=False)


def whole(**changed: Any) -> Evaluation:
    """An evaluation that uses everything."""
    world = made_world(1)
    given: dict[str, Any] = {
        "baselines": [world.run("weak")],
        "other": world.run("other"),
        "cases": stated(world.patients),
        "rows": headers(world.patients),
        "measures": ("nDCG@10", "P@5", "MedianRank", "CorrectedHitRate@5"),
        **QUICK,
        **changed,
    }
    task, run = given.pop("task", world.task()), given.pop("run", world.run("mine"))
    return score(task, run, **given)


def stated(patients: Mapping[str, str]) -> list[CaseFindings]:
    """Cases whose reports state one or two findings; every fourth states none."""
    kinds = ["nodule", "pneumothorax", "pleural_effusion"]
    return [
        CaseFindings(
            case_id=name,
            patient=owner,
            facts=tuple(made_fact(kind, "lung", "left") for kind in kinds[: number % 4]),
        )
        for number, (name, owner) in enumerate(sorted(patients.items()))
    ]


def headers(patients: Mapping[str, str]) -> list[CaseRow]:
    return [
        CaseRow(case_id=name, patient_id=owner, image="a.png", sex="FM"[number % 2], view="PA", extra={"site": "s"})
        for number, (name, owner) in enumerate(sorted(patients.items()))
    ]


def test_a_perfect_run_gets_one_and_leads_over_its_reverse_by_their_difference() -> None:
    pairs = [("q1", "a", 1), ("q2", "b", 1)]
    mine, back = {"q1": "abc", "q2": "bac"}, {"q1": "cba", "q2": "cab"}
    evaluation = found(mine, pairs, measures=["RR", "P@1"], baselines=[ranked(back, name="back")])
    assert evaluation.measures["RR"].mean == 1.0
    assert evaluation.baselines["back"].measures["RR"].mean == pytest.approx(1 / 3)
    assert evaluation.baselines["back"].difference["RR"].mean == pytest.approx(2 / 3)
    assert evaluation.chance == evaluation.prevalence == pytest.approx(1 / 6)
    assert evaluation.measures["P@1"].chance == pytest.approx(1 / 6)


def test_queries_without_a_list_count_nothing_and_are_told() -> None:
    pairs = [(f"q{i}", "a", 1) for i in range(4)]
    evaluation = found({"q0": "a"}, pairs, measures=["P@1"], baselines=[ranked({"q1": "a"}, name="one")])
    assert (evaluation.n_queries, evaluation.missing_queries) == (4, 3)
    assert evaluation.measures["P@1"].mean == 1 / 4
    assert evaluation.baselines["one"].missing_queries == 3
    assert evaluation.baselines["one"].difference["P@1"].mean == 0.0


def test_queries_that_only_another_run_was_asked_are_left_out_and_told() -> None:
    world = made_world(1)
    run = world.run("mine")
    kept = sorted(world.runs["mine"])[:4]
    few = Run(name="mine", lists={q: run.lists[q] for q in kept}, scores={q: run.scores[q] for q in kept})
    labels = replace(world.task().judgements, listed={q: world.task().judgements.listed[q] for q in kept[:1]})
    evaluation = score(replace(world.task(), judgements=labels), few, baselines=[run], measures=["P@5"], **QUICK)
    assert evaluation.n_queries == 4
    assert evaluation.baselines["mine"].further_queries > 0
    assert evaluation.baselines["mine"].difference["P@5"].mean == 0.0


def test_no_run_is_read_deeper_than_the_one_that_is_measured() -> None:
    deep = found({"q": "bc"}, [("q", "a", 1)], measures=["RR"], baselines=[ranked({"q": "bca"}, name="deep")])
    assert deep.baselines["deep"].measures["RR"].mean == 0.0
    assert deep.depth == 2


def test_a_runs_own_figures_are_the_same_whatever_stands_beside_it() -> None:
    alone, beside = whole(baselines=(), other=None), whole()
    assert beside.measures == alone.measures
    assert beside.curves["P"].run == alone.curves["P"].run
    assert beside.risk_coverage == alone.risk_coverage
    assert beside.strata["normal"].measures == alone.strata["normal"].measures
    assert [one.measures for one in beside.places] == [one.measures for one in alone.places]


def test_more_measures_change_no_figure_of_the_others() -> None:
    few, many = whole(), whole(measures=("nDCG@10", "P@5", "MedianRank", "CorrectedHitRate@5", "FirstRank", "AP"))
    assert {name: many.measures[name] for name in few.measures} == few.measures
    assert many.places == few.places


def test_a_figure_has_one_interval_in_table_and_curve() -> None:
    evaluation = whole()
    band, at = evaluation.curves["P"].run, evaluation.curves["P"].k.index(5)
    told = evaluation.measures["P@5"]
    assert (band.mean[at], band.lo[at], band.hi[at]) == (told.mean, told.lo, told.hi)
    assert evaluation.curves["P"].chance[at] == told.chance


def test_the_same_input_in_any_order_gives_the_same_bytes() -> None:
    world = made_world(1)
    backwards = replace(
        world, pairs=dict(reversed(world.pairs.items())), patients=dict(reversed(world.patients.items()))
    )
    backwards.runs = {
        name: {query: dict(reversed(scores.items())) for query, scores in reversed(lists.items())}
        for name, lists in world.runs.items()
    }
    turned = whole(
        task=backwards.task(),
        run=backwards.run("mine"),
        baselines=[backwards.run("weak")],
        other=backwards.run("other"),
        cases=stated(world.patients)[::-1],
        rows=headers(world.patients)[::-1],
    )
    assert text_of(turned) == text_of(whole())
    assert text_of(whole()) == text_of(whole())


def test_another_seed_moves_intervals_and_nothing_else() -> None:
    one, two = (whole(seed=seed) for seed in (1, 5))
    assert one.measures["nDCG@10"].mean == two.measures["nDCG@10"].mean
    assert one.measures["nDCG@10"].lo != two.measures["nDCG@10"].lo
    assert (one.worst, one.sensitivity, one.removed) == (two.worst, two.sensitivity, two.removed)


def test_the_record_is_plain_json_and_comes_back_as_it_was() -> None:
    record = whole().as_record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert list(record)[:5] == ["protocol", "protocol_version", "protocol_sha256", "task", "run"]
    assert record["slices"]["sex"][0].keys() >= {"label", "n", "patients", "interval", "gap"}


def test_cases_bring_side_errors_contradictions_and_strata() -> None:
    nodule = {side: made_fact("nodule", "lung", side) for side in ("left", "right")}
    denied = made_fact("nodule", "lung", "left", "absent")
    cases = [
        CaseFindings(case_id="q", patient="1", facts=(nodule["left"],)),
        CaseFindings(case_id="same", patient="2", facts=(nodule["left"], made_fact("pneumothorax", "lung", "left"))),
        CaseFindings(case_id="mirror", patient="3", facts=(nodule["right"],)),
        CaseFindings(case_id="denies", patient="4", facts=(denied,)),
    ]
    names = [case.case_id for case in cases]
    task = plain_task(
        [("q@left_lung", "same", 3)],
        documents=names,
        judged={"left_lung": names},
        patients={case.case_id: case.patient for case in cases},
    )
    run = ranked({"q@left_lung": ["mirror", "denies", "same"], "same@left_lung": ["q"]})
    evaluation = score(task, run, cases=cases, measures=["nDCG@10"], **QUICK)
    assert evaluation.measures["SideError@5"].mean == pytest.approx(1 / 6)  # 1 of 3, and 0 of 1
    assert evaluation.measures["Contradiction@5"].mean == pytest.approx(1 / 6)
    assert {name: one.n_queries for name, one in evaluation.strata.items()} == {"single": 1, "multi": 1}
    assert "SideError@5" not in score(task, run, measures=["nDCG@10"], **QUICK).measures


def test_normal_queries_are_a_stratum_and_in_no_other_figure() -> None:
    labels = {
        "judged": {"left_lung": "abcd"},
        "normal": {"left_lung": "bc"},
        "patients": dict(zip("abcd", "1234", strict=True)),
    }
    task = plain_task([("a@left_lung", "d", 2)], documents="abcd", **labels)
    run = ranked({"a@left_lung": "bdc", "b@left_lung": "ca"})
    half = ranked({"a@left_lung": "d"}, name="half")
    evaluation = score(task, run, baselines=[half], measures=["RR"], **QUICK)
    assert (evaluation.n_queries, evaluation.removed["normal_queries"]) == (1, 1)
    assert evaluation.measures["RR"].mean == 1 / 2
    normal = evaluation.strata["normal"]
    assert (normal.measures["RR"].mean, normal.gallery, normal.prevalence) == (1.0, 3.0, 1 / 3)
    assert normal.baselines == {}, "it has no list for a normal query"


def test_rare_findings_are_a_stratum_of_their_own() -> None:
    """One of 101 cases has it: below the protocol's 1 %."""
    names = [f"c{i:03d}" for i in range(101)]
    cases = [CaseFindings(case_id=name, patient=name, facts=(made_fact("nodule", "lung", "left"),)) for name in names]
    cases[7] = replace(cases[7], facts=(made_fact("pneumothorax", "lung", "left"),))
    task = plain_task([(f"{name}@left_lung", "c000", 1) for name in names[1:9]], documents=names)
    run = ranked({f"{name}@left_lung": ["c000"] for name in names[1:9]})
    strata = score(task, run, cases=cases, measures=["P@1"], **QUICK).strata
    assert {name: one.n_queries for name, one in strata.items()} == {"single": 8, "rare": 1}


def test_fields_that_group_no_queries_are_named_with_the_reason() -> None:
    evaluation = whole()
    assert [cell.label for cell in evaluation.slices["sex"]] == ["F", "M"]
    told = {name: evaluation.slices_missing[name] for name in ("view", "site", "scanner", "age")}
    assert told["view"] == told["site"] == "all cases have the same value"
    assert told["scanner"] == told["age"] == "no case has a value"


def test_a_field_of_free_text_spoils_no_other() -> None:
    world = made_world(1)
    rows = [replace(row, extra={"site": "a text " * 20}) for row in headers(world.patients)]
    evaluation = whole(rows=rows)
    assert "64 characters" in evaluation.slices_missing["site"]
    assert "sex" in evaluation.slices


def test_one_patient_has_a_mean_no_interval_and_meets_no_gate_on_its_bound() -> None:
    evaluation = found({"a@x": "b", "a@y": "c"}, [("a@x", "b", 1), ("a@y", "b", 1)], measures=["P@1"])
    gates = check_gates(evaluation.as_record(), [parse_gate("lo(P@1)>=0"), parse_gate("P@1>=0.5")])
    told = evaluation.measures["P@1"]
    assert (told.mean, told.lo, told.hi, told.n, told.patients) == (0.5, None, None, 2, 1)
    assert [gate.met for gate in gates] == [False, True]


def test_a_median_is_compared_as_one_and_has_no_p() -> None:
    pairs = [(f"q{i}", "a", 1) for i in range(5)]
    lists = {"q0": "a", "q1": "ba", "q2": "bca", "q3": "bcda", "q4": "bcdea"}
    first = ranked(dict.fromkeys(lists, "abcde"), name="first")
    evaluation = found(lists, pairs, measures=["MedianRank"], baselines=[first])
    assert (evaluation.measures["MedianRank"].mean, evaluation.measures["MedianRank"].chance) == (3.0, 3.0)
    gap = evaluation.baselines["first"].difference["MedianRank"]
    assert (gap.mean, gap.p_value, gap.p_holm, gap.minimum_detectable_effect) == (2.0, None, None, None)
    assert gap.lo is not None
    assert gap.hi is not None
    assert 0 <= gap.lo <= 2 <= gap.hi <= 4


def test_the_best_baseline_is_the_one_with_the_best_lead_measure() -> None:
    pairs = [("a@x", "c", 1), ("b@x", "c", 1)]
    lists = {"good": "cd", "bad": "dc"}
    runs = [ranked(dict.fromkeys(("a@x", "b@x"), order), name=name) for name, order in lists.items()]
    for lead in ("RR", "FirstRank"):
        evaluation = found({"a@x": "ec", "b@x": "ec"}, pairs, measures=[lead], baselines=runs[::-1])
        assert evaluation.best_baseline == "good"
    (at_x,) = evaluation.places
    assert at_x.difference is not None
    assert at_x.difference.mean == 1.0


def test_the_worst_queries_are_those_that_had_most_to_find() -> None:
    pairs = [("q1", "a", 1), ("q2", "a", 1), ("q2", "b", 1), ("q3", "a", 0), ("q4", "c", 2), ("q5", "a", 1)]
    evaluation = found({"q1": "cd", "q2": "cd", "q3": "ab", "q4": "dcf"}, pairs, measures=["RR"])
    assert [one.query_id for one in evaluation.worst] == ["q2", "q1", "q4"], "q3 has nothing to find, q5 no list"
    assert [one.relevant for one in evaluation.worst] == [2, 1, 1]
    assert [(hit.case_id, hit.grade) for hit in evaluation.worst[2].first] == [("d", 0.0), ("c", 2.0), ("f", 0.0)]


def test_shown_cases_that_nobody_judged_have_no_grade() -> None:
    task = plain_task([("a@heart", "b", 1)], documents="abcd", judged={"heart": "abc"})
    evaluation = score(task, ranked({"a@heart": "dcb"}), measures=["P@1"], **QUICK)
    assert [hit.grade for hit in evaluation.worst[0].first] == [None, 0.0, 1.0]


def test_lists_of_one_case_at_two_places_are_compared() -> None:
    pairs = [(f"{query}", "f", 1) for query in ("a@x", "a@y", "b@x", "b@y", "c@z")]
    lists = {"a@x": "bcde", "a@y": "bcdf", "b@x": "cd", "b@y": "cd", "c@z": "a"}
    shared = found(lists, pairs, measures=["P@1"]).sensitivity
    assert shared is not None
    assert shared.places == ("x", "y", "z")
    assert shared.overlap == ((1.0, 0.875, None), (0.875, 1.0, None), (None, None, 1.0))
    assert shared.cases == ((2, 2, 0), (2, 2, 0), (0, 0, 1))
    assert found({"c@z": "a"}, pairs[4:], measures=["P@1"]).sensitivity is None


def test_risk_falls_with_coverage_where_scores_know_and_stays_where_they_do_not() -> None:
    pairs = [(f"q{i}", "a" if i < 2 else "b", 1) for i in range(4)]
    rows = [(f"q{i}", "a", float(9 - i)) for i in range(4)]
    task = plain_task(pairs, documents="abcdef")
    told = score(task, Run.build("sure", rows), measures=["P@1"], **QUICK).risk_coverage
    assert told is not None
    assert told.coverage == (0.25, 0.5, 0.75, 1.0)
    assert told.risk == pytest.approx((0, 0, 1 / 3, 1 / 2))
    assert (told.area, told.chance) == (pytest.approx((1 / 3 + 1 / 2) / 4), 0.5)
    blind = score(task, Run.build("blind", [(q, d, 1.0) for q, d, _ in rows]), measures=["P@1"], **QUICK).risk_coverage
    assert blind is not None
    assert blind.risk == pytest.approx((0.5,) * 4)
    assert score(task, Run.build("rank", rows), measures=["FirstRank"], **QUICK).risk_coverage is None


def test_a_comparison_corrects_over_measures_that_can_be_better_or_worse() -> None:
    compared = whole(measures=("nDCG@10", "Coverage")).comparison
    assert compared is not None
    assert compared.measures["Coverage"].p_holm is None
    assert compared.measures["nDCG@10"].p_holm is not None


def test_p_is_corrected_over_the_baselines_of_one_measure() -> None:
    world = made_world(1, patients=9)
    beside = [world.run("weak"), world.run("other")]
    evaluation = score(world.task(), world.run("mine"), baselines=beside, measures=["nDCG@10"], **QUICK)
    gaps = [evaluation.baselines[name].difference["nDCG@10"] for name in ("weak", "other")]
    (low, first), (high, second) = sorted((gap.p_value or 0.0, gap.p_holm) for gap in gaps)
    assert low != high
    assert (first, second) == (min(1.0, 2 * low), max(min(1.0, 2 * low), high))


def test_an_open_gallery_is_the_same_for_every_run() -> None:
    task = plain_task([("q", "a", 1)])
    evaluation = score(task, ranked({"q": "ab"}), baselines=[ranked({"q": "cd"}, name="b")], measures=["P@1"], **QUICK)
    assert evaluation.gallery == 4.0
    assert evaluation.baselines["b"].measures["P@1"].chance == 1 / 4


def test_texts_that_are_the_same_count_as_one_where_the_task_says_so() -> None:
    task = plain_task([("q", "a", 1)], documents="abc", groups={"a": "t", "b": "t", "c": "u"})
    evaluation = score(task, ranked({"q": "bc"}), measures=["GroupR@1", "R@1"], **QUICK)
    assert (evaluation.measures["GroupR@1"].mean, evaluation.measures["R@1"].mean) == (1.0, 0.0)


PAIRS = [("q", "a", 1.0)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"measures": []}, "expected one at least"),
        ({"measures": ["nDGC@10"]}, "nearest: nDCG"),
        ({"measures": ["SideError@5"]}, "mirrored"),
        ({"measures": ["GroupR@5"]}, "groups"),
        ({"measures": ["RegionAgreement"]}, "reference"),
        ({"baselines": [ranked({"q": "a"}, name="b"), ranked({"q": "b"}, name="b")]}, "'b' twice"),
        ({"baselines": [ranked({"other": "a"}, name="b")]}, "run b: expected lists"),
        ({"baselines": [ranked({"q": "a", "other": "a"}, name="b")]}, "'other' is unknown"),
        ({"other": ranked({"q": "z"}, name="b")}, "document 'z' is unknown"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_error(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        found({"q": "ab"}, PAIRS, **given)
    assert "\n" not in str(caught.value)


def test_a_run_of_empty_lists_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="run made: expected ranked documents"):
        score(plain_task(PAIRS, documents="ab"), Run(name="made", lists={"q": ()}, scores={"q": ()}), **QUICK)


def test_places_are_those_of_the_queries() -> None:
    evaluation = found({"a@heart": "b", "a@*": "b", "a": "b"}, [(q, "b", 1) for q in ("a@heart", "a@*", "a")])
    assert [one.place for one in evaluation.places] == ["*", "heart"]
