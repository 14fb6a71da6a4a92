"""Rows as Milvus keeps them: bytes as text in parts that fit one of its fields, vectors as float32."""

from __future__ import annotations

import base64
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from casekin.errors import IndexStoreError
from casekin.index.cluster.server import Row
from casekin.index.upkeep.chunks import read_rows

PART_CHARACTERS = 65532
"""Milvus allows 65,535; four characters hold three bytes."""
LISTED = 4000
"""Numbers in one condition."""


def pack_record(connection: sqlite3.Connection, case_no: int) -> bytes:
    """All rows of a case, packed; of one that is gone, nothing."""
    return zlib.compress(read_rows(connection, case_no, case_no))


def unpack_record(record: bytes) -> bytes:
    """The rows that were packed. Raises `IndexStoreError` where they are damaged."""
    try:
        return zlib.decompress(record)
    except zlib.error as error:
        raise IndexStoreError("index: a case's record on the server is damaged; restore the server's backup") from error


def split_parts(data: bytes) -> list[str]:
    """Bytes as texts of at most `PART_CHARACTERS`; one text at least."""
    text = base64.b64encode(data).decode()
    return [text[start : start + PART_CHARACTERS] for start in range(0, max(len(text), 1), PART_CHARACTERS)]


def join_parts(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes that were split, from rows in their order. Raises `IndexStoreError` where a part is missing."""
    whole = rows[0].get("parts", len(rows)) == len(rows) and all(row["part"] == at for at, row in enumerate(rows))
    if not whole:
        raise IndexStoreError("index: a part of a record is missing on the server; restore the server's backup")
    return base64.b64decode("".join(row["data"] for row in rows))


def record_row(generation: int, case_no: int, part: int, parts: int, data: str, changes: str) -> Row:
    """A part of a case's version, with its new lines of the journal."""
    return {
        "pk": f"{case_no}/{generation}/{part}", "case_no": case_no, "generation": generation, "part": part,
        "parts": parts, "data": data, "changes": changes,
    }  # fmt: skip


def vector_row(row: tuple[int, str, int, bytes]) -> Row:
    """A row of the table of vectors as the server has it; float32 holds every float16."""
    model_no, region, image_id, vector = row
    place = f"{model_no}/{region}"
    numbers = np.frombuffer(vector, dtype="<f2").astype(np.float32)
    return {
        "pk": f"{place}/{image_id}", "place": place, "region": region, "model_no": model_no, "image_id": image_id,
        "vector": numbers,
    }  # fmt: skip


def blob_rows(image_id: int, model_no: int, blob: bytes) -> Iterator[Row]:
    """The parts of a preview (model 0) or of a model's tokens."""
    for part, data in enumerate(split_parts(blob)):
        pk = f"{image_id}/{model_no}/{part}"
        yield {"pk": pk, "image_id": image_id, "model_no": model_no, "part": part, "data": data}


def pair_up(images: list[int], cases: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Both lists in pieces that fit a field."""
    for start in range(0, max(len(images), len(cases)), LISTED // 2):
        yield images[start : start + LISTED // 2], cases[start : start + LISTED // 2]


def batches(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers in lists that fit one condition."""
    for start in range(0, len(numbers), LISTED):
        yield list(numbers[start : start + LISTED])
