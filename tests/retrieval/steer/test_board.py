"""The board counts polarities apart, weighs by rank, compares with the archive and keeps small counts to itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from casekin.index import CaseIndex
from casekin.retrieval.interval import wilson
from casekin.retrieval.steer.board import make_board
from casekin.retrieval.steer.stated import Spot
from made_cases import made_fact, place
from made_reported import read, reported, stored

SPOT = Spot(places=(place("lower_lobe", "left"),))
HERE = ("lower_lobe", "left")


@pytest.fixture
def index(tmp_path: Path) -> CaseIndex:
    """40 reports: 8 with a consolidation there, 6 with a nodule, 3 in doubt, 10 that deny one; 2 without a report."""
    cases = []
    for number in range(40):
        facts = []
        if number < 8:
            facts.append(made_fact("consolidation", *HERE))
        if number % 2 and number < 12:
            facts.append(made_fact("nodule", *HERE))
        if number in (0, 2, 4):
            facts.append(made_fact("nodule", *HERE, "uncertain"))
        if 20 <= number < 30:
            facts.append(made_fact("nodule", "lung", "bilateral", "absent"))
        if number == 39:
            facts.append(made_fact("consolidation", "lower_lobe", "right"))
        normal = [place("lung", "left")] if number == 15 else []
        cases.append(reported(f"c{number:02d}", facts, normal))
    cases += [reported(f"u{number}", report=None, sentences=()) for number in range(2)]
    return stored(tmp_path, cases)


def rows(index: CaseIndex, case_ids: list[str]) -> dict[str, dict[str, Any]]:
    return {row["finding"]: row for row in make_board(index, read(index, case_ids), SPOT).as_record()["rows"]}


def test_counts_share_and_lift_are_those_of_a_count_by_hand(index: CaseIndex) -> None:
    first = [f"c{number:02d}" for number in range(20)]
    row = rows(index, first)["consolidation"]
    assert [row[name] for name in ("present", "uncertain", "absent")] == [8, 0, "<5"]
    assert row["not_stated"] is None  # 11, but then the one denial would follow
    weights = [1 / math.log2(rank + 1) for rank in range(1, 21)]
    assert row["share"] == pytest.approx(sum(weights[:8]) / sum(weights))
    assert row["base"] == pytest.approx(8 / 40)
    assert row["lift"] == pytest.approx(row["share"] / row["base"])
    assert row["low"] < row["share"] < row["high"]


def test_a_denied_finding_counts_as_absent_and_a_doubtful_one_as_uncertain(index: CaseIndex) -> None:
    row = make_board(index, read(index, [f"c{number:02d}" for number in range(40)]), SPOT).rows[1]
    assert (row.finding, row.present, row.uncertain, row.absent, row.not_stated) == ("nodule", 6, 3, 11, 20)


def test_few_hits_are_named_without_numbers_and_last(index: CaseIndex) -> None:
    board = make_board(index, read(index, ["c08", *(f"c{number:02d}" for number in range(0, 8, 2)), "c06"]), SPOT)
    assert [row.finding for row in board.rows][-1] == "nodule"
    row = board.as_record()["rows"][-1]
    assert row["share"] is row["lift"] is row["base"] is None
    assert row["uncertain"] == "<5"


def test_cases_without_a_report_are_counted_nowhere(index: CaseIndex) -> None:
    board = make_board(index, read(index, ["u0", "c00", "u1"]), SPOT)
    assert (board.hits, board.archive) == (1, 40)


def test_an_empty_list_has_an_empty_board(index: CaseIndex) -> None:
    board = make_board(index, [], SPOT)
    assert board.as_record() == {"at": ["left_lower_lobe"], "hits": 0, "archive": 40, "rows": []}


@pytest.mark.parametrize(("successes", "count"), [(0, 7), (3, 10), (5, 10), (50, 50)])
def test_the_interval_is_wilsons(successes: int, count: int) -> None:
    expected = binomtest(successes, count).proportion_ci(0.95, method="wilson")
    assert wilson(successes / count, count) == pytest.approx((expected.low, expected.high))
