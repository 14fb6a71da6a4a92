"""The lead measure by part: what is asked most first, what is small marked, what is normal apart."""

from __future__ import annotations

from typing import Any

from casekin.evaluation.cards.breakdowns import MOST_PLACES, place_tables, slice_tables, strata_tables


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
    (table,) = place_tables(made_record(places=("mediastinum",)))
    assert table.rows[0].cells[0].endswith("interval n/a (one patient)")
    assert table.rows[0].strip is not None and table.rows[0].strip.whisker is None


def test_normal_queries_stand_in_a_table_of_their_own(made_record: Any) -> None:
    asked, normal = strata_tables(made_record())
    assert [row.name for row in asked.rows] == ["single", "multi", "rare"]
    assert [row.name for row in normal.rows] == ["normal"]


def test_groups_of_few_patients_show_their_counts_alone(made_record: Any) -> None:
    sex, _ = slice_tables(made_record())
    assert sex.rows[2].cells == ("too few patients to tell", "n/a", "n/a", "n/a", "5", "3")
    assert sex.rows[2].strip is None


def test_places_of_few_patients_come_last_however_high_they_are(made_record: Any) -> None:
    record = made_record(places=("mediastinum", "left_lung", "right_lung"))
    record["places"][0] |= {"patients": 10}
    record["places"][0]["measures"]["nDCG@10"] |= {"mean": 1.0}
    (table,) = place_tables(record)
    assert [(row.name, row.note) for row in table.rows] == [
        ("left lung", ""),
        ("mediastinum", "fewer than 11 patients"),
        ("right lung", "fewer than 11 patients"),
    ]
