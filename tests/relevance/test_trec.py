"""What is written as qrels is what the rules say, reads back as it was, and is the same bytes every time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given

from casekin.anatomy import LOCATIONS
from casekin.errors import InputError
from casekin.relevance import (
    CaseFindings,
    RelevanceTable,
    is_normal_at,
    read_case_lists,
    read_qrels,
    speaks_of,
    split_query_id,
    write_qrels,
)
from casekin.types import Place
from made_cases import made_fact, place
from relevance.made_facts import archives, laws, made
from relevance.naive_grades import naive_grade

LLL = made_fact("consolidation", "lower_lobe", "left")
ARCHIVE = [
    made([LLL], case_id="a1", patient="a"),
    made([LLL], case_id="a2", patient="a"),
    made([made_fact("infiltrate", "lower_lobe", "left")], case_id="b", patient="b"),
    made([], normal=[place("lung", "bilateral")], case_id="c", patient="c"),
    made([LLL], case_id="d", patient="d"),
    made([], case_id="e", patient="e"),
]
SPLITS = {"a1": "test", "a2": "test", "b": "test", "c": "test", "d": "train", "e": "test"}


def split_of(case: CaseFindings) -> str:
    """Any division that keeps patients whole."""
    return ("train", "validation", "test", "test")[int(case.patient[1:])]


def naive_lines(archive: Sequence[CaseFindings], places: Sequence[Place | None]) -> set[tuple[str, str, int]]:
    """Every listed pair by a loop over everything."""
    lines = set()
    for query in archive:
        for case in archive:
            if query.patient != case.patient and split_of(query) == split_of(case):
                for spot in places:
                    grade = naive_grade(query.facts, case.facts, spot)
                    if grade:
                        lines.add((f"{query.case_id}@{'*' if spot is None else spot}", case.case_id, grade))
    return lines


@laws
@given(archive=archives)
def test_the_files_hold_what_the_contract_says(
    archive: list[CaseFindings], tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("qrels")
    places = (*LOCATIONS[:12], place("mediastinum"), None)
    splits = {case.case_id: split_of(case) for case in archive}
    manifest = write_qrels(RelevanceTable.build(archive), out, splits=splits, places=places)  # type: ignore[arg-type]
    lines = [line for split in ("train", "validation", "test") for line in read_qrels(out / f"{split}.qrels")]
    assert len(set(lines)) == len(lines)
    assert set(lines) == naive_lines(archive, places)
    judged, normal = read_case_lists(out / "judged.jsonl"), read_case_lists(out / "normal.jsonl")
    for spot in places:
        name = "*" if spot is None else str(spot)
        assert list(judged[name]) == [case.case_id for case in archive if speaks_of(case, spot)]
        assert list(normal[name]) == [case.case_id for case in archive if is_normal_at(case, spot)]
    counted = sum(count for split in manifest["counts"].values() for count in split["grades"].values())
    assert counted == len(lines)
    assert sum(split["queries"] for split in manifest["counts"].values()) == len({line.query_id for line in lines})


def test_a_query_asks_in_its_own_split_and_never_for_its_own_patient(tmp_path: Path) -> None:
    write_qrels(RelevanceTable.build(ARCHIVE), tmp_path, splits=SPLITS, places=[place("lung", "left"), None])
    text = (tmp_path / "test.qrels").read_text()
    assert text == (
        "a1@left_lung 0 b 1\na1@* 0 b 1\na2@left_lung 0 b 1\na2@* 0 b 1\n"
        "b@left_lung 0 a1 1\nb@left_lung 0 a2 1\nb@* 0 a1 1\nb@* 0 a2 1\n"
    )
    assert (tmp_path / "train.qrels").read_text() == (tmp_path / "validation.qrels").read_text() == ""
    judged = read_case_lists(tmp_path / "judged.jsonl")
    assert judged == {"left_lung": ("a1", "a2", "b", "c", "d"), "*": ("a1", "a2", "b", "c", "d")}
    assert read_case_lists(tmp_path / "normal.jsonl") == {"left_lung": ("c",), "*": ("c",)}
    rows = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()]
    assert rows == [
        {"case_id": c.case_id, "patient": c.patient, "split": SPLITS[c.case_id], "asks": True} for c in ARCHIVE
    ]


def test_only_the_chosen_queries_ask(tmp_path: Path) -> None:
    table = RelevanceTable.build(ARCHIVE)
    manifest = write_qrels(table, tmp_path, splits=SPLITS, places=[None], queries={"test": ["b"]})
    assert [tuple(line) for line in read_qrels(tmp_path / "test.qrels")] == [("b@*", "a1", 1), ("b@*", "a2", 1)]
    assert manifest["counts"]["test"] == {"cases": 5, "patients": 4, "queries": 1, "grades": {"1": 2, "2": 0, "3": 0}}
    rows = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()]
    assert [row["case_id"] for row in rows if row["asks"]] == ["b"]


def test_the_same_table_gives_the_same_bytes_and_the_manifest_their_hashes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_qrels(RelevanceTable.build(ARCHIVE), tmp_path / name, splits=SPLITS, notes={"split": {"seed": 1}})
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    manifest = json.loads(one["manifest.json"])
    assert manifest["split"] == {"seed": 1}
    assert {"anatomy", "findings"} == set(manifest["ontology"])
    assert set(manifest["files"]) == set(one) - {"manifest.json"}
    for name, row in manifest["files"].items():
        assert row == {"sha256": hashlib.sha256(one[name]).hexdigest(), "bytes": len(one[name])}


def test_query_ids_name_case_and_place() -> None:
    assert split_query_id("c1@left_lower_lobe") == ("c1", place("lower_lobe", "left"))
    assert split_query_id("c1@*") == ("c1", None)
    for wrong in ("c1", "@left_lung", ""):
        with pytest.raises(InputError, match="case_id@place"):
            split_query_id(wrong)


def test_patients_in_two_splits_and_ids_that_break_the_format_are_refused(tmp_path: Path) -> None:
    table = RelevanceTable.build(ARCHIVE)
    with pytest.raises(InputError, match="split by patient"):
        write_qrels(table, tmp_path, splits={**SPLITS, "a2": "train"})
    with pytest.raises(InputError, match="'b'"):
        write_qrels(table, tmp_path, splits={**SPLITS, "b": "exam"})  # type: ignore[dict-item]
    for wrong in ("white space", "an@at", " c", ""):
        with pytest.raises(InputError, match="white space"):
            write_qrels(RelevanceTable.build([made([], case_id=wrong)]), tmp_path, splits={wrong: "test"})


def test_malformed_files_are_refused_with_file_and_row(tmp_path: Path) -> None:
    (tmp_path / "x.qrels").write_text("q 0 c 1\nq 0 c\n")
    with pytest.raises(InputError, match=r"x\.qrels row 2"):
        list(read_qrels(tmp_path / "x.qrels"))
    (tmp_path / "judged.jsonl").write_text('{"place": "left_lung", "cases": []}\n[]\n')
    with pytest.raises(InputError, match=r"judged\.jsonl row 2"):
        read_case_lists(tmp_path / "judged.jsonl")
