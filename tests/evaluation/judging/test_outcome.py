"""What a session came to: labels that evaluation reads back, mined grades beside them, a page with every figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.evaluation import Judgements, judge_run, read_judgements
from casekin.evaluation.judging import Answers, Pair, Session, Verdict, settle
from casekin.evaluation.judging.outcome import (
    consensus_judged,
    consensus_qrels,
    describe_outcome,
    mined_grade,
    open_pairs,
    outcome_markdown,
)
from made_judging import PLACE, made_session, plain_session
from made_runs import ranked

SESSION = plain_session([("a", "b"), ("a", "c"), ("b", "d"), ("e", "f")])


def verdicts_of(*grades: int | None) -> list[Verdict]:
    """Agreed where there is a grade, else open."""
    return [Verdict(pair=i, grade=g, how="open" if g is None else "agreed") for i, g in enumerate(grades)]


def test_labels_are_read_back_and_pairs_without_a_grade_are_unjudged(tmp_path: Path) -> None:
    verdicts = verdicts_of(2, 0, None, 0)
    qrels = tmp_path / "consensus.qrels"
    qrels.write_text("".join(consensus_qrels(SESSION, verdicts)), encoding="utf-8")
    lines = [json.dumps(row) + "\n" for row in consensus_judged(SESSION, verdicts)]
    (tmp_path / "judged.jsonl").write_text("".join(lines), encoding="utf-8")
    cases = [json.dumps({"case_id": case, "patient": case, "split": "consensus"}) + "\n" for case in "abcdef"]
    (tmp_path / "cases.jsonl").write_text("".join(cases), encoding="utf-8")
    run = judge_run(
        ranked({"a@left_lung": ["d", "c", "b"], "b@left_lung": ["d"], "f@left_lung": ["a"]}), read_judgements(qrels)
    )
    assert run.query_ids == ("a@left_lung", "e@left_lung")
    assert [[run.document_ids[number] for number in row if number >= 0] for row in run.documents] == [["c", "b"], []]
    assert run.grades[0].tolist() == [0.0, 2.0]
    assert run.gallery_sizes.tolist() == [2.0, 1.0]
    assert (run.removed["unjudged"], run.removed["unjudged_queries"]) == (1, 2)


def test_a_pair_that_both_asked_for_labels_both_queries() -> None:
    pair = Pair(asked=(("b@left_lung", "a"), ("a@left_lung", "b")), patient="b", source="pool")
    session = Session(pairs=(pair,), orders=(), origin={})
    assert list(consensus_qrels(session, verdicts_of(3))) == ["a@left_lung 0 b 3\n", "b@left_lung 0 a 3\n"]


def mined() -> Judgements:
    """`a` asks and lists `b`; `c`, `d` are judged; `n` is normal there; `s` is of another split; `x` isn't judged."""
    cases = "abcdnsx"
    return Judgements.build(
        [("a@left_lung", "b", 3.0)],
        documents=cases,
        judged={PLACE: "abcdns"},  # type: ignore[dict-item]
        normal={PLACE: "n"},  # type: ignore[dict-item]
        splits={case: "train" if case == "s" else "test" for case in cases},
        split="test",
        version="0123456789abcdef",
    )


@pytest.mark.parametrize(
    ("asked", "other", "expected"),
    [
        ("a@left_lung", "b", 3),
        ("b@left_lung", "a", 3),  # relevance is symmetric, and `a` asked
        ("a@left_lung", "c", 0),
        ("c@left_lung", "a", 0),
        ("c@left_lung", "d", None),  # neither asks in the qrels: not every case does
        ("c@left_lung", "n", 0),
        ("n@left_lung", "c", 0),
        ("a@left_lung", "x", None),
        ("a@left_lung", "s", None),
        ("a@right_lung", "b", None),
        ("a@left_lung", "stranger", None),
    ],
)
def test_mined_labels_tell_a_grade_only_where_they_speak_of_the_pair(
    asked: str, other: str, expected: int | None
) -> None:
    assert mined_grade(Pair(asked=((asked, other),), patient="a", source="pool"), mined()) == expected


