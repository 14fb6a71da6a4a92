"""A store as chunks: all rows of 16 consecutive case numbers as bytes, and a state that changes when one of them does.

The state is made of stored digests alone, so finding out what a backup lacks doesn't read what it has.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection

from casekin.errors import IndexStoreError
from casekin.index.store.calibrations import CALIBRATION_KEYS
from casekin.index.store.digests import pack_row, unpack_rows
from casekin.index.store.writes import delete_case, index_sentences, note_change

CASES_A_CHUNK = 16
"""A megabyte or so: few enough objects for a large archive, little to write anew when one case changes."""
_RANGE = "case_no BETWEEN :first AND :last"
_OF_IMAGES = f"image_id IN (SELECT image_id FROM images WHERE {_RANGE})"
_TABLES = {
    "cases": f"{_RANGE} ORDER BY case_no",
    "sources": f"{_RANGE} ORDER BY case_no, stamp",
    "facts": f"{_RANGE} ORDER BY case_no, position",
    "normal_anatomies": f"{_RANGE} ORDER BY case_no, position",
    "sentences": f"{_RANGE} ORDER BY sentence_no",
    "images": f"{_RANGE} ORDER BY image_id",
    "embeddings": f"{_OF_IMAGES} ORDER BY image_id, model_no",
    "vectors": f"{_OF_IMAGES} ORDER BY image_id, model_no, region",
    "quarantine": f"{_RANGE} ORDER BY case_no",
}
"""Tables in the order in which their rows can be inserted."""
_CALIBRATIONS = f"key LIKE '{CALIBRATION_KEYS}%'"
_SETTINGS = {
    "models": "SELECT * FROM models ORDER BY 1",
    "sqlite_sequence": "SELECT name, seq FROM sqlite_sequence WHERE name != 'journal' ORDER BY 1",
    "meta": f"SELECT key, value FROM meta WHERE {_CALIBRATIONS} ORDER BY 1",
}
_STATES = (
    "SELECT case_no, digest FROM cases ORDER BY case_no",
    "SELECT case_no, digest FROM images ORDER BY case_no, digest",
    "SELECT case_no, e.digest FROM embeddings e JOIN images USING (image_id) ORDER BY case_no, e.digest",
    "SELECT case_no, reason FROM quarantine ORDER BY case_no",
)


def read_states(connection: sqlite3.Connection) -> dict[int, str]:
    """The state of every chunk that holds a case, by the chunk's number, ascending."""
    digests: dict[int, hashlib.blake2b] = {}
    for query in _STATES:
        for row in connection.execute(query):
            number = row[0] // CASES_A_CHUNK
            if number not in digests:
                digests[number] = hashlib.blake2b(digest_size=16)
            digests[number].update(pack_row(row))
    return {number: digest.hexdigest() for number, digest in sorted(digests.items())}


def read_chunk(connection: sqlite3.Connection, number: int) -> bytes:
    """All rows of a chunk's cases: the same rows give the same bytes."""
    first = number * CASES_A_CHUNK
    return read_rows(connection, first, first + CASES_A_CHUNK - 1)


def read_rows(connection: sqlite3.Connection, first: int, last: int) -> bytes:
    """All rows of the cases with these numbers and those between."""
    span = {"first": first, "last": last}
    rows = (
        (table, *row)
        for table, which in _TABLES.items()
        for row in connection.execute(f"SELECT * FROM {table} WHERE {which}", span)
    )
    return b"".join(map(pack_row, rows))


def read_settings(connection: sqlite3.Connection) -> bytes:
    """The models, the highest numbers given out, and what was calibrated."""
    rows = ((table, *row) for table, query in _SETTINGS.items() for row in connection.execute(query))
    return b"".join(map(pack_row, rows))


def read_names(chunk: bytes) -> dict[int, tuple[str, str, str]]:
    """Case id, patient id and exclusion key of a chunk's cases, by their numbers."""
    rows = (row for row in unpack_rows(chunk) if row[0] == "cases")
    return {int(row[1] or 0): (str(row[2]), str(row[3]), str(row[4])) for row in rows}


def drop_cases(chunk: bytes, numbers: Collection[int]) -> bytes:
    """The chunk without the rows of these cases."""
    rows = list(unpack_rows(chunk))
    images = {row[1] for row in rows if row[0] == "images" and row[2] in numbers}
    place = {"sources": 2, "sentences": 2, "images": 2, "embeddings": 1, "vectors": 3}
    gone: dict[str, Collection[object]] = {"embeddings": images, "vectors": images}
    return b"".join(
        pack_row(row) for row in rows if row[place.get(str(row[0]), 1)] not in gone.get(str(row[0]), numbers)
    )


def write_chunk(connection: sqlite3.Connection, chunk: bytes) -> None:
    """Insert a chunk's rows, inside the caller's transaction; no case of it may be there."""
    for case_no in insert_rows(connection, chunk):
        note_change(connection, case_no, "restore")


def insert_rows(connection: sqlite3.Connection, rows: bytes) -> list[int]:
    """Insert rows that `read_rows` read, without a line of the journal; returns the numbers of their cases."""
    cases: list[int] = []
    for table, *values in unpack_rows(rows):
        if table not in _TABLES:
            raise IndexStoreError(
                "restore: expected rows of this format's tables, got others; use another casekin version"
            )
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
        if table == "cases" and isinstance(values[0], int):
            cases.append(values[0])
    for case_no in cases:
        index_sentences(connection, case_no)
    return cases


def clear_chunk(connection: sqlite3.Connection, number: int) -> None:
    """Delete a chunk's cases, inside the caller's transaction."""
    first = number * CASES_A_CHUNK
    query = f"SELECT case_no FROM cases WHERE {_RANGE}"
    for (case_no,) in connection.execute(query, {"first": first, "last": first + CASES_A_CHUNK - 1}).fetchall():
        delete_case(connection, case_no, verb="restore")


def write_settings(connection: sqlite3.Connection, settings: bytes) -> None:
    """Put models and calibrations in place of the store's, inside the caller's transaction.

    No number given out becomes lower.
    """
    connection.execute("PRAGMA defer_foreign_keys = ON")  # embeddings may name models that come later
    connection.execute("DELETE FROM models")
    connection.execute(f"DELETE FROM meta WHERE {_CALIBRATIONS}")
    for table, *values in unpack_rows(settings):
        if table == "models":
            connection.execute("INSERT INTO models VALUES (?, ?, ?, ?)", values)
        elif table == "meta":
            connection.execute("INSERT INTO meta VALUES (?, ?)", values)
        else:
            name, highest = values[0], int(values[1] or 0)
            known = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()[0]
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, max(highest, int(known or 0))))
