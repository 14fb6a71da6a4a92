"""The system of record: one SQLite file in WAL mode with full synchronisation; a batch of cases is one transaction.

Layout of `casekin.sqlite3` (format 1): `cases`, `sources` (what they were read from), `images`, `vectors` (clustered by
region, so that one region loads without touching the others), `facts`, `normal_anatomies`, `sentences` (FTS5, BM25) and
`meta`. Vectors are little-endian float16. Everything else in an index folder can be rebuilt from this file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import IndexStoreError
from casekin.index.connection import connect, transaction
from casekin.index.records import IndexedCase, IndexedImage, StoredCase, StoredImage
from casekin.types import Box, Fact, Place

FORMAT_VERSION = 1
FILE_NAME = "casekin.sqlite3"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cases (
    case_no INTEGER PRIMARY KEY, case_id TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL, patient TEXT NOT NULL,
    model_version TEXT NOT NULL, study_instance_uid TEXT, accession_number TEXT,
    modality TEXT, body_part TEXT, view TEXT, sex TEXT, age REAL, day_offset INTEGER, source TEXT, licence TEXT,
    extra TEXT NOT NULL, report TEXT, report_joined INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sources (
    stamp TEXT NOT NULL, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    PRIMARY KEY (stamp, case_no)) WITHOUT ROWID;
CREATE INDEX sources_case ON sources (case_no);
CREATE INDEX cases_patient ON cases (patient);
CREATE INDEX cases_patient_id ON cases (patient_id);
CREATE INDEX cases_study ON cases (study_instance_uid);
CREATE INDEX cases_accession ON cases (accession_number);
CREATE TABLE images (
    image_id INTEGER PRIMARY KEY, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, image TEXT NOT NULL,
    content_sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    turn TEXT NOT NULL, boxes TEXT NOT NULL, tokens BLOB NOT NULL, preview BLOB NOT NULL);
CREATE INDEX images_case ON images (case_no);
CREATE INDEX images_content ON images (content_sha256);
CREATE INDEX images_file ON images (file_sha256);
CREATE TABLE vectors (
    region TEXT NOT NULL, image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, vector BLOB NOT NULL,
    PRIMARY KEY (region, image_id)) WITHOUT ROWID;
CREATE INDEX vectors_image ON vectors (image_id);
CREATE TABLE facts (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, position INTEGER NOT NULL, finding TEXT NOT NULL,
    anatomy TEXT NOT NULL, side TEXT, polarity TEXT NOT NULL, severity TEXT, size_mm REAL, change TEXT,
    sentence TEXT, span_start INTEGER, span_end INTEGER, PRIMARY KEY (case_no, position)) WITHOUT ROWID;
CREATE INDEX facts_finding ON facts (finding, polarity, anatomy, side);
CREATE TABLE normal_anatomies (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, anatomy TEXT NOT NULL, side TEXT);
CREATE INDEX normal_case ON normal_anatomies (case_no);
CREATE VIRTUAL TABLE sentences USING fts5 (sentence, case_no UNINDEXED, tokenize = 'porter unicode61');
"""

_CASE_COLUMNS = (
    "case_id", "patient_id", "patient", "model_version", "study_instance_uid", "accession_number", "modality",
    "body_part", "view", "sex", "age", "day_offset", "source", "licence",
)  # fmt: skip


def open_store(folder: Path, *, create: bool) -> sqlite3.Connection:
    """Connection to the index in `folder`; makes it when `create` and absent.

    Raises `IndexStoreError` where there is no index, it is damaged, or another format wrote it.
    """
    path = folder / FILE_NAME
    if not path.exists():
        if not create:
            raise _no_index()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexStoreError(f"index: can't make the folder: {error.strerror}; choose another") from error
    connection = connect(path)
    try:
        _ensure_format(connection, create=create)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_format(connection: sqlite3.Connection, *, create: bool) -> None:
    """Check the format before anything is written; an empty file gets the schema when `create`."""
    if _is_empty(connection):
        if not create:
            raise _no_index()
        connection.execute("PRAGMA journal_mode = WAL")
        with transaction(connection):
            if _is_empty(connection):  # another process may have been faster
                _write_schema(connection)
    found = read_meta(connection, "format")
    if found != str(FORMAT_VERSION):
        raise IndexStoreError(f"index: expected format {FORMAT_VERSION}, got {found}; use the version that wrote it")


