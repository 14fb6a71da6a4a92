"""A collection as one self-contained page: pictures embedded, answers folded away, no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casekin.look import data_uri, page_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPicture:
    """An entry's image: a `jpeg`, which may be smaller than the stored image of `width` × `height` pixels."""

    jpeg: bytes
    width: int
    height: int


def collection_html(collection: Mapping[str, Any], pictures: Mapping[str, EntryPicture]) -> str:
    """The page of a collection's JSON form with its `entries`; `pictures` by entry id, an entry may lack one."""
    shown = [
        {
            **entry,
            "picture": picture and {
                "address": data_uri(picture.jpeg, kind="image/jpeg"),
                "width": picture.width,
                "height": picture.height,
                "stroke": max(picture.width, picture.height) / 250,
            },
        }
        for entry in collection["entries"]
        for picture in (pictures.get(entry["entry_id"]),)
    ]  # fmt: skip
    page = page_environment("casekin.site").get_template("collection.html.j2")
    return page.render(collection=collection, entries=shown)
