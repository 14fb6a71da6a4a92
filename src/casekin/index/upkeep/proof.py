"""Whether stored cases are what was written: their digests made again from the rows, a span of cases at a time."""

from __future__ import annotations

import sqlite3

from casekin.index.store.digests import digest_case, digest_embedding, digest_image


def find_damaged(connection: sqlite3.Connection, first: int, last: int) -> dict[int, str]:
    """What is wrong with the cases of these numbers and those between, by number; of sound ones, nothing."""
    damaged: dict[int, str] = {}
    span = (first, last)
    cases = "SELECT case_no, digest FROM cases WHERE case_no BETWEEN ? AND ?"
    for case_no, written in connection.execute(cases, span).fetchall():
        if digest_case(connection, case_no) != written:
            damaged.setdefault(case_no, "its rows are not what was written")
    images = "SELECT case_no, image_id, digest FROM images WHERE case_no BETWEEN ? AND ?"
    for case_no, image_id, written in connection.execute(images, span).fetchall():
        if digest_image(connection, image_id) != written:
            damaged.setdefault(case_no, f"image {image_id} is not what was written")
    embeddings = (
        "SELECT case_no, image_id, model_no, e.digest FROM embeddings e JOIN images USING (image_id) "
        "WHERE case_no BETWEEN ? AND ?"
    )
    for case_no, image_id, model_no, written in connection.execute(embeddings, span).fetchall():
        if digest_embedding(connection, image_id, model_no) != written:
            damaged.setdefault(case_no, f"image {image_id} as model {model_no} saw it is not what was written")
    return damaged
