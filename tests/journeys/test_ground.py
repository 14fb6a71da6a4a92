"""Phrases on an image file: maps in pixels of the stored image, the record, the picture, sentences of a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.errors import InputError, ModelError
from casekin.imaging import FrontalMap
from casekin.journeys.ground import Grounding, ground_phrases, heat_on_image, report_phrases
from casekin.journeys.ground_picture import draw_grounding, lay_over
from casekin.models import Geometry
from casekin.models.image_encoder import NO_REGIONS
from casekin.types import Place
from made_grounding import COLUMNS, ROWS, SPOT, SpottingEncoder, write_film

ENCODER: Any = SpottingEncoder()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.png")


def ground(film: Path, *texts: str) -> Grounding:
    return ground_phrases(film, texts, encoder=ENCODER)


def test_the_brightest_pixel_is_the_finding_in_pixels_of_the_stored_film(film: Path) -> None:
    (shown,) = ground(film, "left lung consolidation").phrases
    assert shown.heat.shape == (ROWS, COLUMNS)
    assert shown.peak == pytest.approx((SPOT[1], SPOT[0]), abs=12)
    assert shown.heat.max() > 0.9
    assert shown.box is not None and shown.box.x0 < SPOT[1] < shown.box.x1 and shown.box.y0 < SPOT[0] < shown.box.y1


def test_what_is_not_seen_has_no_box(film: Path) -> None:
    (shown,) = ground(film, "right lung consolidation").phrases
    assert shown.box is None and shown.heat.max() < 0


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("flip_rows", [False, True])
@pytest.mark.parametrize("flip_columns", [False, True])
def test_a_map_is_turned_back_as_the_film_was_turned(transposed: bool, flip_rows: bool, flip_columns: bool) -> None:
    frontal = (90, 60)
    stored = (60, 90) if transposed else frontal
    turn = FrontalMap(
        stored=stored, frontal=frontal, transposed=transposed, flip_rows=flip_rows, flip_columns=flip_columns
    )
    geometry = Geometry(height=90, width=60, input_size=384, grid=24)
    heat = np.random.default_rng(0).random((24, 24)).astype(np.float32)
    upright = heat_on_image(heat, geometry, FrontalMap(stored=frontal, frontal=frontal))
    film = heat_on_image(heat, geometry, turn)
    turned = film.T if transposed else film
    assert (turned[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1] == upright).all()


def test_a_flat_map_stays_flat_and_a_ramp_stays_a_ramp() -> None:
    geometry = Geometry(height=384, width=384, input_size=384, grid=24)
    turn = FrontalMap(stored=(384, 384), frontal=(384, 384))
    ramp = np.tile(np.arange(24, dtype=np.float32), (24, 1))
    pixels = heat_on_image(ramp, geometry, turn)
    inside = pixels[200, 8:376]
    assert inside == pytest.approx((np.arange(8, 376) + 0.5) / 16 - 0.5, abs=1e-4)
    assert (heat_on_image(np.ones((24, 24), dtype=np.float32), geometry, turn) == 1).all()


def test_the_record_is_plain_json_that_says_what_was_read_and_which_words_count(film: Path) -> None:
    record = json.loads(json.dumps(ground(film, "left lung consolidation", "good morning").as_record()))
    assert (record["width"], record["height"], record["model_version"]) == (COLUMNS, ROWS, "spots-1")
    said, nothing = record["phrases"]
    assert said["asked"] == [
        {
            "finding": "consolidation",
            "polarity": "present",
            "places": {"left_lung": 1.0},
            "placed": True,
            "source": "rules",
        }
    ]
    assert sum(word["share"] for word in said["words"]) == pytest.approx(1.0)
    assert nothing["asked"] == [] and nothing["value"] == -1 and nothing["box"] is None


def test_sentences_of_a_report_are_those_that_speak_of_this_image() -> None:
    report = "INDICATION: Pneumonia?\nFINDINGS: Left lower lobe consolidation. Thank you.\nIMPRESSION: No pneumothorax."
    assert report_phrases(report) == ("Left lower lobe consolidation.", "No pneumothorax.")


def test_colours_start_at_even_odds_and_are_the_same_in_every_picture() -> None:
    grey = np.full((2, 3), 100, dtype=np.uint8)
    heat = np.array([[-1.0, 0.0, 0.01], [0.5, 1.0, 1.0]], dtype=np.float32)
    colours = lay_over(grey, heat)
    assert (colours[0, :2] == 100).all()
    assert (colours[1, 1] == colours[1, 2]).all()
    assert colours[1, 1].tolist() == [round(100 * 0.4 + 0.6 * value) for value in (214, 40, 40)]


def test_the_picture_has_a_panel_for_each_phrase(film: Path) -> None:
    one, four = (draw_grounding(ground(film, *["left lung consolidation"] * count)) for count in (1, 4))
    assert one.width < four.width and one.height < four.height < 2.1 * one.height


def test_no_phrase_and_an_encoder_without_evidence_are_refused(film: Path) -> None:
    with pytest.raises(InputError, match="1 to 64 phrases"):
        ground(film)

    class Blind(SpottingEncoder):
        def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Any] = NO_REGIONS) -> Any:
            return SimpleNamespace(form=SimpleNamespace(findings=()))

    blind: Any = Blind()
    with pytest.raises(ModelError, match="no maps of findings"):
        ground_phrases(film, ["effusion"], encoder=blind)
