"""The runs of an index's questions: its own search as a naive sum gives it, baselines, what is kept and taken up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekin.anatomy import on_radiograph, parse_place
from casekin.errors import IndexStoreError
from casekin.evaluation import Run
from casekin.evaluation.baselines import BASELINES, Question
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL
from casekin.journeys.evaluating import runs as evaluate_runs
from casekin.journeys.evaluating.index import IndexTask, index_task
from casekin.journeys.evaluating.runs import Baselines, answer_questions, make_baselines, search_run
from casekin.journeys.search import encode_query
from casekin.models import ImageEncoder
from casekin.retrieval.ask import ask_index
from casekin.retrieval.query import FACTS_WEIGHT, SearchQuery
from casekin.retrieval.understand import understand
from made_indexes import made_cases, made_index

CASES = {case.case_id: case for case in made_cases()}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with made_index(tmp_path_factory.mktemp("evaluate") / "index") as handle:
        yield handle


@pytest.fixture(scope="module")
def asked(index: CaseIndex) -> IndexTask:
    return index_task(index, queries=40)


def naive_order(question: Question) -> list[str]:
    """Every case of another patient by its best image's weighted inner product with the query's first image."""
    shares = {GLOBAL: 1.0}
    if question.place != "*":
        shares = {str(where): share for where, share in on_radiograph(parse_place(question.place)).items()}
    mine = CASES[question.entry.case_id]
    vectors = mine.images[0].vectors
    scores = {
        name: max(
            sum(
                share * float(np.dot(vectors[at].astype(np.float64), image.vectors[at].astype(np.float64)))
                for at, share in shares.items()
            )
            for image in case.images
        )
        for name, case in CASES.items()
        if case.patient != mine.patient
    }
    return sorted(scores, key=lambda name: (-scores[name], name))


def test_the_index_ranks_every_case_of_another_patient_once_as_a_naive_sum_does(
    index: CaseIndex, asked: IndexTask
) -> None:
    run = search_run(index, asked)
    assert sorted(run.lists) == sorted(question.query_id for question in asked.questions)
    assert any(len(on_radiograph(parse_place(q.place))) > 1 for q in asked.questions if q.place != "*")
    for question in asked.questions:
        assert list(run.lists[question.query_id]) == naive_order(question), question.query_id


def test_a_search_lists_no_case_outside_the_labels(index: CaseIndex, asked: IndexTask) -> None:
    half = asked.entries[::2]
    inside = {entry.case_id for entry in half}
    run = search_run(index, replace(asked, entries=half))
    assert {case for listed in run.lists.values() for case in listed} <= inside


def test_a_question_at_a_place_that_its_image_does_not_show_has_no_list(tmp_path: Path) -> None:
    cases = list(CASES.values())
    blind = [
        replace(image, vectors={name: v for name, v in image.vectors.items() if name == GLOBAL})
        for image in cases[0].images
    ]
    with made_index(tmp_path / "index", [replace(cases[0], images=tuple(blind)), *cases[1:]]) as index:
        asked = index_task(index, queries=0)
        run = search_run(index, asked)
    without = {question.query_id for question in asked.questions} - run.lists.keys()
    of_blind = {q.query_id for q in asked.questions if q.entry.case_id == "c00"}
    assert without == of_blind - {"c00@*"}
    assert without


@pytest.mark.parametrize("facts_weight", [0.0, FACTS_WEIGHT])
def test_stored_vectors_list_the_same_cases_as_the_files_pixels_do(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path, facts_weight: float
) -> None:
    asked = index_task(open_index, queries=0)
    run = search_run(open_index, asked, findings=encoder.form.findings if facts_weight else ())
    inside = {entry.case_id for entry in asked.entries}
    images = {row["case_id"]: row["image"] for row in map(json.loads, (stored_archive / "manifest.jsonl").open())}
    for question in asked.questions:
        image = stored_archive / images[question.entry.case_id]
        places = () if question.place == "*" else (question.place,)
        query = SearchQuery(image=image, at=places, facts_weight=facts_weight)
        understood = understand(open_index, query, encode_query(open_index, image, encoder))
        each_case = replace(understood, groups=open_index.catalog().case_id_of_case)
        by_pixels = [case.case_id for case in ask_index(open_index, each_case, limit=100) if case.case_id in inside]
        assert by_pixels == list(run.lists[question.query_id]), question.query_id


def test_every_baseline_that_can_be_had_is_made_and_the_others_say_why(
    index: CaseIndex, asked: IndexTask, tmp_path: Path
) -> None:
    made = make_baselines(index, asked, folder=tmp_path)
    assert [run.name for run in made.runs] == [name for name in BASELINES if name != "crop and embed"]
    assert made.missing == {"crop and embed": "the index's model isn't at hand"}
    queries = {question.query_id for question in asked.questions}
    for run in made.runs:
        assert set(run.lists) == queries
        assert asked.task.judge(run).query_ids
    bare = replace(asked, entries=tuple(replace(e, report=None, vector=None) for e in asked.entries))
    told = make_baselines(index, bare, folder=tmp_path / "bare", names=("report BM25", "global vector", "random"))
    assert told.missing == {"report BM25": "no case has a report", "global vector": "no case has an image"}
    assert [run.name for run in told.runs] == ["random"]


def test_runs_are_taken_up_again_until_anything_changes(
    index: CaseIndex, asked: IndexTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    ask = evaluate_runs.search_run

    def counted(index: CaseIndex, asked: IndexTask, **options: object) -> object:
        calls.append(len(asked.questions))
        return ask(index, asked)

    monkeypatch.setattr(evaluate_runs, "search_run", counted)

    def make(asked: IndexTask) -> tuple[Run, Baselines]:
        return answer_questions(index, asked, folder=tmp_path), make_baselines(index, asked, folder=tmp_path)

    first = make(asked)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert make(asked) == first
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert len(calls) == 1
    assert all(name.startswith(".") for name in files if not name.endswith(".run"))
    damaged = tmp_path / "casekin.run"
    damaged.write_bytes(files["casekin.run"][:-200])
    assert make(asked) == first
    assert damaged.read_bytes() == files["casekin.run"]
    make(replace(asked, questions=asked.questions[:-1]))
    assert calls == [len(asked.questions)] * 2 + [len(asked.questions) - 1]


def test_an_index_that_was_written_to_meanwhile_is_refused(tmp_path: Path) -> None:
    with made_index(tmp_path / "index") as index:
        asked = index_task(index)
        index.put([], remove=["c00"])
        with pytest.raises(IndexStoreError, match="written to while"):
            answer_questions(index, asked, folder=tmp_path / "runs")
        with pytest.raises(IndexStoreError, match="written to while"):
            make_baselines(index, asked, folder=tmp_path / "runs")


class CountingEncoder:
    """Gives a vector by the crop's own brightness; counts what it is asked."""

    version = "m1"

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def encode(self, view: np.ndarray) -> object:
        self.shapes.append(view.shape)
        return type("Encoded", (), {"global_vector": np.array([view.mean(), view.std(), 1], dtype=np.float32)})


