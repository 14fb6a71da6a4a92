"""The words that the pages offer mean what they stand for."""

from __future__ import annotations

from casekin.anatomy import on_radiograph, parse_place
from casekin.web.vocabulary import known_places


def test_every_place_offered_is_one_that_a_search_takes() -> None:
    names = [place.name for place in known_places()]
    assert len(names) == len(set(names)) > 29
    assert {"left lower lobe", "trachea", "right costophrenic angle"} <= set(names)
    assert all(on_radiograph(parse_place(name)) for name in names)
    assert [str(parse_place(name)).replace("_", " ") for name in names] == names


def test_other_names_of_a_place_are_read_as_that_place() -> None:
    others = {place.name: place.others for place in known_places()}
    assert "RLL" in others["right lower lobe"]
    assert "RLL" not in others["left lower lobe"]
    for name, called in others.items():
        meant = parse_place(name)
        for other in called:
            read = parse_place(other)
            assert read.anatomy == meant.anatomy, (name, other)
            assert read.side in (None, meant.side), (name, other)
