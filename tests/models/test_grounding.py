"""Where a phrase is: values in closed form, the fixed scale, mirrors, and which word brought which part."""

from __future__ import annotations

import numpy as np
import pytest

from casekin.anatomy import LOCATIONS, mirror, parse_place
from casekin.errors import ModelError
from casekin.models.geometry import Geometry
from casekin.models.grounding import EvidenceMaps, ground_phrase
from casekin.models.locator import mean_shape, region_weights

GEOMETRY = Geometry(height=384, width=384, input_size=384, grid=24)
LOCATED = mean_shape(GEOMETRY)
PLACES = {place: region_weights(LOCATED, place, LOCATED.boxes[place], GEOMETRY) for place in LOCATIONS}
FINDINGS = ("cardiomegaly", "consolidation", "pleural_effusion", "pneumothorax")
LEFT_BASE, RIGHT_BASE, LEFT_APEX = (30, 34), (30, 13), (7, 32)  # rows and columns of 48; the left lung is on the right


def evidence(**peaks: tuple[tuple[int, int], float]) -> EvidenceMaps:
    """Logits of -4 but for one cell of each finding named."""
    logits = np.full((len(FINDINGS), 48, 48), -4.0, dtype=np.float32)
    for name, (cell, value) in peaks.items():
        logits[FINDINGS.index(name)][cell] = value
    return EvidenceMaps(findings=FINDINGS, logits=logits, places=PLACES)


def cell_of(heat: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    return int(row), int(column)


def test_the_scale_is_twice_the_probability_less_one() -> None:
    heat = ground_phrase("consolidation in the left lung", evidence(consolidation=(LEFT_BASE, 1.5))).heat
    assert cell_of(heat) == LEFT_BASE
    assert heat.max() == pytest.approx(2 / (1 + np.exp(-1.5)) - 1, abs=0.02)  # the cell lies wholly in the lung
    assert heat.dtype == np.float32 and heat.min() >= -1 and heat.max() <= 1
    assert heat[RIGHT_BASE] == pytest.approx(-1, abs=1e-3)  # outside the place


def test_no_map_is_stretched_to_its_own_range() -> None:
    weak = ground_phrase("consolidation in the left lung", evidence(consolidation=(LEFT_BASE, -2.0))).heat
    assert weak.max() < -0.7


def test_a_finding_elsewhere_does_not_answer_the_place() -> None:
    maps = evidence(consolidation=(RIGHT_BASE, 5.0))
    assert ground_phrase("consolidation in the left lung", maps).heat.max() < -0.9
    assert ground_phrase("consolidation", maps).heat.max() > 0.9


def test_of_two_findings_either_lights_up_and_a_denial_beside_a_statement_does_not() -> None:
    maps = evidence(consolidation=(LEFT_BASE, 4.0), pneumothorax=(LEFT_APEX, 4.0))
    both = ground_phrase("left consolidation and left pneumothorax", maps).heat
    assert both[LEFT_BASE] > 0.9 and both[LEFT_APEX] > 0.9
    one = ground_phrase("Left lung consolidation. No left pneumothorax.", maps).heat
    assert cell_of(one) == LEFT_BASE and one[10, 34] < -0.8


def test_a_denial_lights_up_the_place_without_the_finding() -> None:
    heat = ground_phrase("No pneumothorax in the left lung", evidence(pneumothorax=(LEFT_APEX, 6.0))).heat
    assert heat[LEFT_BASE] > 0.9 and heat[LEFT_APEX] < -0.9


def test_a_normal_place_lacks_every_finding_and_a_place_alone_is_itself() -> None:
    maps = evidence(consolidation=(LEFT_BASE, 6.0), pleural_effusion=((30, 36), 6.0))
    clear = ground_phrase("The lungs are clear.", maps).heat
    assert clear[LEFT_BASE] < -0.9 and clear[30, 36] < -0.9 and clear[18, 13] > 0.7
    place = ground_phrase("left lung", maps).heat
    assert place[LEFT_BASE] > 0.9 and place[RIGHT_BASE] < -0.9


def test_a_broader_finding_is_shown_by_its_kinds_and_an_unknown_one_by_its_place() -> None:
    broad = ground_phrase("opacity in the left lung", evidence(consolidation=(LEFT_BASE, 4.0)))
    assert cell_of(broad.heat) == LEFT_BASE and broad.unseen == ()
    unknown = ground_phrase("fracture of the left clavicle", evidence())
    assert unknown.unseen == ("clavicle_fracture",)
    assert PLACES[parse_place("left clavicle")][cell_of(unknown.heat)[0] // 2, cell_of(unknown.heat)[1] // 2] > 0


def test_a_mirrored_image_and_phrase_give_the_mirrored_map() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(-1, 2, (len(FINDINGS), 48, 48)).astype(np.float32)
    maps = EvidenceMaps(findings=FINDINGS, logits=logits, places=PLACES)
    flipped = EvidenceMaps(
        findings=FINDINGS,
        logits=logits[:, :, ::-1],
        places={mirror(place): weights[:, ::-1] for place, weights in PLACES.items()},
    )
    heat = ground_phrase("right basal pleural effusion", maps).heat
    mirrored = ground_phrase("left basal pleural effusion", flipped).heat
    assert mirrored == pytest.approx(heat[:, ::-1], abs=1e-6)


def test_each_word_owns_what_the_map_loses_without_it() -> None:
    maps = evidence(pleural_effusion=(LEFT_BASE, 4.0), consolidation=(RIGHT_BASE, 4.0))
    maps.logits[FINDINGS.index("pleural_effusion")][RIGHT_BASE] = 4.0
    grounded = ground_phrase("A left pleural effusion is seen", maps)
    shares = {word.word: word.share for word in grounded.words}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["A"] == shares["is"] == shares["seen"] == 0.0
    assert min(shares["left"], shares["effusion"]) > 0.2
    left = next(word for word in grounded.words if word.word == "left")
    assert left.change[RIGHT_BASE] < -1  # without "left" the other side would light up, too
    assert "A left pleural effusion is seen"[left.start : left.end] == "left"


def test_a_denying_word_turns_the_map_round() -> None:
    maps = evidence(pneumothorax=(LEFT_APEX, 4.0))
    no = ground_phrase("No left pneumothorax", maps).words[0]
    assert no.word == "No" and no.share > 0.3 and no.change[LEFT_APEX] < -1


def test_a_phrase_that_is_not_understood_is_nowhere() -> None:
    grounded = ground_phrase("good morning", evidence(consolidation=(LEFT_BASE, 9.0)))
    assert (grounded.heat == -1).all()
    assert {word.share for word in grounded.words} == {0.0}


def test_maps_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ModelError, match="each of 4 findings"):
        EvidenceMaps(findings=FINDINGS, logits=np.zeros((3, 48, 48), dtype=np.float32), places=PLACES)
    with pytest.raises(ModelError, match="don't fit"):
        EvidenceMaps(findings=FINDINGS, logits=np.zeros((4, 40, 40), dtype=np.float32), places=PLACES)
