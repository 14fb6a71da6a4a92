"""The ladder climbs the anatomy tree one step at a time and ends below the trunk."""

from __future__ import annotations

import pytest

from casekin.anatomy import anatomy, anatomy_names, is_part_of, on_radiograph, parse_place
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.ladder import asked_at, ladder, step_of, wider
from casekin.types import Place


def climbed(name: str) -> list[str]:
    """A place and all steps above it."""
    place: Place | None = parse_place(name)
    steps = []
    while place is not None:
        steps.append(str(place))
        place = wider(place)
    return steps


@pytest.mark.parametrize(
    "steps",
    [
        ["left_lower_lobe", "left_lung", "lung"],
        ["left_costophrenic_angle", "left_pleural_space", "pleural_space"],
        ["left_lingula", "left_upper_lobe", "left_lung", "lung"],
        ["cardiac_silhouette", "mediastinum"],
        ["bilateral_lung"],
        ["trachea", "airways"],
    ],
    ids=lambda steps: steps[0],
)
def test_a_place_widens_to_its_organ_and_then_to_either_side(steps: list[str]) -> None:
    assert climbed(steps[0]) == steps


def test_every_step_holds_the_one_below_it_and_can_be_asked_for_and_none_widens_to_the_trunk() -> None:
    for name in anatomy_names():
        node = anatomy(name)
        step: Place | None = Place(anatomy=name, side="left" if node.paired and node.only is None else node.only)
        while step is not None and node.radiograph is not None:
            above = wider(step)
            if above is not None:
                assert is_part_of(step, above) and on_radiograph(above)
                assert above.anatomy not in ("thorax", "body")
                assert parse_place(str(above)) == above
            step = above


def test_places_and_required_findings_climb_together_and_what_is_excluded_stays() -> None:
    query = SearchQuery(
        text="nodule",
        at=("left lower lobe", "heart"),
        with_=("effusion at left costophrenic angle", "nodule"),
        without=("ptx at left lower lobe",),
    )
    steps = list(ladder(query))
    assert steps[0] is query
    assert [step.at for step in steps[1:]] == [("left_lung", "mediastinum"), ("lung", "mediastinum")]
    assert [step.with_[0] for step in steps[1:]] == [
        "pleural_effusion at left_pleural_space",
        "pleural_effusion at pleural_space",
    ]
    assert all(step.with_[1] == "nodule" and step.without == query.without for step in steps)


def test_a_question_without_places_has_one_step() -> None:
    query = SearchQuery(text="nodule", with_=("effusion",))
    assert list(ladder(query)) == [query]
    assert step_of(query, number=0, hits=3).as_record() == {
        "step": 0,
        "at": [],
        "with": ["pleural_effusion"],
        "hits": 3,
    }


@pytest.mark.parametrize(
    ("at", "with_", "told"),
    [
        (("left lower lobe",), ("effusion",), "left_lower_lobe"),
        ((), ("effusion at left lung",), "pleural_effusion at left_lung"),
    ],
)
def test_what_was_asked_for_is_its_places_else_its_conditions(
    at: tuple[str, ...], with_: tuple[str, ...], told: str
) -> None:
    assert asked_at(SearchQuery(text="nodule", at=at, with_=with_)) == told
