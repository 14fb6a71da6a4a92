"""Tables of the record: all of it, in an order that reads well, nothing where nothing is known."""

from __future__ import annotations

from typing import Any

from casekin.evaluation.cards.breakdowns import place_tables, slice_tables, strata_tables, task_table
from casekin.evaluation.cards.tables import (
    beside_table,
    comparison_tables,
    gate_table,
    lead_table,
    leak_tables,
    measure_table,
    pointing_table,
)
from casekin.evaluation.leaks import AuditedCase, audit_leaks


def test_every_row_has_a_cell_for_every_header(made_record: Any) -> None:
    record = made_record(places=[f"place_{i}" for i in range(60)])
    record["tasks"] = [made_record(), made_record(task="other")]
    single = (lead_table, measure_table, beside_table, task_table, gate_table, pointing_table)
    several = (place_tables, strata_tables, slice_tables, comparison_tables, leak_tables)
    tables = [make(record) for make in single] + [table for make in several for table in make(record)]
    assert len(tables) == len(single) + 2 * len(several)
    for table in tables:
        assert table is not None and table.rows
        assert {len(row.cells) for row in table.rows} == {len(table.headers) - 1}


def test_the_lead_table_ranks_run_and_baselines_and_marks_each_by_what_it_is(made_record: Any) -> None:
    table = lead_table(made_record())
    assert [row.name for row in table.rows] == ["default", "global vector", "view oracle", "metadata", "random"]
    kinds = [row.strip.marks[-1].kind for row in table.rows if row.strip]
    assert kinds == ["run", "best", "baseline", "baseline", "baseline"]
    assert table.rows[0].cells[1:] == ("", "", "") and table.rows[1].cells[2] == "0.20"
    assert len(lead_table(made_record(baselines=())).headers) == 2


def test_a_comparison_by_place_is_sorted_and_shows_where_no_difference_lies(made_record: Any) -> None:
    _, places = comparison_tables(made_record())
    assert places.axis is not None and places.zero == places.axis.at(0.0)
    ends = [row.strip.marks[0].x for row in places.rows if row.strip]
    assert ends == sorted(ends, reverse=True)


def test_what_was_not_measured_has_no_table(made_record: Any) -> None:
    record = made_record(
        baselines=(), places=(), strata={}, slices={}, comparison=None, gates=[], pointing=None, leaks=None
    )
    assert beside_table(record) is task_table(record) is gate_table(record) is pointing_table(record) is None
    assert place_tables(record) == strata_tables(record) == slice_tables(record) == comparison_tables(record) == ()
    assert leak_tables(record) == ()


def test_ways_of_pointing_are_measured_against_full_agreement(made_record: Any) -> None:
    table = pointing_table(made_record())
    assert table is not None and table.axis is not None and table.axis.hi == 1.0
    assert [row.name for row in table.rows] == ["name and box", "name and mask"]
    assert table.headers[1] == "region" and [row.cells[0] for row in table.rows] == ["located and given"] * 2


def test_a_leak_shows_its_first_example_and_what_counts_for_nothing_says_so(made_record: Any) -> None:
    record = made_record()
    record["leaks"]["checks"]["images"] |= {"count": 2, "examples": [{"test": "a", "train": "b"}, {"test": "c"}]}
    checks, training = leak_tables(record)
    assert checks.rows[1].cells == ("900", "2", "a (test), b (train)")
    assert [row.name for row in checks.rows] == [
        "patients, a group of them as one", "near-duplicate images", "near-duplicate reports without a finding",
    ]  # fmt: skip
    assert [row.note.endswith("count for nothing") for row in checks.rows] == [False, False, True]
    assert [row.cells for row in training.rows] == [("0",), ("260",), ("40",)] and "ImageNet-1k" in training.caption
    assert training.caption.startswith("Cases of the split test")
    record["leaks"]["training"] |= {"not_seen": 0, "unknown": 0}
    assert len(leak_tables(record)) == 1


def test_no_two_leak_checks_are_called_the_same_and_without_splits_training_is_told_alone(made_record: Any) -> None:
    record = made_record(leaks=audit_leaks([AuditedCase(case_id="a", split="test", patient="p")]).as_record())
    checks, _ = leak_tables(record)
    assert len({row.name for row in checks.rows}) == len(checks.rows) == 7
    record = made_record(leaks=audit_leaks([AuditedCase(case_id="a", split="", patient="p")]).as_record())
    (training,) = leak_tables(record)
    assert training.caption.startswith("All cases")
