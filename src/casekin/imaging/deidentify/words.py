"""Words in pixels: where they stand, and pixels without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from casekin.imaging.deidentify.burned_in import TextLine, find_any_text, find_text, require_detector
from casekin.imaging.limits import image_error
from casekin.types import Box

BurnedIn = Literal["mask", "refuse", "keep"]
"""What is done about words in pixels: painted over, the file refused, or nothing looked for."""
Finder = Callable[[npt.NDArray[np.uint8]], Sequence[TextLine]]
Pixel = TypeVar("Pixel", np.uint8, np.uint16)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSearch:
    """Looks for words as `burned_in` says; other than `keep` needs the text detector: `DependencyError` without."""

    burned_in: BurnedIn = "mask"
    finder: Finder = find_text
    thorough_finder: Finder = find_any_text

    def __post_init__(self) -> None:
        if self.burned_in != "keep" and self.finder is find_text:
            require_detector()

    def boxes(self, pictures: Sequence[npt.NDArray[np.uint8]], name: str, *, announced: bool) -> tuple[Box, ...]:
        """Where words stand in the frames of an image, to be painted over; none with `keep`.

        `announced`: the header says that there are some. Raises `ImageError` for words with `refuse`, and where some
        are announced and none is found.
        """
        if self.burned_in == "keep":
            return ()
        if announced:
            boxes = tuple(line.box for picture in pictures for line in self.thorough_finder(picture))
        else:
            found = (line for picture in pictures for line in self.finder(picture))
            boxes = tuple(line.box for line in found if not line.is_marker)
        if boxes and self.burned_in == "refuse":
            raise image_error(
                name, "has words in its pixels", expected="pixels without names", remedy="hide them with mask"
            )
        if announced and not boxes:
            raise image_error(
                name,
                "has words in its pixels by its header (BurnedInAnnotation), and none was found to hide",
                expected="pixels without names",
                remedy="look at it, hide what it shows, and correct the header",
            )
        return boxes


def painted(pixels: npt.NDArray[Pixel], boxes: Sequence[Box]) -> npt.NDArray[Pixel]:
    """A copy of a picture `(row, column)` with boxes in black."""
    copy = pixels.copy()
    for box in boxes:
        copy[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = 0
    return copy
