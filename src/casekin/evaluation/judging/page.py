"""A reader's page: pairs of films with the place outlined, answered by key, kept by the browser, saved as a file.

One self-contained file without a server. It holds pictures of patients and opaque numbers; nothing in it tells which
search put a pair together, or where it ranked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casekin.evaluation.judging.pool import Session
from casekin.look import data_uri, page_environment
from casekin.relevance.trec import ANYWHERE
from casekin.types import Box

CHOICES = (
    ("3", "Same finding", "same place and side, about as severe"),
    ("2", "Same, differing", "in severity, or in the part of the place"),
    ("1", "Related finding", "of one family, such as two opacities"),
    ("0", "Nothing in common", "or neither shows anything"),
    ("?", "Can’t tell", "not visible well enough"),
)
"""Key, words and explanation of each answer; the words of the grades."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Film:
    """A case's picture for a place. `box`: the place in the picture's pixels, None where it isn't outlined."""

    jpeg: bytes
    width: int
    height: int
    box: Box | None = None
    report: str | None = None


def reader_page(session: Session, reader: int, find_film: Callable[[str, str], Film]) -> str:
    """The HTML page of a reader (from 1); `find_film(case_id, place)` gives the picture of a case."""
    films: list[dict[str, Any]] = []
    numbers: dict[tuple[bytes, str | None], int] = {}
    items = []
    for shown in session.orders[reader - 1]:
        pair = session.pairs[shown.pair]
        sides = []
        for case_id in reversed(pair.cases) if shown.swapped else pair.cases:
            film = find_film(case_id, pair.place)
            key = film.jpeg, film.report
            if key not in numbers:
                numbers[key] = len(films)
                films.append(_film_record(film))
            sides.append({"film": numbers[key], "box": None if film.box is None else _rounded(film.box)})
        items.append({"place": place_words(pair.place), "sides": sides})
    data = {"session": session.id, "reader": reader, "items": items, "films": films}
    template = page_environment("casekin.evaluation.judging").get_template("reader.html.j2")
    return template.render(data=data, reader=reader, count=len(items), choices=CHOICES)


def place_words(place: str) -> str:
    """`left lower lobe`, or `whole image`."""
    return "whole image" if place == ANYWHERE else place.replace("_", " ")


def _film_record(film: Film) -> dict[str, Any]:
    uri = data_uri(film.jpeg, kind="image/jpeg")
    return {"uri": uri, "width": film.width, "height": film.height, "report": film.report}


def _rounded(box: Box) -> list[float]:
    return [round(value, 1) for value in box.as_list()]
