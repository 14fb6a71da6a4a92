"""Putting back into rows what only the server holds of images: previews, tokens, vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

import numpy as np

from casekin.index.cluster.packing import join_parts
from casekin.index.cluster.server import MOST_ROWS, Row, Server

_PAGE_BLOBS = 1000


def fill_blobs(connection: sqlite3.Connection, server: Server, where: str, ids: Sequence[int]) -> None:
    """Put previews and tokens into the rows of images; `ids` ascending."""
    fields = ["image_id", "model_no", "part", "data"]
    for page in server.pages(
        server.blobs, where, fields, along="image_id", first=ids[0], last=ids[-1], most=_PAGE_BLOBS
    ):
        blobs: dict[tuple[int, int], list[Row]] = {}
        for row in sorted(page, key=lambda row: row["part"]):
            blobs.setdefault((row["image_id"], row["model_no"]), []).append(row)
        for (image_id, model_no), parts in blobs.items():
            blob = join_parts(parts)
            if model_no == 0:
                connection.execute("UPDATE images SET preview = ? WHERE image_id = ?", (blob, image_id))
            else:
                query = "UPDATE embeddings SET tokens = ? WHERE image_id = ? AND model_no = ?"
                connection.execute(query, (blob, image_id, model_no))


def fill_vectors(
    connection: sqlite3.Connection, server: Server, where: str, ids: Sequence[int], *, dims: Collection[int]
) -> None:
    """Put the vectors of these numbers of images back into their table; `ids` ascending."""
    fields = ["image_id", "model_no", "region", "vector"]
    stored = "SELECT 1 FROM embeddings WHERE image_id = ? AND model_no = ?"
    for dim in sorted(dims):
        for page in server.pages(
            server.vectors(dim), where, fields, along="image_id", first=ids[0], last=ids[-1], most=MOST_ROWS
        ):
            for row in page:
                if connection.execute(stored, (row["image_id"], row["model_no"])).fetchone():
                    vector = np.array(row["vector"], dtype="<f2").tobytes()
                    values = (row["model_no"], row["region"], row["image_id"], vector)
                    connection.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", values)
