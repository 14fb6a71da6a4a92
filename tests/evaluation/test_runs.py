"""Runs are read as they are, whatever is wrong with them is one clear error, and order never depends on the file's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.evaluation import Run, read_run, write_run
from made_runs import every_order, graded, judged, laws

GOOD = "q1 Q0 b 1 0.5 tag\nq1 Q0 a 2 0.5 tag\nq2 Q0 a 1 -1e3 tag\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "system.run"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_score_decides_and_ties_go_by_document_id(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, GOOD))
    assert run.name == "system"
    assert run.lists == {"q1": ("a", "b"), "q2": ("a",)}
    assert run.scores == {"q1": (0.5, 0.5), "q2": (-1000.0,)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected ranked documents, got none"),
        ("\n  \n", "expected ranked documents, got none"),
        (GOOD + "q1 Q0 a 3 0.1 tag\n", "the pair q1 a is there twice"),
        (GOOD + "q1 Q0 c 3 nan tag\n", "expected a finite score for q1 c, got nan"),
        (GOOD + "q1 Q0 c 3 inf tag\n", "expected a finite score for q1 c, got inf"),
        (GOOD + "q1 Q0 c 3 high tag\n", "row 4: expected 'query_id Q0 document_id rank score tag', got 6 columns"),
        (GOOD + "q1 0 c 3\n", "row 4: expected 'query_id Q0 document_id rank score tag', got 4 columns"),
    ],
)
def test_each_kind_of_bad_run_is_one_error_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_run(written(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_that_is_no_text_or_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "binary.run").write_bytes(b"\xff\xfe\x00")
    for name in ("binary.run", "missing.run"):
        with pytest.raises(InputError, match="expected a readable text file"):
            read_run(tmp_path / name)


@laws
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 3), min_size=1), st.randoms())
def test_the_order_of_a_files_rows_changes_nothing(scores: dict[str, int], shuffler: object) -> None:
    rows = [("q", document, float(score)) for document, score in scores.items()]
    shuffled = rows.copy()
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Run.build("x", shuffled) == Run.build("x", rows)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_a_written_run_is_read_back_exactly(tmp_path_factory: pytest.TempPathFactory, scores: list[float]) -> None:
    path = tmp_path_factory.mktemp("runs") / "made.run"
    run = Run.build("made", [(f"q{i % 2}@*", f"d{i}", score) for i, score in enumerate(scores)])
    write_run(path, run)
    assert read_run(path) == run
    assert [entry.name for entry in path.parent.iterdir()] == ["made.run"]


def test_the_ideal_counts_grades_of_the_whole_gallery_best_first() -> None:
    run = graded([0, 2, 1], gallery=9, unlisted=[2, 3])
    assert run.ideal.grades.tolist() == [3.0, 2.0, 1.0]
    assert run.ideal.counts.tolist() == [1.0, 2.0, 1.0]
    assert [ranks.tolist() for ranks in run.ideal.ends()] == [[0.0, 1.0, 3.0], [1.0, 3.0, 4.0]]
    assert [run.relevant_counts(rel)[0] for rel in (1, 2, 3, 4)] == [4.0, 3.0, 1.0, 0.0]


def test_selected_queries_keep_their_rows_in_every_array() -> None:
    run = every_order({"a": 2.0, "b": 0.0, "c": 1.0}, depth=2)
    rows = np.array([1, 4])
    part = run.select(rows)
    alone = judged(
        {run.query_ids[row]: [run.document_ids[n] for n in run.listed[row] if n >= 0] for row in rows.tolist()},
        [
            (run.query_ids[row], doc, grade)
            for row in rows.tolist()
            for doc, grade in zip("abc", (2, 0, 1), strict=True)
        ],
        documents="abc",
    )
    assert part.query_ids == alone.query_ids
    for name in ("listed", "documents", "grades", "gallery_sizes"):
        np.testing.assert_array_equal(getattr(part, name), getattr(alone, name))
    for name in ("rows", "grades", "counts"):
        np.testing.assert_array_equal(getattr(part.ideal, name), getattr(alone.ideal, name))
