"""The tables of format 2.

A **case** has `sources` (what it was read from), `facts`, `normal_anatomies`, `sentences` and `images`. An image of a
kind (`radiograph`, `ct`) has an **embedding** (boxes, tokens) and `vectors` for every model of that kind that has seen
it; vectors are little-endian float16, clustered by region and model, so that one region loads without touching the
others. `words` is the full-text index of the sentences. `journal` says which case each write touched, `quarantine`
which cases are damaged. Numbers of cases, images and sentences never come back, unless `store_id` in `meta` changes:
what was derived from a row is true, or its row is gone. Every case, image and embedding and every line of the journal
carries a digest, and so do all settings together (key `digest` in `meta`).
"""

from __future__ import annotations

import secrets
import sqlite3

from casekin.index.store.digests import digest_settings

FORMAT_VERSION = 2
CASE_FIELDS = (
    "case_id", "patient_id", "patient", "study_instance_uid", "accession_number", "modality", "body_part", "view",
    "sex", "age", "day_offset", "source", "licence",
)  # fmt: skip
"""Columns of `cases` that are fields of an `IndexedCase` as they are."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE models (
    model_no INTEGER PRIMARY KEY AUTOINCREMENT, version TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('building', 'active', 'kept')));
CREATE UNIQUE INDEX models_active ON models (kind) WHERE state = 'active';
CREATE TABLE cases (
    case_no INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL,
    patient TEXT NOT NULL, study_instance_uid TEXT, accession_number TEXT, modality TEXT, body_part TEXT, view TEXT,
    sex TEXT, age REAL, day_offset INTEGER, source TEXT, licence TEXT, extra TEXT NOT NULL, report TEXT,
    report_joined INTEGER NOT NULL DEFAULT 0, ingested_on TEXT NOT NULL, digest BLOB);
CREATE INDEX cases_patient ON cases (patient);
CREATE INDEX cases_patient_id ON cases (patient_id);
CREATE INDEX cases_study ON cases (study_instance_uid);
CREATE INDEX cases_accession ON cases (accession_number);
CREATE INDEX cases_ingested ON cases (ingested_on);
CREATE TABLE sources (
    stamp TEXT NOT NULL, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    PRIMARY KEY (stamp, case_no)) WITHOUT ROWID;
CREATE INDEX sources_case ON sources (case_no);
CREATE TABLE facts (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, position INTEGER NOT NULL, finding TEXT NOT NULL,
    anatomy TEXT NOT NULL, side TEXT, polarity TEXT NOT NULL, severity TEXT, size_mm REAL, change TEXT,
    sentence TEXT, span_start INTEGER, span_end INTEGER, PRIMARY KEY (case_no, position)) WITHOUT ROWID;
CREATE INDEX facts_finding ON facts (finding, polarity, anatomy, side);
CREATE TABLE normal_anatomies (
    case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, position INTEGER NOT NULL, anatomy TEXT NOT NULL,
    side TEXT, PRIMARY KEY (case_no, position)) WITHOUT ROWID;
CREATE TABLE sentences (
    sentence_no INTEGER PRIMARY KEY AUTOINCREMENT, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    sentence TEXT NOT NULL);
CREATE INDEX sentences_case ON sentences (case_no);
CREATE VIRTUAL TABLE words USING fts5 (
    sentence, content = 'sentences', content_rowid = 'sentence_no', columnsize = 0, tokenize = 'porter unicode61');
CREATE TABLE images (
    image_id INTEGER PRIMARY KEY AUTOINCREMENT, case_no INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind TEXT NOT NULL, image TEXT NOT NULL, content_sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, turn TEXT NOT NULL, preview BLOB NOT NULL, digest BLOB);
CREATE INDEX images_case ON images (case_no, digest);
CREATE INDEX images_content ON images (content_sha256);
CREATE INDEX images_file ON images (file_sha256);
CREATE TABLE embeddings (
    image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE, model_no INTEGER NOT NULL REFERENCES models,
    boxes TEXT NOT NULL, tokens BLOB NOT NULL, digest BLOB, PRIMARY KEY (image_id, model_no));
CREATE INDEX embeddings_model ON embeddings (model_no, image_id);
CREATE INDEX embeddings_digest ON embeddings (image_id, digest);
CREATE TABLE vectors (
    model_no INTEGER NOT NULL, region TEXT NOT NULL, image_id INTEGER NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (region, model_no, image_id),
    FOREIGN KEY (image_id, model_no) REFERENCES embeddings (image_id, model_no) ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX vectors_image ON vectors (image_id, model_no);
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, case_no INTEGER NOT NULL, verb TEXT NOT NULL, digest BLOB NOT NULL);
CREATE TABLE quarantine (
    case_no INTEGER PRIMARY KEY REFERENCES cases ON DELETE CASCADE, reason TEXT NOT NULL);
"""


def write_schema(connection: sqlite3.Connection) -> None:
    """The tables of an empty store, inside the caller's transaction."""
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    write_meta(connection, "format", str(FORMAT_VERSION))
    write_meta(connection, "generation", "0")
    renew_store_id(connection)
    seal_settings(connection)


def renew_store_id(connection: sqlite3.Connection) -> None:
    """Make everything that was derived from this store foreign to it: its numbers may mean other rows from here on."""
    write_meta(connection, "store_id", secrets.token_hex(16))


def read_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Value of a `meta` key, None when absent."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def write_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a `meta` key, inside the caller's transaction."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def count_write(connection: sqlite3.Connection) -> None:
    """Every writing transaction's last step: another generation."""
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    seal_settings(connection)


def seal_settings(connection: sqlite3.Connection) -> None:
    """Write the digest of all settings."""
    write_meta(connection, "digest", digest_settings(connection))
