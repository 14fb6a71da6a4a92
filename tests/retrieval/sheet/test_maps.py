"""Maps on the sheet: one colour at one scale, where they belong, with a legend and the reason where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekin.retrieval.sheet.crop import Heat, Picture, square_crop
from casekin.retrieval.sheet.layers import MAP_COLOUR, MOST_OPAQUE, map_layer, outline_layer
from casekin.retrieval.sheet.page import evidence_html, evidence_png
from casekin.retrieval.sheet.view import view_of
from casekin.types import Box

FILM = np.full((100, 80), 90, dtype=np.uint8)
WHOLE = Box(x0=0, y0=0, x1=80, y1=100)
PLACE = {"anatomy": "lower_lung_zone", "side": "left"}


def pair(**more: Any) -> dict[str, Any]:
    return {
        "query_region": {**PLACE, "box": [10, 20, 50, 60], "source": "name"},
        "hit_region": {**PLACE, "box": [100, 200, 500, 600]},
        "map": {
            "scale": {"from": 0, "to": 1, "means": ""},
            "query": {"box": [10, 20, 50, 60], "rows": 1, "columns": 2, "cells": [[0.0, 0.9]]},
            "hit": {"box": [100, 200, 500, 600], "rows": 2, "columns": 1, "cells": [[0.2], [0.7]]},
        },
        "map_reason": None,
        "both_show": [
            {"finding": "consolidation", "query": 0.9, "hit": 0.8, "product": 0.72, "match": 0.6},
            {"finding": "pleural_effusion", "query": 0.9, "hit": 0.4, "product": 0.36, "match": 0.1},
        ],
        "only_query_shows": [],
        "only_hit_shows": [{"finding": "nodule", "query": 0.01, "hit": 0.7, "product": 0.007, "match": 0.0}],
        **more,
    }


def answer(**more: Any) -> dict[str, Any]:
    fact = {
        "finding": "consolidation",
        **PLACE,
        "polarity": "absent",
        "severity": None,
        "sentence": "No consolidation.",
    }
    hit = {
        "rank": 1,
        "case_id": "case-1",
        "score": 0.5,
        "confidence": None,
        "parts": {"region": 0.5},
        "region": {**PLACE, "box": [100, 200, 500, 600]},
        "evidence": [fact],
        "matched": [],
        "denied": [fact],
        "contradictions": [],
        "differs": [],
        "case": {},
        "also": [],
        "image": {"width": 800, "height": 1000},
        "pairs": [pair()],
        **more,
    }
    query = {"at": ["left_lower_lobe"], "resolved_regions": [{**PLACE, "box": [10, 20, 50, 60], "weight": 1.0}]}
    return {"query": query, "verdict": "answered", "hits": [hit]}


@pytest.mark.parametrize("value", [0.0, 0.03, 0.1, 0.4])
def test_opacity_is_the_value_at_one_scale_whatever_else_the_map_holds(value: float) -> None:
    for greatest in (value, 1.0):
        cells = np.full((10, 8), value, dtype=np.float32)
        cells[0] = greatest
        layer = map_layer(Picture(pixels=FILM, heat=Heat(cells=cells, box=WHOLE)), (80, 100))
        assert layer is not None
        pixels = np.asarray(layer)
        expected = round(value * MOST_OPAQUE * 255) if value >= 0.04 else 0
        assert abs(int(pixels[70, 40, 3]) - expected) <= 1
        assert tuple(pixels[70, 40, :3]) == MAP_COLOUR


def test_a_line_marks_where_the_map_passes_one_half() -> None:
    cells = np.zeros((10, 8), dtype=np.float32)
    cells[5:, :] = 0.9
    layer = map_layer(Picture(pixels=FILM, heat=Heat(cells=cells, box=WHOLE)), (80, 100))
    assert layer is not None
    opaque = np.asarray(layer)[:, 40, 3] > 255 * 0.8
    assert 48 <= int(np.flatnonzero(opaque)[0]) <= 52
    assert not opaque[:45].any() and not opaque[60:90].any()


def test_a_drawn_mask_is_outlined_on_its_inner_edge() -> None:
    mask = np.zeros((100, 80), dtype=bool)
    mask[30:60, 20:50] = True
    layer = outline_layer(Picture(pixels=FILM, mask=mask), (160, 200))
    assert layer is not None
    seen = np.asarray(layer)[..., 3] > 0
    assert seen[60, 70] and seen[90, 40] and not seen[90, 70] and not seen[50, 70]
    assert outline_layer(Picture(pixels=FILM), (160, 200)) is None


def test_a_crop_takes_its_map_along() -> None:
    heat = Heat(cells=np.ones((2, 2), dtype=np.float32), box=Box(x0=30, y0=40, x1=50, y1=60))
    crop = square_crop(Picture(pixels=FILM, box=Box(x0=20, y0=30, x1=60, y1=70), heat=heat))
    assert crop is not None and crop.heat is not None and crop.box is not None
    assert crop.heat.box.x0 - crop.box.x0 == 10 and crop.heat.box.y0 - crop.box.y0 == 10


def test_a_pair_shows_both_regions_with_maps_and_says_where_findings_are_seen() -> None:
    view = view_of(answer(), pictures={"case-1": FILM}, query_picture=FILM)
    (shown,) = view.cards[0].pairs
    assert shown.query is not None and shown.hit is not None and shown.hit.heat is not None
    assert shown.hit.box is not None  # 40 by 40 pixels of the preview, in the middle of its crop
    assert (shown.hit.box.x1 - shown.hit.box.x0, shown.hit.box.y1 - shown.hit.box.y0) == (40.0, 40.0)
    rows = {title: [one.finding for one in found] for title, found in shown.seen}
    assert rows == {"In both": ["consolidation"], "Beside both": ["pleural effusion"], "Only in this case": ["nodule"]}


def test_the_page_has_a_legend_and_a_switch_only_where_it_has_maps() -> None:
    with_maps = evidence_html(answer(), pictures={"case-1": FILM}, query_picture=FILM)
    assert 'id="maps"' in with_maps and with_maps.count('class="map"') == 2
    bare = answer(pairs=[pair(map=None, map_reason="maps of model m have not been checked", both_show=[])])
    without = evidence_html(bare, pictures={"case-1": FILM}, query_picture=FILM)
    assert 'id="maps"' not in without and "No map: maps of model m have not been checked" in without


def test_what_the_report_denies_stands_apart_once() -> None:
    page = evidence_html(answer(), pictures={"case-1": FILM}, query_picture=FILM)
    assert "Its report denies what the model reads" in page and page.count("blockquote>“") == 1


def test_a_hit_from_a_wider_place_says_so() -> None:
    view = view_of(answer(relaxed_from="left_lower_lobe"), pictures={}, query_picture=None)
    assert view.cards[0].meta == "found at a wider place than left lower lobe"


def test_the_picture_of_a_card_grows_with_its_pairs() -> None:
    def height(*pairs: dict[str, Any]) -> int:
        png = evidence_png(answer(pairs=list(pairs)), pictures={"case-1": FILM}, query_picture=FILM)
        return int.from_bytes(png[20:24], "big")  # of the PNG's header

    assert height(pair(), pair()) > height(pair()) + 300
