"""The same questions by name, box, mask and phrase: who is asked what, and how alike the lists are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.journeys.evaluating import pointing
from casekin.journeys.evaluating.index import IndexTask, index_task
from casekin.journeys.evaluating.pointing import compare_pointing, region_source
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.query import SearchQuery
from journeys.conftest import write_archive

PLACES = (("lung", "left", [34, 8, 58, 56]), ("lower_lung_zone", "left", [34, 36, 58, 56]))
CASES = [f"case{number}" for number in range(8)]


def fact(case: str) -> dict[str, Any]:
    finding = ("consolidation", "nodule")[CASES.index(case) % 2]
    return {"finding": finding, "anatomy": "lower_lobe", "side": "left", "polarity": "present", "in_image": True}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight cases, each with a finding in the left lower lobe; the truth has a mask of the lung alone."""
    rows = [{"case_id": case, "patient_id": f"p-{case}", "report": "FINDINGS: Nodule."} for case in CASES]
    folder = write_archive(tmp_path_factory.mktemp("pointing") / "archive", rows)
    (folder / "masks").mkdir()
    lines = []
    for case in CASES:
        mask = np.zeros((64, 64), dtype=np.uint8)
        mask[8:56, 34:58] = 255
        Image.fromarray(mask).save(folder / "masks" / f"{case}.png")
        boxes = [{"anatomy": anatomy, "side": side, "box": box} for anatomy, side, box in PLACES]
        masks = {"left_lung": f"masks/{case}.png"}
        lines.append({"case_id": case, "split": "test", "facts": [fact(case)], "boxes": boxes, "masks": masks})
    (folder / "truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture(scope="module")
def index(archive: Path, loaded_once: None) -> Iterator[CaseIndex]:
    ingest_cases([archive], index=archive.parent / "index")
    with CaseIndex(archive.parent / "index") as handle:
        yield handle


@pytest.fixture(scope="module")
def asked(index: CaseIndex, archive: Path) -> IndexTask:
    return index_task(index, truth=archive / "truth.jsonl", queries=0)


def test_every_way_that_the_truth_has_a_region_for_is_compared_with_every_other(
    index: CaseIndex, archive: Path, asked: IndexTask, encoder: ImageEncoder, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    record = compare_pointing(
        index,
        asked,
        truth=archive / "truth.jsonl",
        encoder=encoder,
        folder=tmp_path,
        seed=0,
        resamples=200,
        progress=lambda *done: told.append(done),
    )
    assert record is not None
    assert record["n"] == 2 * len(CASES) == told[-1][1]
    assert list(record["pairs"]) == ["name/box", "name/mask", "name/phrase", "box/mask", "box/phrase", "mask/phrase"]
    for pair, found in record["pairs"].items():
        half = {"mask", "phrase"} & set(pair.split("/"))  # one of two places has a mask, and a finding of its own
        assert found["n"] == (len(CASES) if half else 2 * len(CASES))
        assert found["patients"] == len(CASES)
        assert 0 < found["lo"] <= found["mean"] <= found["hi"] <= 1
        assert 0 < found["chance"] < 1
    source = {"name": "located", "box": "given", "mask": "given", "phrase": "located"}
    for pair, found in record["pairs"].items():
        assert found["regions"] == [source[way] for way in pair.split("/")]
    assert record["pairs"]["name/box"]["mean"] > record["pairs"]["name/box"]["chance"]


def test_a_second_time_the_figures_are_the_same_and_nothing_is_asked_again_until_anything_changes(
    index: CaseIndex,
    archive: Path,
    asked: IndexTask,
    encoder: ImageEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(archive, tmp_path / "archive")
    calls: list[object] = []

    def counted(index: CaseIndex, query: SearchQuery, **options: object) -> object:
        calls.append(query)
        return search_cases(index, query, **options)  # type: ignore[arg-type]

    def compare(folder: str, **options: int) -> object:
        truth = tmp_path / "archive" / "truth.jsonl"
        options = {"seed": 3, "resamples": 50, **options}
        return compare_pointing(index, asked, truth=truth, encoder=encoder, folder=tmp_path / folder, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pointing, "search_cases", counted)
    first, asked_once = compare("one"), len(calls)
    assert compare("one") == first and len(calls) == asked_once > 0
    assert compare("two") == first and len(calls) == 2 * asked_once
    mask = tmp_path / "archive" / "masks" / "case0.png"
    mask.write_bytes((tmp_path / "archive" / "masks" / "case1.png").read_bytes() + b"\0")
    compare("one")
    assert len(calls) == 3 * asked_once


def test_without_image_files_beside_the_truth_there_is_nothing_to_compare(
    index: CaseIndex, archive: Path, asked: IndexTask, encoder: ImageEncoder, tmp_path: Path
) -> None:
    alone = tmp_path / "truth.jsonl"
    alone.write_bytes((archive / "truth.jsonl").read_bytes())
    assert compare_pointing(index, asked, truth=alone, encoder=encoder, folder=tmp_path, seed=0) is None
    (tmp_path / "manifest.jsonl").write_bytes((archive / "manifest.jsonl").read_bytes())
    assert compare_pointing(index, asked, truth=alone, encoder=encoder, folder=tmp_path, seed=0) is None


def test_an_answer_about_the_whole_image_has_no_region(index: CaseIndex, archive: Path, encoder: ImageEncoder) -> None:
    answer = search_cases(index, SearchQuery(image=archive / "images" / "case0.png"), encoder=encoder)
    assert region_source(answer) == "none"


def test_a_mask_outside_the_archive_is_refused(
    index: CaseIndex, archive: Path, asked: IndexTask, encoder: ImageEncoder, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in (archive / "truth.jsonl").read_text().splitlines()]
    odd = archive / "odd.jsonl"
    odd.write_text("".join(json.dumps({**line, "masks": {"left_lung": "../mask.png"}}) + "\n" for line in lines))
    with pytest.raises(InputError, match="inside the manifest's folder"):
        compare_pointing(index, asked, truth=odd, encoder=encoder, folder=tmp_path, seed=0)
