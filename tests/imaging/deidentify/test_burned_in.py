"""The detector on pictures made here: names are found, side markers are told apart, clean pictures stay clean."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from casekin.errors import DependencyError
from casekin.imaging.deidentify import burned_in
from casekin.imaging.deidentify.burned_in import TextLine, find_text
from casekin.types import Box
from made_cases import chest_picture


def _film(
    text: str, *, size: int, place: tuple[int, int] = (20, 20), turned: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    plain = Image.fromarray(chest_picture(3, size=64)).resize((480, 480))
    ink = Image.new("L", (480, 480))
    ImageDraw.Draw(ink).text(place, text, fill=255, font=ImageFont.load_default(size))
    if turned:
        ink = ink.rotate(90)
    drawn = np.where(np.asarray(ink) > 127, 0 if np.asarray(plain)[30, 30] > 128 else 255, np.asarray(plain))
    return drawn.astype(np.uint8), np.asarray(ink) > 127


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("size", [10, 16, 28])
def test_a_name_is_found_whole(size: int, turned: bool) -> None:
    picture, ink = _film("DOE JANE 1951", size=size, turned=turned)
    left = ink.copy()
    for line in find_text(picture):
        if not line.is_marker:
            left[int(line.box.y0) : int(line.box.y1), int(line.box.x0) : int(line.box.x1)] = False
    assert left.sum() <= 0.02 * ink.sum()


def test_a_side_letter_is_no_name() -> None:
    lines = find_text(_film("R", size=30)[0])
    assert all(line.is_marker for line in lines)


def test_a_picture_without_words_has_none() -> None:
    assert find_text(_film("", size=10)[0]) == []


@pytest.mark.parametrize(
    ("height", "width", "gaps", "is_line"),
    [
        (40, 400, 0.2, True),
        (400, 40, 0.2, True),  # turned
        (80, 300, 0.2, True),  # two lines of large letters that touch
        (300, 80, 0.2, False),  # a lung beside the spine
        (80, 300, 0.4, False),  # gas in the bowel
        (110, 500, 0.2, False),
    ],
)
def test_large_regions_are_lines_only_where_they_lie_level_and_fill_their_box(
    height: int, width: int, gaps: float, is_line: bool
) -> None:
    chances = np.zeros((960, 960), dtype=np.float32)
    chances[100 : 100 + height, 200 : 200 + width] = 0.97
    upper = chances[100 : 100 + height // 2, 200 : 200 + width]  # steps in the outline leave gaps in the box
    upper[:, round(width * (1 - 2 * gaps)) :] = 0.0
    found = burned_in._regions(chances, 0.85)
    assert [is_marker for _, _, is_marker in found] == ([False] if is_line else [])


def _line(x0: int, y0: int, x1: int, y1: int, *, marker: bool = False) -> TextLine:
    return TextLine(box=Box(x0=x0, y0=y0, x1=x1, y1=y1), probability=0.9, is_marker=marker)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("letters", "is_marker"),
    [
        ((200, 12, 220, 28), False),  # touches the line's end
        ((195, 18, 220, 34), False),
        ((201, 12, 220, 28), True),  # stands apart
        ((195, 24, 220, 44), True),  # another row
        ((80, 30, 100, 50), True),  # below
    ],
)
def test_letters_at_the_end_of_a_line_are_no_marker(
    letters: tuple[int, int, int, int], is_marker: bool, turned: bool
) -> None:
    corners = [(10, 10, 200, 30), letters]
    if turned:
        corners = [(y0, x0, y1, x1) for x0, y0, x1, y1 in corners]
    whole, short = burned_in._completed([_line(*corners[0]), _line(*corners[1], marker=True)])
    assert (whole.is_marker, short.is_marker) == (False, is_marker)


def test_a_line_reaches_as_far_as_any_size_saw_it() -> None:
    seen = [_line(10, 10, 100, 20), _line(40, 9, 130, 21), _line(10, 60, 90, 70), _line(95, 11, 105, 19, marker=True)]
    assert [line.box.as_list() for line in burned_in._merged(seen)] == [[10, 9, 130, 21], [10, 60, 90, 70]]


def test_what_only_the_fine_search_sees_is_a_line_where_it_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {
        960: [_line(10, 10, 200, 60)],
        1472: [
            _line(190, 12, 260, 58),  # the end of the line above
            _line(10, 400, 90, 430),  # small
            _line(300, 300, 400, 350),  # clips
        ],
    }
    monkeypatch.setattr(burned_in, "_lines_at", lambda picture, side, *, least: seen[side])
    found = [line.box.as_list() for line in find_text(np.zeros((1000, 1000), np.uint8))]
    assert found == [[10, 10, 200, 60], [190, 12, 260, 58], [10, 400, 90, 430]]


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    burned_in._network.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    monkeypatch.setattr(burned_in, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match=r"casekin\[deidentify\]"):
        burned_in.require_detector()
    burned_in._network.cache_clear()
