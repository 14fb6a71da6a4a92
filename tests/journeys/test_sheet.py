"""Evidence cards and the sheet, written from an index: every way of pointing, maps shown or the reason why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.cli import run
from casekin.index import CaseIndex
from casekin.journeys.search import encode_query, search_cases
from casekin.journeys.sheet import write_evidence
from casekin.models import ImageEncoder
from casekin.retrieval.query import SearchQuery
from casekin.types import Box
from made_cases import write_png

BOX = Box(x0=36.0, y0=20.0, x1=58.0, y1=46.0)
WriteCards = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A picture that no archive of these tests holds."""
    return write_png(tmp_path / "new.png", 999)


@pytest.fixture
def write_cards(open_index: CaseIndex, encoder: ImageEncoder, film: Path, tmp_path: Path) -> Iterator[WriteCards]:
    """Ask, write cards, read them back."""

    def write(*, image: bool = True, maps: bool = True, **asked: Any) -> list[dict[str, Any]]:
        query = SearchQuery(image=film if image else None, limit=2, facts_weight=0.0, **asked)
        file = encode_query(open_index, film, encoder) if image else None
        answer = search_cases(open_index, query, encoder=encoder, encoded=file)
        folder = tmp_path / "cards"
        write_evidence(open_index, answer, asked=file, mask=query.mask, encoder=encoder if maps else None, cards=folder)
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]

    yield write


def test_a_card_is_a_hit_of_the_answer_with_its_pair_and_parts_that_sum_to_the_score(
    write_cards: WriteCards, tmp_path: Path
) -> None:
    cards = write_cards(at=("left lower lung zone",))
    assert [card["hit"]["rank"] for card in cards] == [1, 2]
    for card in cards:
        hit = card["hit"]
        assert sum(hit["parts"].values()) == pytest.approx(hit["score"], abs=1e-9)
        (pair,) = hit["pairs"]
        assert pair["query_region"]["anatomy"] == "lower_lung_zone" and pair["query_region"]["side"] == "left"
        assert pair["hit_region"]["box"] == pytest.approx(hit["region"]["box"], abs=0.06)
        assert {"query", "verdict", "index_version", "model_version"} <= card.keys()
    written = sorted(path.name for path in (tmp_path / "cards").iterdir())
    assert written == [f"hit-00{rank}.{kind}" for rank in (1, 2) for kind in ("html", "json", "png")]


def test_a_map_fills_cells_of_both_regions_at_one_scale_from_0_to_1(write_cards: WriteCards) -> None:
    for card in write_cards(at=("left lung",)):
        (pair,) = card["hit"]["pairs"]
        shown = pair["map"]
        assert (shown["scale"]["from"], shown["scale"]["to"]) == (0, 1)
        for side in ("query", "hit"):
            cells = np.array(shown[side]["cells"])
            assert cells.shape == (shown[side]["rows"], shown[side]["columns"])
            assert cells.min() >= 0.0 and cells.max() <= 1.0
            region, box = pair[f"{side}_region"]["box"], shown[side]["box"]
            inside = [max(region[0], box[0]), max(region[1], box[1]), min(region[2], box[2]), min(region[3], box[3])]
            assert inside[2] > inside[0] and inside[3] > inside[1]
        lit = max(max(row) for row in shown["hit"]["cells"]) > 0
        assert lit == bool(pair["both_show"])
        assert (pair["map_reason"] is None) == lit


def circle() -> Any:
    rows, columns = np.mgrid[0:64, 0:64]
    return np.hypot(rows - 40, columns - 45) < 10


@pytest.mark.parametrize(
    ("asked", "sources"),
    [
        ({"at": ("left lower lobe",)}, ["name"]),
        ({"at": ("left lung", "right lung", "heart", "trachea")}, ["name", "name", "name"]),
        ({"box": BOX}, ["box"]),
        ({"mask": circle()}, ["mask"]),
        ({"phrase": "right pleural effusion"}, ["phrase"]),
        ({"text": "consolidation", "image": False}, []),
    ],
    ids=["lobe", "four places", "box", "mask", "phrase", "words"],
)
def test_every_way_of_pointing_has_its_pairs(
    write_cards: WriteCards, asked: dict[str, Any], sources: list[str]
) -> None:
    for card in write_cards(**asked):
        assert [pair["query_region"]["source"] for pair in card["hit"]["pairs"]] == sources


def test_a_whole_image_is_explained_by_its_most_alike_place_or_none(write_cards: WriteCards) -> None:
    for card in write_cards():
        for pair in card["hit"]["pairs"]:
            assert pair["query_region"]["source"] is None and pair["both_show"]


def test_without_leave_to_show_maps_a_card_says_why(
    write_cards: WriteCards, encoder: ImageEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casekin.retrieval.explain.pairs.why_no_maps", lambda model: "maps failed a check: deletion")
    for card in write_cards(at=("left lung",)):
        (pair,) = card["hit"]["pairs"]
        assert pair["map"] is None and pair["map_reason"] == "maps failed a check: deletion"
        assert pair["both_show"] == [] and pair["hit_region"]["box"]


def test_facts_that_answer_the_words_are_matched(write_cards: WriteCards) -> None:
    first, *_ = write_cards(text="consolidation in the left lower lobe", image=False)
    (matched,) = first["hit"]["matched"]
    assert matched["finding"] == "consolidation" and matched["polarity"] == "present" and matched["side"] == "left"
    assert matched["by"] == ["words"] and "consolidation in the left lower lobe" in matched["sentence"]


def test_the_command_writes_cards_that_are_the_same_each_time(
    stored_index: Path, film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["search", str(film), "--index", str(stored_index), "--at", "left lung", "--limit", "1"]
    for name in ("one", "two"):
        assert run([*words, "--cards", str(tmp_path / name)]) == 0
        assert f"cards: {tmp_path / name}" in capsys.readouterr().out
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    with Image.open(tmp_path / "one" / "hit-001.png") as picture:
        assert picture.width == 1400
    page = (tmp_path / "one" / "hit-001.html").read_text(encoding="utf-8")
    assert "<script" not in page and "left lung" in page
