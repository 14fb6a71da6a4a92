"""Writing the store: a batch of cases is one transaction, durable on return, and the journal says which it touched."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Collection, Sequence

from casekin.errors import IndexStoreError
from casekin.index.records import IndexedCase, IndexedImage, Kind
from casekin.index.store.connection import transaction
from casekin.index.store.digests import digest_case, digest_change, digest_rows
from casekin.index.store.models import model_for_images, number_model, state_of
from casekin.index.store.schema import CASE_FIELDS, count_write, renew_store_id
from casekin.types import Fact, Place

_FIRST_DAY = "2026-01-01"
"""Nothing was ingested before: a machine that starts without its battery believes in 1970 until it hears better."""


def write_cases(connection: sqlite3.Connection, cases: Sequence[IndexedCase], *, remove: Sequence[str] = ()) -> None:
    """Put `cases` (the last one of an id stands) and delete those in `remove`: all, or nothing."""
    with transaction(connection):
        for case_id in remove:
            row = connection.execute("SELECT case_no FROM cases WHERE case_id = ?", (case_id,)).fetchone()
            if row is not None:
                delete_case(connection, row[0], verb="remove")
        for case in cases:
            _put_case(connection, case)
        count_write(connection)


def write_report(
    connection: sqlite3.Connection, case_id: str, *, report: str | None, facts: Sequence[Fact], normal: Sequence[Place],
    sentences: Sequence[str],
) -> None:  # fmt: skip
    """Replace the report of a stored case, with everything that was read from it (None: withdrawn): one transaction.

    A report that was joined this way stays when the case's images are put again.
    """
    with transaction(connection):
        row = connection.execute("SELECT case_no FROM cases WHERE case_id = ?", (case_id,)).fetchone()
        if row is None:
            raise IndexStoreError(f"index: expected the id of a stored case, got {case_id!r}; ingest its images first")
        connection.execute("UPDATE cases SET report = ?, report_joined = 1 WHERE case_no = ?", (report, *row))
        _replace_statements(connection, row[0], facts, normal, sentences)
        seal_case(connection, row[0], verb="report")
        count_write(connection)


def remove_images(connection: sqlite3.Connection, case_id: str, contents: Collection[str]) -> int:
    """Take images of this content from a case, which goes with its last one; its sources may come again. How many."""
    with transaction(connection):
        query = "SELECT image_id, case_no, content_sha256 FROM images JOIN cases USING (case_no) WHERE case_id = ?"
        held = connection.execute(query, (case_id,)).fetchall()
        gone = [(image_id, case_no) for image_id, case_no, content in held if content in contents]
        if not gone:
            return 0
        case_no = gone[0][1]
        if len(gone) == len(held):
            delete_case(connection, case_no, verb="remove")
        else:
            connection.executemany("DELETE FROM images WHERE image_id = ?", [(image_id,) for image_id, _ in gone])
            connection.execute("DELETE FROM sources WHERE case_no = ?", (case_no,))
            seal_case(connection, case_no, verb="put")
        count_write(connection)
    return len(gone)


def write_embeddings(
    connection: sqlite3.Connection, images: Sequence[IndexedImage], *, version: str, kind: Kind
) -> int:
    """Give stored images with the same pixels what a model made of them, where they lack it: one transaction.

    Returns how many were given it.
    """
    lacking = (
        "SELECT image_id, case_no FROM images i WHERE content_sha256 = ? AND kind = ? "
        "AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.image_id = i.image_id AND model_no = ?)"
    )
    written = 0
    with transaction(connection):
        model_no = number_model(connection, version, kind)
        for image in images:
            for image_id, case_no in connection.execute(lacking, (image.content_sha256, kind, model_no)).fetchall():
                _insert_embedding(connection, image_id, model_no, image)
                note_change(connection, case_no, "embed")
                written += 1
        if written and state_of(connection, model_no) != "building":
            renew_store_id(connection)  # what was derived from this model's vectors counts on ids that only grow
        count_write(connection)
    return written


def note_change(connection: sqlite3.Connection, case_no: int, verb: str) -> None:
    """Journal a change of a case: its number and nothing that says whose it is."""
    values = (case_no, verb, digest_change(case_no, verb))
    connection.execute("INSERT INTO journal (case_no, verb, digest) VALUES (?, ?, ?)", values)


def delete_case(connection: sqlite3.Connection, case_no: int, *, verb: str) -> None:
    """Delete a case with all that belongs to it and journal that, inside the caller's transaction."""
    erase_case(connection, case_no)
    note_change(connection, case_no, verb)


def erase_case(connection: sqlite3.Connection, case_no: int) -> None:
    """Delete a case with all that belongs to it, unless there is none."""
    _delete_sentences(connection, case_no)
    connection.execute("DELETE FROM cases WHERE case_no = ?", (case_no,))


def ingest_day(connection: sqlite3.Connection) -> str:
    """The day (UTC) on which a case that comes now counts as ingested.

    It isn't before an earlier case's: where the clock has gone back, a case is kept too long rather than erased too
    soon.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    (latest,) = connection.execute("SELECT max(ingested_on) FROM cases").fetchone()
    return max(today, _FIRST_DAY, latest or "")


def index_sentences(connection: sqlite3.Connection, case_no: int) -> None:
    """Put a case's sentences into the full-text index."""
    connection.execute(
        "INSERT INTO words (rowid, sentence) SELECT sentence_no, sentence FROM sentences WHERE case_no = ?", (case_no,)
    )


