"""Labels are read with what lies beside them; nothing unjudged, of the own patient or of another split is scored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.evaluation import Judgements, check_same_labels, judge_normal, judge_run, read_judgements
from casekin.evaluation.measures import parse_measure
from casekin.relevance import CaseFindings, RelevanceTable, write_qrels
from casekin.relevance.trec import place_name
from casekin.types import Place
from made_cases import made_fact
from made_runs import judged, ranked
from relevance.naive_grades import naive_abnormal, naive_grade, naive_judged

LEFT_LUNG = Place(anatomy="lung", side="left")
PLACES = (LEFT_LUNG, Place(anatomy="lung", side="right"), Place(anatomy="spine"), None)
FINDINGS = ("nodule", "consolidation", "pneumothorax", "atelectasis")
SPLITS = {"a": "test", "a2": "test", "b": "test", "c": "test", "d": "test", "n": "test", "m": "test", "t": "train"}


def mined(folder: Path) -> Path:
    """A folder as mining writes it: patient 1 has `a` and `a2`; `n`, `m` are normal; `d` says nothing; `t` is train."""
    nodule = made_fact("nodule", "lung", "left")
    cases = [
        CaseFindings(case_id="a", patient="1", facts=(nodule,)),
        CaseFindings(case_id="a2", patient="1", facts=(nodule,)),
        CaseFindings(case_id="b", patient="2", facts=(nodule,)),
        CaseFindings(case_id="c", patient="3", facts=(made_fact("pneumothorax", "lung", "left"),)),
        CaseFindings(case_id="d", patient="4", facts=()),
        CaseFindings(case_id="n", patient="5", facts=(), normal_anatomies=(LEFT_LUNG,)),
        CaseFindings(case_id="m", patient="6", facts=(), normal_anatomies=(LEFT_LUNG,)),
        CaseFindings(case_id="t", patient="7", facts=(nodule,)),
    ]
    write_qrels(RelevanceTable.build(cases), folder, splits=SPLITS, places=(LEFT_LUNG,))  # type: ignore[arg-type]
    return folder / "test.qrels"


def test_unjudged_documents_the_own_patient_and_other_splits_are_taken_out_and_counted(tmp_path: Path) -> None:
    labels = read_judgements(mined(tmp_path))
    run = judge_run(ranked({"a@left_lung": ["d", "a2", "t", "c", "b", "n"]}), labels)
    row = run.query_ids.index("a@left_lung")
    assert [run.document_ids[n] for n in run.documents[row] if n >= 0] == ["c", "b", "n"]
    assert run.grades[row, :3].tolist() == [0.0, 3.0, 0.0]
    assert run.gallery_sizes[row] == 4.0  # b, c, n, m
    assert [run.document_ids[n] for n in run.collection] == ["a", "a2", "b", "c", "d", "m", "n"]
    assert parse_measure("Judged@3").expected_by_chance(run)[row] == 4 / 7
    assert parse_measure("SamePatient@3").expected_by_chance(run)[row] == 2 / 7
    queries = {"normal_queries": 0, "unjudged_queries": 0, "not_asking_queries": 0}
    assert run.removed == {"unjudged": 1, "same_patient": 1, "other_split": 1, **queries}


def test_pairs_that_people_judged_are_known_query_by_query(tmp_path: Path) -> None:
    (tmp_path / "consensus.qrels").write_text("a@left_lung 0 b 2\na@left_lung 0 c 0\nb@left_lung 0 d 1\n")
    lines = [
        {"query_id": "a@left_lung", "cases": ["b", "c"]},
        {"query_id": "b@left_lung", "cases": ["d"]},
        {"place": "left_lung", "cases": []},
    ]
    (tmp_path / "judged.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    cases = [{"case_id": case, "patient": case, "split": "consensus"} for case in "abcd"]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(line) + "\n" for line in cases))
    lists = {"a@left_lung": ["d", "c", "b"], "b@left_lung": ["c", "d"], "d@left_lung": ["a"]}
    run = judge_run(ranked(lists), read_judgements(tmp_path / "consensus.qrels"))
    assert run.query_ids == ("a@left_lung", "b@left_lung")
    assert [[run.document_ids[n] for n in row if n >= 0] for row in run.documents] == [["c", "b"], ["d"]]
    assert run.gallery_sizes.tolist() == [2.0, 1.0]
    assert (run.removed["unjudged"], run.removed["unjudged_queries"]) == (2, 1)


def test_queries_of_the_qrels_that_the_run_lacks_score_nothing_and_stay(tmp_path: Path) -> None:
    run = judge_run(ranked({"a@left_lung": ["b"]}), read_judgements(mined(tmp_path)))
    assert run.query_ids == ("a2@left_lung", "a@left_lung", "b@left_lung")
    assert (run.documents[[0, 2]] == -1).all()
    assert np.isnan(run.grades[[0, 2]]).all()


def test_a_query_without_a_relevant_case_is_not_dropped(tmp_path: Path) -> None:
    run = judge_run(ranked({"c@left_lung": ["a", "b"]}), read_judgements(mined(tmp_path)))
    row = run.query_ids.index("c@left_lung")
    assert run.relevant_counts()[row] == 0.0
    assert run.grades[row, :2].tolist() == [0.0, 0.0]


def asking_in_part(folder: Path) -> tuple[Path, list[CaseFindings], set[str]]:
    """Mined labels of 40 cases of 20 patients, of which every other one asks; the first alone has a scoliosis."""
    random = np.random.default_rng(7)
    facts = [made_fact(name, "lung", side) for name in FINDINGS for side in ("left", "right")]
    facts += [made_fact("nodule", "lung", "left", "absent"), made_fact("cardiomegaly", "cardiac_silhouette")]
    cases = [
        CaseFindings(
            case_id=f"c{number:02d}",
            patient=f"p{number // 2}",
            facts=tuple(facts[chosen] for chosen in random.permutation(len(facts))[: random.integers(0, 3)]),
            normal_anatomies=(LEFT_LUNG,) if random.random() < 0.3 else (),
        )
        for number in range(40)
    ]
    scoliosis = made_fact("scoliosis", "spine")
    cases[0] = CaseFindings(case_id="c00", patient="p0", facts=(*cases[0].facts, scoliosis))
    asking = {case.case_id for case in cases[::2]}
    splits = dict.fromkeys((case.case_id for case in cases), "test")
    queries = {"test": sorted(asking)}
    write_qrels(RelevanceTable.build(cases), folder, splits=splits, places=PLACES, queries=queries)  # type: ignore[arg-type]
    return folder / "test.qrels", cases, asking


def everyone_asks(cases: list[CaseFindings]) -> dict[str, list[str]]:
    """Every case at every place, all cases in one order."""
    order = [case.case_id for case in reversed(cases)]
    return {f"{case.case_id}@{place_name(place)}": order for case in cases for place in PLACES}


def test_a_run_that_asks_for_all_cases_is_scored_where_the_labels_ask(tmp_path: Path) -> None:
    qrels, cases, asking = asking_in_part(tmp_path)
    lists = everyone_asks(cases)
    run = judge_run(ranked(lists), read_judgements(qrels))
    found = [(case, place) for case in cases for place in PLACES if naive_abnormal(case.facts, place)]
    scored = {f"{case.case_id}@{place_name(place)}": (case, place) for case, place in found if case.case_id in asking}
    assert run.query_ids == tuple(sorted(scored))
    assert run.removed["not_asking_queries"] == len(found) - len(scored) > 0
    values = parse_measure("P@3").value_per_query(run)
    for row, (case, place) in enumerate(scored[query] for query in run.query_ids):
        others = [other for other in reversed(cases) if other.patient != case.patient]
        there = [other for other in others if naive_judged(other.facts, other.normal_anatomies, place)]
        assert values[row] == sum(naive_grade(case.facts, other.facts, place) > 0 for other in there[:3]) / 3
    assert run.relevant_counts()[run.query_ids.index("c00@spine")] == 0  # it asks and finds nothing: kept
    only = judge_run(ranked({query: lists[query] for query in scored}), read_judgements(qrels))
    assert np.array_equal(parse_measure("nDCG@10").value_per_query(only), parse_measure("nDCG@10").value_per_query(run))


def test_queries_that_ask_and_find_nothing_are_known_where_the_labels_say_who_asks(tmp_path: Path) -> None:
    qrels, cases, asking = asking_in_part(tmp_path)
    labels = read_judgements(qrels)
    expected = {
        f"{case.case_id}@{place_name(place)}"
        for case in cases
        for place in PLACES
        if case.case_id in asking and naive_abnormal(case.facts, place)
    }
    assert {*labels.listed, *labels.unanswered()} == expected
    assert "c00@spine" in labels.unanswered()
    assert not labels.listed.keys() & set(labels.unanswered())


def test_labels_that_do_not_say_who_asks_take_every_case_for_asking(tmp_path: Path) -> None:
    qrels, cases, _ = asking_in_part(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [json.dumps({name: value for name, value in row.items() if name != "asks"}) + "\n" for row in rows]
    (tmp_path / "cases.jsonl").write_text("".join(texts), encoding="utf-8")
    (tmp_path / "manifest.json").unlink()
    labels = read_judgements(qrels)
    run = judge_run(ranked(everyone_asks(cases)), labels)
    found = [(case, place) for case in cases for place in PLACES if naive_abnormal(case.facts, place)]
    assert (len(run), run.removed["not_asking_queries"], labels.unanswered()) == (len(found), 0, ())


def test_a_case_may_ask_at_some_of_its_places_alone(tmp_path: Path) -> None:
    (tmp_path / "drawn.qrels").write_text("a@left_lung 0 b 2\n", encoding="utf-8")
    judged_at = [{"place": place, "cases": ["a", "b", "c"]} for place in ("left_lung", "right_lung")]
    (tmp_path / "judged.jsonl").write_text("".join(json.dumps(line) + "\n" for line in judged_at), encoding="utf-8")
    asks = {"a": ["left_lung"], "b": ["right_lung"], "c": []}
    rows = [{"case_id": case, "patient": case, "split": "drawn", "asks": at} for case, at in asks.items()]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    labels = read_judgements(tmp_path / "drawn.qrels")
    lists = {f"{case}@{place}": ["b", "a"] for case in "abc" for place in ("left_lung", "right_lung")}
    run = judge_run(ranked(lists), labels)
    assert run.query_ids == ("a@left_lung", "b@right_lung")
    assert run.removed["not_asking_queries"] == 4
    assert labels.unanswered() == ("b@right_lung",)
    rows[0]["asks"] = "left_lung"
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(InputError, match=r'cases\.jsonl row 1: .*"asks"'):
        read_judgements(tmp_path / "drawn.qrels")


def test_a_query_at_a_place_that_the_labels_leave_out_is_counted_as_unjudged(tmp_path: Path) -> None:
    labels = read_judgements(mined(tmp_path))
    lists = {"a@left_lung": ["b"], "a@left_upper_lobe": ["b"], "a@bilateral_lung": ["b"], "a@*": ["b"]}
    run = judge_run(ranked(lists), labels)
    assert set(run.query_ids) == {*labels.listed}
    assert (run.removed["unjudged_queries"], run.removed["not_asking_queries"]) == (3, 0)


def test_normal_queries_are_a_stratum_of_their_own(tmp_path: Path) -> None:
    labels = read_judgements(mined(tmp_path))
    lists = ranked({"n@left_lung": ["a", "m", "n"], "a@left_lung": ["n"], "d@left_lung": ["a"]})
    run, normal = judge_run(lists, labels), judge_normal(lists, labels)
    assert "n@left_lung" not in run.query_ids
    assert (run.removed["normal_queries"], run.removed["unjudged_queries"]) == (1, 1)
    assert normal is not None
    assert normal.query_ids == ("n@left_lung",)
    assert normal.grades[0].tolist() == [0.0, 1.0]  # a, m; n is the question itself
    assert normal.relevant_counts().tolist() == [1.0]
    assert judge_normal(ranked({"a@left_lung": ["n"]}), labels) is None


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"a@left_lung": ["zz"]}, "the document 'zz' is unknown to the qrels"),
        ({"zz@left_lung": ["a"]}, "the query 'zz@left_lung' is unknown to the qrels of the split test"),
        ({"a@nowhere": ["b"]}, "the query 'a@nowhere' is unknown"),
        ({"a@Left-Lung": ["b"]}, "the query 'a@Left-Lung' is unknown"),
        ({"a": ["b"]}, "the query 'a' is unknown"),
        ({"a@left_upper_lobe": ["b"]}, "expected lists of queries of the qrels, got none"),
        ({"t@left_lung": ["a"]}, "the query 't@left_lung' is unknown"),
        ({"n@left_lung": ["a"]}, "expected lists of queries of the qrels, got none"),
    ],
)
def test_ids_unknown_to_the_labels_are_one_clear_error(
    tmp_path: Path, lists: Mapping[str, list[str]], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        judge_run(ranked(lists), read_judgements(mined(tmp_path)))
    assert message in str(caught.value)


def test_files_of_two_minings_in_one_folder_are_an_error(tmp_path: Path) -> None:
    qrels = mined(tmp_path)
    qrels.write_text(qrels.read_text(encoding="utf-8").replace(" 3\n", " 2\n"), encoding="utf-8")
    with pytest.raises(InputError, match=r"test\.qrels: expected the file that manifest\.json describes"):
        read_judgements(qrels)
    mined(tmp_path)
    lines = (tmp_path / "judged.jsonl").read_text(encoding="utf-8")
    (tmp_path / "judged.jsonl").write_text(lines + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"judged\.jsonl: .* labels of two versions are mixed"):
        read_judgements(qrels)
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: expected the manifest"):
        read_judgements(qrels)


def test_runs_judged_by_labels_of_two_versions_are_not_compared(tmp_path: Path) -> None:
    one = read_judgements(mined(tmp_path))
    (tmp_path / "b").mkdir()
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    for name in manifest["files"]:
        (tmp_path / "b" / name).write_bytes((tmp_path / name).read_bytes())
    (tmp_path / "b" / "manifest.json").write_text(json.dumps({**manifest, "version": "2"}), encoding="utf-8")
    other = read_judgements(tmp_path / "b" / "test.qrels")
    check_same_labels(one, read_judgements(tmp_path / "test.qrels"))
    with pytest.raises(InputError, match="expected labels of one version"):
        check_same_labels(one, other)


def test_plain_qrels_follow_the_rules_of_trec(tmp_path: Path) -> None:
    path = tmp_path / "plain.qrels"
    path.write_text("a@x 0 b 2\na@x 0 c 0\nz 0 a -1\n", encoding="utf-8")
    run = judge_run(ranked({"a@x": ["new", "a", "b"]}), read_judgements(path))
    assert run.query_ids == ("a@x", "z")  # `z` has nothing to find; nobody is left out, not even the query itself
    assert run.grades[0].tolist() == [0.0, 0.0, 2.0]
    assert run.gallery_sizes.tolist() == [4.0, 4.0]  # what labels and run name
    assert not any(run.removed.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected at least one judged pair"),
        ("q 0 a 1\nq 0 a 2\n", "the pair q a is there twice"),
        ("q 0 a\n", "row 1: expected 'query_id 0 case_id grade'"),
        ("q 0 a --3\n", "row 1: expected 'query_id 0 case_id grade'"),
    ],
)
def test_each_kind_of_bad_qrels_is_one_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.qrels"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_judgements(path)
    assert message in str(caught.value)


def test_a_qrels_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a readable file"):
        read_judgements(tmp_path / "none.qrels")


def test_a_gallery_that_is_given_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "plain.qrels"
    path.write_text("q 0 b 2\n", encoding="utf-8")
    run = judge_run(ranked({"q": ["c", "b"]}), read_judgements(path, documents="abc"))
    assert run.gallery_sizes.tolist() == [3.0]
    with pytest.raises(InputError, match="is not one of the 1 of the gallery"):
        read_judgements(path, documents="a")
    with pytest.raises(InputError, match="'d' is unknown"):
        judge_run(ranked({"q": ["d"]}), read_judgements(path, documents="abc"))


def test_grades_that_are_no_numbers_are_an_error() -> None:
    with pytest.raises(InputError, match="expected a finite grade for q a, got nan"):
        Judgements.build([("q", "a", float("nan"))])


def test_a_query_that_is_no_document_names_its_patient() -> None:
    known = {"patients": {"a": "1", "b": "2"}, "documents": "ab"}
    run = judged({"film": ["a", "b"]}, [("film", "b", 1)], query_patients={"film": "1"}, **known)
    assert [run.document_ids[n] for n in run.documents[0]] == ["b"]
    assert run.removed["same_patient"] == 1


def test_a_document_that_only_the_run_names_is_of_no_split() -> None:
    run = judged({"q": ["new", "b"]}, [("q", "b", 1)], splits={"a": "train", "b": "test"}, split="test")
    assert [run.document_ids[n] for n in run.documents[0]] == ["b"]
    assert run.removed["other_split"] == 1


def test_lists_that_are_no_text_are_an_error_of_ours(tmp_path: Path) -> None:
    qrels = mined(tmp_path)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "judged.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="expected UTF-8 text in the files beside it"):
        read_judgements(qrels)


def test_relations_have_to_be_over_the_same_documents() -> None:
    labels = Judgements.build([("q", "a", 1)], documents="abc")
    related = labels.with_pairs([("q", "b", 1)])
    run = judge_run(ranked({"q": ["b", "c"]}), labels, relations={"near": related})
    assert run.relations["near"].values.tolist() == [[1.0, 0.0]]
    assert run.relations["near"].counts.tolist() == [1.0]
    other = Judgements.build([("q", "a", 1)], documents="ab")
    with pytest.raises(InputError, match="expected 'near' over the same documents"):
        judge_run(ranked({"q": ["b"]}), labels, relations={"near": other})


def test_relations_without_a_pair_hold_nowhere() -> None:
    labels = Judgements.build([("q", "a", 1)], documents="abc")
    run = judge_run(ranked({"q": ["b"]}), labels, relations={"near": labels.with_pairs([])})
    assert run.relations["near"].values.tolist() == [[0.0]]
    assert run.relations["near"].counts.tolist() == [0.0]
