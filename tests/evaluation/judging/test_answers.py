"""Answers are taken whole and of their own session alone; one grade of each pair follows by a rule that is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.evaluation.judging import Answers, Verdict, read_adjudicated, read_answers, settle
from casekin.evaluation.judging.answers import adjudicate
from made_judging import answer_lines, made_session, plain_session, write_answers

SESSION = made_session()
THREE = plain_session([("a", "b"), ("a", "c"), ("a", "d")])


def test_answers_come_back_by_pair_the_second_showing_apart(tmp_path: Path) -> None:
    grades = {pair: None if pair % 5 == 4 else pair % 4 for pair in range(len(SESSION.pairs))}
    answers = read_answers(write_answers(tmp_path / "a.jsonl", SESSION, 2, grades), SESSION)
    twice = {shown.pair for shown in SESSION.orders[1] if shown.again}
    assert answers == Answers(reader=2, first=grades, again={pair: grades[pair] for pair in twice})
    assert twice


def test_lines_may_come_in_any_order_with_a_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    lines = answer_lines(SESSION, 1, lambda pair: pair % 4)
    path = tmp_path / "a.jsonl"
    path.write_text("\ufeff" + "\n".join(reversed(lines)) + "\n\n", encoding="utf-8")
    assert read_answers(path, SESSION).first == {pair: pair % 4 for pair in range(len(SESSION.pairs))}


def changed(**values: object) -> Callable[[list[str]], list[str]]:
    """The second answer with other values."""
    return lambda lines: [lines[0], json.dumps({**json.loads(lines[1]), **values}) + "\n", *lines[2:]]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda lines: [], "expected answers, got none"),
        (lambda lines: lines[1:], "1 pairs have no answer, the first is pair 1;"),
        (lambda lines: [*lines, lines[0]], "row 4: pair 1 is there twice"),
        (lambda lines: [*lines[:2], "[]\n"], "row 3: expected a JSON object"),
        (lambda lines: [*lines[:2], "nonsense\n"], "row 3: expected a JSON object"),
        (lambda lines: [*lines[:2], "[" * 100_000], "row 3: expected a JSON object"),
        (changed(session="another"), "row 2: expected answers of session .*, got 'another'"),
        (changed(reader=2), "row 2: expected reader 1 alone, got 2"),
        (changed(reader=3), "row 2: expected reader from 1 to 2, got 3"),
        (changed(item=9), "row 2: expected item from 1 to 3, got 9"),
        (changed(item=True), "row 2: expected item from 1 to 3, got True"),
        (changed(grade=4), "row 2: expected a grade from 0 to 3, or null, got 4"),
        (changed(grade=True), "row 2: expected a grade from 0 to 3, or null, got True"),
        (changed(grade="2"), "row 2: expected a grade from 0 to 3, or null, got '2'"),
    ],
)
def test_each_kind_of_bad_answers_is_one_clear_error(
    spoil: Callable[[list[str]], list[str]], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(spoil(answer_lines(THREE, 1, lambda _: 2))), encoding="utf-8")
    with pytest.raises(InputError, match=rf"^answers\.jsonl.*{message}"):
        read_answers(path, THREE)


def test_answers_that_are_no_text_or_not_there_are_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("a.jsonl", "b.jsonl"):
        with pytest.raises(InputError, match="expected JSON Lines in UTF-8"):
            read_answers(tmp_path / name, THREE)


@pytest.mark.parametrize(
    ("given", "grade", "how"),
    [
        ((3, 3), 3, "agreed"),
        ((0, 0), 0, "agreed"),
        ((2, 3), 2, "lower"),
        ((1, 0), 0, "lower"),
        ((0, 2), None, "open"),
        ((3, None), None, "open"),
        ((None, None), None, "open"),
        ((2, 3, 3), 2, "lower"),
        ((1, 2, 3), None, "open"),
    ],
)
def test_readers_one_step_apart_give_the_lower_grade_and_further_apart_none(
    given: tuple[int | None, ...], grade: int | None, how: str
) -> None:
    session = plain_session([("a", "b")], readers=len(given))
    readers = [Answers(reader=number, first={0: one}, again={}) for number, one in enumerate(given, start=1)]
    assert settle(session, readers) == [Verdict(pair=0, grade=grade, how=how)]  # type: ignore[arg-type]


def test_a_third_person_grades_open_pairs_alone(tmp_path: Path) -> None:
    readers = [
        Answers(reader=1, first={0: 0, 1: 3, 2: None}, again={}),
        Answers(reader=2, first={0: 3, 1: 3, 2: 1}, again={}),
    ]
    verdicts = settle(THREE, readers)
    path = tmp_path / "adjudicated.jsonl"

    def told(*rows: tuple[int, int | None]) -> dict[int, int]:
        lines = [json.dumps({"session": THREE.id, "pair": pair, "grade": grade}) + "\n" for pair, grade in rows]
        path.write_text("".join(lines), encoding="utf-8")
        return read_adjudicated(path, THREE, verdicts)

    assert told((0, 1), (2, None)) == {0: 1}
    assert [(one.grade, one.how) for one in adjudicate(verdicts, told((0, 1), (2, None)))] == [
        (1, "adjudicated"), (3, "agreed"), (None, "open"),
    ]  # fmt: skip
    with pytest.raises(InputError, match=r"row 1: expected a pair of adjudicate\.jsonl, got 1"):
        told((1, 2))
    with pytest.raises(InputError, match="row 2: pair 0 is there twice"):
        told((0, 2), (0, 2))
    with pytest.raises(InputError, match="row 1: expected a grade from 0 to 3, or null, got 7"):
        told((0, 7))
