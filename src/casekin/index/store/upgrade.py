"""Upgrading an index of an earlier format in place, inside one transaction: all of it, or nothing."""

from __future__ import annotations

import sqlite3

from casekin.index.store.digests import digest_case, digest_embedding, digest_image
from casekin.index.store.schema import count_write, write_schema
from casekin.index.store.writes import ingest_day

_TABLES = ("meta", "cases", "sources", "images", "vectors", "facts", "normal_anatomies", "sentences")
_INDEXES = (
    "sources_case", "cases_patient", "cases_patient_id", "cases_study", "cases_accession", "images_case",
    "images_content", "images_file", "vectors_image", "facts_finding", "normal_case",
)  # fmt: skip
_CASE_COLUMNS = (
    "case_no, case_id, patient_id, patient, study_instance_uid, accession_number, modality, body_part, view, sex, age, "
    "day_offset, source, licence, extra, report, report_joined"
)
_COPIES = (
    f"INSERT INTO cases ({_CASE_COLUMNS}, ingested_on) SELECT {_CASE_COLUMNS}, :today FROM old_cases",
    "INSERT INTO sources SELECT stamp, case_no FROM old_sources",
    "INSERT INTO facts SELECT * FROM old_facts",
    "INSERT INTO normal_anatomies SELECT case_no, row_number() OVER (PARTITION BY case_no ORDER BY rowid) - 1, "
    "anatomy, side FROM old_normal_anatomies",
    "INSERT INTO sentences SELECT rowid, case_no, sentence FROM old_sentences",
    "INSERT INTO words (words) VALUES ('rebuild')",
    # Where an index held several models, the one with most images answers and the others are kept.
    "INSERT INTO models (version, kind, state) SELECT model_version, 'radiograph', iif(row_number() OVER "
    "(ORDER BY count(*) DESC, model_version) = 1, 'active', 'kept') FROM old_cases JOIN old_images USING (case_no) "
    "GROUP BY model_version",
    "INSERT INTO images (image_id, case_no, kind, image, content_sha256, file_sha256, width, height, turn, preview) "
    "SELECT image_id, case_no, 'radiograph', image, content_sha256, file_sha256, width, height, turn, preview "
    "FROM old_images",
    "INSERT INTO embeddings (image_id, model_no, boxes, tokens) SELECT image_id, model_no, boxes, tokens "
    "FROM old_images JOIN old_cases USING (case_no) JOIN models ON version = model_version",
    "INSERT INTO vectors SELECT model_no, region, image_id, vector FROM old_vectors JOIN embeddings USING (image_id) "
    "ORDER BY region, model_no, image_id",
    "UPDATE meta SET value = (SELECT value FROM old_meta WHERE key = 'generation') WHERE key = 'generation'",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Format 1 → 2. A case counts as ingested on the day of the upgrade: nobody wrote down when it came."""
    for name in _INDEXES:
        connection.execute(f"DROP INDEX {name}")
    for name in _TABLES:
        connection.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
    write_schema(connection)
    today = ingest_day(connection)
    for copy in _COPIES:
        connection.execute(copy, {"today": today} if ":today" in copy else ())
    for name in reversed(_TABLES):
        connection.execute(f"DROP TABLE old_{name}")
    _write_digests(connection)
    count_write(connection)


def _write_digests(connection: sqlite3.Connection) -> None:
    for (case_no,) in connection.execute("SELECT case_no FROM cases").fetchall():
        connection.execute("UPDATE cases SET digest = ? WHERE case_no = ?", (digest_case(connection, case_no), case_no))
    for (image_id,) in connection.execute("SELECT image_id FROM images").fetchall():
        digest = digest_image(connection, image_id)
        connection.execute("UPDATE images SET digest = ? WHERE image_id = ?", (digest, image_id))
    for key in connection.execute("SELECT image_id, model_no FROM embeddings").fetchall():
        digest = digest_embedding(connection, *key)
        connection.execute("UPDATE embeddings SET digest = ? WHERE image_id = ? AND model_no = ?", (digest, *key))
