"""Reading the store's rows back: vectors of a region, cases with what their reports state, images."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from casekin.index.records import Kind, StoredCase, StoredImage
from casekin.index.store.models import active_model
from casekin.index.store.schema import CASE_FIELDS
from casekin.types import Box, Fact, Place


def read_region(
    connection: sqlite3.Connection, region: str, kind: Kind = "radiograph"
) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
    """All vectors of one region by the active model: image ids ascending `(n,)` and vectors `(n, dim)`.

    Empty `(0, 0)` when no image of the kind shows it.
    """
    active = active_model(connection, kind)
    query = "SELECT image_id, vector FROM vectors WHERE model_no = ? AND region = ? ORDER BY image_id"
    rows = [] if active is None else connection.execute(query, (active[0], region)).fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    if not rows:
        return ids, np.zeros((0, 0), dtype=np.float16)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
    return ids, vectors


def read_cases(connection: sqlite3.Connection, case_ids: Iterable[str]) -> dict[str, StoredCase]:
    """The stored cases with facts and normal anatomies, keyed by id; unknown ids are left out."""
    cases: dict[str, StoredCase] = {}
    query = f"SELECT case_no, {', '.join(CASE_FIELDS)}, report, extra FROM cases WHERE case_id = ?"
    for case_id in case_ids:
        row = connection.execute(query, (case_id,)).fetchone()
        if row is None:
            continue
        case_no, *values, extra = row
        normal = connection.execute(
            "SELECT anatomy, side FROM normal_anatomies WHERE case_no = ? ORDER BY position", (case_no,)
        )
        places = tuple(Place(anatomy=anatomy, side=side) for anatomy, side in normal)
        facts = tuple(read_facts(connection, "WHERE case_no = ?", (case_no,)).get(case_no, ()))
        known = dict(zip((*CASE_FIELDS, "report"), values, strict=True))
        cases[case_id] = StoredCase(**known, facts=facts, normal_anatomies=places, extra=json.loads(extra))
    return cases


def read_facts(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> dict[int, list[Fact]]:
    """Facts by case number, in report order; `where` is SQL of this package over the `facts` table."""
    facts: dict[int, list[Fact]] = {}
    columns = "case_no, finding, anatomy, side, polarity, severity, size_mm, change, sentence, span_start, span_end"
    for case_no, *row in connection.execute(f"SELECT {columns} FROM facts {where} ORDER BY case_no, position", values):
        finding, anatomy, side, polarity, severity, size_mm, change, sentence, start, end = row
        fact = Fact(
            finding=finding, anatomy=anatomy, side=side, polarity=polarity, severity=severity, size_mm=size_mm,
            change=change, sentence=sentence, span=None if start is None else (start, end),
        )  # fmt: skip
        facts.setdefault(case_no, []).append(fact)
    return facts


def read_images(connection: sqlite3.Connection, image_ids: Iterable[int]) -> Iterator[StoredImage]:
    """The stored images with preview, boxes and tokens of their kind's active model, in the order asked."""
    query = (
        "SELECT i.image_id, case_id, i.kind, width, height, turn, preview, coalesce(boxes, '{}'), "
        "coalesce(tokens, x''), content_sha256 FROM images i JOIN cases USING (case_no) "
        "LEFT JOIN models m ON m.kind = i.kind AND m.state = 'active' "
        "LEFT JOIN embeddings e ON e.image_id = i.image_id AND e.model_no = m.model_no WHERE i.image_id = ?"
    )
    for image_id in image_ids:
        row = connection.execute(query, (int(image_id),)).fetchone()
        if row is not None:
            boxes = {name: Box.from_list(box) for name, box in json.loads(row[7]).items()}
            yield StoredImage(
                image_id=row[0], case_id=row[1], kind=row[2], width=row[3], height=row[4], turn=json.loads(row[5]),
                boxes=boxes, tokens=row[8], preview=row[6], content_sha256=row[9],
            )  # fmt: skip


def read_vectors(connection: sqlite3.Connection, image_id: int) -> dict[str, NDArray[np.float32]]:
    """An image's vectors by the active model of its kind, by region's name `(dim,)`; empty for an unknown image."""
    rows = connection.execute(
        "SELECT region, vector FROM images i JOIN models m ON m.kind = i.kind AND m.state = 'active' "
        "JOIN vectors v ON v.image_id = i.image_id AND v.model_no = m.model_no WHERE i.image_id = ? ORDER BY region",
        (int(image_id),),
    )
    return {str(region): np.frombuffer(vector, dtype="<f2").astype(np.float32) for region, vector in rows}


def has_source(connection: sqlite3.Connection, stamp: str, versions: Sequence[str]) -> bool:
    """Whether a case of this source is stored and sound, and no image of it lacks an embedding by all these models."""
    query = (
        "SELECT 1 FROM sources s WHERE stamp = ? AND case_no NOT IN (SELECT case_no FROM quarantine) "
        "AND NOT EXISTS (SELECT 1 FROM images i WHERE i.case_no = s.case_no AND NOT EXISTS ("
        "SELECT 1 FROM embeddings e JOIN models USING (model_no) WHERE e.image_id = i.image_id "
        "AND version IN (SELECT value FROM json_each(?))))"
    )
    return connection.execute(query, (stamp, json.dumps(versions))).fetchone() is not None
