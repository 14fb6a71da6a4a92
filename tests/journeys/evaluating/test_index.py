"""An index becomes questions and labels: those of a naive second reading; what is not asked is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casekin.anatomy import overlaps, parse_place
from casekin.errors import InputError
from casekin.evaluation import judge_normal
from casekin.evaluation.baselines import BASELINES, rank_with
from casekin.index import CaseIndex, IndexedCase
from casekin.journeys.evaluating.index import IndexTask, index_task
from casekin.journeys.evaluating.labels import PLACES
from casekin.relevance import (
    CaseFindings,
    RelevanceTable,
    grade_at,
    is_normal_at,
    speaks_of,
    split_query_id,
    write_qrels,
)
from casekin.relevance.cases import stands_at
from made_cases import made_fact
from made_indexes import made_cases, made_index


def found(case: IndexedCase) -> CaseFindings:
    return CaseFindings(
        case_id=case.case_id, patient=case.patient, facts=case.facts, normal_anatomies=case.normal_anatomies
    )


CASES = {case.case_id: case for case in made_cases()}
FOUND = {name: found(case) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with made_index(tmp_path_factory.mktemp("evaluate") / "index") as handle:
        yield handle


def asked_of(cases: list[IndexedCase], folder: Path, **options: Any) -> IndexTask:
    with made_index(folder, cases) as handle:
        return index_task(handle, **{"queries": 0, **options})


def grades_of(asked: IndexTask, query: str) -> dict[str, float]:
    labels = asked.task.judgements
    listed = labels.listed[query]
    return {labels.documents[n]: g for n, g in zip(listed.numbers.tolist(), listed.grades.tolist(), strict=True)}


def naive_grades(query: str) -> dict[str, float]:
    """Pair by pair, by the rule for two cases."""
    case_id, place = split_query_id(query)
    mine = FOUND[case_id]
    pairs = {
        name: float(grade_at(mine.facts, other.facts, place))
        for name, other in FOUND.items()
        if other.patient != mine.patient
    }
    return {name: grade for name, grade in pairs.items() if grade}


def test_every_case_asks_wherever_it_has_a_finding_and_labels_are_those_of_the_pairs(index: CaseIndex) -> None:
    asked = index_task(index, queries=0)
    expected = {
        f"{name}@{place or '*'}"
        for name, case in FOUND.items()
        for place in PLACES
        if any(stands_at(fact, place) for fact in case.facts)
    }
    assert set(asked.task.judgements.listed) == expected
    for query in expected:
        assert grades_of(asked, query) == naive_grades(query), query


def test_judged_and_normal_are_who_speaks_of_the_place_and_finds_nothing_there(index: CaseIndex) -> None:
    labels = index_task(index, queries=0).task.judgements
    assert labels.judged is not None
    for place in PLACES:
        name = str(place or "*")
        judged = [case for case in FOUND if speaks_of(FOUND[case], place)]
        normal = [case for case in FOUND if is_normal_at(FOUND[case], place)]
        assert [labels.documents[n] for n in labels.judged[name]] == judged
        assert [labels.documents[n] for n in labels.normal[name]] == normal


def test_lobes_are_asked_beside_the_located_places_and_the_whole() -> None:
    names = [str(place or "*") for place in PLACES]
    assert len(names) == len(set(names)) == 29 + 1 + 5
    assert {"*", "right_middle_lobe", "left_lung"} <= set(names)


def test_a_sample_is_part_of_all_the_same_again_and_another_for_another_seed(index: CaseIndex) -> None:
    whole, some, again, other = (
        index_task(index, queries=queries, seed=seed) for queries, seed in ((0, 0), (20, 0), (20, 0), (20, 1))
    )
    drawn = list(some.task.judgements.listed)
    assert len(drawn) == 20
    assert set(drawn) < set(whole.task.judgements.listed)
    assert drawn == list(again.task.judgements.listed) == sorted(drawn)
    assert drawn != list(other.task.judgements.listed)
    assert some.task.dropped["queries_not_drawn"] == len(whole.task.judgements.listed) - 20
    assert some.labels == again.labels
    assert {query: grades_of(some, query) for query in drawn} == {query: grades_of(whole, query) for query in drawn}


def test_a_quarter_as_many_questions_are_of_normal_places_and_are_judged_apart(index: CaseIndex) -> None:
    asked = index_task(index, queries=20)
    calm = [q for q in asked.questions if q.query_id not in asked.task.judgements.listed]
    assert len(calm) == 5
    for question in calm:
        case_id, place = split_query_id(question.query_id)
        assert is_normal_at(FOUND[case_id], place)
    run = rank_with(BASELINES["random"], asked.questions, asked.entries)
    normal = judge_normal(run, asked.task.judgements)
    assert normal is not None
    assert sorted(normal.query_ids) == sorted(q.query_id for q in calm)


def test_what_is_known_of_cases_is_the_archives_and_nothing_of_its_splits(index: CaseIndex) -> None:
    asked = index_task(index)
    assert [entry.case_id for entry in asked.entries] == [row.case_id for row in asked.rows] == sorted(CASES)
    for entry, row in zip(asked.entries, asked.rows, strict=True):
        case = CASES[entry.case_id]
        assert (entry.patient, entry.view, entry.age, entry.report) == (case.patient, case.view, case.age, case.report)
        assert entry.header == {"sex": case.sex, "scanner": case.extra["scanner"]}
        assert (row.sex, row.extra["scanner"]) == (case.sex, case.extra["scanner"])
        assert entry.vector is not None
        assert entry.vector.tolist() == case.images[0].vectors["global"].tolist()
    assert asked.index_version == index.version()
    assert asked.model_version == "m1"


def truth_lines(split_of: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "case_id": name,
            "split": split_of[name],
            "site": "north",
            "facts": [{**fact.as_record(), "in_image": fact.polarity != "absent"} for fact in case.facts],
        }
        for name, case in CASES.items()
    ]


def write_truth(folder: Path, lines: list[dict[str, Any]]) -> Path:
    path = folder / "truth.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_by_a_truth_one_split_is_the_gallery_and_everyone_is_judged_everywhere(
    index: CaseIndex, tmp_path: Path
) -> None:
    splits = {name: ("test", "train")[int(case.patient[1:]) % 2] for name, case in CASES.items()}
    unknown = {"case_id": "elsewhere", "split": "test", "facts": []}
    path = write_truth(tmp_path, [*truth_lines(splits), unknown])
    asked = index_task(index, truth=path, queries=0)
    inside = sorted(name for name, split in splits.items() if split == "test")
    labels = asked.task.judgements
    assert list(labels.documents) == [entry.case_id for entry in asked.entries] == inside
    assert labels.judged is not None
    assert {len(numbers) for numbers in labels.judged.values()} == {len(inside)}
    assert {query.partition("@")[0] for query in labels.listed} <= set(inside)
    assert asked.task.dropped["not_in_index"] == 1
    assert asked.labels["source"] == "truth"
    assert all(row.extra["site"] == "north" for row in asked.rows)
    assert not any("site" in entry.header for entry in asked.entries)
    everyone = index_task(index, truth=path, split=None, queries=0)
    assert len(everyone.entries) == len(CASES)


def test_what_the_truth_shows_counts_as_present_however_the_report_hedges(index: CaseIndex, tmp_path: Path) -> None:
    asked = index_task(index, truth=write_truth(tmp_path, truth_lines(dict.fromkeys(CASES, "test"))), queries=0)
    facts = {case.case_id: case.facts for case in asked.cases}
    assert {fact.polarity for of_case in facts.values() for fact in of_case} == {"present", "absent"}


def test_mined_qrels_of_the_same_reports_give_the_same_labels(tmp_path: Path) -> None:
    cases = list(CASES.values())
    cases[0] = replace(cases[0], facts=(*cases[0].facts, made_fact("scoliosis", "spine")))  # nobody else has one
    table = RelevanceTable.build(map(found, cases))
    write_qrels(table, tmp_path / "qrels", splits=dict.fromkeys(CASES, "test"), places=PLACES)
    own = asked_of(cases, tmp_path / "own")
    mined = asked_of(cases, tmp_path / "index", qrels=tmp_path / "qrels" / "test.qrels")
    asked = list(own.task.judgements.listed)
    assert list(mined.task.judgements.listed) == asked
    for query in asked:
        assert grades_of(mined, query) == grades_of(own, query)
    assert not grades_of(mined, f"{cases[0].case_id}@spine")
    assert mined.labels["with_nothing_to_find"] == own.labels["with_nothing_to_find"] > 0
    assert mined.labels["source"] == "qrels"
    assert mined.task.name == "test"
    assert len([q for q in mined.questions if q.query_id not in asked]) == -(-len(asked) // 4)


def test_mined_cases_that_do_not_ask_are_not_asked(index: CaseIndex, tmp_path: Path) -> None:
    table, asking = RelevanceTable.build(FOUND[name] for name in CASES), sorted(CASES)[:12]
    splits = dict.fromkeys(CASES, "test")
    write_qrels(table, tmp_path / "qrels", splits=splits, places=PLACES, queries={"test": asking})  # type: ignore[arg-type]
    own, mined = index_task(index, queries=0), index_task(index, qrels=tmp_path / "qrels" / "test.qrels", queries=0)
    expected = [query for query in own.task.judgements.listed if query.partition("@")[0] in asking]
    assert list(mined.task.judgements.listed) == expected


def test_qrels_may_name_cases_that_the_index_lacks_and_lack_some_of_its_own(index: CaseIndex, tmp_path: Path) -> None:
    table = RelevanceTable.build(
        [*(FOUND[name] for name in sorted(CASES)[:20]), replace(FOUND["c00"], case_id="gone", patient="nobody")]
    )
    write_qrels(table, tmp_path / "qrels", splits=dict.fromkeys(table.case_ids, "test"))
    asked = index_task(index, qrels=tmp_path / "qrels" / "test.qrels", queries=0)
    assert asked.task.dropped["not_in_index"] == 1
    assert asked.task.dropped["not_in_index_queries"] > 0
    assert asked.task.dropped["unlabelled"] == len(CASES) - 20
    assert [entry.case_id for entry in asked.entries] == sorted(CASES)[:20]


def test_plain_qrels_judge_the_whole_index_but_for_the_querys_own_patient(index: CaseIndex, tmp_path: Path) -> None:
    path = tmp_path / "plain.qrels"
    path.write_text("c00@* 0 c05 2\nc00@* 0 c01 3\nc04@left_lung 0 c09 1\nc04@brain 0 c09 1\n")
    asked = index_task(index, qrels=path, queries=0)
    run = rank_with(BASELINES["random"], asked.questions, asked.entries)
    judged = asked.task.judge(run)
    assert judged.query_ids == ("c00@*", "c04@left_lung")
    assert judged.gallery_sizes.tolist() == [len(CASES) - 2] * 2
    assert judged.relevant_counts().tolist() == [1, 1]
    assert asked.task.dropped == {"queries_at_unseen_places": 1}


def test_cases_that_no_frontal_image_shows_do_not_ask_and_are_counted(tmp_path: Path) -> None:
    cases = list(CASES.values())
    finding = next(i for i, case in enumerate(cases) if any(stands_at(fact, None) for fact in case.facts))
    lateral = [*cases[:finding], replace(cases[finding], view="LL"), *cases[finding + 1 :]]
    blind = [*cases[:finding], replace(cases[finding], images=()), *cases[finding + 1 :]]
    whole = asked_of(cases, tmp_path / "a")
    for name, changed in (("queries_of_lateral_views", lateral), ("queries_without_image", blind)):
        asked = asked_of(changed, tmp_path / name)
        gone = set(whole.task.judgements.listed) - set(asked.task.judgements.listed)
        assert {query.partition("@")[0] for query in gone} == {cases[finding].case_id}
        assert asked.task.dropped[name] == len(gone)
        assert not any(question.entry.case_id == cases[finding].case_id for question in asked.questions)
        assert len(asked.entries) == len(cases)


def test_a_finding_at_no_place_that_is_asked_is_counted_and_its_case_asks_as_a_whole(tmp_path: Path) -> None:
    elsewhere = made_fact("fracture", "femur", "left")
    assert not any(place is not None and overlaps(elsewhere.place, place) for place in PLACES)
    cases = [replace(case, facts=(elsewhere,)) for case in list(CASES.values())[:4]]
    asked = asked_of(cases, tmp_path / "index")
    assert set(asked.task.judgements.listed) == {f"{case.case_id}@*" for case in cases}
    assert asked.task.dropped["findings_at_no_place"] == 4


def test_an_exposure_that_comes_again_under_another_patient_stays_with_the_first(tmp_path: Path) -> None:
    cases = list(CASES.values())
    first, own, other = cases[0], cases[1], cases[6]
    copied = [
        replace(case, images=(replace(case.images[0], preview=first.images[0].preview), *case.images[1:]))
        if case in (own, other)
        else case
        for case in cases
    ]
    asked = asked_of(copied, tmp_path / "index")
    kept = [entry.case_id for entry in asked.entries]
    assert other.case_id not in kept
    assert own.case_id in kept
    assert asked.task.dropped["near_duplicates"] == 1
    assert not any(query.startswith(other.case_id) for query in asked.task.judgements.listed)


def test_nothing_to_ask_and_labels_from_two_sources_are_one_clear_error_each(tmp_path: Path, index: CaseIndex) -> None:
    calm = [replace(case, facts=()) for case in CASES.values()]
    with pytest.raises(InputError, match="expected a case with an image and a finding"):
        asked_of(calm, tmp_path / "index")
    with pytest.raises(InputError, match="got both"):
        index_task(index, truth=tmp_path / "t", qrels=tmp_path / "q")
    strange = write_truth(tmp_path, [{"case_id": "x", "split": "test", "facts": []}])
    with pytest.raises(InputError, match="expected cases of the index"):
        index_task(index, truth=strange)


def test_places_of_query_ids_are_written_as_qrels_write_them(index: CaseIndex) -> None:
    for query in index_task(index, queries=0).task.judgements.listed:
        name = query.partition("@")[2]
        assert name == "*" or str(parse_place(name)) == name
