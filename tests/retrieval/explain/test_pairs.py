"""Which places a card pairs, and why a pair has no map."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from casekin.retrieval.explain.pairs import Pointed, pair_regions
from casekin.retrieval.hit import ResolvedRegion, Source
from casekin.types import Box, Place
from made_cases import UPRIGHT, place
from made_maps import SpotEncoder

LOWER, MID, HEART = place("lower_lung_zone", "left"), place("mid_lung_zone", "left"), place("cardiac_silhouette")
LOBE = place("lower_lobe", "left")
BOX = Box(x0=1.0, y0=2.0, x1=30.0, y1=40.0)


def region(at: Place, weight: float, *, relaxed_from: Place | None = None, source: Source = "name") -> ResolvedRegion:
    return ResolvedRegion(place=at, weight=weight, source=source, box=BOX, relaxed_from=relaxed_from)


def made_hit(**more: Any) -> Any:
    return SimpleNamespace(**{"step": 0, "region_place": LOWER, "region_box": BOX, **more})


def made_image(kind: str = "radiograph") -> Any:
    return SimpleNamespace(kind=kind, boxes={str(HEART): BOX}, turn=UPRIGHT)


def pointed(*regions: ResolvedRegion, kind: str = "radiograph", encoder: Any = None) -> Pointed:
    file: Any = SimpleNamespace(kind=kind, encoded=SimpleNamespace(boxes={}))
    return Pointed(file=file, regions=regions, mask=None, encoder=encoder)


def places_of(regions: list[ResolvedRegion], hit: Any) -> list[Place]:
    return [pair.place for pair in pair_regions(pointed(*regions), hit, made_image())]


def test_a_place_asked_for_is_shown_by_the_location_that_weighs_most() -> None:
    lobe = [region(MID, 0.2, relaxed_from=LOBE), region(LOWER, 0.3, relaxed_from=LOBE), region(HEART, 0.5)]
    assert places_of(lobe, made_hit()) == [HEART, LOWER]


def test_a_phrase_and_a_drawn_region_are_shown_by_one_location() -> None:
    sources: tuple[Source, ...] = ("phrase", "box", "mask")
    for source in sources:
        assert places_of([region(MID, 0.4, source=source), region(LOWER, 0.6, source=source)], made_hit()) == [LOWER]


def test_a_hit_of_a_wider_place_is_paired_there() -> None:
    lung = place("lung", "left")
    assert places_of([region(LOWER, 1.0)], made_hit(step=1, region_place=lung)) == [lung]


def test_each_further_place_has_its_own_box_in_the_hit() -> None:
    first, second = pair_regions(pointed(region(LOWER, 0.6), region(HEART, 0.4)), made_hit(), made_image())
    assert first.hit_box == BOX and second.hit_box == BOX
    (unseen,) = pair_regions(pointed(region(MID, 1.0)), made_hit(), made_image())
    assert unseen.hit_box is None


@pytest.mark.parametrize(
    ("asked", "found", "encoder", "reason"),
    [
        ("radiograph", None, SpotEncoder(), "this case has no image"),
        ("ct", "ct", SpotEncoder(), "maps have not been checked for CT volumes"),
        ("radiograph", "radiograph", SpotEncoder(), "maps of model spot-1 have not been checked"),
        ("radiograph", "radiograph", None, "none was made for this hit"),
    ],
)
def test_a_pair_without_a_map_says_why(asked: str, found: str | None, encoder: Any, reason: str) -> None:
    image = None if found is None else made_image(found)
    question = pointed(region(LOWER, 1.0), kind=asked, encoder=encoder)
    (pair,) = pair_regions(question, made_hit(), image)
    assert pair.reason == reason
    assert pair.as_record()["map"] is None and pair.as_record()["map_reason"] == reason
