"""Pixels beside the header: what disagrees is named, what the header explains isn't."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from casekin.imaging import FrontalMap, MedicalImage
from casekin.imaging.image import ImageHeader
from casekin.models.film import WARN, WARN_AGAINST_HEADER, FilmState
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.verdict.checks import Check, check_image

SOUND = FilmState(mirrored=0.0, turned_90=0.0, turned_180=0.0, turned_270=0.0, inverted=0.0, lateral=0.0, no_chest=0.0)


class Encoded:
    """Of an encoded image, all that a check looks at."""

    def __init__(self, film: FilmState | None) -> None:
        self.film = film


def encoded(film: FilmState | None, *, kind: Any = "radiograph", stated: bool = False, **header: Any) -> EncodedFile:
    image = MedicalImage(
        pixels=np.zeros((4, 4), dtype=np.float32),
        window=None,
        spacing_mm=None,
        direction=np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0]]) if stated else None,
        origin=None,
        header=ImageHeader(**{"modality": "DX", "body_part": "CHEST", "view": "PA", **header}),
        content_hash="",
    )
    turn = FrontalMap(stored=(4, 4), frontal=(4, 4), transposed=False, flip_rows=False, flip_columns=False)
    state: Any = Encoded(film)
    return EncodedFile(image=image, encoded=state, turn=turn, kind=kind, model_version="m")


def mismatches(*given: Any, **header: Any) -> dict[str, Check]:
    return {check.name: check for check in check_image(encoded(*given, **header)) if check.mismatch}


def test_a_sound_film_agrees_with_its_header_in_every_check() -> None:
    checks = check_image(encoded(SOUND))
    assert [check.name for check in checks] == ["modality", "body_part", "view", "photometric", "rotation", "mirror"]
    assert not any(check.mismatch for check in checks)
    assert all(0.0 <= check.score <= 1.0 for check in checks)


@pytest.mark.parametrize(
    ("fault", "name", "pixels"),
    [
        ("mirrored", "mirror", "mirrored"),
        ("turned_270", "rotation", "turned by 270 degrees"),
        ("inverted", "photometric", "inverted"),
        ("lateral", "view", "lateral"),
        ("no_chest", "body_part", "not CHEST"),
    ],
)
def test_each_fault_is_named_by_the_check_that_it_concerns(fault: str, name: str, pixels: str) -> None:
    found = mismatches(replace(SOUND, **{fault: WARN}))
    assert list(found) == [name]
    assert (found[name].pixels, found[name].score) == (pixels, WARN)
    assert found[name].as_record()["mismatch"] is True


def test_a_header_that_says_lateral_explains_a_lateral_film() -> None:
    assert mismatches(replace(SOUND, lateral=1.0), view="LL") == {}


def test_a_header_that_states_the_orientation_is_doubted_later() -> None:
    between = replace(SOUND, mirrored=(WARN + WARN_AGAINST_HEADER) / 2)
    assert list(mismatches(between)) == ["mirror"]
    assert mismatches(between, stated=True) == {}


def test_a_film_whose_header_names_another_modality_disagrees_and_one_that_names_none_cannot() -> None:
    assert list(mismatches(SOUND, modality="MR")) == ["modality"]
    assert mismatches(SOUND, modality=None) == {} == mismatches(SOUND, modality="OT")
    # What looks like no chest film may well be what its header says.
    assert list(mismatches(replace(SOUND, no_chest=1.0), modality="MR")) == ["body_part"]


def test_of_a_volume_the_modality_is_checked_alone_and_without_a_locator_nothing_is() -> None:
    assert [check.name for check in check_image(encoded(None, kind="ct", modality="CT"))] == ["modality"]
    assert list(mismatches(None, kind="ct", modality="MR")) == ["modality"]
    assert check_image(encoded(None)) == ()
