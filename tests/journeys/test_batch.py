"""A file of questions becomes a TREC run; what can't be answered is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import ManifestError
from casekin.evaluation import read_run
from casekin.index import CaseIndex
from casekin.journeys.batch import answer_queries
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.query import SearchQuery

ROWS: list[dict[str, Any]] = [
    {"case_id": "alfa", "image": "images/alfa.png", "at": "Left Lower-Lobe", "limit": 3},
    {"case_id": "alfa", "image": "images/alfa.png", "at": "LLL"},
    {"case_id": "alfa", "image": "images/alfa.png"},
    {"query_id": "q-text", "text": "right pleural effusion", "where": "not age > 100"},
    {"case_id": "bravo", "image": "images/bravo.png", "box": [30, 20, 60, 50], "at": ["left lung", "heart"]},
]


def run_rows(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()]


def test_rows_become_the_lines_of_a_trec_run_in_order(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path, tmp_path: Path
) -> None:
    queries, run = stored_archive / "queries.jsonl", tmp_path / "run.txt"
    queries.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    summary = answer_queries(open_index, queries, run, encoder=encoder)
    assert (summary.queries, summary.problems) == (5, ())
    rows = run_rows(run)
    assert list(dict.fromkeys(row[0] for row in rows)) == [
        "alfa@left_lower_lobe", "alfa@*", "q-text", "bravo@left_lung+cardiac_silhouette",
    ]  # fmt: skip
    assert {(row[1], row[5], len(row)) for row in rows} == {("Q0", "casekin", 6)}
    asked = SearchQuery(image=stored_archive / "images" / "alfa.png", limit=100)
    single = search_cases(open_index, asked, encoder=encoder)
    listed = [row[2:5] for row in rows if row[0] == "alfa@*"]
    assert listed == [[hit.case_id, str(hit.rank), repr(hit.score)] for hit in single.hits]
    assert {"alfa", "charlie"}.isdisjoint(row[2] for row in rows if row[0].startswith("alfa@"))


def test_scores_are_written_exactly_so_that_no_tie_is_made(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path, tmp_path: Path
) -> None:
    queries, run = stored_archive / "exact.jsonl", tmp_path / "exact.run"
    queries.write_text(json.dumps(ROWS[2]) + "\n")
    answer_queries(open_index, queries, run, encoder=encoder)
    single = search_cases(
        open_index, SearchQuery(image=stored_archive / "images" / "alfa.png", limit=100), encoder=encoder
    )
    assert read_run(run).scores["alfa@*"] == tuple(hit.score for hit in single.hits)
    assert read_run(run).lists["alfa@*"] == tuple(hit.case_id for hit in single.hits)


BAD_LINES = (
    "not json",
    "[1, 2]",
    '"text"',
    '{"text": "nodule"}',
    '{"query_id": "a b", "text": "nodule"}',
    '{"query_id": "x", "image": "images/none.png"}',
    '{"query_id": "x", "text": "nodule", "at": "left brian"}',
    '{"query_id": "x", "text": "nodule", "at": 5}',
    '{"query_id": "x", "image": "images/alfa.png", "box": [1, 2]}',
    '{"query_id": "x", "image": "images/alfa.png", "box": ["a", 2, 3, 4]}',
    '{"query_id": "x", "image": 7}',
    '{"query_id": "x", "text": 7}',
    '{"query_id": "x", "text": "nodule", "limit": "many"}',
    '{"query_id": "x", "text": "nodule", "limit": 1e999}',
    '{"query_id": ' + "[" * 100_000,
    '{"query_id": "x", "text": "nodule", "where": "nodle"}',
    '{"query_id": "x", "text": "nodule", "where": ["nodule"]}',
    '{"query_id": "x", "text": "nodule", "with": [[1]]}',
    '{"query_id": "x", "text": "nodule", "like": {"c-1": 1}}',
    '{"query_id": "x", "text": "nodule", "text_weight": "1"}',
    '{"query_id": "x", "text": "nodule", "same_patient": "maybe"}',
)


def test_a_line_that_cannot_be_answered_is_listed_and_the_rest_is_answered(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path, tmp_path: Path
) -> None:
    queries, run = stored_archive / "bad-queries.jsonl", tmp_path / "run.txt"
    queries.write_text("\n".join([*BAD_LINES, "", '{"query_id": "good", "text": "consolidation\u2028"}']))
    summary = answer_queries(open_index, queries, run, encoder=encoder)
    assert [problem.source for problem in summary.problems] == [
        f"bad-queries.jsonl:{number}" for number in range(1, len(BAD_LINES) + 1)
    ]
    assert summary.queries == 1
    assert {row[0] for row in run_rows(run)} == {"good"}


def test_a_query_file_that_cannot_be_read_is_refused_and_no_run_appears(
    open_index: CaseIndex, encoder: ImageEncoder, tmp_path: Path
) -> None:
    with pytest.raises(ManifestError, match=r"none\.jsonl"):
        answer_queries(open_index, tmp_path / "none.jsonl", tmp_path / "run.txt", encoder=encoder)
    assert list(tmp_path.iterdir()) == []


def test_conditions_hold_for_a_row_and_nothing_is_relaxed_in_a_run(
    open_index: CaseIndex, encoder: ImageEncoder, tmp_path: Path
) -> None:
    conditions = {"with": "pleural effusion at left pleural space", "without": ["pneumothorax"]}
    rows = [
        {"query_id": "side", "text": "effusion", **conditions},
        {"query_id": "stated", "text": "effusion", "with": ["effusion at right pleural space"], "without": "nodule"},
    ]
    queries, run = tmp_path / "steered.jsonl", tmp_path / "steered.run"
    queries.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert answer_queries(open_index, queries, run, encoder=encoder).problems == ()
    assert [row[:1] + row[2:3] for row in run_rows(run)] == [["stated", "echo"]]
    wider = SearchQuery(text="effusion", with_=(conditions["with"],), without=("pneumothorax",))  # type: ignore[arg-type]
    assert [hit.case_id for hit in search_cases(open_index, wider).hits] == ["echo"]
