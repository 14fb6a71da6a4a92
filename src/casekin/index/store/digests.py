"""Digests of what is stored: BLAKE2b over rows as bytes, written with every row and compared by a check.

SQLite finds a page whose structure is damaged, but a flipped bit inside a text or a vector is a value like any other.
Bytes of a row can be read back: a backup's chunks are made of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence

Value = str | bytes | int | float | None
Row = tuple[Value, ...]


class Text(bytes):
    """Text of a row as the file holds it: damaged text can't be decoded. For a connection's `text_factory`."""


_DIGEST_BYTES = 16
CASE_ROWS = {
    "cases": (
        "case_no, case_id, patient_id, patient, study_instance_uid, accession_number, modality, body_part, view, sex, "
        "age, day_offset, source, licence, extra, report, report_joined, ingested_on"
    ),
    "sources": "stamp, case_no",
    "facts": (
        "position, case_no, finding, anatomy, side, polarity, severity, size_mm, change, sentence, span_start, span_end"
    ),
    "normal_anatomies": "position, case_no, anatomy, side",
    "sentences": "sentence_no, case_no, sentence",
    "images": "image_id",
}
"""What the digest of a case covers: columns by table; of its images which they are, their own digests hold the rest."""
_IMAGE_ROW = "case_no, kind, image, content_sha256, file_sha256, width, height, turn, preview"


def pack_row(values: Sequence[Value]) -> bytes:
    """A row as bytes that no other row has."""
    return struct.pack("<I", len(values)) + b"".join(map(_pack, values))


def unpack_rows(data: bytes) -> Iterator[Row]:
    """The rows of packed bytes, one after the other. Raises `ValueError` where they are not whole."""
    position = 0
    while position < len(data):
        values: list[Value] = []
        (count,) = struct.unpack_from("<I", data, position)
        position += 4
        for _ in range(count):
            value, position = _unpack(data, position)
            values.append(value)
        yield tuple(values)


def digest_rows(rows: Iterable[Sequence[Value]]) -> bytes:
    """BLAKE2b of rows in their order."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for row in rows:
        digest.update(pack_row(row))
    return digest.digest()


def digest_case(connection: sqlite3.Connection, case_no: int) -> bytes:
    """Digest of a stored case: its row, sources, facts, normal anatomies, sentences and the numbers of its images."""
    return digest_rows(
        row
        for table, columns in CASE_ROWS.items()
        for row in connection.execute(f"SELECT {columns} FROM {table} WHERE case_no = ? ORDER BY 1", (case_no,))
    )


def digest_image(connection: sqlite3.Connection, image_id: int) -> bytes:
    """Digest of a stored image's own row, its preview with it: what it was inserted with."""
    return digest_rows(connection.execute(f"SELECT {_IMAGE_ROW} FROM images WHERE image_id = ?", (image_id,)))


def digest_embedding(connection: sqlite3.Connection, image_id: int, model_no: int) -> bytes:
    """Digest of an image's boxes, tokens and vectors of one model."""
    key = (image_id, model_no)
    query = "SELECT image_id, model_no, boxes, tokens FROM embeddings WHERE image_id = ? AND model_no = ?"
    vectors = "SELECT region, vector FROM vectors WHERE image_id = ? AND model_no = ? ORDER BY region"
    return digest_rows([*connection.execute(query, key), *connection.execute(vectors, key)])


def digest_change(case_no: int, verb: str) -> bytes:
    """Digest of a line of the journal."""
    return digest_rows([(case_no, verb)])


def digest_settings(connection: sqlite3.Connection) -> str:
    """Digest of the store's own settings: tables, versions, models, highest numbers, and what is in quarantine."""
    queries = (
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name",
        "SELECT name, seq FROM sqlite_sequence ORDER BY name",
        "SELECT key, value FROM meta WHERE key != 'digest' ORDER BY key",
        "SELECT model_no, version, kind, state FROM models ORDER BY model_no",
        "SELECT case_no, reason FROM quarantine ORDER BY case_no",
    )
    return digest_rows(row for query in queries for row in connection.execute(query)).hex()


def _pack(value: Value) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, (str, Text)):
        raw = value.encode() if isinstance(value, str) else value
        return b"s" + struct.pack("<I", len(raw)) + raw
    if isinstance(value, bytes):
        return b"b" + struct.pack("<I", len(value)) + value
    return b"f" + struct.pack("<d", value) if isinstance(value, float) else b"i" + struct.pack("<q", value)


def _unpack(data: bytes, position: int) -> tuple[Value, int]:
    tag, position = data[position : position + 1], position + 1
    if tag == b"n":
        return None, position
    if tag in (b"f", b"i"):
        value: Value = struct.unpack_from("<d" if tag == b"f" else "<q", data, position)[0]
        return value, position + 8
    (length,) = struct.unpack_from("<I", data, position)
    raw = data[position + 4 : position + 4 + length]
    if tag not in (b"s", b"b") or len(raw) != length:
        raise ValueError("expected packed rows, got other bytes")
    return raw.decode() if tag == b"s" else raw, position + 4 + length
