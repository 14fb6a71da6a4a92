"""Curves and the map of places: what they show is what the record says, with the figures behind."""

from __future__ import annotations

from typing import Any

import pytest

from casekin.evaluation.cards.charts import curve_charts, place_map, risk_chart


def test_a_curve_has_a_line_for_run_baselines_and_chance_and_a_table_of_the_same(made_record: Any) -> None:
    record = made_record()
    (chart, table), _ = curve_charts(record)
    assert [line.label for line in chart.lines] == ["default", *record["baselines"], "chance"]
    assert table.headers == ("k", "default", *record["baselines"], "chance")
    assert [row.name for row in table.rows] == ["1", "3", "5", "10", "20", "50", "100"]
    assert [row.cells[0] for row in table.rows] == [f"{mean:.3f}" for mean in record["curves"]["P"]["run"]["mean"]]
    assert chart.band


def test_the_table_behind_the_risk_has_ten_coverages_and_ends_at_all_queries(made_record: Any) -> None:
    drawn = risk_chart(made_record())
    assert drawn is not None
    assert [row.name for row in drawn[1].rows] == [f"{share} %" for share in range(10, 101, 10)]
    assert drawn[1].rows[-1].cells == ("0.480", "0.480")
    assert risk_chart(made_record(risk_coverage=None)) is None


@pytest.mark.parametrize("queries", [1, 2, 7, 23])
def test_few_queries_have_as_many_rows_at_most(made_record: Any, queries: int) -> None:
    told = {"coverage": [(i + 1) / queries for i in range(queries)], "risk": [0.5] * queries}
    drawn = risk_chart(made_record(risk_coverage=made_record()["risk_coverage"] | told))
    assert drawn is not None
    assert len(drawn[1].rows) == min(10, queries) and drawn[1].rows[-1].name == "100 %"


def test_the_map_leaves_out_places_that_no_case_was_asked_at_beside_another(made_record: Any) -> None:
    overlap = [[1.0, 0.3, None], [0.3, 1.0, None], [None, None, 1.0]]
    told = {
        "k": 10,
        "places": ["aortic_arch", "left_lung", "trachea"],
        "overlap": overlap,
        "cases": [[9, 4, 0], [4, 7, 0], [0, 0, 3]],
    }
    shown = place_map(made_record(sensitivity=told))
    assert shown is not None and shown.places == ("aortic arch", "left lung") and shown.left_out == 0
    assert [[shade.text for shade in row] for row in shown.rows] == [["", "30"], ["30", ""]]
    assert shown.rows[0][1].title == "aortic arch and left lung: 0.30 in common, 4 cases"
    alone = told | {"cases": [[9, 0, 0], [0, 7, 0], [0, 0, 3]]}
    assert place_map(made_record(sensitivity=alone)) is place_map(made_record(sensitivity=None)) is None


def test_a_map_of_many_places_shows_those_asked_most(made_record: Any) -> None:
    names = [f"place_{i:02}" for i in range(40)]
    cases = [[100 - i if i == j else 2 for j in range(40)] for i in range(40)]
    told = {"k": 10, "places": names, "overlap": [[0.5] * 40] * 40, "cases": cases}
    shown = place_map(made_record(sensitivity=told))
    assert shown is not None and shown.left_out == 10
    assert shown.places == tuple(f"place {i:02}" for i in range(30))
