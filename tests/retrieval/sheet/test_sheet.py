"""The evidence sheet: what it says, that it says it safely, and that it can be read."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.retrieval.sheet.crop import Picture, square_crop
from casekin.retrieval.sheet.page import evidence_html, evidence_png
from casekin.retrieval.sheet.view import view_of
from casekin.retrieval.sheet.words import emphasised
from casekin.types import Box

Gray = np.ndarray
EVIL = "<script>alert('x')</script>"


def fact(finding: str, anatomy: str, side: str | None, sentence: str | None, **more: Any) -> dict[str, Any]:
    return {
        "finding": finding,
        "anatomy": anatomy,
        "side": side,
        "polarity": "present",
        "severity": None,
        "sentence": sentence,
        **more,
    }


def hit(rank: int, **more: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "case_id": f"case-{rank}",
        "score": 0.8,
        "confidence": None,
        "parts": {"global": 0.1, "region": 0.4, "facts": 0.3, "text": 0},
        "region": {"anatomy": "lower_lung_zone", "side": "left", "box": [600, 500, 900, 800]},
        "evidence": [fact("consolidation", "lower_lobe", "left", "Dense consolidation of the left lower lobe.")],
        "contradictions": [],
        "differs": [],
        "case": {"modality": "DX", "view": "PA", "sex": "F", "age": 63.0, "day_offset": 12},
        "also": [],
        "image": {"width": 1000, "height": 1000},
        **more,
    }


def answer(*hits: dict[str, Any], **query: Any) -> dict[str, Any]:
    region = {"anatomy": "lower_lung_zone", "side": "left", "box": [60, 50, 90, 80], "source": "name", "weight": 1.0}
    return {
        "query": {"text": None, "at": ["left_lower_lobe"], "resolved_regions": [region], **query},
        "verdict": "answered",
        "verdict_reason": "uncalibrated",
        "index_version": "i-7",
        "model_version": "m-3",
        "took_ms": 4.0,
        "hits": list(hits),
    }


@pytest.fixture
def film() -> Gray:
    return np.add.outer(np.arange(100), np.arange(100)).astype(np.uint8)


class Page(HTMLParser):
    """Tags, attribute values and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def page(record: dict[str, Any], pictures: dict[str, Gray] | None = None, query_picture: Gray | None = None) -> Page:
    return Page(evidence_html(record, pictures=pictures or {}, query_picture=query_picture))


def test_the_page_holds_question_verdict_versions_evidence_and_notice(film: Gray) -> None:
    record = answer(
        hit(1, contradictions=[fact("pneumothorax", "pleural_space", "left", "No pneumothorax.", polarity="absent")]),
        hit(2, differs=[{**fact("edema", "lung", "bilateral", None), "in": "query"}], also=["x", "y"]),
        text="left lower consolidation",
        where="age > 40",
    )
    text = page(record, {"case-1": film, "case-2": film}, film).text
    for words in (
        "Cases alike at the left lower lung zone",
        "left lower consolidation",
        "age > 40",
        "answered uncalibrated",
        "i-7",
        "m-3",
        "Not a diagnostic device",
        "Contradicts the question",
        "No pneumothorax",
        "region 0.400",
        "DX · PA · F · 63 years · day 12 · 2 more cases of this patient",
        "Only in the question",
    ):
        assert words in re.sub(r" +([.,])", r"\1", text)


def test_report_text_can_not_become_markup(film: Gray) -> None:
    record = answer(
        hit(
            1,
            case_id=EVIL,
            evidence=[fact("consolidation", EVIL, EVIL, f"{EVIL} consolidation {EVIL}")],
            excerpt=[EVIL],
        ),
        text=EVIL,
        where='" onload="x',
    )
    html = evidence_html(record, pictures={EVIL: film}, query_picture=film)
    found = Page(html)
    assert "script" not in found.tags
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert found.text.count("alert('x')") >= 4


def test_the_page_loads_nothing_from_elsewhere(film: Gray) -> None:
    found = page(answer(hit(1)), {"case-1": film}, film)
    addresses = [value for name, value in found.attributes if name in ("src", "href", "action", "data")]
    assert len(addresses) == 4  # query, both crops, whole image
    assert all(value.startswith("data:image/jpeg;base64,") for value in addresses)
    assert "url(" not in evidence_html(answer(), pictures={}, query_picture=None)


def test_every_picture_has_a_description(film: Gray) -> None:
    found = page(answer(hit(1)), {"case-1": film}, film)
    assert found.tags.count("img") == sum(1 for name, value in found.attributes if name == "alt" and value)


def test_no_hits_missing_pictures_and_long_words_are_shown(film: Gray) -> None:
    assert "No case of this archive answers" in page(answer()).text
    wordy = hit(
        1, evidence=[fact("consolidation", "lung", "left", "consolidation " + "x" * 3000)], region=None, image=None
    )
    for pictures in ({}, {"case-1": film}):
        assert "case-1" in page(answer(wordy), pictures).text
        assert size_of(evidence_png(answer(wordy), pictures=pictures, query_picture=None))[0] == 1400
    assert size_of(evidence_png(answer(), pictures={}, query_picture=None))[0] == 1400


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        return image.size