def test_by_the_rules_of_trec_an_unlisted_case_has_grade_zero() -> None:
    plain = Judgements.build([("a@left_lung", "b", 2.0), ("c@left_lung", "b", 1.0)])
    grades = [mined_grade(pair, plain) for pair in plain_session([("a", "b"), ("a", "c")]).pairs]
    assert grades == [2, 0]


def outcome(*, labels: Judgements | None = None) -> tuple[Session, list[Answers], list[Verdict], dict[str, Any]]:
    """Two readers of a drawn session: the second is off by one now and then, and lost twice."""
    session = made_session()
    random = np.random.default_rng(5)
    first = {pair: int(random.integers(0, 4)) for pair in range(len(session.pairs))}
    second: dict[int, int | None] = {pair: min(3, grade + int(pair % 7 == 0)) for pair, grade in first.items()}
    second |= {0: None, 1: (first[1] + 2) % 4}
    readers = [
        Answers(
            reader=number,
            first=grades,
            again={shown.pair: grades[shown.pair] for shown in session.orders[number - 1] if shown.again},
        )
        for number, grades in ((1, first), (2, second))
    ]
    verdicts = settle(session, readers)
    return session, readers, verdicts, describe_outcome(session, readers, verdicts, mined=labels, seed=0, resamples=200)


def test_the_record_counts_what_became_of_every_pair() -> None:
    session, readers, verdicts, record = outcome()
    told = record["consensus"]
    assert told["agreed"] + told["lower"] + told["adjudicated"] + told["open"] == len(session.pairs) == record["pairs"]
    assert told["open"] == len(list(open_pairs(session, readers, verdicts))) == 2
    assert sum(map(sum, told["grades"].values())) == len(session.pairs) - 2
    assert record["cant_tell"] == {"1": 0, "2": 1}
    between = record["between"][0]
    assert (between["readers"], between["n"], between["left_out"]) == ([1, 2], len(session.pairs) - 1, 1)
    same = sum(readers[0].first[pair] == readers[1].first[pair] for pair in readers[0].first)
    assert between["agreement"]["mean"] == pytest.approx(same / (len(session.pairs) - 1))
    assert [one["weighted_kappa"]["mean"] for one in record["within"]] == [1.0, 1.0]
    assert record["mined"] is None
    assert outcome()[3] == record


def test_an_open_pair_says_where_each_page_shows_it_for_the_first_time() -> None:
    session, readers, verdicts, _ = outcome()
    for row in open_pairs(session, readers, verdicts):
        for reader, item in row["shown_as"].items():
            shown = session.orders[int(reader) - 1][item - 1]
            assert (shown.pair, shown.again) == (row["pair"], False)
        assert row["grades"] == {"1": readers[0].first[row["pair"]], "2": readers[1].first[row["pair"]]}
        assert row["grade"] is None


def test_mined_grades_are_compared_with_the_consensus_and_each_reader_where_they_tell_one() -> None:
    session = made_session()
    _, readers, verdicts, _ = outcome()
    pairs = [
        (query, case, readers[0].first[i] or 0) for i, one in enumerate(session.pairs) for query, case in one.asked
    ]
    labels = Judgements.build(pairs, version="0123456789abcdef")
    told = outcome(labels=labels)[3]["mined"]
    assert told["unjudged"] == 0
    assert told["readers"][0]["weighted_kappa"]["mean"] == 1.0
    assert told["consensus"]["n"] == sum(verdict.grade is not None for verdict in verdicts)


def test_the_page_prints_every_figure_with_interval_chance_pairs_and_patients() -> None:
    pairs = [(query, case, 1.0) for one in made_session().pairs for query, case in one.asked]
    record = outcome(labels=Judgements.build(pairs, version="0123456789abcdef"))[3]
    text = outcome_markdown(record)
    told = record["between"][0]["weighted_kappa"]
    line = f"| weighted kappa (quadratic) | {told['mean']:.2f} | {told['lo']:.2f} to {told['hi']:.2f} | 0.00 |"
    assert f"{line} {told['n']} | {told['patients']} |" in text
    assert "not defined" in text  # mined grades that are all 1 have no kappa
    assert "0123456789ab" in text
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert all(row.endswith("|") for row in rows)
    for heading in ("## Reader 1 and reader 2", "## Reader 2, the same pair twice", "## Consensus", "## Mined grades"):
        assert f"\n{heading}\n\n" in text
