"""Drafts of an index measured: made here or read from a file, by a truth or by the reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.journeys.evaluating.drafts import evaluate_drafts
from casekin.journeys.evaluating.options import EvaluateOptions
from made_cases import made_fact
from made_indexes import made_index

FAST = EvaluateOptions(queries=0, resamples=50)
PNEUMOTHORAX = made_fact("pneumothorax", "pleural_space", "left")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CaseIndex]:
    """30 cases of 15 patients; `c00`, of a lateral film, has no draft to be measured."""
    with made_index(tmp_path / "index", c00={"view": "LL"}, c01={"facts": (PNEUMOTHORAX,)}) as made:
        yield made


def record(*cites: str) -> dict[str, Any]:
    said = {"finding": "pneumothorax", "anatomy": "pleural_space", "side": "left", "polarity": "present"}
    support = {"p": 0.7, "n": 4, "interval": [0.4, 0.9]}
    return {"sentences": [{"text": "Left pneumothorax.", **said, "support": support, "cites": list(cites)}]}


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def test_drafts_are_made_for_frontal_cases_and_held_to_their_own_reports(index: CaseIndex) -> None:
    asked: list[str] = []
    told = evaluate_drafts(index, lambda case: asked.append(case) or record("c01"), options=FAST).as_record()

    assert asked == [f"c{i:02d}" for i in range(1, 30)]
    assert told["labels"] == {"source": "mined"}
    assert (told["n_queries"], told["patients"]) == (29, 15)
    # c01 states it, and is what every draft cites.
    assert told["measures"]["CitationPrecision"]["mean"] == 1
    assert set(told["baselines"]) == {"constant normal", "copy top 1", "random case"}


def test_so_many_cases_are_drawn_by_a_seed_and_most_stay_when_more_are(index: CaseIndex) -> None:
    def drawn(count: int, seed: int = 0) -> set[str]:
        return set(
            evaluate_drafts(index, lambda case: record(), options=replace(FAST, queries=count, seed=seed)).drafts
        )

    assert len(drawn(5)) == 5
    assert drawn(5) < drawn(9)
    assert drawn(5) != drawn(5, seed=1)


def test_drafts_of_a_file_are_measured_as_they_are_and_plain_reports_beside_them(
    index: CaseIndex, tmp_path: Path
) -> None:
    lines = [{"case_id": "c01", **record("c01")}, *({"case_id": case, "report": "No mass."} for case in ("c02", "zz"))]
    told = evaluate_drafts(index, write_lines(tmp_path / "drafts.jsonl", lines), options=FAST)

    assert set(told.drafts) == {"c01", "c02"}
    assert told.as_record()["measures"]["Sentences"]["mean"] == 1
    assert told.as_record()["dropped"] == {"cases": 1, "drafts": 1}


def test_by_a_truth_of_a_split_only_its_cases_are_drafted(index: CaseIndex, tmp_path: Path) -> None:
    rows = [
        {"case_id": f"c{i:02d}", "split": ("test", "train")[i % 2], "facts": [PNEUMOTHORAX.as_record()]}
        for i in range(1, 9)
    ]
    truth = write_lines(tmp_path / "truth.jsonl", rows)
    told = evaluate_drafts(index, lambda case: record(), truth=truth, options=replace(FAST, split="test"))

    assert set(told.drafts) == {"c02", "c04", "c06", "c08"}
    assert told.as_record()["labels"] == {"source": "truth"}
    assert told.as_record()["measures"]["F1(present)"]["mean"] == 1


def test_record_page_and_drafts_are_written_and_name_what_was_typed(index: CaseIndex, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = evaluate_drafts(
        index, lambda case: record("c01"), options=replace(FAST, queries=4), out=out, command="casekin x"
    )

    assert json.loads((out / "drafts.json").read_text(encoding="utf-8")) == told.as_record()
    assert told.as_record()["command"] == "casekin x"
    assert len((out / "drafts.jsonl").read_text(encoding="utf-8").splitlines()) == 4
    page = (out / "drafts.html").read_text(encoding="utf-8")
    assert "F1(polarity)" in page
    assert not [case for case in told.drafts if case in page]
    again = evaluate_drafts(index, out / "drafts.jsonl", options=FAST).as_record()
    assert again["measures"] == told.as_record()["measures"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}\n", "row 1: expected a draft with case_id"),
        ("no json\n", "row 1: expected a draft"),
        (
            '{"case_id": "c01", "report": ""}\n{"case_id": "c01", "report": ""}\n',
            "row 2: the case 'c01' is there twice",
        ),
        ('{"case_id": "elsewhere", "report": ""}\n', "expected cases of the index"),
        ('{"case_id": "c01", "sentences": [{}]}\n', "draft of 'c01': expected sentences"),
    ],
)
def test_a_damaged_file_is_named_with_its_row(index: CaseIndex, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "drafts.jsonl"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=message):
        evaluate_drafts(index, path)


def test_an_output_that_is_a_file_is_refused(index: CaseIndex, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InputError, match="expected a folder"):
        evaluate_drafts(index, lambda case: record(), options=replace(FAST, queries=2), out=tmp_path / "file")