def test_crops_are_cut_by_the_stored_boxes_and_encoded_once(index: CaseIndex, asked: IndexTask, tmp_path: Path) -> None:
    few = replace(asked, entries=asked.entries[:4], questions=asked.questions[:3])
    encoder, again = CountingEncoder(), CountingEncoder()
    places = {question.place for question in few.questions} - {"*"}
    told: list[tuple[int, int]] = []
    options = {"folder": tmp_path, "names": ("crop and embed",), "progress": lambda *done: told.append(done)}
    few = replace(few, questions=tuple(q for q in few.questions if q.entry in few.entries))
    made = make_baselines(index, few, encoder=encoder, **options)  # type: ignore[arg-type]
    assert len(encoder.shapes) == 4 * len(places)
    assert set(encoder.shapes) == {(60, 50)}
    assert told[-1] == (4 * len(places), 4 * len(places))
    (tmp_path / "crop_and_embed.run").unlink()
    taken = make_baselines(index, few, encoder=again, **options)  # type: ignore[arg-type]
    assert again.shapes == []
    assert taken == made


def test_many_crops_are_encoded_only_where_they_are_named(
    index: CaseIndex, asked: IndexTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate_runs, "_MOST_CROPS", 10)
    encoder = CountingEncoder()
    made = make_baselines(index, asked, folder=tmp_path, encoder=encoder)  # type: ignore[arg-type]
    assert "crops would have to be encoded; name it" in made.missing["crop and embed"]
    assert encoder.shapes == []
