"""The detector on pictures made here: names are found, side markers are told apart, clean pictures stay clean."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from casekin.errors import DependencyError
from casekin.imaging.deidentify import burned_in
from casekin.imaging.deidentify.burned_in import find_text
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


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    burned_in._network.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    monkeypatch.setattr(burned_in, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match=r"casekin\[deidentify\]"):
        burned_in.require_detector()
    burned_in._network.cache_clear()
