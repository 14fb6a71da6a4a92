"""What a drawn region is compared with: the stored tokens of images, and where a few of their locations lie."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casekin.index.records import Kind
from casekin.index.store.models import active_model
from casekin.types import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredGrid:
    """Packed `tokens` of one image, and `boxes` of the locations asked for, in pixels of its frontal view.

    `frontal` is that view's height and width.
    """

    image_id: int
    frontal: tuple[int, int]
    boxes: Mapping[str, Box]
    tokens: bytes


def read_grids(
    connection: sqlite3.Connection, image_ids: Sequence[int], regions: Sequence[str], kind: Kind = "radiograph"
) -> Iterator[StoredGrid]:
    """Grids by the active model, of the images that have one, in one query; `regions` whose boxes are wanted.

    SQLite takes the few boxes out of an image's JSON, and goes by the images asked for: left to itself it goes through
    every embedding of the model.
    """
    active = active_model(connection, kind)
    wanted = "".join(", json_extract(boxes, ?)" for _ in regions)
    query = (
        f"SELECT image_id, json_extract(turn, '$.frontal'), tokens{wanted} FROM json_each(?) "
        "CROSS JOIN images ON image_id = value CROSS JOIN embeddings USING (image_id) WHERE model_no = ?"
    )
    asked = json.dumps([int(image_id) for image_id in image_ids])
    given = (*(f'$."{name}"' for name in regions), asked)
    rows = [] if active is None else connection.execute(query, (*given, active[0])).fetchall()
    for image_id, frontal, tokens, *stored in rows:
        height, width = json.loads(frontal)
        known = {name: json.loads(box) for name, box in zip(regions, stored, strict=True) if box is not None}
        yield StoredGrid(
            image_id=image_id,
            frontal=(height, width),
            boxes={name: Box.from_list(box) for name, box in known.items()},
            tokens=tokens,
        )