def _no_index() -> IndexStoreError:
    return IndexStoreError(f"index: expected {FILE_NAME} in the folder, got none; make it with `casekin ingest`")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def _write_schema(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT_VERSION),))
    connection.execute("INSERT INTO meta VALUES ('generation', '0')")


def read_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Value of a `meta` key, None when absent."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def write_cases(connection: sqlite3.Connection, cases: Sequence[IndexedCase], *, remove: Sequence[str] = ()) -> None:
    """Put `cases` (the last one of an id stands) and delete those in `remove`: all, or nothing."""
    with transaction(connection):
        for case_id in remove:
            _delete_case(connection, case_id)
        for case in cases:
            _put_case(connection, case)
        _count_write(connection)


def write_report(
    connection: sqlite3.Connection, case_id: str, *, report: str, facts: Sequence[Fact], normal: Sequence[Place],
    sentences: Sequence[str],
) -> None:  # fmt: skip
    """Replace the report of a stored case, with everything that was read from it: one transaction.

    A report that was joined this way stays when the case's images are put again.
    """
    with transaction(connection):
        row = connection.execute("SELECT case_no FROM cases WHERE case_id = ?", (case_id,)).fetchone()
        if row is None:
            raise IndexStoreError(f"index: expected the id of a stored case, got {case_id!r}; ingest its images first")
        connection.execute("UPDATE cases SET report = ?, report_joined = 1 WHERE case_no = ?", (report, *row))
        _replace_statements(connection, row[0], facts, normal, sentences)
        _count_write(connection)


def _count_write(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def _delete_case(connection: sqlite3.Connection, case_id: str) -> None:
    row = connection.execute("SELECT case_no FROM cases WHERE case_id = ?", (case_id,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM sentences WHERE case_no = ?", row)
        connection.execute("DELETE FROM cases WHERE case_no = ?", row)


def _put_case(connection: sqlite3.Connection, case: IndexedCase) -> None:
    """Insert a case, replace it, or add its images to the stored ones; a joined report is kept."""
    row = connection.execute("SELECT case_no, report_joined FROM cases WHERE case_id = ?", (case.case_id,)).fetchone()
    case_no, joined = row or (_insert_case(connection, case), 0)
    if row is not None and not case.adds_images:
        connection.execute("DELETE FROM images WHERE case_no = ?", (case_no,))
        connection.execute("DELETE FROM sources WHERE case_no = ?", (case_no,))
        _update_case(connection, case_no, case)
    if not joined and (row is None or not case.adds_images):
        connection.execute("UPDATE cases SET report = ? WHERE case_no = ?", (case.report, case_no))
        _replace_statements(connection, case_no, case.facts, case.normal_anatomies, case.sentences)
    stored = {row[0] for row in connection.execute("SELECT content_sha256 FROM images WHERE case_no = ?", (case_no,))}
    for image in case.images:
        if not (case.adds_images and image.content_sha256 in stored):
            _insert_image(connection, case_no, image)
    connection.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (case.stamp, case_no))


def _insert_case(connection: sqlite3.Connection, case: IndexedCase) -> int:
    marks = ", ".join("?" * (len(_CASE_COLUMNS) + 1))
    query = f"INSERT INTO cases ({', '.join(_CASE_COLUMNS)}, extra) VALUES ({marks})"
    case_no = connection.execute(query, _case_values(case)).lastrowid
    assert case_no is not None
    return case_no


def _update_case(connection: sqlite3.Connection, case_no: int, case: IndexedCase) -> None:
    columns = ", ".join(f"{name} = ?" for name in (*_CASE_COLUMNS, "extra"))
    connection.execute(f"UPDATE cases SET {columns} WHERE case_no = ?", (*_case_values(case), case_no))


def _case_values(case: IndexedCase) -> tuple[object, ...]:
    return (*(getattr(case, name) for name in _CASE_COLUMNS), json.dumps(dict(case.extra), sort_keys=True))


def _replace_statements(
    connection: sqlite3.Connection,
    case_no: int,
    facts: Sequence[Fact],
    normal: Sequence[Place],
    sentences: Sequence[str],
) -> None:
    """What a report states, in place of what an earlier one did."""
    for table in ("facts", "normal_anatomies", "sentences"):
        connection.execute(f"DELETE FROM {table} WHERE case_no = ?", (case_no,))
    connection.executemany(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(case_no, position, *_fact_values(fact)) for position, fact in enumerate(facts)],
    )
    connection.executemany(
        "INSERT INTO normal_anatomies VALUES (?, ?, ?)",
        [(case_no, place.anatomy, place.side) for place in normal],
    )
    connection.executemany(
        "INSERT INTO sentences (sentence, case_no) VALUES (?, ?)", [(sentence, case_no) for sentence in sentences]
    )


def _fact_values(fact: Fact) -> tuple[object, ...]:
    start, end = fact.span or (None, None)
    place = (fact.finding, fact.anatomy, fact.side, fact.polarity)
    return (*place, fact.severity, fact.size_mm, fact.change, fact.sentence, start, end)


def _insert_image(connection: sqlite3.Connection, case_no: int, image: IndexedImage) -> None:
    boxes = json.dumps({name: box.as_list() for name, box in image.boxes.items()}, sort_keys=True)
    cursor = connection.execute(
        "INSERT INTO images (case_no, image, content_sha256, file_sha256, width, height, turn, boxes, tokens, preview) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(case_no, image.image, image.content_sha256, image.file_sha256, image.width, image.height),
            *(json.dumps(dict(image.turn), sort_keys=True), boxes, image.tokens, image.preview),
        ),
    )
    rows = [(name, cursor.lastrowid, vector.astype("<f2").tobytes()) for name, vector in sorted(image.vectors.items())]
    connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)


