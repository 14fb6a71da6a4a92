"""Tables of the record: all of it, in an order that reads well, nothing where nothing is known."""

from __future__ import annotations

from typing import Any

from casekin.evaluation.cards.tables import (
    MOST_PLACES,
    beside_table,
    comparison_tables,
    gate_table,
    lead_table,
    measure_table,
    place_tables,
    slice_tables,
    strata_tables,
    task_table,
)


def test_every_row_has_a_cell_for_every_header(made_record: Any) -> None:
    record = made_record(places=[f"place_{i}" for i in range(60)])
    record["tasks"] = [made_record(), made_record(task="other")]
    single = (lead_table, measure_table, beside_table, task_table, gate_table)
    several = (place_tables, strata_tables, slice_tables, comparison_tables)
    tables = [make(record) for make in single] + [table for make in several for table in make(record)]
    assert len(tables) == 5 + 2 + 2 + 2 + 2
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


def test_places_asked_most_come_first_and_the_rest_is_folded_away(made_record: Any) -> None:
    record = made_record(places=[f"place_{i}" for i in range(MOST_PLACES + 12)])
    shown, rarer = place_tables(record)
    assert (len(shown.rows), len(rarer.rows)) == (MOST_PLACES, 12)
    assert shown.axis == rarer.axis
    least_shown = min(int(row.cells[-3]) for row in shown.rows)
    assert least_shown >= max(int(row.cells[-3]) for row in rarer.rows)
    bars = [row.strip.bar[1] for row in shown.rows if row.strip and row.strip.bar]
    assert bars == sorted(bars, reverse=True)


def test_a_place_of_one_patient_has_no_interval_and_says_so(made_record: Any) -> None:
    (table,) = place_tables(made_record(places=("heart",)))
    assert table.rows[0].cells[0].endswith("interval n/a (one patient)")
    assert table.rows[0].strip is not None and table.rows[0].strip.whisker is None


def test_normal_queries_stand_in_a_table_of_their_own(made_record: Any) -> None:
    asked, normal = strata_tables(made_record())
    assert [row.name for row in asked.rows] == ["single", "multi", "rare"]
    assert [row.name for row in normal.rows] == ["normal"]


def test_groups_of_few_patients_show_their_counts_alone(made_record: Any) -> None:
    sex, _ = slice_tables(made_record())
    assert sex.rows[2].cells == ("too few patients to tell", "n/a", "n/a", "5", "3")
    assert sex.rows[2].strip is None


def test_a_comparison_by_place_is_sorted_and_shows_where_no_difference_lies(made_record: Any) -> None:
    _, places = comparison_tables(made_record())
    assert places.axis is not None and places.zero == places.axis.at(0.0)
    ends = [row.strip.marks[0].x for row in places.rows if row.strip]
    assert ends == sorted(ends, reverse=True)


def test_what_was_not_measured_has_no_table(made_record: Any) -> None:
    record = made_record(baselines=(), places=(), strata={}, slices={}, comparison=None, gates=[])
    assert beside_table(record) is task_table(record) is gate_table(record) is None
    assert place_tables(record) == strata_tables(record) == slice_tables(record) == comparison_tables(record) == ()