def test_the_picture_grows_by_a_card_for_each_of_the_first_five_hits(film: Gray) -> None:
    heights = []
    for count in (1, 2, 5, 8):
        record = answer(*(hit(rank) for rank in range(1, count + 1)))
        pictures = {f"case-{rank}": film for rank in range(1, 9)}
        width, height = size_of(evidence_png(record, pictures=pictures, query_picture=film))
        assert width == 1400
        heights.append(height)
    card = heights[1] - heights[0]
    assert card > 200
    assert heights[2] == heights[0] + 4 * card
    assert heights[3] == heights[2]


def test_the_same_answer_gives_the_same_bytes(film: Gray) -> None:
    record, pictures = answer(hit(1), hit(2)), {"case-1": film}
    assert evidence_png(record, pictures=pictures, query_picture=film) == evidence_png(
        record, pictures=pictures, query_picture=film
    )
    assert evidence_html(record, pictures=pictures, query_picture=film) == evidence_html(
        record, pictures=pictures, query_picture=film
    )


def test_the_longest_bar_is_full_and_its_parts_share_it() -> None:
    small = {"global": -0.1, "region": 0.1, "facts": 0.0, "text": 0.1}
    view = view_of(answer(hit(1), hit(2, parts=small)), pictures={}, query_picture=None)
    first, second = ({part.name: part.percent for part in card.parts} for card in view.cards)
    assert first == {"global": 12.5, "region": 50.0, "facts": 37.5}
    assert second == {"global": 0.0, "region": 12.5, "text": 12.5}


def test_silence_is_called_a_match_by_image_only_where_words_had_no_part() -> None:
    by_image = hit(1, evidence=[], parts={"global": 0.2, "region": 0.1})
    with_text = hit(1, evidence=[], parts={"global": 0.2, "text": 0.1})
    assert "by image alone" in page(answer(by_image)).text
    assert "by image alone" not in page(answer(with_text)).text


def test_stored_boxes_are_scaled_to_the_preview(film: Gray) -> None:
    view = view_of(answer(hit(1)), pictures={"case-1": film}, query_picture=film)
    whole = view.cards[0].whole
    assert whole is not None
    assert whole.box == Box(x0=60.0, y0=50.0, x1=90.0, y1=80.0)


def test_a_box_outside_the_picture_is_left_out(film: Gray) -> None:
    outside = {"anatomy": "lung", "side": "left", "box": [2000, 2000, 2100, 2100]}
    view = view_of(answer(hit(1, region=outside)), pictures={"case-1": film}, query_picture=None)
    assert view.cards[0].pairs == ()


@pytest.mark.parametrize("box", [(40, 30, 60, 70), (0, 0, 30, 10), (80, 90, 100, 100), (0, 0, 100, 100)])
def test_crops_are_squares_with_a_quarter_margin_around_the_region(film: Gray, box: tuple[int, int, int, int]) -> None:
    region = Box(x0=box[0], y0=box[1], x1=box[2], y1=box[3])
    crop = square_crop(Picture(pixels=film, box=region))
    assert crop is not None
    assert crop.box is not None
    side = round(1.5 * max(box[2] - box[0], box[3] - box[1]))
    assert crop.pixels.shape == (side, side)
    inner = crop.pixels[round(crop.box.y0) : round(crop.box.y1), round(crop.box.x0) : round(crop.box.x1)]
    np.testing.assert_array_equal(inner, film[box[1] : box[3], box[0] : box[2]])


@pytest.mark.parametrize(
    ("sentence", "findings", "strong"),
    [
        ("Small left pleural effusion.", ["pleural_effusion"], ["pleural effusion"]),
        ("EFFUSIONS on both sides.", ["pleural_effusion"], ["EFFUSIONS"]),
        ("The heart is enlarged.", ["cardiomegaly"], ["heart is enlarged"]),
        ("Effusion and pneumothorax.", ["pneumothorax", "pleural_effusion"], ["Effusion", "pneumothorax"]),
        ("Nothing of it here.", ["pneumothorax"], []),
        ("A zzz unknown.", ["not_a_finding_zzz"], []),
    ],
)
def test_the_wording_of_the_finding_is_emphasised(sentence: str, findings: list[str], strong: list[str]) -> None:
    pieces = emphasised(sentence, findings)
    assert "".join(piece.text for piece in pieces) == sentence
    assert [piece.text for piece in pieces if piece.strong] == strong


def test_facts_of_one_sentence_share_one_quote() -> None:
    both = "Effusion, no pneumothorax."
    stated = [
        fact("pleural_effusion", "pleural_space", "left", both),
        fact("pneumothorax", "pleural_space", "left", both),
    ]
    view = view_of(answer(hit(1, evidence=stated)), pictures={}, query_picture=None)
    (said,) = view.cards[0].evidence
    assert len(said.chips) == 2