def _put_case(connection: sqlite3.Connection, case: IndexedCase) -> None:
    """Insert a case, replace it, or add its images to the stored ones; a joined report is kept, damage isn't."""
    row = connection.execute(
        "SELECT case_no, report_joined AND reason IS NULL, reason FROM cases LEFT JOIN quarantine USING (case_no) "
        "WHERE case_id = ?",
        (case.case_id,),
    ).fetchone()
    case_no, joined, damage = row or (_insert_case(connection, case), 0, None)
    replaces = row is None or not case.adds_images or damage is not None
    if row is not None and replaces:
        for table in ("images", "sources", "quarantine"):
            connection.execute(f"DELETE FROM {table} WHERE case_no = ?", (case_no,))
        _update_case(connection, case_no, case)
    if not joined and replaces:
        connection.execute("UPDATE cases SET report = ? WHERE case_no = ?", (case.report, case_no))
        _replace_statements(connection, case_no, case.facts, case.normal_anatomies, case.sentences)
    stored = {row[0] for row in connection.execute("SELECT content_sha256 FROM images WHERE case_no = ?", (case_no,))}
    for image in case.images:
        if not (case.adds_images and image.content_sha256 in stored):
            _insert_image(connection, case_no, image, image.model_version or case.model_version)
    connection.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (case.stamp, case_no))
    seal_case(connection, case_no, verb="put")


def _insert_case(connection: sqlite3.Connection, case: IndexedCase) -> int:
    marks = ", ".join("?" * (len(CASE_FIELDS) + 2))
    query = f"INSERT INTO cases ({', '.join(CASE_FIELDS)}, extra, ingested_on) VALUES ({marks})"
    case_no = connection.execute(query, (*_case_values(case), ingest_day(connection))).lastrowid
    assert case_no is not None
    return case_no


def _update_case(connection: sqlite3.Connection, case_no: int, case: IndexedCase) -> None:
    columns = ", ".join(f"{name} = ?" for name in (*CASE_FIELDS, "extra"))
    connection.execute(f"UPDATE cases SET {columns} WHERE case_no = ?", (*_case_values(case), case_no))


def _case_values(case: IndexedCase) -> tuple[object, ...]:
    return (*(getattr(case, name) for name in CASE_FIELDS), json.dumps(dict(case.extra), sort_keys=True))


def seal_case(connection: sqlite3.Connection, case_no: int, *, verb: str) -> None:
    """A changed case's last step: its digest and its line of the journal."""
    connection.execute("UPDATE cases SET digest = ? WHERE case_no = ?", (digest_case(connection, case_no), case_no))
    note_change(connection, case_no, verb)


def _replace_statements(
    connection: sqlite3.Connection,
    case_no: int,
    facts: Sequence[Fact],
    normal: Sequence[Place],
    sentences: Sequence[str],
) -> None:
    """What a report states, in place of what an earlier one did."""
    for table in ("facts", "normal_anatomies"):
        connection.execute(f"DELETE FROM {table} WHERE case_no = ?", (case_no,))
    _delete_sentences(connection, case_no)
    connection.executemany(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(case_no, position, *_fact_values(fact)) for position, fact in enumerate(facts)],
    )
    connection.executemany(
        "INSERT INTO normal_anatomies VALUES (?, ?, ?, ?)",
        [(case_no, position, place.anatomy, place.side) for position, place in enumerate(normal)],
    )
    connection.executemany(
        "INSERT INTO sentences (case_no, sentence) VALUES (?, ?)", [(case_no, sentence) for sentence in sentences]
    )
    index_sentences(connection, case_no)


def _delete_sentences(connection: sqlite3.Connection, case_no: int) -> None:
    # A full-text index over another table is told what it forgets.
    connection.execute(
        "INSERT INTO words (words, rowid, sentence) SELECT 'delete', sentence_no, sentence FROM sentences "
        "WHERE case_no = ?",
        (case_no,),
    )
    connection.execute("DELETE FROM sentences WHERE case_no = ?", (case_no,))


def _fact_values(fact: Fact) -> tuple[object, ...]:
    start, end = fact.span or (None, None)
    place = (fact.finding, fact.anatomy, fact.side, fact.polarity)
    return (*place, fact.severity, fact.size_mm, fact.change, fact.sentence, start, end)


def _insert_image(connection: sqlite3.Connection, case_no: int, image: IndexedImage, version: str) -> None:
    model_no = model_for_images(connection, version, image.kind)
    values = (
        *(case_no, image.kind, image.image, image.content_sha256, image.file_sha256, image.width, image.height),
        *(json.dumps(dict(image.turn), sort_keys=True), image.preview),
    )
    image_id = connection.execute(
        "INSERT INTO images (case_no, kind, image, content_sha256, file_sha256, width, height, turn, preview, digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, digest_rows([values])),
    ).lastrowid
    assert image_id is not None
    _insert_embedding(connection, image_id, model_no, image)


def _insert_embedding(connection: sqlite3.Connection, image_id: int, model_no: int, image: IndexedImage) -> None:
    boxes = json.dumps({name: box.as_list() for name, box in image.boxes.items()}, sort_keys=True)
    values = (image_id, model_no, boxes, image.tokens)
    vectors = [(region, vector.astype("<f2").tobytes()) for region, vector in sorted(image.vectors.items())]
    connection.execute("INSERT INTO embeddings VALUES (?, ?, ?, ?, ?)", (*values, digest_rows([values, *vectors])))
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?, ?, ?)", [(model_no, region, image_id, vector) for region, vector in vectors]
    )