def read_region(connection: sqlite3.Connection, region: str) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
    """All vectors of one region: image ids ascending `(n,)` and vectors `(n, dim)`; empty `(0, 0)` when unknown."""
    rows = connection.execute(
        "SELECT image_id, vector FROM vectors WHERE region = ? ORDER BY image_id", (region,)
    ).fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    if not rows:
        return ids, np.zeros((0, 0), dtype=np.float16)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
    return ids, vectors


def read_cases(connection: sqlite3.Connection, case_ids: Iterable[str]) -> dict[str, StoredCase]:
    """The stored cases with facts and normal anatomies, keyed by id; unknown ids are left out."""
    cases: dict[str, StoredCase] = {}
    columns = ("case_no", *(name for name in _CASE_COLUMNS if name != "model_version"), "report", "extra")
    query = f"SELECT {', '.join(columns)} FROM cases WHERE case_id = ?"
    for case_id in case_ids:
        row = connection.execute(query, (case_id,)).fetchone()
        if row is None:
            continue
        case_no, *values, extra = row
        normal = connection.execute("SELECT anatomy, side FROM normal_anatomies WHERE case_no = ?", (case_no,))
        places = tuple(Place(anatomy=anatomy, side=side) for anatomy, side in normal)
        facts = tuple(read_facts(connection, "WHERE case_no = ?", (case_no,)).get(case_no, ()))
        known = dict(zip(columns[1:-1], values, strict=True))
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
    """The stored images with boxes, tokens and preview, in the order asked."""
    query = (
        "SELECT image_id, case_id, width, height, turn, boxes, tokens, preview FROM images JOIN cases USING (case_no) "
        "WHERE image_id = ?"
    )
    for image_id in image_ids:
        row = connection.execute(query, (int(image_id),)).fetchone()
        if row is not None:
            boxes = {name: Box(x0=b[0], y0=b[1], x1=b[2], y1=b[3]) for name, b in json.loads(row[5]).items()}
            yield StoredImage(
                image_id=row[0], case_id=row[1], width=row[2], height=row[3], turn=json.loads(row[4]), boxes=boxes,
                tokens=row[6], preview=row[7],
            )  # fmt: skip
