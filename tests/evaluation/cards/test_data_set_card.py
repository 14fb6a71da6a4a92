"""The data set card: counts are those of a naive count, few patients are never told, every licence stands there."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from casekin.evaluation.cards.data_set_card import DescribedArchive, describe_index, render_data_set_card
from casekin.index import CaseIndex
from casekin.relevance import CaseFindings
from casekin.types import CaseRow, Fact

EVIL = "a|b<script>[x](http://y)`c`\n---\n"


def made_archive(patients: int = 40, **known: Any) -> DescribedArchive:
    """Two cases a patient; every fourth patient has an effusion on the left, the first three a nodule."""
    rows, cases = [], []
    for number in range(2 * patients):
        patient = number // 2
        rows.append(
            CaseRow(
                case_id=f"c{number}", patient_id=f"p{patient}", image="", sex="FM"[patient % 2], age=30.0 + patient,
                licence="CC BY 4.0" if patient % 2 else None,
                extra={"site": "north" if patient >= 5 else "south", "licence_tier": "A"} if patient % 2 else {},
            )
        )  # fmt: skip
        facts = [Fact(finding="pleural_effusion", anatomy="pleural_space", side="left", polarity="present")]
        nodule = [Fact(finding="nodule", anatomy="lung", side="left", polarity="present")]
        told = (facts if patient % 4 == 0 else []) + (nodule if patient < 3 else [])
        cases.append(CaseFindings(case_id=f"c{number}", patient=f"p{patient}", facts=tuple(told)))
    splits = {row.case_id: "test" if int(row.patient_id[1:]) % 4 == 0 else "train" for row in rows}
    given = {"name": "An archive", "rows": tuple(rows), "cases": tuple(cases), "splits": splits, **known}
    return DescribedArchive(**given)


def table_rows(text: str) -> dict[str, list[str]]:
    """Cells by the first one, of every table row; escapes taken off."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {cells[0]: [cell.replace("\\", "").strip() for cell in cells[1:]] for cells in rows}


def test_counts_are_those_of_the_archive() -> None:
    text = render_data_set_card(made_archive())
    rows = table_rows(text)
    assert "80 cases (80 rows) of 40 patients" in text
    assert (rows["test"], rows["train"]) == (["20", "10"], ["60", "30"])
    assert rows["F"] == rows["M"] == ["40", "20"]
    assert rows["north"] == ["36", "18"]


def test_few_patients_are_never_told_and_their_findings_have_no_place() -> None:
    rows = table_rows(render_data_set_card(made_archive()))
    assert rows["south"] == ["< 11 patients", "< 11 patients"]
    assert rows["nodule"] == ["< 11 patients", "0", "0", "< 11 patients"]
    many = table_rows(render_data_set_card(made_archive(patients=44)))
    assert many["pleural effusion"] == ["22", "0", "0", "11", "left pleural space"]


def test_every_licence_stands_with_its_rows_and_one_alone_is_the_data_set_s() -> None:
    text = render_data_set_card(made_archive())
    rows = table_rows(text)
    assert rows["CC BY 4.0"] == ["A", "40"] and rows["not stated"] == ["not stated", "40"]
    assert 'license: "other"' in text
    alone = DescribedArchive(name="x", rows=(CaseRow(case_id="c", patient_id="p", image="", licence="CC0-1.0"),))
    assert 'license: "cc0-1.0"' in render_data_set_card(alone)


def test_the_hub_s_own_reader_takes_the_card() -> None:
    hub = pytest.importorskip("huggingface_hub")
    data = hub.DatasetCard(render_data_set_card(made_archive())).data
    assert data.pretty_name == "An archive" and data.size_categories == ["n<1K"]


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    archive = made_archive(name=EVIL, labels={EVIL: EVIL})
    text = render_data_set_card(archive)
    _, head, body = re.split(r"^---$", text, maxsplit=2, flags=re.MULTILINE)
    assert yaml.safe_load(head)["pretty_name"] == EVIL
    page = MarkdownIt("commonmark").enable("table").render(body)
    assert "<script>" not in page and "<a href" not in page


def test_an_empty_archive_and_one_without_splits_have_cards_too() -> None:
    assert "0 cases" in render_data_set_card(DescribedArchive(name="x", rows=()))
    assert "No splits are known" in render_data_set_card(made_archive(splits={}))


def test_an_index_is_described_as_its_manifest_counts(small_index: Path, small_archive: Path) -> None:
    rows = [json.loads(line) for line in (small_archive / "manifest.jsonl").read_text().splitlines()]
    with CaseIndex(small_index) as index:
        archive = describe_index(index, name="small", labels={"reader": "rules"})
    assert Counter(archive.splits.values()) == Counter(row["split"] for row in rows)
    assert len({row.patient_id for row in archive.rows}) == len({row["patient_id"] for row in rows})
    text = render_data_set_card(archive)
    assert text == render_data_set_card(archive)
    assert not any(row["patient_id"] in text or row["report"] in text for row in rows if row.get("report"))
